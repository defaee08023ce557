//! Durations: nanoseconds, written with units.

use std::fmt;

/// Nanoseconds of a second.
pub(crate) const SECOND: u32 = 1_000_000_000;

/// A duration in nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Duration(pub(crate) i64);

const UNITS: [(&str, u64); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("μs", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

/// As Go's `time` quotes: bytes of what is not ASCII.
pub(super) fn quote(text: &str) -> String {
    let mut out = String::from("\"");
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' => {
                out.push('\\');
                out.push(char::from(byte));
            }
            b' '..=b'\x7f' => out.push(char::from(byte)),
            _ => out.push_str(&format!("\\x{byte:02x}")),
        }
    }
    out.push('"');
    out
}

impl Duration {
    /// Reads numbers with units.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        const MOST: u64 = 1 << 63;
        let invalid = || format!("time: invalid duration {}", quote(text));
        let mut rest = text.strip_prefix(['-', '+']).unwrap_or(text);
        let is_negative = text.starts_with('-');
        if rest == "0" {
            return Ok(Self(0));
        }
        if rest.is_empty() {
            return Err(invalid());
        }
        let mut sum: u64 = 0;
        while !rest.is_empty() {
            let (whole, after) = digits(rest);
            let (fraction, after) = match after.strip_prefix('.') {
                Some(after) => digits(after),
                None => ("", after),
            };
            if whole.is_empty() && fraction.is_empty() {
                return Err(invalid());
            }
            let end = after
                .find(|found: char| found == '.' || found.is_ascii_digit())
                .unwrap_or(after.len());
            let (name, after) = after.split_at(end);
            rest = after;
            if name.is_empty() {
                return Err(format!("time: missing unit in duration {}", quote(text)));
            }
            let Some((_, unit)) = UNITS.iter().find(|(known, _)| *known == name) else {
                return Err(format!(
                    "time: unknown unit {} in duration {}",
                    quote(name),
                    quote(text)
                ));
            };
            let whole: u64 = if whole.is_empty() {
                0
            } else {
                whole.parse().map_err(|_| invalid())?
            };
            let part = whole
                .checked_mul(*unit)
                .filter(|part| *part <= MOST)
                .ok_or_else(invalid)?;
            let part = part + of_fraction(fraction, *unit);
            sum = sum
                .checked_add(part)
                .filter(|sum| *sum <= MOST)
                .ok_or_else(invalid)?;
        }
        if is_negative {
            return Ok(Self(sum.wrapping_neg().cast_signed()));
        }
        i64::try_from(sum).map(Self).map_err(|_| invalid())
    }

    pub(crate) fn hours(self) -> f64 {
        self.in_units(3_600_000_000_000)
    }

    pub(crate) fn minutes(self) -> f64 {
        self.in_units(60_000_000_000)
    }

    pub(crate) fn seconds(self) -> f64 {
        self.in_units(i64::from(SECOND))
    }

    fn in_units(self, unit: i64) -> f64 {
        (self.0 / unit) as f64 + (self.0 % unit) as f64 / unit as f64
    }

    /// To a multiple, halves away from zero.
    pub(crate) fn round(self, multiple: Self) -> Self {
        if multiple.0 <= 0 {
            return self;
        }
        let rest = (self.0 % multiple.0).unsigned_abs();
        let is_less_than_half = rest * 2 < multiple.0.unsigned_abs();
        let toward_zero = self.0 - self.0 % multiple.0;
        if is_less_than_half {
            return Self(toward_zero);
        }
        Self(if self.0 < 0 {
            toward_zero.checked_sub(multiple.0).unwrap_or(i64::MIN)
        } else {
            toward_zero.checked_add(multiple.0).unwrap_or(i64::MAX)
        })
    }

    /// Toward zero to a multiple.
    pub(crate) fn truncate(self, multiple: Self) -> Self {
        if multiple.0 <= 0 {
            return self;
        }
        Self(self.0 - self.0 % multiple.0)
    }
}

fn digits(text: &str) -> (&str, &str) {
    let end = text
        .find(|found: char| !found.is_ascii_digit())
        .unwrap_or(text.len());
    text.split_at(end)
}

/// What digits behind the point are worth, as precisely as Go computes it.
fn of_fraction(digits: &str, unit: u64) -> u64 {
    let (mut number, mut scale) = (0_u64, 1.0_f64);
    for digit in digits.bytes() {
        if number > (u64::MAX / 2) / 10 {
            break;
        }
        number = number * 10 + u64::from(digit - b'0');
        scale *= 10.0;
    }
    #[expect(clippy::cast_sign_loss, reason = "not negative")]
    let nanoseconds = (number as f64 * (unit as f64 / scale)) as u64;
    nanoseconds
}

impl fmt::Display for Duration {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let magnitude = self.0.unsigned_abs();
        if self.0 < 0 {
            formatter.write_str("-")?;
        }
        let second = u64::from(SECOND);
        if magnitude < second {
            return match magnitude {
                0 => formatter.write_str("0s"),
                1..1_000 => write!(formatter, "{magnitude}ns"),
                1_000..1_000_000 => write!(formatter, "{}µs", fraction(magnitude, 3)),
                _ => write!(formatter, "{}ms", fraction(magnitude, 6)),
            };
        }
        let (hours, minutes) = (magnitude / (3600 * second), magnitude / (60 * second) % 60);
        if hours > 0 {
            write!(formatter, "{hours}h")?;
        }
        if hours > 0 || minutes > 0 {
            write!(formatter, "{minutes}m")?;
        }
        write!(formatter, "{}s", fraction(magnitude % (60 * second), 9))
    }
}

/// A number with so many digits behind the point, without zeros at the end.
fn fraction(number: u64, digits: u32) -> String {
    let unit = 10_u64.pow(digits);
    let width = digits as usize;
    let text = format!("{}.{:0width$}", number / unit, number % unit);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
