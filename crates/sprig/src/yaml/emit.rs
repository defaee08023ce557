//! Writing YAML: the layout of go-yaml's emitter, for block collections and the scalars in them.

use std::rc::Rc;

use gotemplate::{Data, Origin, Value};

use super::scalar::{is_break, is_printable, means_something_else, shape};
use super::{Budget, EncodeError, Style, sort};
use crate::number;
use crate::plain::{Mark, Output, Plain, origin_of, plain};

/// Writes a value, with what decided the bytes if that is wanted.
pub(crate) fn encode_marked(
    value: &Value,
    style: Style,
    budget: Budget,
    traces: bool,
) -> Result<(String, Vec<Mark>), EncodeError> {
    let mut emitter = Emitter {
        output: Output::new(budget, traces),
        style,
        column: 0,
        indent: -1,
        after_space: true,
        only_indented: true,
    };
    emitter.node(value, value.origin(), Place::Root, 0)?;
    emitter.output.mark(value.origin());
    let (mut text, mut marks) = emitter.output.finish()?;
    // Most texts end without a line feed here, and Helm cuts one off.
    if text.ends_with('\n') {
        text.pop();
        for mark in &mut marks {
            mark.end = mark.end.min(text.len());
        }
    }
    Ok((text, marks))
}

/// Where a node stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Root,
    Item,
    /// A key that fits on one line.
    Key,
    /// A key with a question mark before it.
    LongKey,
    Value,
}

struct Emitter {
    output: Output,
    style: Style,
    /// Letters since the last line break.
    column: usize,
    indent: i32,
    /// Whether the last thing written was a space.
    after_space: bool,
    /// Whether there is nothing in the line but indentation and dashes.
    only_indented: bool,
}

/// The line length beyond which a space becomes a line break.
const WIDTH: usize = 80;

/// Bytes from which on a key is no simple one.
const MAX_SIMPLE_KEY: usize = 128;

/// Bytes from which on go-yaml's scanner does not take a text for a key.
const MAX_JSON_KEY: usize = 1024;

impl Emitter {
    fn node(
        &mut self,
        value: &Value,
        origin: Origin,
        place: Place,
        depth: u32,
    ) -> Result<(), EncodeError> {
        self.output.value(depth)?;
        match self.plain(value)? {
            Plain::Null => self.word("null", origin),
            Plain::Bool(found) => self.word(if found { "true" } else { "false" }, origin),
            Plain::Int(found) => self.word(&found.to_string(), origin),
            Plain::Uint(found) => self.word(&found.to_string(), origin),
            Plain::Float(found) => self.word(&self.float(found), origin),
            Plain::Text(text) => {
                let text = self.through_json(&text)?;
                self.text(&text, origin, place);
            }
            Plain::List(list) if list.is_empty() => self.word("[]", origin),
            Plain::List(list) => self.list(list.items(), origin, place, depth)?,
            Plain::Map(map) => {
                let mut entries = map.entries();
                sort::sort(&mut entries);
                self.map(entries, origin, depth)?;
            }
            Plain::Fields(mut fields) => {
                if self.style == Style::Kubernetes {
                    sort::sort(&mut fields);
                } else {
                    for (name, _) in &mut fields {
                        *name = name.to_lowercase().into();
                    }
                }
                self.map(fields, origin, depth)?;
            }
        }
        Ok(())
    }

