//! Optional values.

#![expect(clippy::unnecessary_wraps, reason = "all functions have one shape")]

use super::{Function, member, namespaced};
use crate::compare::AnyMap;
use crate::error::{ErrorKind, Fault};
use crate::frame::{Frame, Outcome};
use crate::types::Types;
use crate::value::Value;

const ANY: Types = Types::ANY;
const OPTIONAL: Types = Types::OPTIONAL;

pub(super) const FUNCTIONS: &[Function] = &[
    namespaced("optional", "of", &[ANY], OPTIONAL, of),
    namespaced("optional", "none", &[], OPTIONAL, none),
    namespaced("optional", "ofNonZeroValue", &[ANY], OPTIONAL, of_non_zero),
    member("hasValue", &[OPTIONAL], Types::BOOL, has_value),
    member("value", &[OPTIONAL], ANY, value),
    // These two are compiled to code that computes the alternative only when it is needed.
    member("or", &[OPTIONAL, OPTIONAL], OPTIONAL, or),
    member("orValue", &[OPTIONAL, ANY], ANY, or_value),
];

fn of<'a>(frame: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::Optional(Some(frame.arena.alloc(arguments[0]))))
}

fn none<'a>(_: &mut Frame<'a>, _: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::Optional(None))
}

fn of_non_zero<'a>(frame: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    if is_zero(arguments[0]) {
        Ok(Value::Optional(None))
    } else {
        of(frame, arguments)
    }
}

/// Whether a value is its type's zero: null, false, 0, empty.
fn is_zero(value: Value<'_>) -> bool {
    match value.plain() {
        Value::Null | Value::Optional(None) => true,
        Value::Bool(value) => !value,
        Value::Int(value) => value == 0,
        Value::Uint(value) => value == 0,
        Value::Double(value) => value == 0.0,
        Value::String(value) => value.is_empty(),
        Value::Bytes(value) => value.is_empty(),
        Value::Duration(value) => value.0 == 0,
        value @ (Value::List(_) | Value::Map(_) | Value::Node(_)) => match value.items() {
            Some(items) => items.is_empty(),
            None => AnyMap::of(value).is_some_and(|map| map.len() == 0),
        },
        _ => false,
    }
}

fn has_value<'a>(_: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    match arguments[0] {
        Value::Optional(value) => Ok(Value::Bool(value.is_some())),
        _ => Err(Fault::Overload),
    }
}

fn value<'a>(_: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    match arguments[0] {
        Value::Optional(Some(value)) => Ok(*value),
        Value::Optional(None) => Err(Fault::Failed(ErrorKind::NoSuchKey)),
        _ => Err(Fault::Overload),
    }
}

fn or<'a>(_: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    match (arguments[0], arguments[1]) {
        (value @ Value::Optional(Some(_)), Value::Optional(_))
        | (Value::Optional(None), value @ Value::Optional(_)) => Ok(value),
        _ => Err(Fault::Overload),
    }
}

fn or_value<'a>(_: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    match arguments[0] {
        Value::Optional(value) => Ok(value.copied().unwrap_or(arguments[1])),
        _ => Err(Fault::Overload),
    }
}
