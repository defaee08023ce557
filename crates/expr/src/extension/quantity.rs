//! Amounts of resources as Kubernetes writes them: `100m`, `1.5Gi`, `2e3`. Exact.

use std::cmp::Ordering;

/// An amount in nano units, which is the finest that Kubernetes keeps; finer ones are rounded up.
/// Amounts beyond about 10^29 are refused.
#[derive(Clone, Copy, Debug)]
pub struct Quantity {
    nanos: i128,
    /// Kubernetes' short form, `value × 10^scale`, as long as it keeps the amount in that form: only
    /// such an amount can be an integer for `isInteger`.
    short: Option<Short>,
}

#[derive(Clone, Copy, Debug)]
struct Short {
    value: i64,
    scale: i32,
}

/// How a suffix multiplies.
enum Suffix {
    Decimal(i32),
    Binary(u32),
}

const NANO: i32 = -9;

impl Quantity {
    /// Reads an amount.
    pub fn parse(text: &str) -> Option<Quantity> {
        let (negative, rest) = match text.as_bytes() {
            [] => return None,
            [b'-', ..] => (true, &text[1..]),
            [b'+', ..] => (false, &text[1..]),
            _ => (false, text),
        };
        let (whole, rest) = digits(rest.trim_start_matches('0'));
        let (fraction, rest) = match rest.strip_prefix('.') {
            Some(rest) => digits(rest),
            None => ("", rest),
        };
        let suffix = Suffix::parse(rest)?;
        let short = short_form(whole, fraction, &suffix, negative);
        let nanos = match short {
            Some(short) => short.nanos()?,
            None => signed(long_form(whole, fraction, &suffix)?, negative),
        };
        Some(Quantity { nanos, short })
    }

    /// A whole number.
    pub fn from_int(value: i64) -> Quantity {
        Quantity {
            nanos: i128::from(value) * 1_000_000_000,
            short: Some(Short { value, scale: 0 }),
        }
    }

    /// The sum; `None` when it is out of range.
    pub fn checked_add(self, other: Quantity) -> Option<Quantity> {
        let short = match (self.short, other.short) {
            (Some(left), Some(right)) => left.checked_add(right),
            _ => None,
        };
        Some(Quantity {
            nanos: self.nanos.checked_add(other.nanos)?,
            short,
        })
    }

    /// The difference; `None` when it is out of range.
    pub fn checked_sub(self, other: Quantity) -> Option<Quantity> {
        let short = other.short.and_then(|short| {
            Some(Short {
                value: short.value.checked_neg()?,
                scale: short.scale,
            })
        });
        self.checked_add(Quantity {
            nanos: other.nanos.checked_neg()?,
            short,
        })
    }

    /// The integer that it is, when Kubernetes keeps it as one.
    pub fn as_int(self) -> Option<i64> {
        let short = self.short?;
        let scale = u32::try_from(short.scale).ok()?;
        short.value.checked_mul(10_i64.checked_pow(scale)?)
    }

    /// The nearest floating point number, or a neighbour of it.
    pub fn as_float(self) -> f64 {
        match self.short {
            Some(Short { value, scale: 0 }) => value as f64,
            Some(short) => short.value as f64 * 10_f64.powi(short.scale),
            None => self.nanos as f64 / 1e9,
        }
    }

    /// -1, 0 or 1.
    pub fn sign(self) -> i64 {
        self.nanos.signum() as i64
    }

    /// The order of two amounts, however they are written.
    pub fn order(&self, other: &Quantity) -> Ordering {
        self.nanos.cmp(&other.nanos)
    }
}

impl Short {
    fn nanos(self) -> Option<i128> {
        // The scale is at least nano.
        let factor = 10_i128.checked_pow(u32::try_from(self.scale - NANO).ok()?)?;
        i128::from(self.value).checked_mul(factor)
    }

    fn checked_add(self, other: Short) -> Option<Short> {
        if other.value == 0 {
            return Some(self);
        }
        if self.value == 0 {
            return Some(other);
        }
        let scale = self.scale.min(other.scale);
        let (left, right) = (self.at(scale)?, other.at(scale)?);
        Some(Short {
            value: left.checked_add(right)?,
            scale,
        })
    }

