//! Writing YAML: the layout of go-yaml's emitter, for block collections and the scalars in them.

mod text;

use std::borrow::Cow;
use std::rc::Rc;

use gotemplate::{Data, Origin, Value};

use super::scalar::is_break;
use super::{Budget, EncodeError, Style, reread, sort};
use crate::number;
use crate::plain::{Mark, Output, Plain, origin_of, plain};
use crate::time::{duration_of, moment_of};

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

/// Bytes from which on a key is no simple one.
const MAX_SIMPLE_KEY: usize = 128;

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
            Plain::Text(text) if self.style == Style::Pretty && moment_of(value).is_some() => {
                self.word(&text, origin);
            }
            Plain::Text(text) => {
                let text = self.reread(&text)?;
                self.text(&text, origin, place);
            }
            Plain::List(list) if list.is_empty() => self.word("[]", origin),
            Plain::List(list) => self.list(list.items(), origin, place, depth)?,
            Plain::Map(map) => {
                let mut entries = map.entries();
                sort::sort(&mut entries, self.style);
                self.map(entries, origin, depth)?;
            }
            Plain::Fields(mut fields) => {
                if self.style == Style::Kubernetes {
                    sort::sort(&mut fields, self.style);
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
            (Style::Pretty, Data::Host(host)) if duration_of(value).is_some() => {
                Ok(Plain::Text(host.text().unwrap_or_default().into()))
            }
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

    /// What becomes of a text on its way here.
    fn reread<'t>(&self, text: &'t str) -> Result<Cow<'t, str>, EncodeError> {
        match self.style {
            Style::Kubernetes => {
                reread::text(text).map_err(|error| EncodeError::Unsupported(error.to_owned()))
            }
            Style::Pretty => Ok(Cow::Borrowed(text)),
        }
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
        if self.style == Style::Kubernetes && !reread::is_key(key) {
            return Err(EncodeError::Unsupported(
                "yaml: did not find expected ',' or '}'".to_owned(),
            ));
        }
        let key = self.reread(key)?;
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
}
