//! The string extension: positions count characters, not bytes.

use bumpalo::collections::{String as Text, Vec as List};

use super::{Function, argument_int, int, member, namespaced, text};
use crate::error::{ErrorKind, Fault};
use crate::frame::{Frame, Outcome};
use crate::types::Types;
use crate::value::Value;

const STRING: Types = Types::STRING;
const INT: Types = Types::INT;
const LIST: Types = Types::LIST;
/// Some names are those of functions on lists too.
const EITHER: Types = STRING.or(LIST);

pub(super) const FUNCTIONS: &[Function] = &[
    member("charAt", &[STRING, INT], STRING, char_at),
    member("indexOf", &[EITHER, Types::ANY, INT], INT, index_of).optional(1),
    member(
        "lastIndexOf",
        &[EITHER, Types::ANY, INT],
        INT,
        last_index_of,
    )
    .optional(1),
    member("join", &[LIST, STRING], STRING, join).optional(1),
    member("lowerAscii", &[STRING], STRING, lower_ascii),
    member("upperAscii", &[STRING], STRING, upper_ascii),
    member("replace", &[STRING, STRING, STRING, INT], STRING, replace).optional(1),
    member("split", &[STRING, STRING, INT], LIST, split).optional(1),
    member("substring", &[STRING, INT, INT], STRING, substring).optional(1),
    member("trim", &[STRING], STRING, trim),
    member("reverse", &[EITHER], EITHER, reverse),
    namespaced("strings", "quote", &[STRING], STRING, quote),
];

fn out_of_range() -> Fault {
    Fault::Failed(ErrorKind::OutOfRange)
}

/// Byte offset of a character position; the end counts as one.
fn offset(text: &str, position: i64) -> Result<usize, Fault> {
    let position = usize::try_from(position).map_err(|_| out_of_range())?;
    let mut offsets = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    offsets.nth(position).ok_or_else(out_of_range)
}

fn char_at<'a>(frame: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    let text = text(arguments, 0)?;
    frame.charge(text.len() / 64)?;
    let rest = &text[offset(text, argument_int(arguments, 1)?)?..];
    let width = rest.chars().next().map_or(0, char::len_utf8);
    Ok(Value::String(&rest[..width]))
}

fn index_of<'a>(frame: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    if arguments[0].items().is_some() {
        return super::lists::index_of(frame, arguments, false);
    }
    let (whole, part) = (text(arguments, 0)?, text(arguments, 1)?);
    frame.charge(whole.len() / 64)?;
    match search_offset(whole, part, arguments)? {
        Search::From(from) => Ok(position(
            whole,
            whole[from..].find(part).map(|at| from + at),
        )),
        Search::Everywhere => Ok(position(whole, whole.find(part))),
        Search::Found(position) => Ok(Value::Int(position)),
    }
}

fn last_index_of<'a>(frame: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    if arguments[0].items().is_some() {
        return super::lists::index_of(frame, arguments, true);
    }
    let (whole, part) = (text(arguments, 0)?, text(arguments, 1)?);
    frame.charge(whole.len() / 64)?;
    let last = match search_offset(whole, part, arguments)? {
        Search::From(last) => last,
        Search::Everywhere => whole.len(),
        Search::Found(position) => return Ok(Value::Int(position)),
    };
    // The last one that begins at or before the position.
    let end = whole.len().min(last.saturating_add(part.len()));
    let end = (0..=end)
        .rev()
        .find(|&end| whole.is_char_boundary(end))
        .unwrap_or(0);
    Ok(position(whole, whole[..end].rfind(part)))
}

/// Where a search begins.
enum Search {
    From(usize),
    Everywhere,
    /// There is nothing to search: the answer.
    Found(i64),
}

/// The third argument of a search. Nothing is found behind the end, and the empty text everywhere.
fn search_offset(whole: &str, part: &str, arguments: &[Value<'_>]) -> Result<Search, Fault> {
    if arguments.len() < 3 {
        return Ok(Search::Everywhere);
    }
    let from = argument_int(arguments, 2)?;
    if part.is_empty() {
        return Ok(Search::Found(from));
    }
    if from < 0 {
        return Err(out_of_range());
    }
    Ok(offset(whole, from).map_or(Search::Found(-1), Search::From))
}

/// A byte offset as a character position; -1 for none.
fn position<'a>(text: &str, found: Option<usize>) -> Value<'a> {
    Value::Int(found.map_or(-1, |at| int(text[..at].chars().count())))
}

fn join<'a>(frame: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    let items = arguments[0].items().ok_or(Fault::Overload)?;
    let separator = match arguments.get(1) {
        Some(_) => text(arguments, 1)?,
        None => "",
    };
    let mut joined = Text::new_in(frame.arena);
    for (position, item) in items.iter().enumerate() {
        let item = item.as_str().ok_or(Fault::Overload)?;
        frame.charge(1 + (item.len() + separator.len()) / 16)?;
        if position > 0 {
            joined.push_str(separator);
        }
        joined.push_str(item);
    }
    Ok(Value::String(joined.into_bump_str()))
}