    /// The value at a finer scale.
    fn at(self, scale: i32) -> Option<i64> {
        let factor = 10_i64.checked_pow(u32::try_from(self.scale - scale).ok()?)?;
        self.value.checked_mul(factor)
    }
}

impl Suffix {
    fn parse(text: &str) -> Option<Suffix> {
        Some(match text {
            "" => Suffix::Decimal(0),
            "n" => Suffix::Decimal(-9),
            "u" => Suffix::Decimal(-6),
            "m" => Suffix::Decimal(-3),
            "k" => Suffix::Decimal(3),
            "M" => Suffix::Decimal(6),
            "G" => Suffix::Decimal(9),
            "T" => Suffix::Decimal(12),
            "P" => Suffix::Decimal(15),
            "E" => Suffix::Decimal(18),
            "Ki" => Suffix::Binary(10),
            "Mi" => Suffix::Binary(20),
            "Gi" => Suffix::Binary(30),
            "Ti" => Suffix::Binary(40),
            "Pi" => Suffix::Binary(50),
            "Ei" => Suffix::Binary(60),
            _ => {
                let exponent = text.strip_prefix(['e', 'E'])?;
                Suffix::Decimal(exponent.parse().ok()?)
            }
        })
    }
}

/// The digits at the front, and the rest.
fn digits(text: &str) -> (&str, &str) {
    let end = text
        .bytes()
        .position(|byte| !byte.is_ascii_digit())
        .unwrap_or(text.len());
    text.split_at(end)
}

/// The digits of both parts as one number.
fn number(whole: &str, fraction: &str) -> Option<i128> {
    let mut digits = whole.bytes().chain(fraction.bytes());
    digits.try_fold(0_i128, |number, digit| {
        number
            .checked_mul(10)?
            .checked_add(i128::from(digit - b'0'))
    })
}

/// The short form, when Kubernetes keeps the amount in it.
fn short_form(whole: &str, fraction: &str, suffix: &Suffix, negative: bool) -> Option<Short> {
    // An absent whole part counts as the digit 0.
    let length = i32::try_from(whole.len().max(1)).ok()?;
    let fraction_length = i32::try_from(fraction.len()).ok()?;
    let (precision, scale, factor) = match suffix {
        Suffix::Decimal(exponent) => (18 - length - fraction_length, *exponent, 1),
        Suffix::Binary(exponent) if fraction.is_empty() => (
            15 - length - (exponent.cast_signed() * 3 / 10) - 1,
            0,
            1_i64 << exponent,
        ),
        Suffix::Binary(_) => return None,
    };
    let scale = scale.checked_sub(fraction_length)?;
    if precision < 0 || scale < NANO {
        return None;
    }
    let value = i64::try_from(number(whole, fraction)?).ok()?;
    let value = value.checked_mul(factor)?;
    Some(Short {
        value: if negative { -value } else { value },
        scale,
    })
}

/// The amount without its sign in nano units, rounded up.
fn long_form(whole: &str, fraction: &str, suffix: &Suffix) -> Option<i128> {
    let unscaled = number(whole, fraction)?;
    let (exponent, factor) = match suffix {
        Suffix::Decimal(exponent) => (*exponent, 1),
        Suffix::Binary(exponent) => (0, 1_i128 << exponent),
    };
    let unscaled = unscaled.checked_mul(factor)?;
    let shift = exponent
        .checked_sub(NANO)?
        .checked_sub(i32::try_from(fraction.len()).ok()?)?;
    let nanos = match (
        u32::try_from(shift),
        10_i128.checked_pow(shift.unsigned_abs()),
    ) {
        (Ok(_), Some(factor)) => unscaled.checked_mul(factor)?,
        (Ok(_), None) => return None,
        (Err(_), Some(divisor)) => unscaled / divisor + i128::from(unscaled % divisor != 0),
        (Err(_), None) => i128::from(unscaled != 0),
    };
    // Binary amounts stop at the largest 64-bit integer.
    Some(match suffix {
        Suffix::Binary(_) => nanos.min(i128::from(i64::MAX) * 1_000_000_000),
        Suffix::Decimal(_) => nanos,
    })
}

fn signed(nanos: i128, negative: bool) -> i128 {
    if negative { -nanos } else { nanos }
}
