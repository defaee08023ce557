//! The functions of the language definition on texts, lists and maps.

#![expect(clippy::unnecessary_wraps, reason = "all functions have one shape")]

use super::{Function, global, member, text};
use crate::compare::AnyMap;
use crate::error::Fault;
use crate::frame::{Frame, Outcome};
use crate::types::Types;
use crate::value::Value;

const ANY: Types = Types::ANY;
const STRING: Types = Types::STRING;
const SIZED: Types = STRING
    .or(Types::BYTES)
    .or(Types::LIST)
    .or(Types::MAP)
    .or(Types::HOST);

pub(super) const FUNCTIONS: &[Function] = &[
    global("size", &[SIZED], Types::INT, size),
    member("size", &[SIZED], Types::INT, size),
    global("type", &[ANY], Types::TYPE, type_of),
    global("dyn", &[ANY], ANY, dynamic),
    member("contains", &[STRING, STRING], Types::BOOL, contains),
    member("startsWith", &[STRING, STRING], Types::BOOL, starts_with),
    member("endsWith", &[STRING, STRING], Types::BOOL, ends_with),
];

fn size<'a>(frame: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    let value = arguments[0];
    let size = if let Some(items) = value.items() {
        items.len()
    } else if let Some(map) = AnyMap::of(value) {
        let entries = map.len();
        frame.charge(entries / 64)?;
        entries
    } else {
        match value.plain() {
            Value::String(text) => {
                frame.charge(text.len() / 64)?;
                text.chars().count()
            }
            Value::Bytes(bytes) => bytes.len(),
            _ => return Err(Fault::Overload),
        }
    };
    Ok(Value::Int(super::int(size)))
}

fn type_of<'a>(_: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::Type(arguments[0].type_of()))
}

fn dynamic<'a>(_: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    Ok(arguments[0])
}

fn contains<'a>(frame: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    let (whole, part) = (text(arguments, 0)?, text(arguments, 1)?);
    frame.charge(whole.len() / 64)?;
    Ok(Value::Bool(whole.contains(part)))
}

fn starts_with<'a>(_: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::Bool(
        text(arguments, 0)?.starts_with(text(arguments, 1)?),
    ))
}

fn ends_with<'a>(_: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::Bool(
        text(arguments, 0)?.ends_with(text(arguments, 1)?),
    ))
}
