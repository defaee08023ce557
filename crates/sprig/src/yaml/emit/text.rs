//! Texts as YAML scalars: plain, in quotes, or line by line.

use gotemplate::Origin;

use super::{Emitter, Place};
use crate::yaml::Style;
use crate::yaml::scalar::{is_break, is_printable, means_something_else, shape};

/// The line length beyond which a space becomes a line break.
const WIDTH: usize = 80;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Quotes {
    None,
    Single,
}

/// Whether a text has nothing in it that YAML could take for more than letters.
fn is_word(text: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'/');
    text.bytes().next().is_some_and(is_letter)
        && text
            .bytes()
            .all(|byte| is_letter(byte) || matches!(byte, b'-' | b'.'))
}

impl Emitter {
    pub(super) fn text(&mut self, text: &str, origin: Origin, place: Place) {
        if is_word(text) && !means_something_else(text, self.style) {
            self.space();
            self.output.mark(origin);
            self.put_all(text);
            self.output.mark(origin);
            return self.after_word();
        }
        let shape = shape(text, self.style);
        let is_key = place == Place::Key;
        let outer = self.indent;
        self.indent = if outer < 0 { 2 } else { outer + 2 };
        if text.contains('\n') && shape.can_be_block && !is_key {
            self.literal(text, origin);
        } else {
            let is_plain = !text.contains('\n') && !means_something_else(text, self.style);
            self.space();
            self.output.mark(origin);
            if is_plain && shape.can_be_plain {
                self.letters(text, !is_key, Quotes::None);
            } else if is_plain && shape.can_be_single_quoted {
                self.put('\'');
                self.letters(text, !is_key, Quotes::Single);
                self.put('\'');
            } else {
                self.double_quoted(text, !is_key);
            }
            self.output.mark(origin);
            self.after_word();
        }
        self.indent = outer;
    }

    /// Letters without a space or a line break among them.
    fn put_all(&mut self, text: &str) {
        self.output.text.push_str(text);
        self.column += text.chars().count();
        self.only_indented = false;
    }

    /// A text without line feeds, in single quotes or none. It may have other line breaks.
    fn letters(&mut self, text: &str, may_break: bool, quotes: Quotes) {
        let (mut after_space, mut after_break) = (false, false);
        let mut letters = text.char_indices().peekable();
        while let Some((at, found)) = letters.next() {
            let next = letters.peek().map(|(_, next)| *next);
            if found == ' ' {
                let is_inside = quotes == Quotes::None || (at > 0 && next.is_some());
                let folds = self.style == Style::Kubernetes && may_break && self.column > WIDTH;
                if folds && is_inside && !after_space && next != Some(' ') {
                    self.line();
                } else {
                    self.put(' ');
                }
                after_space = true;
            } else if is_break(found) {
                self.output.text.push(found);
                self.column = 0;
                self.only_indented = true;
                after_break = true;
            } else {
                if after_break {
                    self.line();
                }
                if found == '\'' && quotes == Quotes::Single {
                    self.put('\'');
                }
                self.put(found);
                self.only_indented = false;
                (after_space, after_break) = (false, false);
            }
        }
    }

    fn double_quoted(&mut self, text: &str, may_break: bool) {
        self.put('"');
        self.only_indented = false;
        // go-yaml looks for a mark at the beginning of the text, whichever letter it writes.
        let escapes_all = text.starts_with('\u{feff}');
        let mut after_space = false;
        let mut letters = text.char_indices().peekable();
        while let Some((at, found)) = letters.next() {
            let next = letters.peek().map(|(_, next)| *next);
            let is_escaped = escapes_all
                || !is_printable(found)
                || is_break(found)
                || matches!(found, '"' | '\\');
            if is_escaped {
                self.escape(found);
                after_space = false;
            } else if found == ' ' {
                let folds = self.style == Style::Kubernetes && may_break && self.column > WIDTH;
                if folds && !after_space && at > 0 && next.is_some() {
                    self.line();
                    if next == Some(' ') {
                        self.put('\\');
                    }
                } else {
                    self.put(' ');
                }
                after_space = true;
            } else {
                self.put(found);
                after_space = false;
            }
        }
        self.put('"');
    }

    fn escape(&mut self, found: char) {
        let code = found as u32;
        let escaped = match found {
            '\0' => "\\0".to_owned(),
            '\x07' => "\\a".to_owned(),
            '\x08' => "\\b".to_owned(),
            '\t' => "\\t".to_owned(),
            '\n' => "\\n".to_owned(),
            '\x0b' => "\\v".to_owned(),
            '\x0c' => "\\f".to_owned(),
            '\r' => "\\r".to_owned(),
            '\x1b' => "\\e".to_owned(),
            '"' => "\\\"".to_owned(),
            '\\' => "\\\\".to_owned(),
            '\u{85}' => "\\N".to_owned(),
            '\u{a0}' => "\\_".to_owned(),
            '\u{2028}' => "\\L".to_owned(),
            '\u{2029}' => "\\P".to_owned(),
            _ if code <= 0xff => format!("\\x{code:02X}"),
            _ if code <= 0xffff => format!("\\u{code:04X}"),
            _ => format!("\\U{code:08X}"),
        };
        self.column += escaped.len();
        self.output.text.push_str(&escaped);
    }

    /// A text with line feeds, line by line.
    fn literal(&mut self, text: &str, origin: Origin) {
        self.indicator('|', false);
        if text.starts_with(|first| first == ' ' || is_break(first)) {
            self.put('2');
        }
        let mut last = text.chars().rev();
        match (last.next().is_some_and(is_break), last.next()) {
            (false, _) => self.put('-'),
            (true, None) => self.put('+'),
            (true, Some(before)) if is_break(before) => self.put('+'),
            _ => {}
        }
        self.output.mark(origin);
        self.line_break();
        self.only_indented = true;
        self.after_space = true;
        for line in text.split_inclusive('\n') {
            let (content, ends) = match line.strip_suffix('\n') {
                Some(content) => (content, true),
                None => (line, false),
            };
            self.literal_line(content);
            if ends {
                self.line_break();
                self.only_indented = true;
            }
        }
        self.output.mark(origin);
    }
    /// A line of a text. It may have breaks that are no line feeds.
    fn literal_line(&mut self, text: &str) {
        if text.is_ascii() && !text.contains('\r') {
            if !text.is_empty() {
                self.line();
                self.put_all(text);
            }
            return;
        }
        let mut after_break = true;
        for found in text.chars() {
            if is_break(found) {
                self.output.text.push(found);
                self.column = 0;
                self.only_indented = true;
                after_break = true;
            } else {
                if after_break {
                    self.line();
                }
                self.put(found);
                self.only_indented = false;
                after_break = false;
            }
        }
    }
}
