//! JSON, as Go's `encoding/json` writes and reads it.

mod read;

pub use read::decode;
pub(crate) use read::{decode_with, mismatch};

use std::rc::Rc;

use gotemplate::{Origin, Value};

use crate::number;
pub use crate::plain::{Budget, EncodeError};
use crate::plain::{Mark, Output, Plain, origin_of, plain};

/// How to write.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Format {
    /// Whether each element has a line of its own, indented by two spaces.
    pub is_pretty: bool,
    /// Whether `<`, `>` and `&` are written as they are.
    pub is_raw: bool,
}

/// Writes a value.
///
/// # Errors
/// It has something in it that JSON cannot say, or the budget is spent.
pub fn encode(value: &Value, format: Format, budget: Budget) -> Result<String, EncodeError> {
    encode_marked(value, format, budget, false).map(|(text, _)| text)
}

pub(crate) fn encode_marked(
    value: &Value,
    format: Format,
    budget: Budget,
    traces: bool,
) -> Result<(String, Vec<Mark>), EncodeError> {
    let mut writer = Writer {
        output: Output::new(budget, traces),
        format,
    };
    writer.value(value, value.origin(), 0)?;
    writer.output.mark(value.origin());
    writer.output.finish()
}

struct Writer {
    output: Output,
    format: Format,
}

impl Writer {
    fn value(&mut self, value: &Value, origin: Origin, depth: u32) -> Result<(), EncodeError> {
        self.output.value(depth)?;
        let out = &mut self.output.text;
        match plain(value).map_err(EncodeError::Unsupported)? {
            Plain::Null => out.push_str("null"),
            Plain::Bool(true) => out.push_str("true"),
            Plain::Bool(false) => out.push_str("false"),
            Plain::Int(found) => out.push_str(&found.to_string()),
            Plain::Uint(found) => out.push_str(&found.to_string()),
            Plain::Float(found) => out.push_str(&number::json(found)),
            Plain::Text(text) => append_quoted(out, &text, self.format.is_raw),
            Plain::List(list) => {
                let items = list.items().iter().map(|item| (None, item.clone()));
                return self.container(['[', ']'], items, origin, depth);
            }
            Plain::Map(map) => {
                let entries = map
                    .entries()
                    .into_iter()
                    .map(|(key, value)| (Some(key), value));
                return self.container(['{', '}'], entries, origin, depth);
            }
            Plain::Fields(fields) => {
                let entries = fields.into_iter().map(|(key, value)| (Some(key), value));
                return self.container(['{', '}'], entries, origin, depth);
            }
        }
        Ok(())
    }

    fn container(
        &mut self,
        brackets: [char; 2],
        entries: impl ExactSizeIterator<Item = (Option<Rc<str>>, Value)>,
        origin: Origin,
        depth: u32,
    ) -> Result<(), EncodeError> {
        self.output.text.push(brackets[0]);
        let is_empty = entries.len() == 0;
        for (index, (key, value)) in entries.enumerate() {
            if index > 0 {
                self.output.text.push(',');
            }
            self.line(depth + 1);
            self.output.mark(origin);
            let own = origin_of(&value, origin);
            if let Some(key) = key {
                append_quoted(&mut self.output.text, &key, self.format.is_raw);
                self.output
                    .text
                    .push_str(if self.format.is_pretty { ": " } else { ":" });
                self.output.mark(own);
            }
            self.value(&value, own, depth + 1)?;
            self.output.mark(own);
        }
        if !is_empty {
            self.line(depth);
        }
        self.output.text.push(brackets[1]);
        Ok(())
    }

    fn line(&mut self, depth: u32) {
        if self.format.is_pretty {
            self.output.text.push('\n');
            for _ in 0..depth {
                self.output.text.push_str("  ");
            }
        }
    }
}

/// A text in double quotes, with Go's escapes.
pub(crate) fn append_quoted(out: &mut String, text: &str, is_raw: bool) {
    out.push('"');
    let mut rest = text;
    let is_special = |byte: &u8| match byte {
        // The last one is the first byte of the two line separators.
        b'"' | b'\\' | 0..=0x1f | 0xe2 => true,
        b'<' | b'>' | b'&' => !is_raw,
        _ => false,
    };
    while let Some(at) = rest.as_bytes().iter().position(is_special) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let Some(found) = rest.chars().next() else {
            break;
        };
        match found {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\x08' => out.push_str("\\b"),
            '\x0c' => out.push_str("\\f"),
            '\u{2028}' => out.push_str("\\u2028"),
            '\u{2029}' => out.push_str("\\u2029"),
            _ if found.is_ascii() => out.push_str(&format!("\\u{:04x}", found as u32)),
            _ => out.push(found),
        }
        rest = &rest[found.len_utf8()..];
    }
    out.push_str(rest);
    out.push('"');
}
