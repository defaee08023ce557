//! Regular expressions.

use std::rc::Rc;

use gotemplate::{Failure, List, Shape, Signature, Type, Value, quoted};

use super::{INT, TEXT, TEXT_TEXT, TEXT_TEXT_TEXT};
use crate::call::{Answer, Call, piece};
use crate::entry::Entry;
use crate::regexp::{CompileError, Expanded, Regexp};
use crate::text::Part;

const COUNTED: Signature = Signature::new(&[Type::String, Type::String, INT]);

pub(super) const TABLE: &[Entry] = &[
    Entry::new("regexMatch", TEXT_TEXT, is_match),
    Entry::new("mustRegexMatch", TEXT_TEXT, must_match),
    Entry::new("regexFind", TEXT_TEXT, |call| find(call, OnError::Panic)),
    Entry::new("mustRegexFind", TEXT_TEXT, |call| find(call, OnError::Fail)),
    Entry::new("regexFindAll", COUNTED, |call| {
        find_all(call, OnError::Panic)
    }),
    Entry::new("mustRegexFindAll", COUNTED, |call| {
        find_all(call, OnError::Fail)
    }),
    Entry::new("regexReplaceAll", TEXT_TEXT_TEXT, |call| {
        replace_all(call, OnError::Panic, false)
    }),
    Entry::new("mustRegexReplaceAll", TEXT_TEXT_TEXT, |call| {
        replace_all(call, OnError::Fail, false)
    }),
    Entry::new("regexReplaceAllLiteral", TEXT_TEXT_TEXT, |call| {
        replace_all(call, OnError::Panic, true)
    }),
    Entry::new("mustRegexReplaceAllLiteral", TEXT_TEXT_TEXT, |call| {
        replace_all(call, OnError::Fail, true)
    }),
    Entry::new("regexSplit", COUNTED, |call| split(call, OnError::Panic)),
    Entry::new("mustRegexSplit", COUNTED, |call| split(call, OnError::Fail)),
    Entry::new("regexQuoteMeta", TEXT, quote_meta),
];

/// How Go fails where a pattern is none.
#[derive(Clone, Copy)]
enum OnError {
    /// `regexp.MustCompile` says more.
    Panic,
    Fail,
}

/// The compiled pattern of the first argument; `Err` is what is wrong with it.
fn compiled(call: &mut Call<'_>) -> Result<Result<Rc<Regexp>, String>, Failure> {
    let pattern = call.text(0);
    if let Some(known) = call.environment.pattern(&pattern) {
        return Ok(Ok(known));
    }
    // A pattern takes about as long to compile as so many nodes do to walk.
    call.spend(1000 + pattern.len() * 16)?;
    match Regexp::compile(&pattern) {
        Ok(regexp) => {
            call.context.spend(regexp.size)?;
            let regexp = Rc::new(regexp);
            call.environment.keep_pattern(pattern, Rc::clone(&regexp));
            Ok(Ok(regexp))
        }
        Err(CompileError::Parse(error)) => Ok(Err(error.to_string())),
        Err(CompileError::TooLarge) => Err(Failure::limit("the regular expression is too large")),
    }
}

fn pattern(call: &mut Call<'_>, on_error: OnError) -> Result<Rc<Regexp>, Failure> {
    let error = match compiled(call)? {
        Ok(regexp) => return Ok(regexp),
        Err(error) => error,
    };
    match on_error {
        OnError::Fail => Err(Failure::new(error)),
        OnError::Panic => {
            let pattern = call.text(0);
            let shown = if can_backquote(&pattern) {
                format!("`{pattern}`")
            } else {
                quoted(&pattern)
            };
            Err(Failure::new(format!("regexp: Compile({shown}): {error}")))
        }
    }
}

fn can_backquote(text: &str) -> bool {
    !text.contains(
        |found: char| matches!(found, '\0'..='\x08' | '\x0a'..='\x1f' | '`' | '\x7f' | '\u{feff}'),
    )
}

/// Counts a search through so many bytes.
fn searched(call: &mut Call<'_>, regexp: &Regexp, bytes: usize) -> Result<(), Failure> {
    let bytes = bytes as u64;
    call.context
        .spend(bytes / 16 + bytes.saturating_mul(regexp.size) / 512)
}

