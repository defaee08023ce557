//! How a text can be written: what its letters allow, and whether plain text would mean something else.

use super::Style;
use super::timestamp::is_timestamp;

/// What the letters of a text allow.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    pub(super) can_be_plain: bool,
    pub(super) can_be_single_quoted: bool,
    pub(super) can_be_block: bool,
}

pub(super) fn is_break(found: char) -> bool {
    matches!(found, '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether it may stand in YAML unescaped. What takes four bytes may not.
pub(super) fn is_printable(found: char) -> bool {
    matches!(found, '\n' | ' '..='~' | '\u{a0}'..='\u{ffff}')
        && !matches!(found, '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// Looks at a text that is not in a flow collection.
pub(super) fn shape(text: &str, style: Style) -> Shape {
    if text.is_empty() {
        return Shape {
            can_be_plain: true,
            can_be_single_quoted: true,
            can_be_block: false,
        };
    }
    let mut found = Found {
        has_indicators: text.starts_with("---") || text.starts_with("..."),
        ..Found::default()
    };
    found.scan(text, style);
    let is_odd = found.space_break || found.special;
    let has_edge = text.starts_with(|edge| edge == ' ' || is_break(edge))
        || text.ends_with(|edge| edge == ' ' || is_break(edge));
    Shape {
        can_be_plain: !(has_edge
            || found.break_space
            || is_odd
            || found.tab
            || found.breaks
            || found.has_indicators),
        can_be_single_quoted: !(found.break_space || is_odd || found.tab),
        can_be_block: !(text.ends_with(' ') || is_odd),
    }
}

#[expect(
    clippy::struct_excessive_bools,
    reason = "they are independent of each other"
)]
#[derive(Default)]
struct Found {
    has_indicators: bool,
    breaks: bool,
    special: bool,
    tab: bool,
    /// A space after a line break.
    break_space: bool,
    /// A line break after a space.
    space_break: bool,
}

impl Found {
    fn scan(&mut self, text: &str, style: Style) {
        let (mut after_space, mut after_break, mut after_blank) = (false, false, true);
        let mut letters = text.chars().peekable();
        let mut is_first = true;
        while let Some(found) = letters.next() {
            let before_blank = letters.peek().is_none_or(|next| matches!(next, ' ' | '\t'));
            self.has_indicators |= match found {
                '#' => is_first || after_blank,
                ':' => before_blank,
                '?' | '-' => is_first && before_blank,
                ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%'
                | '@' | '`' => is_first,
                _ => false,
            };
            is_first = false;
            if found == '\t' && style == Style::Pretty {
                self.tab = true;
            } else if !is_printable(found) {
                self.special = true;
            }
            let (is_space, breaks) = (found == ' ', is_break(found));
            self.break_space |= is_space && after_break;
            self.space_break |= breaks && after_space;
            self.breaks |= breaks;
            (after_space, after_break) = (is_space, breaks);
            after_blank = is_space || breaks || matches!(found, '\t' | '\0');
        }
    }
}

/// Whether a plain scalar of this text would be read as something else.
pub(super) fn means_something_else(text: &str, style: Style) -> bool {
    let Some(first) = text.bytes().next() else {
        return true;
    };
    match first {
        b'0'..=b'9' | b'+' | b'-' => {
            !document::is_plain_string(text)
                || is_timestamp(text)
                || is_base_60(text)
                || (style == Style::Pretty && is_octal(text))
        }
        b'.' | b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~' => {
            !document::is_plain_string(text)
        }
        _ => false,
    }
}

/// `0o17` with a sign behind the prefix, or with underscores.
fn is_octal(text: &str) -> bool {
    let plain = text.replace('_', "");
    let digits = plain.strip_prefix("0o").or(plain.strip_prefix("-0o"));
    digits.is_some_and(|digits| i64::from_str_radix(digits, 8).is_ok())
}

/// `12:30:45`, which was a number in YAML 1.1.
fn is_base_60(text: &str) -> bool {
    let mut parts = text.split(':');
    let first = parts.next().unwrap_or_default();
    let first = first.strip_prefix(['+', '-']).unwrap_or(first);
    let is_whole = first.starts_with(|digit: char| digit.is_ascii_digit())
        && first
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'_');
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else {
        return false;
    };
    let last = match last.split_once('.') {
        Some((whole, fraction)) => {
            if !fraction
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'_')
            {
                return false;
            }
            whole
        }
        None => last,
    };
    let is_sixty = |part: &str| match part.as_bytes() {
        [digit] => digit.is_ascii_digit(),
        [tens, digit] => (b'0'..=b'5').contains(tens) && digit.is_ascii_digit(),
        _ => false,
    };
    is_whole && is_sixty(last) && middle.iter().all(|part| is_sixty(part))
}
