//! The math extension.

use std::cmp::Ordering;

use super::{Function, argument_int, lists, namespaced};
use crate::arithmetic::in_range;
use crate::compare::order;
use crate::error::{ErrorKind, Fault};
use crate::frame::{Frame, Outcome};
use crate::types::Types;
use crate::value::Value;

const NUMBER: Types = Types::NUMBER;
const DOUBLE: Types = Types::DOUBLE;
const BOOL: Types = Types::BOOL;
const INT: Types = Types::INT;
const WHOLE: Types = INT.or(Types::UINT);

pub(super) const FUNCTIONS: &[Function] = &[
    // With more than one argument the checker makes a list of them.
    namespaced(
        "math",
        "greatest",
        &[NUMBER.or(Types::LIST)],
        NUMBER,
        greatest,
    ),
    namespaced("math", "least", &[NUMBER.or(Types::LIST)], NUMBER, least),
    namespaced("math", "ceil", &[DOUBLE], DOUBLE, |_, arguments| {
        rounded(arguments, f64::ceil)
    }),
    namespaced("math", "floor", &[DOUBLE], DOUBLE, |_, arguments| {
        rounded(arguments, f64::floor)
    }),
    namespaced("math", "round", &[DOUBLE], DOUBLE, |_, arguments| {
        rounded(arguments, f64::round)
    }),
    namespaced("math", "trunc", &[DOUBLE], DOUBLE, |_, arguments| {
        rounded(arguments, f64::trunc)
    }),
    namespaced("math", "isNaN", &[DOUBLE], BOOL, |_, arguments| {
        test(arguments, f64::is_nan)
    }),
    namespaced("math", "isInf", &[DOUBLE], BOOL, |_, arguments| {
        test(arguments, f64::is_infinite)
    }),
    namespaced("math", "isFinite", &[DOUBLE], BOOL, |_, arguments| {
        test(arguments, f64::is_finite)
    }),
    namespaced("math", "abs", &[NUMBER], NUMBER, abs),
    namespaced("math", "sign", &[NUMBER], NUMBER, sign),
    namespaced("math", "sqrt", &[NUMBER], DOUBLE, sqrt),
    namespaced("math", "bitAnd", &[WHOLE, WHOLE], WHOLE, |_, arguments| {
        bits(arguments, |left, right| left & right)
    }),
    namespaced("math", "bitOr", &[WHOLE, WHOLE], WHOLE, |_, arguments| {
        bits(arguments, |left, right| left | right)
    }),
    namespaced("math", "bitXor", &[WHOLE, WHOLE], WHOLE, |_, arguments| {
        bits(arguments, |left, right| left ^ right)
    }),
    namespaced("math", "bitNot", &[WHOLE], WHOLE, bit_not),
    namespaced(
        "math",
        "bitShiftLeft",
        &[WHOLE, INT],
        WHOLE,
        |_, arguments| shift(arguments, u64::checked_shl),
    ),
    namespaced(
        "math",
        "bitShiftRight",
        &[WHOLE, INT],
        WHOLE,
        |_, arguments| shift(arguments, u64::checked_shr),
    ),
];

fn greatest<'a>(frame: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    extreme(frame, arguments, Ordering::Greater)
}

fn least<'a>(frame: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    extreme(frame, arguments, Ordering::Less)
}

fn extreme<'a>(frame: &mut Frame<'a>, arguments: &[Value<'a>], side: Ordering) -> Outcome<'a> {
    let value = if arguments[0].items().is_some() {
        lists::extreme(frame, arguments, side)?
    } else {
        arguments[0]
    };
    // Only numbers have an order with numbers.
    order(value, Value::Int(0))?;
    Ok(value.plain())
}

fn double(arguments: &[Value<'_>]) -> Result<f64, Fault> {
    match arguments[0].plain() {
        Value::Double(value) => Ok(value),
        _ => Err(Fault::Overload),
    }
}

fn rounded<'a>(arguments: &[Value<'a>], round: fn(f64) -> f64) -> Outcome<'a> {
    Ok(Value::Double(round(double(arguments)?)))
}

fn test<'a>(arguments: &[Value<'a>], holds: fn(f64) -> bool) -> Outcome<'a> {
    Ok(Value::Bool(holds(double(arguments)?)))
}

fn abs<'a>(_: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    match arguments[0].plain() {
        Value::Int(value) => in_range(value.checked_abs()).map(Value::Int),
        value @ Value::Uint(_) => Ok(value),
        Value::Double(value) => Ok(Value::Double(value.abs())),
        _ => Err(Fault::Overload),
    }
}

fn sign<'a>(_: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    match arguments[0].plain() {
        Value::Int(value) => Ok(Value::Int(value.signum())),
        Value::Uint(value) => Ok(Value::Uint(value.min(1))),
        Value::Double(value) if value.is_nan() || value == 0.0 => Ok(Value::Double(value)),
        Value::Double(value) => Ok(Value::Double(value.signum())),
        _ => Err(Fault::Overload),
    }
}

fn sqrt<'a>(_: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    match arguments[0].plain() {
        Value::Int(value) => Ok(Value::Double((value as f64).sqrt())),
        Value::Uint(value) => Ok(Value::Double((value as f64).sqrt())),
        Value::Double(value) => Ok(Value::Double(value.sqrt())),
        _ => Err(Fault::Overload),
    }
}

fn bits<'a>(arguments: &[Value<'a>], combine: fn(u64, u64) -> u64) -> Outcome<'a> {
    match (arguments[0].plain(), arguments[1].plain()) {
        (Value::Int(left), Value::Int(right)) => {
            let bits = combine(left.cast_unsigned(), right.cast_unsigned());
            Ok(Value::Int(bits.cast_signed()))
        }
        (Value::Uint(left), Value::Uint(right)) => Ok(Value::Uint(combine(left, right))),
        _ => Err(Fault::Overload),
    }
}

fn bit_not<'a>(_: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    match arguments[0].plain() {
        Value::Int(value) => Ok(Value::Int(!value)),
        Value::Uint(value) => Ok(Value::Uint(!value)),
        _ => Err(Fault::Overload),
    }
}

/// A shift by 64 or more leaves nothing.
fn shift<'a>(arguments: &[Value<'a>], by: fn(u64, u32) -> Option<u64>) -> Outcome<'a> {
    let count = argument_int(arguments, 1)?;
    let count = u64::try_from(count).map_err(|_| Fault::Failed(ErrorKind::InvalidArgument))?;
    let shifted = |bits| {
        u32::try_from(count)
            .ok()
            .and_then(|count| by(bits, count))
            .unwrap_or(0)
    };
    match arguments[0].plain() {
        Value::Int(value) => Ok(Value::Int(shifted(value.cast_unsigned()).cast_signed())),
        Value::Uint(value) => Ok(Value::Uint(shifted(value))),
        _ => Err(Fault::Overload),
    }
}
