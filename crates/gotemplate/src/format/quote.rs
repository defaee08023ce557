//! Texts and characters in quotes, as Go's `strconv.Quote` writes them.

use crate::unicode;

/// As `%q`: in double quotes, with Go's escapes.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    append_quoted(&mut out, text, false);
    out
}

/// As `%.10q` for 10 characters.
pub(crate) fn quoted_start(text: &str, characters: usize) -> String {
    let end = text
        .char_indices()
        .nth(characters)
        .map_or(text.len(), |(end, _)| end);
    quoted(&text[..end])
}

pub(super) fn append_quoted(out: &mut String, text: &str, ascii_only: bool) {
    out.push('"');
    let mut rest = text;
    while !rest.is_empty() {
        let plain = rest
            .bytes()
            .position(|byte| !matches!(byte, b' '..=b'~') || byte == b'"' || byte == b'\\')
            .unwrap_or(rest.len());
        out.push_str(&rest[..plain]);
        rest = &rest[plain..];
        if let Some(found) = rest.chars().next() {
            append_escaped(out, found, '"', ascii_only);
            rest = &rest[found.len_utf8()..];
        }
    }
    out.push('"');
}

pub(super) fn quoted_char(found: char, ascii_only: bool) -> String {
    let mut out = String::from("'");
    append_escaped(&mut out, found, '\'', ascii_only);
    out.push('\'');
    out
}

fn append_escaped(out: &mut String, found: char, quote: char, ascii_only: bool) {
    if found == quote || found == '\\' {
        out.push('\\');
        out.push(found);
        return;
    }
    if unicode::is_print(found) && (found.is_ascii() || !ascii_only) {
        out.push(found);
        return;
    }
    match found {
        '\x07' => out.push_str("\\a"),
        '\x08' => out.push_str("\\b"),
        '\x0c' => out.push_str("\\f"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\x0b' => out.push_str("\\v"),
        '\0'..='\x1f' | '\x7f' => out.push_str(&format!("\\x{:02x}", found as u32)),
        '\u{80}'..='\u{ffff}' => out.push_str(&format!("\\u{:04x}", found as u32)),
        _ => out.push_str(&format!("\\U{:08x}", found as u32)),
    }
}

/// Whether it can stand in backquotes on one line.
pub(super) fn can_backquote(text: &str) -> bool {
    text.chars()
        .all(|found| !matches!(found, '\0'..='\x08' | '\x0a'..='\x1f' | '`' | '\x7f' | '\u{feff}'))
}
