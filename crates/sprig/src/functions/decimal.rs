//! Arithmetic with fractions: exact in decimal, so that 0.1 + 0.2 is 0.3.

use gotemplate::{Failure, Value, sprint};
use num_bigint::BigInt;

use super::{ANY, ANY_ANYS, ANYS};
use crate::call::{Answer, Call};
use crate::cast::to_float;
use crate::entry::Entry;
use crate::number::signed;

pub(super) const TABLE: &[Entry] = &[
    Entry::new("add1f", ANY, |call| fold(call, Some(1.0), Decimal::add)),
    Entry::new("addf", ANYS, |call| fold(call, Some(0.0), Decimal::add)),
    Entry::new("subf", ANY_ANYS, |call| fold(call, None, Decimal::subtract)),
    Entry::new("mulf", ANY_ANYS, |call| fold(call, None, Decimal::multiply)),
    Entry::new("divf", ANY_ANYS, |call| fold(call, None, Decimal::divide)),
];

/// `digits` × 10^`exponent`.
struct Decimal {
    digits: BigInt,
    exponent: i64,
}

/// Digits behind the point that a division gives.
const PRECISION: i64 = 16;

fn fold(
    call: &mut Call<'_>,
    start: Option<f64>,
    operate: fn(Decimal, Decimal) -> Result<Decimal, Failure>,
) -> Answer {
    let numbers = start.into_iter().chain(call.arguments.iter().map(to_float));
    let mut result = None;
    let mut work = 0;
    for number in numbers {
        let number = Decimal::of(number)?;
        let value = match result {
            None => number,
            Some(before) => operate(before, number)?,
        };
        work += value.digits.bits() / 64;
        result = Some(value);
    }
    call.context.spend(work)?;
    Ok(Value::float(result.map_or(0.0, |result| result.to_float())))
}

impl Decimal {
    fn of(value: f64) -> Result<Self, Failure> {
        if !value.is_finite() {
            let shown = sprint(&[Value::float(value)], 64).unwrap_or_default();
            return Err(Failure::new(format!(
                "Cannot create a Decimal from {shown}"
            )));
        }
        let text = format!("{value:e}");
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let fraction = mantissa
            .split_once('.')
            .map_or(0, |(_, fraction)| fraction.len());
        let digits = mantissa.replace('.', "");
        Ok(Self {
            digits: digits.parse().unwrap_or_default(),
            exponent: exponent.parse().unwrap_or(0) - signed(fraction),
        })
    }

    fn to_float(&self) -> f64 {
        format!("{}e{}", self.digits, self.exponent)
            .parse()
            .unwrap_or(0.0)
    }

    /// Both with the smaller exponent of the two.
    fn aligned(self, other: Self) -> (BigInt, BigInt, i64) {
        let exponent = self.exponent.min(other.exponent);
        let scaled = |number: Self| number.digits * power(number.exponent - exponent);
        (scaled(self), scaled(other), exponent)
    }

    fn add(self, other: Self) -> Result<Self, Failure> {
        let (left, right, exponent) = self.aligned(other);
        Ok(Self {
            digits: left + right,
            exponent,
        })
    }

    fn subtract(self, other: Self) -> Result<Self, Failure> {
        let (left, right, exponent) = self.aligned(other);
        Ok(Self {
            digits: left - right,
            exponent,
        })
    }

    fn multiply(self, other: Self) -> Result<Self, Failure> {
        Ok(Self {
            digits: self.digits * other.digits,
            exponent: self.exponent + other.exponent,
        })
    }

    /// To 16 digits behind the point, the last one rounded half away from zero.
    fn divide(self, other: Self) -> Result<Self, Failure> {
        let zero = BigInt::ZERO;
        if other.digits == zero {
            return Err(Failure::new("decimal division by 0"));
        }
        let shift = self.exponent - other.exponent + PRECISION;
        let (dividend, divisor) = if shift < 0 {
            (self.digits, other.digits * power(-shift))
        } else {
            (self.digits * power(shift), other.digits)
        };
        let is_negative = (dividend < zero) != (divisor < zero);
        let quotient = &dividend / &divisor;
        let rest = &dividend % &divisor;
        let is_up = rest.magnitude() * 2_u8 >= *divisor.magnitude();
        let step = BigInt::from(match (is_up, is_negative) {
            (false, _) => 0,
            (true, true) => -1,
            (true, false) => 1,
        });
        Ok(Self {
            digits: quotient + step,
            exponent: -PRECISION,
        })
    }
}

/// Exponents of floats are small, and so are their differences.
fn power(exponent: i64) -> BigInt {
    BigInt::from(10).pow(u32::try_from(exponent).unwrap_or(0))
}
