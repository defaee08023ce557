//! Writing TOML: keys in order, first those with plain values, then tables, indented.

use std::rc::Rc;

use gotemplate::{Data, Origin, Value};

use super::{LOCAL_DATE, LOCAL_DATETIME, LOCAL_TIME};
use crate::call::as_sequence;
use crate::kind::kind_of;
use crate::number;
use crate::plain::{Budget, EncodeError, Mark, Output, origin_of};
use crate::time::{Moment, Zone, duration_of, moment_of};

/// Writes a value.
///
/// # Errors
/// It has something in it that TOML cannot say, or the budget is spent.
pub fn encode(value: &Value, budget: Budget) -> Result<String, EncodeError> {
    encode_marked(value, budget, false).map(|(text, _)| text)
}

pub(crate) fn encode_marked(
    value: &Value,
    budget: Budget,
    traces: bool,
) -> Result<(String, Vec<Mark>), EncodeError> {
    let mut writer = Writer {
        output: Output::new(budget, traces),
    };
    writer.encode(&[], value, value.origin(), 0)?;
    writer.output.mark(value.origin());
    writer.output.finish()
}

/// What a value is to TOML.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Nil,
    Plain,
    Array,
    Table,
    /// An array of nothing but tables.
    Tables,
}

impl Kind {
    fn is_table(self) -> bool {
        matches!(self, Self::Table | Self::Tables)
    }
}

fn unsupported(message: impl Into<String>) -> EncodeError {
    EncodeError::Unsupported(message.into())
}

/// The text of a value that writes itself as one.
fn own_text(value: &Value) -> Option<String> {
    let Data::Host(host) = value.data() else {
        return None;
    };
    if duration_of(value).is_some() {
        return host.text();
    }
    host.encoded()?.as_str().map(str::to_owned)
}

fn kind(value: &Value, depth: u32) -> Result<Kind, EncodeError> {
    if depth > crate::plain::MAX_DEPTH {
        return Err(EncodeError::Limit);
    }
    Ok(match value.data() {
        Data::Missing | Data::Nil => Kind::Nil,
        Data::Bool(_) | Data::Int(..) | Data::Uint(..) | Data::Float(_) | Data::String(_) => {
            Kind::Plain
        }
        Data::List(list) if list.is_nil() => Kind::Nil,
        Data::Map(map) if map.is_nil() => Kind::Nil,
        Data::List(list) if list.is_empty() => Kind::Array,
        Data::List(list) => {
            let mut all_tables = true;
            for item in list.items() {
                match kind(item, depth + 1)? {
                    Kind::Nil => {
                        return Err(unsupported("toml: cannot encode array with nil element"));
                    }
                    found => all_tables &= found == Kind::Table,
                }
            }
            if all_tables {
                Kind::Tables
            } else {
                Kind::Array
            }
        }
        Data::Bytes(_) => Kind::Array,
        Data::Map(_) => Kind::Table,
        Data::Complex(..) | Data::Function(_) => {
            return Err(unsupported(format!("unsupported type: {}", kind_of(value))));
        }
        Data::Host(_) if own_text(value).is_some() => Kind::Plain,
        Data::Host(host) => match host.underlying() {
            Some(inner) => kind(&inner, depth + 1)?,
            None => Kind::Table,
        },
    })
}

struct Writer {
    output: Output,
}

type Written = Result<(), EncodeError>;

impl Writer {
    fn push(&mut self, text: &str) {
        self.output.text.push_str(text);
    }

    fn new_line(&mut self) {
        if !self.output.text.is_empty() {
            self.push("\n");
        }
    }

    fn indent(&mut self, keys: &[Rc<str>]) {
        for _ in 1..keys.len() {
            self.push("  ");
        }
    }

    fn encode(&mut self, keys: &[Rc<str>], value: &Value, origin: Origin, depth: u32) -> Written {
        self.output.value(depth)?;
        match kind(value, depth)? {
            Kind::Nil if keys.is_empty() && value.is_nil() => Err(unsupported(
                "reflect: call of reflect.Value.Type on zero Value",
            )),
            Kind::Nil if as_sequence(value).is_some() => self.key_value(keys, value, origin, depth),
            Kind::Nil => Ok(()),
            Kind::Plain | Kind::Array => self.key_value(keys, value, origin, depth),
            Kind::Table => self.table(keys, value, origin, depth),
            Kind::Tables => self.tables(keys, value, origin, depth),
        }
    }

    fn key_value(
        &mut self,
        keys: &[Rc<str>],
        value: &Value,
        origin: Origin,
        depth: u32,
    ) -> Written {
        let Some(key) = keys.last() else {
            return self.element(value, origin, depth);
        };
        self.indent(keys);
        self.key(key);
        self.push(" = ");
        self.output.mark(origin);
        self.element(value, origin, depth)?;
        self.new_line();
        self.output.mark(origin);
        Ok(())
    }

    fn key(&mut self, key: &str) {
        let is_bare = !key.is_empty()
            && key
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
        if is_bare {
            self.push(key);
        } else {
            quote(&mut self.output.text, key);
        }
    }

    fn path(&mut self, keys: &[Rc<str>]) {
        for (index, key) in keys.iter().enumerate() {
            self.push(if index > 0 { "." } else { "" });
            self.key(key);
        }
    }

