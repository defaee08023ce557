//! Conversions between types.

use super::{Function, global};
use crate::error::{ErrorKind, Fault};
use crate::frame::{Frame, Outcome};
use crate::time::{Duration, Timestamp};
use crate::types::Types;
use crate::value::Value;

const NUMERIC: Types = Types::NUMBER.or(Types::STRING);
const TO_STRING: Types = Types::NUMBER
    .or(Types::STRING)
    .or(Types::BOOL)
    .or(Types::BYTES)
    .or(Types::TIMESTAMP)
    .or(Types::DURATION)
    .or(Types::IP)
    .or(Types::CIDR);

pub(super) const FUNCTIONS: &[Function] = &[
    global(
        "int",
        &[NUMERIC.or(Types::TIMESTAMP).or(Types::DURATION)],
        Types::INT,
        int,
    ),
    global("uint", &[NUMERIC], Types::UINT, uint),
    global("double", &[NUMERIC], Types::DOUBLE, double),
    global("string", &[TO_STRING], Types::STRING, string),
    global(
        "bytes",
        &[Types::STRING.or(Types::BYTES)],
        Types::BYTES,
        bytes,
    ),
    global("bool", &[Types::STRING.or(Types::BOOL)], Types::BOOL, bool),
    global(
        "duration",
        &[Types::STRING.or(Types::DURATION).or(Types::INT)],
        Types::DURATION,
        duration,
    ),
    global(
        "timestamp",
        &[Types::STRING.or(Types::TIMESTAMP).or(Types::INT)],
        Types::TIMESTAMP,
        timestamp,
    ),
];

/// A value, or the error of a conversion that has none.
fn converted<T>(value: Option<T>) -> Result<T, Fault> {
    value.ok_or(Fault::Failed(ErrorKind::InvalidConversion))
}

fn in_range<T>(value: Option<T>) -> Result<T, Fault> {
    value.ok_or(Fault::Failed(ErrorKind::Overflow))
}

fn int<'a>(_: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::Int(match arguments[0].plain() {
        Value::Int(value) => value,
        Value::Uint(value) => in_range(i64::try_from(value).ok())?,
        Value::Double(value) => in_range(double_to_int(value))?,
        Value::String(text) => converted(text.parse().ok())?,
        Value::Timestamp(value) => value.seconds,
        Value::Duration(value) => value.0,
        _ => return Err(Fault::Overload),
    }))
}

/// The number without its fraction, when it fits; the ends of the range do not.
#[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
fn double_to_int(value: f64) -> Option<i64> {
    const END: f64 = 9_223_372_036_854_775_808.0;
    (value > -END && value < END).then_some(value as i64)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the range is checked"
)]
fn double_to_uint(value: f64) -> Option<u64> {
    const END: f64 = 18_446_744_073_709_551_616.0;
    (0.0..END).contains(&value).then_some(value as u64)
}

fn uint<'a>(_: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::Uint(match arguments[0].plain() {
        Value::Uint(value) => value,
        Value::Int(value) => in_range(u64::try_from(value).ok())?,
        Value::Double(value) => in_range(double_to_uint(value))?,
        Value::String(text) if !text.starts_with('+') => converted(text.parse().ok())?,
        Value::String(_) => return Err(Fault::Failed(ErrorKind::InvalidConversion)),
        _ => return Err(Fault::Overload),
    }))
}

fn double<'a>(_: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::Double(match arguments[0].plain() {
        Value::Double(value) => value,
        Value::Int(value) => value as f64,
        Value::Uint(value) => value as f64,
        Value::String(text) => converted(text.parse().ok())?,
        _ => return Err(Fault::Overload),
    }))
}

fn string<'a>(frame: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    let text = match arguments[0].plain() {
        Value::String(text) => return Ok(Value::String(text)),
        Value::Bytes(bytes) => {
            return converted(std::str::from_utf8(bytes).ok()).map(Value::String);
        }
        Value::Bool(value) => return Ok(Value::String(if value { "true" } else { "false" })),
        Value::Int(value) => value.to_string(),
        Value::Uint(value) => value.to_string(),
        Value::Double(value) => double_text(value),
        Value::Timestamp(value) => value.to_string(),
        Value::Duration(value) => value.to_string(),
        Value::Extension(value) => value.to_text().ok_or(Fault::Overload)?,
        _ => return Err(Fault::Overload),
    };
    Ok(Value::String(frame.arena.alloc_str(&text)))
}

/// The shortest text that reads back the same, with an exponent from 10^6 on and below 10^-4, as Go
/// writes it.
fn double_text(value: f64) -> String {
    let magnitude = value.abs();
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    if magnitude != 0.0 && !(1e-4..1e6).contains(&magnitude) {
        let text = format!("{value:e}");
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let (sign, exponent) = match exponent.strip_prefix('-') {
            Some(exponent) => ('-', exponent),
            None => ('+', exponent),
        };
        return format!("{digits}e{sign}{exponent:0>2}");
    }
    value.to_string()
}

fn bytes<'a>(_: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    match arguments[0].plain() {
        Value::String(text) => Ok(Value::Bytes(text.as_bytes())),
        value @ Value::Bytes(_) => Ok(value),
        _ => Err(Fault::Overload),
    }
}

fn bool<'a>(_: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    match arguments[0].plain() {
        Value::String("1" | "t" | "T" | "true" | "TRUE" | "True") => Ok(Value::Bool(true)),
        Value::String("0" | "f" | "F" | "false" | "FALSE" | "False") => Ok(Value::Bool(false)),
        Value::String(_) => Err(Fault::Failed(ErrorKind::InvalidConversion)),
        value @ Value::Bool(_) => Ok(value),
        _ => Err(Fault::Overload),
    }
}

fn duration<'a>(_: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    match arguments[0].plain() {
        Value::String(text) => converted(Duration::parse(text)).map(Value::Duration),
        Value::Int(nanos) => Ok(Value::Duration(Duration(nanos))),
        value @ Value::Duration(_) => Ok(value),
        _ => Err(Fault::Overload),
    }
}

fn timestamp<'a>(_: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    match arguments[0].plain() {
        Value::String(text) => converted(Timestamp::parse(text)).map(Value::Timestamp),
        Value::Int(seconds) => in_range(Timestamp::new(seconds, 0)).map(Value::Timestamp),
        value @ Value::Timestamp(_) => Ok(value),
        _ => Err(Fault::Overload),
    }
}
