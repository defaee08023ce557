//! Texts as words: names in other cases, initials, wrapped lines.

use gotemplate::{Origin, Signature, Type, Value};

use super::case::{to_lower, to_upper};
use super::{INT, NUMBER_TEXT, TEXT};
use crate::call::{Answer, Call};
use crate::entry::Entry;
use crate::text::Part;

pub(super) const TABLE: &[Entry] = &[
    Entry::new("snakecase", TEXT, |call| lower_words(call, '_')),
    Entry::new("kebabcase", TEXT, |call| lower_words(call, '-')),
    Entry::new("camelcase", TEXT, camel_case),
    Entry::new("initials", TEXT, initials),
    Entry::new("nospace", TEXT, no_space),
    Entry::new("wrap", NUMBER_TEXT, wrap),
    Entry::new(
        "wrapWith",
        Signature::new(&[INT, Type::String, Type::String]),
        wrap_with,
    ),
    Entry::new(
        "plural",
        Signature::new(&[Type::String, Type::String, INT]),
        plural,
    ),
];

fn is_connector(found: char) -> bool {
    matches!(found, '-' | '_') || found.is_whitespace()
}

/// A letter of a script that writes words with letters: those of Chinese are words themselves.
fn is_letter(found: char) -> bool {
    let is_word = matches!(found, '\u{3400}'..='\u{4d85}' | '\u{4e00}'..='\u{9fcc}' | '\u{20000}'..='\u{2b81d}');
    found.is_alphabetic() && !is_word
}

/// Punctuation, as Unicode has it: signs of arithmetic and currencies are none.
fn is_punctuation(found: char) -> bool {
    if found.is_ascii() {
        return found.is_ascii_punctuation() && !"$+<=>^`|~".contains(found);
    }
    matches!(found, '¡' | '§' | '«' | '¶' | '·' | '»' | '¿' | '‐'..='‧' | '‰'..='⁃'
        | '⁅'..='⁑' | '⁓'..='⁞' | '、'..='〃' | '〈'..='】' | '〔'..='〟' | '〽' | '・'
        | '！'..='＃' | '％'..='＊' | '，'..='／' | '：' | '；' | '？' | '＠' | '［'..='］' | '＿')
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Word {
    /// There is none left.
    End,
    Number,
    Upper,
    /// A capital and small letters, or small letters.
    Letters,
    Connector,
    Punctuation,
    Other,
}

/// Takes the next word off a text.
fn next_word<'t>(text: &mut &'t str) -> (Word, &'t str) {
    let Some(first) = text.chars().next() else {
        return (Word::End, "");
    };
    let is_letters = |found: char| is_letter(found) && !found.is_uppercase();
    let (kind, length) = if is_connector(first) {
        (Word::Connector, span(text, is_connector))
    } else if is_punctuation(first) {
        (Word::Punctuation, span(text, is_punctuation))
    } else if first.is_uppercase() {
        (Word::Upper, upper_word(text, first.len_utf8()))
    } else if is_letter(first) {
        let rest = &text[first.len_utf8()..];
        (Word::Letters, first.len_utf8() + span(rest, is_letters))
    } else if first.is_numeric() {
        (Word::Number, span(text, char::is_numeric))
    } else {
        let rest = &text[first.len_utf8()..];
        let is_other = |found: char| {
            !is_connector(found)
                && !is_letter(found)
                && !found.is_numeric()
                && !is_punctuation(found)
        };
        (Word::Other, first.len_utf8() + span(rest, is_other))
    };
    let (word, rest) = text.split_at(length);
    *text = rest;
    (kind, word)
}

/// The length of a word that begins with a capital: `HTTP` of `HTTPServer`, `Server` of `ServerName`.
fn upper_word(text: &str, first: usize) -> usize {
    let rest = &text[first..];
    let capitals = span(rest, char::is_uppercase);
    if capitals == 0 {
        return first + span(rest, |found| is_letter(found) && !found.is_uppercase());
    }
    let follows_letter = rest[capitals..].starts_with(is_letter);
    let last = rest[..capitals]
        .chars()
        .next_back()
        .map_or(0, char::len_utf8);
    first + capitals - if follows_letter { last } else { 0 }
}

/// The length of the letters at the beginning that are of a kind.
fn span(text: &str, is_part: impl Fn(char) -> bool) -> usize {
    text.find(|found| !is_part(found)).unwrap_or(text.len())
}

