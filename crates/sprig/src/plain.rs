//! What a value is to an encoder.

use std::borrow::Cow;
use std::rc::Rc;

use gotemplate::{Data, List, Map, Origin, Value};

use crate::base64;

/// What an encoder may spend.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// Bytes of text.
    pub bytes: usize,
    /// Values.
    pub values: u64,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            bytes: 64 << 20,
            values: 5_000_000,
        }
    }
}

/// Why a value could not be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EncodeError {
    /// The format has no such thing. In Go's words.
    Unsupported(String),
    /// The budget is spent, or values lie too deep in each other.
    Limit,
}

/// Values inside of each other that are written.
pub(crate) const MAX_DEPTH: u32 = 300;

/// Bytes that a value decided, up to `end`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    pub(crate) end: usize,
    pub(crate) origin: Origin,
}

/// A text that is written, with its limits and with what decided its bytes.
pub(crate) struct Output {
    pub(crate) text: String,
    budget: Budget,
    marks: Option<Vec<Mark>>,
}

impl Output {
    pub(crate) fn new(budget: Budget, traces: bool) -> Self {
        Self {
            text: String::new(),
            budget,
            marks: traces.then(Vec::new),
        }
    }

    /// Counts a value.
    pub(crate) fn value(&mut self, depth: u32) -> Result<(), EncodeError> {
        let is_spent = self.text.len() > self.budget.bytes || self.budget.values == 0;
        if is_spent || depth > MAX_DEPTH {
            return Err(EncodeError::Limit);
        }
        self.budget.values -= 1;
        Ok(())
    }

    /// Says what decided all that was written since the last time.
    pub(crate) fn mark(&mut self, origin: Origin) {
        let end = self.text.len();
        if let Some(marks) = &mut self.marks {
            marks.push(Mark { end, origin });
        }
    }

    pub(crate) fn finish(self) -> Result<(String, Vec<Mark>), EncodeError> {
        if self.text.len() > self.budget.bytes {
            return Err(EncodeError::Limit);
        }
        Ok((self.text, self.marks.unwrap_or_default()))
    }
}

/// A value as `encoding/json` sees it.
pub(crate) enum Plain<'v> {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Float(f64),
    Text(Cow<'v, str>),
    List(List),
    /// A map in the order of its keys.
    Map(Map),
    /// Fields of a struct in their order.
    Fields(Vec<(Rc<str>, Value)>),
}

/// What a value is to `encoding/json`; `Err` in its words where it is nothing.
pub(crate) fn plain(value: &Value) -> Result<Plain<'_>, String> {
    Ok(match value.data() {
        Data::Missing | Data::Nil => Plain::Null,
        Data::Bool(found) => Plain::Bool(*found),
        Data::Int(number, _) => Plain::Int(*number),
        Data::Uint(number, _) => Plain::Uint(*number),
        Data::Float(number) if !number.is_finite() => {
            let shown = gotemplate::sprint(std::slice::from_ref(value), 16).unwrap_or_default();
            return Err(format!("json: unsupported value: {shown}"));
        }
        Data::Float(number) => Plain::Float(*number),
        Data::String(text) => Plain::Text(Cow::Borrowed(text)),
        Data::Bytes(bytes) => Plain::Text(Cow::Owned(base64::encode(bytes))),
        Data::List(list) if list.is_nil() => Plain::Null,
        Data::List(list) => Plain::List(list.clone()),
        Data::Map(map) if map.is_nil() => Plain::Null,
        Data::Map(map) => Plain::Map(map.clone()),
        Data::Complex(..) | Data::Function(_) => {
            return Err(format!("json: unsupported type: {}", value.type_name()));
        }
        Data::Host(host) => {
            let stands_for = host.encoded().or_else(|| host.underlying());
            match stands_for {
                Some(inner) => return owned(plain(&inner)?),
                None => Plain::Fields(
                    host.fields()
                        .into_iter()
                        .map(|(name, value)| (Rc::from(name), value))
                        .collect(),
                ),
            }
        }
    })
}

/// The same without a borrow.
#[expect(clippy::unnecessary_wraps, reason = "ends a function that can fail")]
fn owned(found: Plain<'_>) -> Result<Plain<'static>, String> {
    Ok(match found {
        Plain::Null => Plain::Null,
        Plain::Bool(found) => Plain::Bool(found),
        Plain::Int(number) => Plain::Int(number),
        Plain::Uint(number) => Plain::Uint(number),
        Plain::Float(number) => Plain::Float(number),
        Plain::Text(text) => Plain::Text(Cow::Owned(text.into_owned())),
        Plain::List(list) => Plain::List(list),
        Plain::Map(map) => Plain::Map(map),
        Plain::Fields(fields) => Plain::Fields(fields),
    })
}

/// The origin of a part: its own, or that of the whole.
pub(crate) fn origin_of(value: &Value, whole: Origin) -> Origin {
    if value.origin().is_none() {
        whole
    } else {
        value.origin()
    }
}