fn lower_ascii<'a>(frame: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    let text = text(arguments, 0)?;
    frame.charge(text.len() / 16)?;
    if !text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Ok(arguments[0]);
    }
    let lower = frame.arena.alloc_str(text);
    lower.make_ascii_lowercase();
    Ok(Value::String(lower))
}

fn upper_ascii<'a>(frame: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    let text = text(arguments, 0)?;
    frame.charge(text.len() / 16)?;
    let upper = frame.arena.alloc_str(text);
    upper.make_ascii_uppercase();
    Ok(Value::String(upper))
}

/// A limit on the number of pieces; negative means none.
fn limit(arguments: &[Value<'_>], position: usize) -> Result<usize, Fault> {
    match arguments.get(position) {
        Some(_) => Ok(usize::try_from(argument_int(arguments, position)?).unwrap_or(usize::MAX)),
        None => Ok(usize::MAX),
    }
}

fn replace<'a>(frame: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    let (whole, from, to) = (
        text(arguments, 0)?,
        text(arguments, 1)?,
        text(arguments, 2)?,
    );
    let limit = limit(arguments, 3)?;
    let mut replaced = Text::new_in(frame.arena);
    let mut done = 0;
    for (at, _) in whole.match_indices(from).take(limit) {
        frame.charge(1 + (at - done + to.len()) / 16)?;
        replaced.push_str(&whole[done..at]);
        replaced.push_str(to);
        done = at + from.len();
    }
    frame.charge((whole.len() - done) / 16)?;
    replaced.push_str(&whole[done..]);
    Ok(Value::String(replaced.into_bump_str()))
}

fn split<'a>(frame: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    let (whole, separator) = (text(arguments, 0)?, text(arguments, 1)?);
    let limit = limit(arguments, 2)?;
    frame.charge(whole.len() / 16)?;
    let mut pieces = List::new_in(frame.arena);
    if separator.is_empty() {
        let mut rest = whole;
        while let Some(first) = rest.chars().next() {
            if pieces.len() + 1 >= limit {
                break;
            }
            let (piece, after) = rest.split_at(first.len_utf8());
            pieces.push(Value::String(piece));
            rest = after;
        }
        if !rest.is_empty() && limit > 0 {
            pieces.push(Value::String(rest));
        }
    } else {
        pieces.extend(whole.splitn(limit, separator).map(Value::String));
    }
    frame.charge(pieces.len())?;
    Ok(Value::List(pieces.into_bump_slice()))
}

fn substring<'a>(frame: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    let text = text(arguments, 0)?;
    frame.charge(text.len() / 64)?;
    let start = offset(text, argument_int(arguments, 1)?)?;
    let end = match arguments.get(2) {
        Some(_) => offset(text, argument_int(arguments, 2)?)?,
        None => text.len(),
    };
    text.get(start..end)
        .map(Value::String)
        .ok_or_else(out_of_range)
}

fn trim<'a>(_: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::String(text(arguments, 0)?.trim()))
}

fn reverse<'a>(frame: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    if let Some(items) = arguments[0].items() {
        frame.charge(items.len())?;
        let mut reversed = List::from_iter_in(items.iter(), frame.arena);
        reversed.reverse();
        return Ok(Value::List(reversed.into_bump_slice()));
    }
    let text = text(arguments, 0)?;
    frame.charge(text.len() / 16)?;
    let mut reversed = Text::with_capacity_in(text.len(), frame.arena);
    reversed.extend(text.chars().rev());
    Ok(Value::String(reversed.into_bump_str()))
}

fn quote<'a>(frame: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    let text = text(arguments, 0)?;
    frame.charge(text.len() / 16)?;
    let mut quoted = Text::with_capacity_in(text.len() + 2, frame.arena);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '\x07' => quoted.push_str("\\a"),
            '\x08' => quoted.push_str("\\b"),
            '\x0c' => quoted.push_str("\\f"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\x0b' => quoted.push_str("\\v"),
            '\\' => quoted.push_str("\\\\"),
            '"' => quoted.push_str("\\\""),
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    Ok(Value::String(quoted.into_bump_str()))
}
