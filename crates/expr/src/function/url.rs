//! Kubernetes' URL library.

use bumpalo::collections::Vec as List;

use super::{Function, global, member, text};
use crate::error::{ErrorKind, Fault};
use crate::extension::{Extension, Url};
use crate::frame::{Frame, Outcome};
use crate::types::Types;
use crate::value::{MapValue, Value};

const URL: Types = Types::URL;
const STRING: Types = Types::STRING;

pub(super) const FUNCTIONS: &[Function] = &[
    global("url", &[STRING], URL, make),
    global("isURL", &[STRING], Types::BOOL, |_, arguments| {
        Ok(Value::Bool(Url::is_valid(text(arguments, 0)?)))
    }),
    member("getScheme", &[URL], STRING, |frame, arguments| {
        part(frame, arguments, Url::scheme)
    }),
    member("getHost", &[URL], STRING, |frame, arguments| {
        part(frame, arguments, Url::host)
    }),
    member("getHostname", &[URL], STRING, |frame, arguments| {
        part(frame, arguments, Url::hostname)
    }),
    member("getPort", &[URL], STRING, |frame, arguments| {
        part(frame, arguments, Url::port)
    }),
    member("getEscapedPath", &[URL], STRING, |frame, arguments| {
        part(frame, arguments, Url::escaped_path)
    }),
    member("getQuery", &[URL], Types::MAP, query),
];

fn url<'a>(arguments: &[Value<'a>]) -> Result<Url<'a>, Fault> {
    match arguments[0] {
        Value::Extension(Extension::Url(url)) => Ok(*url),
        _ => Err(Fault::Overload),
    }
}

fn make<'a>(frame: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    let text = text(arguments, 0)?;
    frame.charge(text.len() / 16)?;
    match Url::parse(text) {
        Some(url) => Ok(Value::Extension(frame.arena.alloc(Extension::Url(url)))),
        None => Err(Fault::Failed(ErrorKind::InvalidConversion)),
    }
}

fn part<'a>(
    frame: &mut Frame<'a>,
    arguments: &[Value<'a>],
    of: fn(Url<'a>) -> String,
) -> Outcome<'a> {
    let part = of(url(arguments)?);
    frame.charge(part.len() / 16)?;
    Ok(Value::String(frame.arena.alloc_str(&part)))
}

/// Each name with the list of its values.
fn query<'a>(frame: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    let mut names: Vec<(String, List<'a, Value<'a>>)> = Vec::new();
    for (name, value) in url(arguments)?.query() {
        frame.charge(1 + names.len() / 8 + value.len() / 16)?;
        let value = Value::String(frame.arena.alloc_str(&value));
        match names.iter_mut().find(|(known, _)| *known == name) {
            Some((_, values)) => values.push(value),
            None => names.push((name, bumpalo::vec![in frame.arena; value])),
        }
    }
    let entries = names.into_iter().map(|(name, values)| {
        let name = Value::String(frame.arena.alloc_str(&name));
        (name, Value::List(values.into_bump_slice()))
    });
    let entries = List::from_iter_in(entries, frame.arena).into_bump_slice();
    Ok(Value::Map(frame.arena.alloc(MapValue { entries })))
}
