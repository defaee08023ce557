//! What becomes of texts when go-yaml reads them in the JSON that Go wrote.

use std::borrow::Cow;

/// Letters from which on go-yaml's scanner does not take a text for a key.
const MAX_KEY: usize = 1024;

/// The line break that JSON does not know.
const NEXT_LINE: char = '\u{85}';

/// A text as go-yaml has it.
///
/// # Errors
///
/// What go-yaml says.
pub(super) fn text(text: &str) -> Result<Cow<'_, str>, &'static str> {
    if text.is_ascii() && !text.contains('\x7f') {
        return Ok(Cow::Borrowed(text));
    }
    let is_refused = |found: char| matches!(found, '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}');
    if text.contains(is_refused) {
        return Err("yaml: control characters are not allowed");
    }
    if !text.contains(NEXT_LINE) {
        return Ok(Cow::Borrowed(text));
    }
    folded(text).map(Cow::Owned)
}

/// Whether go-yaml reads a text as a key: one line, and not too long a one.
pub(super) fn is_key(key: &str) -> bool {
    if key.contains(NEXT_LINE) {
        return false;
    }
    if key.len() <= MAX_KEY / 6 {
        return true;
    }
    let mut written = String::new();
    crate::json::append_quoted(&mut written, key, false);
    written.chars().count() <= MAX_KEY
}

/// A text of several lines: spaces around a line break vanish, one break becomes a space, each further one a
/// line feed.
fn folded(text: &str) -> Result<String, &'static str> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(NEXT_LINE) {
        let (before, after) = rest.split_at(at);
        out.push_str(before.trim_end_matches(' '));
        rest = after;
        let mut breaks = 0;
        loop {
            let next = rest.trim_start_matches(' ');
            let Some(next) = next.strip_prefix(NEXT_LINE) else {
                rest = next;
                break;
            };
            if is_document_indicator(next) {
                return Err("yaml: found unexpected document indicator");
            }
            rest = next;
            breaks += 1;
        }
        match breaks {
            1 => out.push(' '),
            _ => out.extend((1..breaks).map(|_| '\n')),
        }
    }
    out.push_str(rest);
    Ok(out)
}

/// Whether a line begins as a document would begin or end.
fn is_document_indicator(line: &str) -> bool {
    let rest = line
        .strip_prefix("---")
        .or_else(|| line.strip_prefix("..."));
    rest.is_some_and(|rest| rest.starts_with([' ', NEXT_LINE]))
}