    fn table(&mut self, keys: &[Rc<str>], value: &Value, origin: Origin, depth: u32) -> Written {
        if keys.len() == 1 {
            self.new_line();
        }
        if !keys.is_empty() {
            self.indent(keys);
            self.push("[");
            self.path(keys);
            self.push("]");
            self.new_line();
        }
        self.output.mark(origin);
        self.entries(keys, value, origin, depth)
    }

    fn tables(&mut self, keys: &[Rc<str>], value: &Value, origin: Origin, depth: u32) -> Written {
        if keys.is_empty() {
            return Err(unsupported(
                "toml: top-level values must be Go maps or structs",
            ));
        }
        for item in as_sequence(value).iter().flat_map(gotemplate::List::items) {
            let own = origin_of(item, origin);
            self.new_line();
            self.indent(keys);
            self.push("[[");
            self.path(keys);
            self.push("]]");
            self.new_line();
            self.output.mark(own);
            self.entries(keys, item, own, depth + 1)?;
        }
        Ok(())
    }

    /// Keys with plain values before keys with tables.
    fn sorted(value: &Value, depth: u32) -> Result<Vec<(Rc<str>, Value, Kind)>, EncodeError> {
        let entries = match (value.data(), value.as_map()) {
            (_, Some(map)) => map.entries(),
            (Data::Host(host), None) => host
                .fields()
                .into_iter()
                .map(|(name, value)| (Rc::from(name), value))
                .collect(),
            _ => Vec::new(),
        };
        let mut found = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            let kind = kind(&value, depth + 1)?;
            found.push((key, value, kind));
        }
        found.sort_by_key(|(_, _, kind)| kind.is_table());
        Ok(found)
    }

    fn entries(&mut self, keys: &[Rc<str>], value: &Value, origin: Origin, depth: u32) -> Written {
        for (key, value, kind) in Self::sorted(value, depth)? {
            if kind == Kind::Nil {
                continue;
            }
            let mut path = keys.to_vec();
            path.push(key);
            self.encode(&path, &value, origin_of(&value, origin), depth + 1)?;
        }
        Ok(())
    }

    /// A value behind a key or in an array.
    fn element(&mut self, value: &Value, origin: Origin, depth: u32) -> Written {
        self.output.value(depth)?;
        if let Some(moment) = moment_of(value) {
            let text = time_text(&moment);
            self.push(&text);
            return Ok(());
        }
        if let Some(text) = own_text(value) {
            quote(&mut self.output.text, &text);
            return Ok(());
        }
        match value.data() {
            Data::Bool(found) => self.push(if *found { "true" } else { "false" }),
            Data::Int(found, _) => self.push(&found.to_string()),
            Data::Uint(found, _) => self.push(&found.to_string()),
            Data::Float(found) => self.push(&float(*found)),
            Data::String(text) => quote(&mut self.output.text, text),
            Data::List(_) | Data::Bytes(_) => {
                let list = as_sequence(value);
                self.push("[");
                for (index, item) in list.iter().flat_map(gotemplate::List::items).enumerate() {
                    self.push(if index > 0 { ", " } else { "" });
                    self.output.mark(origin);
                    let own = origin_of(item, origin);
                    self.element(item, own, depth + 1)?;
                    self.output.mark(own);
                }
                self.push("]");
            }
            Data::Host(host) => match host.underlying() {
                Some(inner) => self.element(&inner, origin, depth + 1)?,
                None => self.inline(value, origin, depth)?,
            },
            _ => self.inline(value, origin, depth)?,
        }
        Ok(())
    }

    /// A table on one line.
    fn inline(&mut self, value: &Value, origin: Origin, depth: u32) -> Written {
        let entries = Self::sorted(value, depth)?;
        let last_plain = entries
            .iter()
            .filter(|(_, _, kind)| !kind.is_table())
            .count();
        let has_tables = last_plain < entries.len();
        self.push("{");
        for (index, (key, value, kind)) in entries.iter().enumerate() {
            if *kind == Kind::Nil {
                continue;
            }
            let own = origin_of(value, origin);
            self.key(key);
            self.push(" = ");
            self.output.mark(own);
            self.element(value, own, depth + 1)?;
            self.output.mark(own);
            // A nil at the end leaves the comma before it standing.
            let is_last = index + 1 == entries.len() || (index + 1 == last_plain && !has_tables);
            self.push(if is_last { "" } else { ", " });
        }
        self.push("}");
        Ok(())
    }
}

fn time_text(moment: &Moment) -> String {
    let layout = match &moment.zone {
        Zone::Fixed(name, 0) => match name.as_str() {
            LOCAL_DATETIME => "2006-01-02T15:04:05.999999999",
            LOCAL_DATE => "2006-01-02",
            LOCAL_TIME => "15:04:05.999999999",
            _ => return moment.rfc3339(),
        },
        _ => return moment.rfc3339(),
    };
    moment.format(layout)
}

/// A float always has a point or an exponent.
fn float(value: f64) -> String {
    if !value.is_finite() {
        let sign = if value.is_sign_negative() { "-" } else { "" };
        return format!("{sign}{}", if value.is_nan() { "nan" } else { "inf" });
    }
    let text = number::general(value);
    if text.contains(['e', '.']) {
        text
    } else {
        text + ".0"
    }
}

fn quote(out: &mut String, text: &str) {
    out.push('"');
    for found in text.chars() {
        match found {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\x08' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\x0c' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            '\0'..='\x1f' | '\x7f' => out.push_str(&format!("\\u{:04x}", found as u32)),
            _ => out.push(found),
        }
    }
    out.push('"');
}