fn lower_words(call: &mut Call<'_>, connector: char) -> Answer {
    let text = call.text(0);
    let mut out = String::with_capacity(text.len() + 8);
    let mut rest = &*text;
    let (mut kind, mut word) = next_word(&mut rest);
    let separates = |kind: Word| !matches!(kind, Word::End | Word::Connector | Word::Punctuation);
    while !rest.is_empty() {
        if kind != Word::Connector {
            append_lower(&mut out, kind, word, connector);
        }
        let (before, last) = (kind, word);
        (kind, word) = next_word(&mut rest);
        match before {
            Word::Number => {
                while matches!(kind, Word::Letters | Word::Number) {
                    append_lower(&mut out, kind, word, connector);
                    (kind, word) = next_word(&mut rest);
                }
                if separates(kind) {
                    out.push(connector);
                }
            }
            Word::Connector => append_lower(&mut out, before, last, connector),
            Word::Punctuation => {}
            _ if kind != Word::Number => {
                if !matches!(kind, Word::Connector | Word::Punctuation) {
                    out.push(connector);
                }
            }
            _ if rest.is_empty() => {}
            _ => {
                let number = word;
                (kind, word) = next_word(&mut rest);
                if kind == Word::Letters {
                    // A number with small letters behind it is a word of its own.
                    out.push(connector);
                    append_lower(&mut out, Word::Number, number, connector);
                    while matches!(kind, Word::Letters | Word::Number) {
                        append_lower(&mut out, kind, word, connector);
                        (kind, word) = next_word(&mut rest);
                    }
                    if separates(kind) {
                        out.push(connector);
                    }
                } else {
                    append_lower(&mut out, Word::Number, number, connector);
                    if !matches!(kind, Word::Connector | Word::Punctuation) {
                        out.push(connector);
                    }
                }
            }
        }
    }
    append_lower(&mut out, kind, word, connector);
    Ok(Value::from(out))
}

fn append_lower(out: &mut String, kind: Word, word: &str, connector: char) {
    if !matches!(kind, Word::Upper | Word::Connector) {
        return out.push_str(word);
    }
    out.extend(word.chars().map(|found| match found {
        _ if is_connector(found) => connector,
        _ if found.is_uppercase() => to_lower(found),
        _ => found,
    }));
}

/// `some_words` to `SomeWords`.
fn camel_case(call: &mut Call<'_>) -> Answer {
    let text = call.text(0);
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars();
    let mut current = '\0';
    let mut was_upper = false;
    let mut has_word = false;
    for found in letters.by_ref() {
        current = found;
        if !is_connector(found) {
            was_upper = found.is_uppercase();
            current = to_upper(found);
            has_word = true;
            break;
        }
        out.push(found);
    }
    if letters.as_str().is_empty() {
        // A text that ends in its only letter, or has none: its last connector is written twice.
        if has_word || !text.is_empty() {
            out.push(current);
        }
        return Ok(Value::from(out));
    }
    for found in letters {
        let before = std::mem::replace(&mut current, found);
        if is_connector(found) && is_connector(before) {
            out.push(before);
        } else if is_connector(before) {
            was_upper = found.is_uppercase();
            current = to_upper(found);
        } else {
            if was_upper && found.is_uppercase() {
                current = to_lower(found);
            } else {
                was_upper = false;
            }
            out.push(before);
        }
    }
    out.push(current);
    Ok(Value::from(out))
}

/// Go's libraries look at the bytes here: each one is a letter of its own.
fn latin1(byte: u8) -> char {
    char::from(byte)
}

fn is_space(byte: u8) -> bool {
    latin1(byte).is_whitespace()
}

fn initials(call: &mut Call<'_>) -> Answer {
    let mut after_gap = true;
    let mut out = String::new();
    for byte in call.text(0).bytes() {
        if is_space(byte) {
            after_gap = true;
        } else if std::mem::take(&mut after_gap) {
            out.push(latin1(byte));
        }
    }
    Ok(Value::from(out))
}

fn no_space(call: &mut Call<'_>) -> Answer {
    let text = call.text(0);
    if !text.bytes().any(is_space) {
        return Ok(call.take(0));
    }
    let kept = text.bytes().filter(|byte| !is_space(*byte));
    Ok(Value::from(kept.map(latin1).collect::<String>()))
}

fn wrap(call: &mut Call<'_>) -> Answer {
    wrapped(call, 1, "\n", Origin::NONE, false)
}

fn wrap_with(call: &mut Call<'_>) -> Answer {
    let line_end = call.text(1);
    let origin = call.arguments[1].origin();
    let line_end = if line_end.is_empty() { "\n" } else { &line_end };
    wrapped(call, 2, line_end, origin, true)
}

/// Lines of at most so many bytes, where words allow it.
fn wrapped(
    call: &mut Call<'_>,
    index: usize,
    line_end: &str,
    origin: Origin,
    cuts_words: bool,
) -> Answer {
    let width = usize::try_from(call.int(0)).unwrap_or(1).max(1);
    let text = call.text(index);
    let bytes = text.as_bytes();
    let mut parts = Vec::new();
    let mut at = 0;
    while bytes.len() - at > width {
        if bytes[at] == b' ' {
            at += 1;
            continue;
        }
        let (end, next) = match memchr::memrchr(b' ', &bytes[at..=at + width]) {
            Some(space) => (at + space, at + space + 1),
            None if cuts_words => (at + width, at + width),
            None => match memchr::memchr(b' ', &bytes[at + width..]) {
                Some(space) => (at + width + space, at + width + space + 1),
                None => break,
            },
        };
        parts.push(Part::Keep(at..end));
        parts.push(Part::Put(line_end, origin));
        at = next;
    }
    parts.push(Part::Keep(at..bytes.len()));
    call.hold_to_bytes(bytes.len() + parts.len() / 2 * line_end.len())?;
    Ok(call.assemble(index, &parts))
}

fn plural(call: &mut Call<'_>) -> Answer {
    let index = usize::from(call.int(2) != 1);
    let count = call.arguments[2].origin();
    let chosen = call.take(index);
    Ok(call.context.decided(chosen, count))
}
