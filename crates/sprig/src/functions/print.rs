//! Values as text: quoted, joined, indented.

use std::borrow::Cow;

use gotemplate::{Data, Failure, Value, quoted, sprint};

use super::{ANY, ANYS, NUMBER_TEXT};
use crate::call::{Answer, Call, as_sequence};
use crate::entry::Entry;
use crate::functions::strings::NEGATIVE_REPEAT;
use crate::text::lossy;

pub(super) const TABLE: &[Entry] = &[
    Entry::new("toString", ANY, to_string),
    Entry::new("toStrings", ANY, to_strings),
    Entry::new("quote", ANYS, quote),
    Entry::new("squote", ANYS, single_quote),
    Entry::new("cat", ANYS, cat),
    Entry::new("indent", NUMBER_TEXT, indent),
    Entry::new("nindent", NUMBER_TEXT, indent_on_new_line),
];

/// A value as text, as Sprig's `strval` makes it.
pub(super) fn string_of(call: &mut Call<'_>, value: &Value) -> Answer {
    if let Data::String(_) = value.data() {
        return Ok(value.clone());
    }
    let text = match value.data() {
        Data::Bytes(bytes) => lossy(bytes),
        Data::Host(host) => match host.text() {
            Some(text) => text,
            None => printed(call, value)?,
        },
        _ => printed(call, value)?,
    };
    let origin = call.context.mixed(value.origin());
    Ok(Value::from(text).with_origin(origin))
}

/// As `%v` prints it.
fn printed(call: &mut Call<'_>, value: &Value) -> Result<String, Failure> {
    let limit = call.context.remaining_bytes();
    match sprint(std::slice::from_ref(value), limit) {
        Some(text) => Ok(text),
        None => Err(too_long(call, limit)),
    }
}

/// The failure of a text that is longer than what is left.
fn too_long(call: &mut Call<'_>, limit: usize) -> Failure {
    match call.context.reserve(limit.saturating_add(1)) {
        Err(failure) => failure,
        Ok(()) => Failure::limit("too much text"),
    }
}

/// The text of a value that is one.
pub(super) fn text_of(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The texts of a list's elements that are not nil; the text of anything else.
pub(super) fn strings_of(call: &mut Call<'_>, value: &Value) -> Result<Vec<Value>, Failure> {
    let Some(list) = as_sequence(value) else {
        return match value.data() {
            Data::Missing | Data::Nil => Ok(Vec::new()),
            _ => Ok(vec![string_of(call, value)?]),
        };
    };
    call.spend(list.len())?;
    let items = list.items().iter().filter(|item| !item.is_nil());
    items.map(|item| string_of(call, item)).collect()
}

fn to_string(call: &mut Call<'_>) -> Answer {
    let value = call.take(0);
    string_of(call, &value)
}

fn to_strings(call: &mut Call<'_>) -> Answer {
    let value = call.take(0);
    // A list of texts is given back as it is, nil too.
    if let Some(list) = value.as_list()
        && list.shape().name == gotemplate::Shape::STRINGS.name
    {
        return Ok(value);
    }
    strings_of(call, &value).map(Value::strings)
}

fn quote(call: &mut Call<'_>) -> Answer {
    enclosed(call, |call, value| {
        let text = string_of(call, value)?;
        let quoted = quoted(text_of(&text));
        let is_plain = quoted.len() == text_of(&text).len() + 2;
        Ok((is_plain.then_some(text), quoted))
    })
}

fn single_quote(call: &mut Call<'_>) -> Answer {
    enclosed(call, |call, value| {
        let text = if value.as_str().is_some() {
            value.clone()
        } else {
            Value::from(printed(call, value)?)
        };
        let quoted = format!("'{}'", text_of(&text));
        Ok((Some(text), quoted))
    })
}

/// All arguments but nil, each in quotes, with spaces between. `write` gives the quoted text, and the text in
/// the quotes where that was not changed.
fn enclosed(
    call: &mut Call<'_>,
    write: impl Fn(&mut Call<'_>, &Value) -> Result<(Option<Value>, String), Failure>,
) -> Answer {
    let mut edit = call.context.edit();
    for index in 0..call.arguments.len() {
        let value = call.take(index);
        if value.is_nil() {
            continue;
        }
        if !edit.text().is_empty() {
            edit.insert(" ");
        }
        let (inner, quoted) = write(call, &value)?;
        call.hold_to_bytes(edit.text().len() + quoted.len())?;
        let decided_by = value.origin();
        match inner.filter(|_| call.context.is_rendered(&value)) {
            Some(inner) => {
                let mixed = call.context.mixed(decided_by);
                edit.insert_from(&quoted[..1], mixed);
                edit.insert_from(text_of(&inner), decided_by);
                edit.insert_from(&quoted[quoted.len() - 1..], mixed);
            }
            None => edit.insert_from(&quoted, decided_by),
        }
    }
    Ok(call.context.edited(&Value::nil(), edit))
}

fn cat(call: &mut Call<'_>) -> Answer {
    let mut edit = call.context.edit();
    let mut is_first = true;
    for index in 0..call.arguments.len() {
        let value = call.take(index);
        if value.is_nil() {
            continue;
        }
        if !std::mem::take(&mut is_first) {
            edit.insert(" ");
        }
        let text = match value.as_str() {
            Some(text) => Cow::Borrowed(text),
            None => Cow::Owned(printed(call, &value)?),
        };
        call.hold_to_bytes(edit.text().len() + text.len())?;
        edit.insert_from(&text, value.origin());
    }
    Ok(call.context.edited(&Value::nil(), edit))
}

fn indent(call: &mut Call<'_>) -> Answer {
    indented(call, "")
}

fn indent_on_new_line(call: &mut Call<'_>) -> Answer {
    indented(call, "\n")
}

fn indented(call: &mut Call<'_>, before: &str) -> Answer {
    let width = usize::try_from(call.int(0)).map_err(|_| Failure::new(NEGATIVE_REPEAT))?;
    let value = call.take(1);
    let text = text_of(&value);
    let lines = memchr::memchr_iter(b'\n', text.as_bytes()).count() + 1;
    call.hold_to_bytes(width.saturating_mul(lines).saturating_add(text.len()))?;
    let padding = " ".repeat(width);
    let mut edit = call.context.edit();
    edit.reserve(before.len() + text.len() + width * lines);
    edit.insert(before);
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', text.as_bytes()) {
        edit.insert(&padding);
        edit.keep(text, start..end + 1);
        start = end + 1;
    }
    edit.insert(&padding);
    edit.keep(text, start..text.len());
    Ok(call.context.edited(&value, edit))
}
