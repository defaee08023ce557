//! Kubernetes' library of named formats.

use super::{Function, member, namespaced, text};
use crate::error::Fault;
use crate::extension::{Extension, Format};
use crate::frame::{Frame, Outcome};
use crate::types::Types;
use crate::value::Value;

const FORMAT: Types = Types::FORMAT;

/// `format.name()`
const fn constant(name: &'static str, run: super::Native) -> Function {
    namespaced("format", name, &[], FORMAT, run)
}

pub(super) const FUNCTIONS: &[Function] = &[
    namespaced("format", "named", &[Types::STRING], Types::OPTIONAL, named),
    member(
        "validate",
        &[FORMAT, Types::STRING],
        Types::OPTIONAL,
        validate,
    ),
    constant("dns1123Label", |frame, _| made(frame, Format::Dns1123Label)),
    constant("dns1123Subdomain", |frame, _| {
        made(frame, Format::Dns1123Subdomain)
    }),
    constant("dns1035Label", |frame, _| made(frame, Format::Dns1035Label)),
    constant("qualifiedName", |frame, _| {
        made(frame, Format::QualifiedName)
    }),
    constant("dns1123LabelPrefix", |frame, _| {
        made(frame, Format::Dns1123LabelPrefix)
    }),
    constant("dns1123SubdomainPrefix", |frame, _| {
        made(frame, Format::Dns1123SubdomainPrefix)
    }),
    constant("dns1035LabelPrefix", |frame, _| {
        made(frame, Format::Dns1035LabelPrefix)
    }),
    constant("labelValue", |frame, _| made(frame, Format::LabelValue)),
    constant("uri", |frame, _| made(frame, Format::Uri)),
    constant("uuid", |frame, _| made(frame, Format::Uuid)),
    constant("byte", |frame, _| made(frame, Format::Byte)),
    constant("date", |frame, _| made(frame, Format::Date)),
    constant("datetime", |frame, _| made(frame, Format::DateTime)),
];

#[expect(clippy::unnecessary_wraps, reason = "all functions have this shape")]
fn made<'a>(frame: &mut Frame<'a>, format: Format) -> Outcome<'a> {
    Ok(Value::Extension(
        frame.arena.alloc(Extension::Format(format)),
    ))
}

fn named<'a>(frame: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    match Format::named(text(arguments, 0)?) {
        Some(format) => {
            let value = made(frame, format)?;
            Ok(Value::Optional(Some(frame.arena.alloc(value))))
        }
        None => Ok(Value::Optional(None)),
    }
}

/// Nothing for a valid text, otherwise the list of what is wrong.
fn validate<'a>(frame: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    let Value::Extension(Extension::Format(format)) = arguments[0] else {
        return Err(Fault::Overload);
    };
    let text = text(arguments, 1)?;
    frame.charge(text.len() / 16)?;
    Ok(Value::Optional(format.fault(text).map(|message| {
        let faults = frame.arena.alloc_slice_copy(&[Value::String(message)]);
        &*frame.arena.alloc(Value::List(faults))
    })))
}
