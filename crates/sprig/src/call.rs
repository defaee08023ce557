//! What a function is called with.

use std::ops::Range;
use std::rc::Rc;

use gotemplate::{Context, Data, Failure, List, Map, Value};

use crate::environment::Environment;

/// What a map costs besides its entries, in steps: it takes the memory of several values.
const MAP_COST: u64 = 8;

/// The answer of a function.
pub(crate) type Answer = Result<Value, Failure>;

/// A call of a function: its arguments, which fit its signature, and what it may use.
pub(crate) struct Call<'c> {
    pub(crate) context: &'c mut dyn Context,
    pub(crate) environment: &'c Environment,
    pub(crate) arguments: &'c mut [Value],
}

impl Call<'_> {
    /// An argument, taken out.
    pub(crate) fn take(&mut self, index: usize) -> Value {
        self.arguments
            .get_mut(index)
            .map(std::mem::take)
            .unwrap_or_default()
    }

    /// An argument whose parameter is a `string`.
    pub(crate) fn text(&self, index: usize) -> Rc<str> {
        match self.arguments.get(index).map(Value::data) {
            Some(Data::String(text)) => Rc::clone(text),
            _ => Rc::from(""),
        }
    }

    /// An argument whose parameter is an integer.
    pub(crate) fn int(&self, index: usize) -> i64 {
        match self.arguments.get(index).map(Value::data) {
            Some(Data::Int(number, _)) => *number,
            Some(Data::Uint(number, _)) => number.cast_signed(),
            _ => 0,
        }
    }

    /// An argument whose parameter is a map; nil stands for an empty one.
    pub(crate) fn map(&self, index: usize) -> Map {
        self.arguments
            .get(index)
            .and_then(Value::as_map)
            .unwrap_or_else(|| Map::nil(&gotemplate::Shape::MAP))
    }

    /// Counts a map that is about to be made.
    pub(crate) fn spend_on_map(&mut self, entries: usize) -> Result<(), Failure> {
        self.context.spend(MAP_COST + entries as u64)
    }

    /// Counts a list that is about to be made.
    pub(crate) fn spend(&mut self, items: usize) -> Result<(), Failure> {
        self.context.spend(items as u64)
    }

    /// Fails if a text of so many bytes would be too long. The text itself is counted when it is returned.
    pub(crate) fn hold_to_bytes(&mut self, bytes: usize) -> Result<(), Failure> {
        if bytes > self.context.remaining_bytes() {
            // Says it with the limit in it.
            return self.context.reserve(bytes);
        }
        Ok(())
    }

    /// A piece of a text argument, with the provenance of its bytes.
    pub(crate) fn cut(&mut self, index: usize, range: Range<usize>) -> Value {
        let value = self.take(index);
        piece(self.context, &value, range)
    }

    /// A new text in the place of an argument: of the same length, byte for byte made of it.
    pub(crate) fn replaced(&mut self, index: usize, text: String) -> Value {
        let value = &self.arguments[index];
        if value.as_str().map(str::len) == Some(text.len()) {
            return Value::from(text).with_origin(value.origin());
        }
        Value::from(text)
    }
}

/// A piece of a value's text, with the provenance of its bytes.
pub(crate) fn piece(context: &mut dyn Context, value: &Value, range: Range<usize>) -> Value {
    let text = value.as_str().unwrap_or_default();
    if range == (0..text.len()) {
        return value.clone();
    }
    if !context.is_rendered(value) {
        return Value::from(&text[range]).with_origin(value.origin());
    }
    let mut edit = context.edit();
    edit.keep(text, range);
    context.edited(value, edit)
}

/// What Go says where a nil is looked into.
pub(crate) const NIL_POINTER: &str =
    "runtime error: invalid memory address or nil pointer dereference";

/// A slice of any kind, bytes too.
pub(crate) fn as_sequence(value: &Value) -> Option<List> {
    if let Data::Bytes(bytes) = value.data() {
        let items = bytes
            .iter()
            .map(|byte| Value::uint_of(u64::from(*byte), gotemplate::UintType::Uint8));
        return Some(List::of(&crate::kind::BYTES, items.collect()));
    }
    value.as_list()
}