fn is_match(call: &mut Call<'_>) -> Answer {
    let Ok(regexp) = compiled(call)? else {
        return Ok(Value::from(false));
    };
    let text = call.text(1);
    searched(call, &regexp, text.len())?;
    Ok(Value::from(regexp.is_match(&text)))
}

fn must_match(call: &mut Call<'_>) -> Answer {
    let regexp = pattern(call, OnError::Fail)?;
    let text = call.text(1);
    searched(call, &regexp, text.len())?;
    Ok(Value::from(regexp.is_match(&text)))
}

fn find(call: &mut Call<'_>, on_error: OnError) -> Answer {
    let regexp = pattern(call, on_error)?;
    let text = call.text(1);
    searched(call, &regexp, text.len())?;
    match regexp.find(&text) {
        Some(range) => Ok(call.cut(1, range)),
        None => Ok(Value::from("")),
    }
}

/// How many matches are wanted: all of them where the number is negative.
fn limit(call: &Call<'_>) -> usize {
    usize::try_from(call.int(2)).unwrap_or(usize::MAX)
}

fn find_all(call: &mut Call<'_>, on_error: OnError) -> Answer {
    let regexp = pattern(call, on_error)?;
    let (text, most) = (call.text(1), limit(call));
    let found = regexp.find_all(&text, most, |bytes| searched(call, &regexp, bytes))?;
    if found.is_empty() {
        return Ok(List::nil(&Shape::STRINGS).into());
    }
    call.spend(found.len())?;
    let value = call.take(1);
    let pieces = found
        .into_iter()
        .map(|range| piece(call.context, &value, range));
    Ok(Value::strings(pieces.collect::<Vec<_>>()))
}

fn split(call: &mut Call<'_>, on_error: OnError) -> Answer {
    let regexp = pattern(call, on_error)?;
    let (text, most) = (call.text(1), limit(call));
    if most == 0 {
        return Ok(List::nil(&Shape::STRINGS).into());
    }
    if text.is_empty() && !regexp.is_empty() {
        return Ok(Value::strings([call.take(1)]));
    }
    let found = regexp.find_all(&text, most, |bytes| searched(call, &regexp, bytes))?;
    let mut ranges = Vec::with_capacity(found.len() + 1);
    let (mut start, mut end) = (0, 0);
    for range in found {
        if ranges.len() + 1 >= most {
            break;
        }
        end = range.start;
        if range.end != 0 {
            ranges.push(start..end);
        }
        start = range.end;
    }
    if end != text.len() {
        ranges.push(start..text.len());
    }
    call.spend(ranges.len())?;
    let value = call.take(1);
    let pieces = ranges
        .into_iter()
        .map(|range| piece(call.context, &value, range));
    Ok(Value::strings(pieces.collect::<Vec<_>>()))
}

fn replace_all(call: &mut Call<'_>, on_error: OnError, is_literal: bool) -> Answer {
    let regexp = pattern(call, on_error)?;
    let (text, template) = (call.text(1), call.text(2));
    let found = regexp.find_replaced(&text, |bytes| searched(call, &regexp, bytes))?;
    let origin = call.arguments[2].origin();
    let mut length = text.len();
    let mut parts = Vec::with_capacity(found.len() * 2 + 1);
    let mut kept = 0;
    for one in &found {
        parts.push(Part::Keep(kept..one.range.start));
        kept = one.range.end;
        let start = parts.len();
        if is_literal || !template.contains('$') {
            parts.push(Part::Put(&template, origin));
        } else {
            let pieces = regexp.expand(&template, one).into_iter();
            parts.extend(pieces.map(|piece| match piece {
                Expanded::Written(text) => Part::Put(text, origin),
                Expanded::Group(range) => Part::Keep(range),
            }));
        }
        let added = parts[start..].iter().map(Part::len).sum::<usize>();
        length += added;
        call.hold_to_bytes(length)?;
        call.spend(parts.len() - start)?;
    }
    parts.push(Part::Keep(kept..text.len()));
    Ok(call.assemble(1, &parts))
}

fn quote_meta(call: &mut Call<'_>) -> Answer {
    let text = call.text(0);
    let mut quoted = String::with_capacity(text.len() + 8);
    for found in text.chars() {
        if r"\.+*?()|[]{}^$".contains(found) {
            quoted.push('\\');
        }
        quoted.push(found);
    }
    Ok(Value::from(quoted))
}
