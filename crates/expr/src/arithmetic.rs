//! The arithmetic operators: numbers with overflow as an error, times, and `+` on texts and lists.

use crate::ast::Operator;
use crate::error::{ErrorKind, Fault};
use crate::frame::{Frame, Outcome};
use crate::time::{Duration, Timestamp};
use crate::value::{Items, Value};

/// Applies `+`, `-`, `*`, `/` or `%`.
pub(crate) fn arithmetic<'a>(
    frame: &mut Frame<'a>,
    operator: Operator,
    left: Value<'a>,
    right: Value<'a>,
) -> Outcome<'a> {
    match (left.plain(), right.plain()) {
        (Value::Int(left), Value::Int(right)) => int(operator, left, right).map(Value::Int),
        (Value::Uint(left), Value::Uint(right)) => uint(operator, left, right).map(Value::Uint),
        (Value::Double(left), Value::Double(right)) => {
            double(operator, left, right).map(Value::Double)
        }
        (left, right) => match operator {
            Operator::Add => add(frame, left, right),
            Operator::Subtract => subtract(left, right),
            _ => Err(Fault::Overload),
        },
    }
}

/// Applies unary `-`.
pub(crate) fn negate(value: Value<'_>) -> Outcome<'_> {
    match value.plain() {
        Value::Int(value) => in_range(value.checked_neg()).map(Value::Int),
        Value::Double(value) => Ok(Value::Double(-value)),
        _ => Err(Fault::Overload),
    }
}

/// A result, or the error of one that is out of range.
pub(crate) fn in_range<T>(result: Option<T>) -> Result<T, Fault> {
    result.ok_or(Fault::Failed(ErrorKind::Overflow))
}

fn divisor(is_zero: bool) -> Result<(), Fault> {
    if is_zero {
        Err(Fault::Failed(ErrorKind::DivisionByZero))
    } else {
        Ok(())
    }
}

fn int(operator: Operator, left: i64, right: i64) -> Result<i64, Fault> {
    in_range(match operator {
        Operator::Add => left.checked_add(right),
        Operator::Subtract => left.checked_sub(right),
        Operator::Multiply => left.checked_mul(right),
        Operator::Divide => {
            divisor(right == 0)?;
            left.checked_div(right)
        }
        Operator::Modulo => {
            divisor(right == 0)?;
            left.checked_rem(right)
        }
        _ => return Err(Fault::Overload),
    })
}

fn uint(operator: Operator, left: u64, right: u64) -> Result<u64, Fault> {
    in_range(match operator {
        Operator::Add => left.checked_add(right),
        Operator::Subtract => left.checked_sub(right),
        Operator::Multiply => left.checked_mul(right),
        Operator::Divide => {
            divisor(right == 0)?;
            left.checked_div(right)
        }
        Operator::Modulo => {
            divisor(right == 0)?;
            left.checked_rem(right)
        }
        _ => return Err(Fault::Overload),
    })
}

fn double(operator: Operator, left: f64, right: f64) -> Result<f64, Fault> {
    match operator {
        Operator::Add => Ok(left + right),
        Operator::Subtract => Ok(left - right),
        Operator::Multiply => Ok(left * right),
        Operator::Divide => Ok(left / right),
        _ => Err(Fault::Overload),
    }
}

fn add<'a>(frame: &mut Frame<'a>, left: Value<'a>, right: Value<'a>) -> Outcome<'a> {
    match (left, right) {
        (Value::String(left), Value::String(right)) => {
            frame.charge((left.len() + right.len()) / 16)?;
            let mut text = bumpalo::collections::String::with_capacity_in(
                left.len() + right.len(),
                frame.arena,
            );
            text.push_str(left);
            text.push_str(right);
            Ok(Value::String(text.into_bump_str()))
        }
        (Value::Bytes(left), Value::Bytes(right)) => {
            frame.charge((left.len() + right.len()) / 16)?;
            let both = left.iter().chain(right).copied();
            Ok(Value::Bytes(
                frame.arena.alloc_slice_fill_iter(both.collect::<Vec<_>>()),
            ))
        }
        (Value::Timestamp(time), Value::Duration(span))
        | (Value::Duration(span), Value::Timestamp(time)) => later(time, span),
        (Value::Duration(left), Value::Duration(right)) => {
            in_range(left.0.checked_add(right.0)).map(|sum| Value::Duration(Duration(sum)))
        }
        _ => match (left.items(), right.items()) {
            (Some(left), Some(right)) => concatenate(frame, left, right),
            _ => Err(Fault::Overload),
        },
    }
}

fn concatenate<'a>(frame: &mut Frame<'a>, left: Items<'a>, right: Items<'a>) -> Outcome<'a> {
    frame.charge(left.len() + right.len())?;
    let mut items =
        bumpalo::collections::Vec::with_capacity_in(left.len() + right.len(), frame.arena);
    items.extend(left.iter().chain(right.iter()));
    Ok(Value::List(items.into_bump_slice()))
}

fn subtract<'a>(left: Value<'a>, right: Value<'a>) -> Outcome<'a> {
    match (left, right) {
        (Value::Timestamp(left), Value::Timestamp(right)) => {
            in_range(left.checked_sub(right)).map(Value::Duration)
        }
        (Value::Timestamp(time), Value::Duration(span)) => {
            later(time, Duration(in_range(span.0.checked_neg())?))
        }
        (Value::Duration(left), Value::Duration(right)) => {
            in_range(left.0.checked_sub(right.0)).map(|span| Value::Duration(Duration(span)))
        }
        _ => Err(Fault::Overload),
    }
}

fn later<'a>(time: Timestamp, span: Duration) -> Outcome<'a> {
    in_range(time.checked_add(span)).map(Value::Timestamp)
}
