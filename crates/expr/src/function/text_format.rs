//! `'…'.format([…])`.

use std::fmt::Write;

use super::{Function, member, text};
use crate::compare::AnyMap;
use crate::error::{ErrorKind, Fault};
use crate::frame::{Frame, Outcome};
use crate::types::Types;
use crate::value::Value;

pub(super) const FUNCTIONS: &[Function] = &[member(
    "format",
    &[Types::STRING, Types::LIST],
    Types::STRING,
    format,
)];

const INVALID: Fault = Fault::Failed(ErrorKind::InvalidArgument);

/// Deepest nesting of lists and maps that is written.
const DEPTH: u32 = 64;

/// Most digits behind the point.
const PRECISION: usize = 100;

fn format<'a>(frame: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    let pattern = text(arguments, 0)?;
    let items = arguments[1].items().ok_or(Fault::Overload)?;
    let mut used = 0;
    let mut out = String::new();
    let mut rest = pattern;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('%') {
            out.push('%');
            rest = after;
            continue;
        }
        let (precision, after) = precision(rest)?;
        let verb = after.chars().next().ok_or(INVALID)?;
        let item = items.get(used).ok_or(INVALID)?;
        used += 1;
        let before = out.len();
        clause(frame, &mut out, verb, precision, item)?;
        frame.charge(1 + (out.len() - before) / 16)?;
        rest = &after[verb.len_utf8()..];
    }
    out.push_str(rest);
    if used < items.len() {
        return Err(INVALID);
    }
    frame.charge(out.len() / 16)?;
    Ok(Value::String(frame.arena.alloc_str(&out)))
}

/// `.digits`, and what follows.
fn precision(rest: &str) -> Result<(Option<usize>, &str), Fault> {
    let Some(digits) = rest.strip_prefix('.') else {
        return Ok((None, rest));
    };
    let end = digits
        .bytes()
        .position(|byte| !byte.is_ascii_digit())
        .ok_or(INVALID)?;
    let precision = digits[..end].parse().map_err(|_| INVALID)?;
    if precision > PRECISION {
        return Err(INVALID);
    }
    Ok((Some(precision), &digits[end..]))
}

fn clause<'a>(
    frame: &mut Frame<'a>,
    out: &mut String,
    verb: char,
    precision: Option<usize>,
    value: Value<'a>,
) -> Result<(), Fault> {
    let value = value.plain();
    match verb {
        's' => write_value(frame, out, value, DEPTH)?,
        'd' => match value {
            Value::Int(_) | Value::Uint(_) | Value::Double(_) => {
                write_value(frame, out, value, DEPTH)?;
            }
            _ => return Err(INVALID),
        },
        'f' => out.push_str(&fixed(number(value)?, precision.unwrap_or(6))),
        'e' => out.push_str(&scientific(number(value)?, precision.unwrap_or(6))),
        'b' => match value {
            Value::Bool(value) => out.push(if value { '1' } else { '0' }),
            _ => out.push_str(&in_base(value, |value| format!("{value:b}"))?),
        },
        'o' => out.push_str(&in_base(value, |value| format!("{value:o}"))?),
        'x' => out.push_str(&hex(value)?),
        'X' => out.push_str(&hex(value)?.to_uppercase()),
        _ => return Err(INVALID),
    }
    Ok(())
}

fn number(value: Value<'_>) -> Result<f64, Fault> {
    match value {
        Value::Double(value) => Ok(value),
        Value::Int(value) => Ok(value as f64),
        Value::Uint(value) => Ok(value as f64),
        _ => Err(INVALID),
    }
}

/// The words for what is no finite number.
fn not_finite(value: f64) -> Option<&'static str> {
    match value {
        _ if value.is_nan() => Some("NaN"),
        f64::INFINITY => Some("Infinity"),
        f64::NEG_INFINITY => Some("-Infinity"),
        _ => None,
    }
}

fn fixed(value: f64, precision: usize) -> String {
    not_finite(value).map_or_else(|| format!("{value:.precision$}"), str::to_owned)
}

fn scientific(value: f64, precision: usize) -> String {
    if let Some(word) = not_finite(value) {
        return word.to_owned();
    }
    let text = format!("{value:.precision$e}");
    match text.split_once('e') {
        Some((digits, exponent)) => {
            let (sign, exponent) = match exponent.strip_prefix('-') {
                Some(exponent) => ('-', exponent),
                None => ('+', exponent),
            };
            format!("{digits}e{sign}{exponent:0>2}")
        }
        None => text,
    }
}

/// An integer in another base, with its sign in front.
fn in_base(value: Value<'_>, write: fn(u64) -> String) -> Result<String, Fault> {
    match value {
        Value::Int(value) => {
            let sign = if value < 0 { "-" } else { "" };
            Ok(format!("{sign}{}", write(value.unsigned_abs())))
        }
        Value::Uint(value) => Ok(write(value)),
        _ => Err(INVALID),
    }
}

fn hex(value: Value<'_>) -> Result<String, Fault> {
    let bytes = match value {
        Value::String(text) => text.as_bytes(),
        Value::Bytes(bytes) => bytes,
        _ => return in_base(value, |value| format!("{value:x}")),
    };
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(out, "{byte:02x}");
    }
    Ok(out)
}

/// `%s`: any value as text.
fn write_value<'a>(
    frame: &mut Frame<'a>,
    out: &mut String,
    value: Value<'a>,
    depth: u32,
) -> Result<(), Fault> {
    let depth = depth.checked_sub(1).ok_or(INVALID)?;
    frame.charge(1)?;
    match value.plain() {
        Value::String(text) => {
            frame.charge(text.len() / 16)?;
            out.push_str(text);
        }
        Value::Null => out.push_str("null"),
        Value::Bool(value) => out.push_str(if value { "true" } else { "false" }),
        Value::Int(value) => out.push_str(&value.to_string()),
        Value::Uint(value) => out.push_str(&value.to_string()),
        Value::Double(value) => {
            out.push_str(&not_finite(value).map_or_else(|| value.to_string(), str::to_owned));
        }
        Value::Bytes(bytes) => out.push_str(&String::from_utf8_lossy(bytes)),
        Value::Duration(value) => out.push_str(&value.to_string()),
        Value::Timestamp(value) => out.push_str(&value.to_string()),
        Value::Type(value) => out.push_str(value.name()),
        value => return write_container(frame, out, value, depth),
    }
    Ok(())
}

fn write_container<'a>(
    frame: &mut Frame<'a>,
    out: &mut String,
    value: Value<'a>,
    depth: u32,
) -> Result<(), Fault> {
    if let Some(items) = value.items() {
        out.push('[');
        for (position, item) in items.iter().enumerate() {
            out.push_str(if position > 0 { ", " } else { "" });
            write_value(frame, out, item, depth)?;
        }
        out.push(']');
        return Ok(());
    }
    let map = AnyMap::of(value).ok_or(INVALID)?;
    let mut entries = Vec::new();
    for (key, value) in map.entries(frame)? {
        let (mut name, mut text) = (String::new(), String::new());
        write_value(frame, &mut name, *key, depth)?;
        write_value(frame, &mut text, *value, depth)?;
        entries.push((name, text));
    }
    entries.sort();
    let entries: Vec<String> = entries
        .into_iter()
        .map(|(name, text)| format!("{name}: {text}"))
        .collect();
    let _ = write!(out, "{{{}}}", entries.join(", "));
    Ok(())
}