    /// go-yaml 3 is given values as they are, with numbers that JSON does not have.
    fn plain<'v>(&self, value: &'v Value) -> Result<Plain<'v>, EncodeError> {
        match (self.style, value.data()) {
            (Style::Pretty, Data::Float(number)) => Ok(Plain::Float(*number)),
            (Style::Pretty, Data::List(list)) => Ok(Plain::List(list.clone())),
            (Style::Pretty, Data::Map(map)) => Ok(Plain::Map(map.clone())),
            (Style::Pretty, Data::Bytes(_)) => {
                Ok(crate::call::as_sequence(value).map_or(Plain::Null, Plain::List))
            }
            _ => plain(value).map_err(EncodeError::Unsupported),
        }
    }

    /// A number as it comes out of JSON: a whole one is an integer to go-yaml 2.
    fn float(&self, number: f64) -> String {
        const INTEGERS_BELOW: f64 = 18_446_744_073_709_551_616.0;
        if number.is_nan() {
            return ".nan".to_owned();
        }
        if number.is_infinite() {
            return if number > 0.0 { ".inf" } else { "-.inf" }.to_owned();
        }
        let is_whole =
            number.fract() == 0.0 && number < INTEGERS_BELOW && number >= i64::MIN as f64;
        if self.style == Style::Kubernetes && is_whole {
            return format!("{}", number as i128);
        }
        number::general(number)
    }

    /// What becomes of a text when go-yaml reads it in JSON.
    fn through_json(&self, text: &str) -> Result<String, EncodeError> {
        if self.style == Style::Pretty || text.is_ascii() && !text.contains('\x7f') {
            return Ok(text.to_owned());
        }
        let is_refused = |found: char| matches!(found, '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}');
        if text.contains(is_refused) {
            return Err(EncodeError::Unsupported(
                "yaml: control characters are not allowed".to_owned(),
            ));
        }
        if !text.contains('\u{85}') {
            return Ok(text.to_owned());
        }
        Ok(folded(text))
    }

    /// A scalar that is always plain.
    fn word(&mut self, text: &str, origin: Origin) {
        self.space();
        self.output.mark(origin);
        self.output.text.push_str(text);
        self.output.mark(origin);
        self.column += text.len();
        self.after_word();
    }

    fn space(&mut self) {
        if !self.after_space {
            self.output.text.push(' ');
            self.column += 1;
        }
    }

    fn after_word(&mut self) {
        self.after_space = false;
        self.only_indented = false;
    }

    fn put(&mut self, found: char) {
        self.output.text.push(found);
        self.column += 1;
    }

    fn line_break(&mut self) {
        self.output.text.push('\n');
        self.column = 0;
        if self.style == Style::Pretty {
            self.only_indented = true;
        }
    }

    /// Goes to the indentation of the next thing, on a new line if something else stands on this one.
    fn line(&mut self) {
        let indent = usize::try_from(self.indent).unwrap_or(0);
        let is_used = !self.only_indented
            || self.column > indent
            || (self.column == indent && !self.after_space);
        if is_used {
            self.line_break();
        }
        while self.column < indent {
            self.put(' ');
        }
        self.after_space = true;
        self.only_indented = true;
    }

    fn indicator(&mut self, text: char, keeps_indention: bool) {
        self.space();
        self.put(text);
        self.after_space = false;
        self.only_indented &= keeps_indention;
    }

    fn list(
        &mut self,
        items: &[Value],
        origin: Origin,
        place: Place,
        depth: u32,
    ) -> Result<(), EncodeError> {
        let outer = self.indent;
        let in_mapping = matches!(place, Place::Value | Place::Key | Place::LongKey);
        let is_flush = self.style == Style::Kubernetes && in_mapping && !self.only_indented;
        self.deeper(is_flush);
        let mut before = origin;
        for item in items {
            let own = origin_of(item, origin);
            self.line();
            self.output.mark(before);
            before = own;
            self.indicator('-', true);
            self.output.mark(own);
            self.node(item, own, Place::Item, depth + 1)?;
        }
        self.indent = outer;
        Ok(())
    }

    fn deeper(&mut self, is_flush: bool) {
        if self.indent < 0 {
            self.indent = 0;
        } else if !is_flush {
            self.indent += 2;
        }
    }

    fn map(
        &mut self,
        entries: Vec<(Rc<str>, Value)>,
        origin: Origin,
        depth: u32,
    ) -> Result<(), EncodeError> {
        if entries.is_empty() {
            self.word("{}", origin);
            return Ok(());
        }
        let outer = self.indent;
        self.deeper(false);
        let mut before = origin;
        for (key, value) in entries {
            let own = origin_of(&value, origin);
            self.line();
            self.output.mark(before);
            before = own;
            self.key(&key, own)?;
            self.output.mark(own);
            self.node(&value, own, Place::Value, depth + 1)?;
        }
        self.indent = outer;
        Ok(())
    }

    fn key(&mut self, key: &str, origin: Origin) -> Result<(), EncodeError> {
        if self.style == Style::Kubernetes && key.len() > MAX_JSON_KEY / 6 {
            let mut written = String::new();
            crate::json::append_quoted(&mut written, key, false);
            if written.chars().count() > MAX_JSON_KEY {
                return Err(EncodeError::Unsupported(
                    "yaml: did not find expected ',' or '}'".to_owned(),
                ));
            }
        }
        let key = self.through_json(key)?;
        let is_simple = key.len() <= MAX_SIMPLE_KEY && !key.contains(is_break);
        if is_simple {
            self.text(&key, origin, Place::Key);
            self.put(':');
        } else {
            self.indicator('?', true);
            self.text(&key, origin, Place::LongKey);
            self.line();
            self.indicator(':', true);
        }
        self.after_space = false;
        self.only_indented &= !is_simple;
        Ok(())
    }

    fn text(&mut self, text: &str, origin: Origin, place: Place) {
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
        let mut after_break = true;
        for found in text.chars() {
            if found == '\n' {
                self.line_break();
                self.only_indented = true;
                after_break = true;
            } else if is_break(found) {
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
        self.output.mark(origin);
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Quotes {
    None,
    Single,
}

/// A double-quoted text with the line break that JSON does not know, U+0085: spaces around it vanish, one
/// becomes a space, each further one a line feed.
fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\u{85}') {
        let (before, after) = rest.split_at(at);
        out.push_str(before.trim_end_matches(' '));
        rest = after;
        let mut breaks = 0;
        loop {
            let next = rest.trim_start_matches(' ');
            let Some(next) = next.strip_prefix('\u{85}') else {
                rest = next;
                break;
            };
            rest = next;
            breaks += 1;
        }
        match breaks {
            1 => out.push(' '),
            _ => out.extend((1..breaks).map(|_| '\n')),
        }
    }
    out.push_str(rest);
    out
}
