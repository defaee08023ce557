//! Kubernetes' quantity library.

use super::{Function, global, member, text};
use crate::error::{ErrorKind, Fault};
use crate::extension::{Extension, Quantity};
use crate::frame::{Frame, Outcome};
use crate::types::Types;
use crate::value::Value;

const QUANTITY: Types = Types::QUANTITY;
const OPERAND: Types = QUANTITY.or(Types::INT);

pub(super) const FUNCTIONS: &[Function] = &[
    global("quantity", &[Types::STRING], QUANTITY, make),
    global("isQuantity", &[Types::STRING], Types::BOOL, is_quantity),
    member("sign", &[QUANTITY], Types::INT, |_, arguments| {
        Ok(Value::Int(quantity(arguments, 0)?.sign()))
    }),
    // Kubernetes documents the method, and declares the function.
    global("sign", &[QUANTITY], Types::INT, |_, arguments| {
        Ok(Value::Int(quantity(arguments, 0)?.sign()))
    }),
    member("isInteger", &[QUANTITY], Types::BOOL, |_, arguments| {
        Ok(Value::Bool(quantity(arguments, 0)?.as_int().is_some()))
    }),
    member("asInteger", &[QUANTITY], Types::INT, as_integer),
    member(
        "asApproximateFloat",
        &[QUANTITY],
        Types::DOUBLE,
        |_, arguments| Ok(Value::Double(quantity(arguments, 0)?.as_float())),
    ),
    member("add", &[QUANTITY, OPERAND], QUANTITY, |frame, arguments| {
        combined(frame, arguments, Quantity::checked_add)
    }),
    member("sub", &[QUANTITY, OPERAND], QUANTITY, |frame, arguments| {
        combined(frame, arguments, Quantity::checked_sub)
    }),
];

/// The argument at a position as a quantity.
fn quantity(arguments: &[Value<'_>], position: usize) -> Result<Quantity, Fault> {
    match arguments.get(position) {
        Some(Value::Extension(Extension::Quantity(quantity))) => Ok(*quantity),
        _ => Err(Fault::Overload),
    }
}

fn made<'a>(frame: &mut Frame<'a>, quantity: Quantity) -> Value<'a> {
    Value::Extension(frame.arena.alloc(Extension::Quantity(quantity)))
}

fn make<'a>(frame: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    match Quantity::parse(text(arguments, 0)?) {
        Some(quantity) => Ok(made(frame, quantity)),
        None => Err(Fault::Failed(ErrorKind::InvalidConversion)),
    }
}

fn is_quantity<'a>(_: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::Bool(Quantity::parse(text(arguments, 0)?).is_some()))
}

fn as_integer<'a>(_: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    match quantity(arguments, 0)?.as_int() {
        Some(value) => Ok(Value::Int(value)),
        None => Err(Fault::Failed(ErrorKind::InvalidConversion)),
    }
}

fn combined<'a>(
    frame: &mut Frame<'a>,
    arguments: &[Value<'a>],
    combine: fn(Quantity, Quantity) -> Option<Quantity>,
) -> Outcome<'a> {
    let left = quantity(arguments, 0)?;
    let right = match arguments[1].plain() {
        Value::Int(value) => Quantity::from_int(value),
        _ => quantity(arguments, 1)?,
    };
    match combine(left, right) {
        Some(quantity) => Ok(made(frame, quantity)),
        None => Err(Fault::Failed(ErrorKind::Overflow)),
    }
}
