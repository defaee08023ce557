//! Kubernetes' semver library, and the comparisons that versions and quantities share.

use std::cmp::Ordering;

use super::{Function, global, member, text};
use crate::error::{ErrorKind, Fault};
use crate::extension::{Extension, Semver};
use crate::frame::{Frame, Outcome};
use crate::types::Types;
use crate::value::Value;

const SEMVER: Types = Types::SEMVER;
const EITHER: Types = SEMVER.or(Types::QUANTITY);
const BOOL: Types = Types::BOOL;

pub(super) const FUNCTIONS: &[Function] = &[
    global("semver", &[Types::STRING, BOOL], SEMVER, make).optional(1),
    global("isSemver", &[Types::STRING, BOOL], BOOL, is_semver).optional(1),
    member("major", &[SEMVER], Types::INT, |_, arguments| {
        number(arguments, 0)
    }),
    member("minor", &[SEMVER], Types::INT, |_, arguments| {
        number(arguments, 1)
    }),
    member("patch", &[SEMVER], Types::INT, |_, arguments| {
        number(arguments, 2)
    }),
    member("isLessThan", &[EITHER, EITHER], BOOL, |_, arguments| {
        Ok(Value::Bool(order(arguments)?.is_lt()))
    }),
    member("isGreaterThan", &[EITHER, EITHER], BOOL, |_, arguments| {
        Ok(Value::Bool(order(arguments)?.is_gt()))
    }),
    member(
        "compareTo",
        &[EITHER, EITHER],
        Types::INT,
        |_, arguments| Ok(Value::Int(order(arguments)? as i64)),
    ),
];

/// The version that the arguments name: text, and whether it is read leniently.
fn parsed<'a>(frame: &Frame<'a>, arguments: &[Value<'a>]) -> Result<Option<Semver<'a>>, Fault> {
    let text = text(arguments, 0)?;
    let lenient = match arguments.get(1) {
        Some(value) => value.as_bool().ok_or(Fault::Overload)?,
        None => false,
    };
    if !lenient {
        return Ok(Semver::parse(text));
    }
    Ok(Semver::normalize(text).and_then(|text| Semver::parse(frame.arena.alloc_str(&text))))
}

fn make<'a>(frame: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    match parsed(frame, arguments)? {
        Some(version) => Ok(Value::Extension(
            frame.arena.alloc(Extension::Semver(version)),
        )),
        None => Err(Fault::Failed(ErrorKind::InvalidConversion)),
    }
}

fn is_semver<'a>(frame: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::Bool(parsed(frame, arguments)?.is_some()))
}

fn number<'a>(arguments: &[Value<'a>], position: usize) -> Outcome<'a> {
    match arguments[0] {
        Value::Extension(Extension::Semver(version)) => {
            let number = i64::try_from(version.numbers[position]);
            number
                .map(Value::Int)
                .map_err(|_| Fault::Failed(ErrorKind::Overflow))
        }
        _ => Err(Fault::Overload),
    }
}

fn order(arguments: &[Value<'_>]) -> Result<Ordering, Fault> {
    match (arguments[0], arguments[1]) {
        (Value::Extension(Extension::Semver(left)), Value::Extension(Extension::Semver(right))) => {
            Ok(left.order(right))
        }
        (
            Value::Extension(Extension::Quantity(left)),
            Value::Extension(Extension::Quantity(right)),
        ) => Ok(left.order(right)),
        _ => Err(Fault::Overload),
    }
}
