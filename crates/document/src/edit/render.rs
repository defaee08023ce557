//! Values as text, in the style of the text around them.

use std::fmt::Write as _;

use super::NewValue;
use crate::yaml::{Scalar, resolve};

/// How the author writes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    /// Columns from a key to the keys below it.
    pub(super) step: usize,
    /// Columns from a key to the dashes below it.
    pub(super) dash: usize,
    pub(super) line_end: &'static str,
    pub(super) is_json: bool,
}

impl Style {
    /// For texts that cannot be measured.
    pub(super) fn of_templates(line_end: &'static str) -> Self {
        Style {
            step: 2,
            dash: 2,
            line_end,
            is_json: false,
        }
    }

    /// Whether a value fits on the line of its key or dash in block style.
    pub(super) fn is_inline(value: &NewValue) -> bool {
        match value {
            NewValue::Sequence(items) => items.is_empty(),
            NewValue::Mapping(entries) => entries.is_empty(),
            _ => true,
        }
    }

    fn new_line(self, column: usize) -> String {
        format!("{}{:column$}", self.line_end, "")
    }

    /// An entry whose key stands at a column.
    pub(super) fn entry(self, key: &str, value: &NewValue, column: usize) -> String {
        format!("{}:{}", self.string(key), self.below_key(value, column))
    }

    /// What follows the colon of a key that stands at a column.
    pub(super) fn below_key(self, value: &NewValue, column: usize) -> String {
        if Self::is_inline(value) {
            return format!(" {}", self.flow(value));
        }
        let column = match value {
            NewValue::Sequence(_) => column + self.dash,
            _ => column + self.step,
        };
        format!("{}{}", self.new_line(column), self.block(value, column))
    }

    /// A value in block style whose first line begins at a column, without what stands before that.
    pub(super) fn block(self, value: &NewValue, column: usize) -> String {
        let lines: Vec<String> = match value {
            NewValue::Sequence(items) if !items.is_empty() => {
                items.iter().map(|item| self.item(item, column)).collect()
            }
            NewValue::Mapping(entries) if !entries.is_empty() => entries
                .iter()
                .map(|(key, value)| self.entry(key, value, column))
                .collect(),
            _ => return self.flow(value),
        };
        lines.join(&self.new_line(column))
    }

    /// An item whose dash stands at a column.
    pub(super) fn item(self, value: &NewValue, column: usize) -> String {
        format!("- {}", self.block(value, column + 2))
    }

    /// An entry of a flow mapping.
    pub(super) fn flow_entry(self, key: &str, value: &NewValue) -> String {
        format!("{}: {}", self.string(key), self.flow(value))
    }

    /// A value on one line.
    pub(super) fn flow(self, value: &NewValue) -> String {
        match value {
            NewValue::Null => "null".to_owned(),
            NewValue::Bool(value) => value.to_string(),
            NewValue::Int(value) => value.to_string(),
            NewValue::Uint(value) => value.to_string(),
            NewValue::Float(value) => format!("{value:?}"),
            NewValue::String(text) => self.string(text),
            NewValue::Sequence(items) => {
                let items: Vec<_> = items.iter().map(|item| self.flow(item)).collect();
                format!("[{}]", items.join(", "))
            }
            NewValue::Mapping(entries) => {
                let entries: Vec<_> = entries
                    .iter()
                    .map(|(key, value)| self.flow_entry(key, value))
                    .collect();
                format!("{{{}}}", entries.join(", "))
            }
        }
    }

    fn string(self, text: &str) -> String {
        if !self.is_json && is_plain(text) {
            text.to_owned()
        } else {
            quoted(text)
        }
    }
}

/// Whether a text needs no quotes, in any reader's version of YAML.
fn is_plain(text: &str) -> bool {
    let begins_plainly =
        text.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '/');
    let could_be_time =
        text.starts_with(|first: char| first.is_ascii_digit()) && text.contains(':');
    begins_plainly
        && !could_be_time
        && !text.ends_with(':')
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_./:@+-".contains(&byte))
        && resolve(text) == Scalar::String
}

/// In double quotes, as both YAML and JSON read them.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            ' '..='~'
            | '\u{A1}'..='\u{D7FF}'
            | '\u{E000}'..='\u{FEFE}'
            | '\u{FF00}'..='\u{FFFD}'
            | '\u{10000}'..
                if !matches!(character, '\u{2028}' | '\u{2029}') =>
            {
                out.push(character);
            }
            _ => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    // Writing to a string cannot fail.
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
        }
    }
    out.push('"');
    out
}
