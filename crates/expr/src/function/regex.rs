//! `matches`, `find` and `findAll`.

use regex::Regex;

use super::{Function, argument_int, global, member, text};
use crate::error::{ErrorKind, Fault};
use crate::frame::{Frame, Outcome};
use crate::pattern;
use crate::types::Types;
use crate::value::Value;

const STRING: Types = Types::STRING;

pub(super) const FUNCTIONS: &[Function] = &[
    global("matches", &[STRING, STRING], Types::BOOL, matches),
    member("matches", &[STRING, STRING], Types::BOOL, matches),
    member("find", &[STRING, STRING], STRING, find),
    member(
        "findAll",
        &[STRING, STRING, Types::INT],
        Types::LIST,
        find_all,
    )
    .optional(1),
];

/// What applies a pattern that is ready.
pub(crate) type Apply = for<'a> fn(&mut Frame<'a>, &[Value<'a>], &Regex) -> Outcome<'a>;

/// How the functions of this file apply their second argument, by name.
pub(crate) fn apply(name: &str) -> Option<Apply> {
    match name {
        "matches" => Some(apply_matches),
        "find" => Some(apply_find),
        "findAll" => Some(apply_find_all),
        _ => None,
    }
}

/// Looks the pattern up: it is not a literal.
fn with_pattern<'a>(frame: &mut Frame<'a>, arguments: &[Value<'a>], apply: Apply) -> Outcome<'a> {
    let pattern = text(arguments, 1)?;
    frame.charge(pattern::COST + pattern.len() * 8)?;
    let regex = pattern::remembered(pattern).ok_or(Fault::Failed(ErrorKind::InvalidPattern))?;
    apply(frame, arguments, &regex)
}

fn matches<'a>(frame: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    with_pattern(frame, arguments, apply_matches)
}

fn find<'a>(frame: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    with_pattern(frame, arguments, apply_find)
}

fn find_all<'a>(frame: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    with_pattern(frame, arguments, apply_find_all)
}

fn apply_matches<'a>(frame: &mut Frame<'a>, arguments: &[Value<'a>], regex: &Regex) -> Outcome<'a> {
    let text = text(arguments, 0)?;
    frame.charge(1 + text.len() / 4)?;
    Ok(Value::Bool(regex.is_match(text)))
}

fn apply_find<'a>(frame: &mut Frame<'a>, arguments: &[Value<'a>], regex: &Regex) -> Outcome<'a> {
    let text = text(arguments, 0)?;
    frame.charge(1 + text.len() / 4)?;
    Ok(Value::String(
        regex.find(text).map_or("", |found| found.as_str()),
    ))
}

fn apply_find_all<'a>(
    frame: &mut Frame<'a>,
    arguments: &[Value<'a>],
    regex: &Regex,
) -> Outcome<'a> {
    let text = text(arguments, 0)?;
    let limit = match arguments.get(2) {
        Some(_) => usize::try_from(argument_int(arguments, 2)?).unwrap_or(usize::MAX),
        None => usize::MAX,
    };
    frame.charge(text.len())?;
    let found = regex
        .find_iter(text)
        .take(limit)
        .map(|found| Value::String(found.as_str()));
    Ok(Value::List(
        bumpalo::collections::Vec::from_iter_in(found, frame.arena).into_bump_slice(),
    ))
}
