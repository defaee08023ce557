//! Arithmetic with integers, and rounding.

use gotemplate::{Failure, Signature, Type, Value, sprint};

use super::{ANY, ANY_ANY, ANY_ANYS, ANYS, INT, TEXT};
use crate::call::{Answer, Call};
use crate::cast::{to_float, to_int};
use crate::entry::Entry;

pub(super) const TABLE: &[Entry] = &[
    Entry::new("add", ANYS, |call| fold(call, Some(0), i64::wrapping_add)),
    Entry::new("add1", ANY, |call| {
        Ok(Value::int64(to_int(&call.arguments[0]).wrapping_add(1)))
    }),
    Entry::new("sub", ANY_ANY, |call| fold(call, None, i64::wrapping_sub)),
    Entry::new("mul", ANY_ANYS, |call| fold(call, None, i64::wrapping_mul)),
    Entry::new("div", ANY_ANY, |call| divide(call, i64::wrapping_div)),
    Entry::new("mod", ANY_ANY, |call| divide(call, i64::wrapping_rem)),
    Entry::new("max", ANY_ANYS, |call| fold(call, None, i64::max)),
    Entry::new("biggest", ANY_ANYS, |call| fold(call, None, i64::max)),
    Entry::new("min", ANY_ANYS, |call| fold(call, None, i64::min)),
    Entry::new("maxf", ANY_ANYS, |call| fold_floats(call, larger)),
    Entry::new("minf", ANY_ANYS, |call| fold_floats(call, smaller)),
    Entry::new("ceil", ANY, |call| {
        Ok(Value::float(to_float(&call.arguments[0]).ceil()))
    }),
    Entry::new("floor", ANY, |call| {
        Ok(Value::float(to_float(&call.arguments[0]).floor()))
    }),
    Entry::new(
        "round",
        Signature::variadic(&[Type::Any, INT, Type::Float]),
        round,
    ),
    Entry::new("int", ANY, |call| {
        Ok(Value::int(to_int(&call.arguments[0])))
    }),
    Entry::new("int64", ANY, |call| {
        Ok(Value::int64(to_int(&call.arguments[0])))
    }),
    Entry::new("float64", ANY, |call| {
        Ok(Value::float(to_float(&call.arguments[0])))
    }),
    Entry::new("atoi", TEXT, atoi),
    Entry::new("toDecimal", ANY, to_decimal),
];

fn fold(call: &mut Call<'_>, start: Option<i64>, operate: fn(i64, i64) -> i64) -> Answer {
    let numbers = call.arguments.iter().map(to_int);
    let result = match start {
        Some(start) => numbers.fold(start, operate),
        None => numbers.reduce(operate).unwrap_or(0),
    };
    Ok(Value::int64(result))
}

fn divide(call: &mut Call<'_>, operate: fn(i64, i64) -> i64) -> Answer {
    let (left, right) = (to_int(&call.arguments[0]), to_int(&call.arguments[1]));
    if right == 0 {
        return Err(Failure::new("runtime error: integer divide by zero"));
    }
    Ok(Value::int64(operate(left, right)))
}

fn fold_floats(call: &mut Call<'_>, operate: fn(f64, f64) -> f64) -> Answer {
    let numbers = call.arguments.iter().map(to_float);
    Ok(Value::float(numbers.reduce(operate).unwrap_or(0.0)))
}

/// Go's `math.Max`: what is no number goes through, and 0 is above -0.
fn larger(left: f64, right: f64) -> f64 {
    if left.is_infinite() && left > 0.0 || right.is_infinite() && right > 0.0 {
        return f64::INFINITY;
    }
    if left.is_nan() || right.is_nan() {
        return f64::NAN;
    }
    if left == 0.0 && right == 0.0 {
        return if left.is_sign_negative() { right } else { left };
    }
    left.max(right)
}

fn smaller(left: f64, right: f64) -> f64 {
    -larger(-left, -right)
}

fn round(call: &mut Call<'_>) -> Answer {
    let (value, places) = (to_float(&call.arguments[0]), call.int(1));
    let round_on = call.arguments.get(2).map_or(0.5, to_float);
    let power = power_of_ten(places);
    let digits = power * value;
    let rounded = if digits.fract() >= round_on {
        digits.ceil()
    } else {
        digits.floor()
    };
    Ok(Value::float(rounded / power))
}

/// Go's `math.Pow(10, exponent)`, whose last bit depends on the way that it takes.
fn power_of_ten(exponent: i64) -> f64 {
    let exponent_bits = exponent.unsigned_abs();
    if exponent_bits > 400 {
        return if exponent > 0 { f64::INFINITY } else { 0.0 };
    }
    // The result is mantissa × 2^shift; 10 is 0.625 × 2^4.
    let (mut mantissa, mut shift) = (1.0_f64, 0_i32);
    let (mut base, mut base_shift) = (0.625_f64, 4_i32);
    let mut rest = exponent_bits;
    while rest != 0 {
        if rest & 1 == 1 {
            mantissa *= base;
            shift += base_shift;
        }
        base *= base;
        base_shift <<= 1;
        if base < 0.5 {
            base += base;
            base_shift -= 1;
        }
        rest >>= 1;
    }
    if exponent < 0 {
        mantissa = 1.0 / mantissa;
        shift = -shift;
    }
    // In two steps: one power of two alone may be out of range where the result is not.
    let half = shift / 2;
    mantissa * 2f64.powi(half) * 2f64.powi(shift - half)
}

/// Go's `strconv.Atoi` without its error: what is too large is as large as possible.
fn atoi(call: &mut Call<'_>) -> Answer {
    Ok(Value::int(decimal_or_bound(&call.text(0), 10)))
}

pub(super) fn decimal_or_bound(text: &str, radix: u32) -> i64 {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return 0;
    }
    i64::from_str_radix(text, radix).unwrap_or(if text.starts_with('-') {
        i64::MIN
    } else {
        i64::MAX
    })
}

/// The number that a value's digits mean in base 8.
fn to_decimal(call: &mut Call<'_>) -> Answer {
    let text = sprint(&call.arguments[..1], 64).unwrap_or_default();
    Ok(Value::int64(
        i64::from_str_radix(&text, 8).unwrap_or_default(),
    ))
}
