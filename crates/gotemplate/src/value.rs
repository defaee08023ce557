//! Values that templates work on: Go's dynamic values, each knowing what decided it.

mod context;
mod function;
mod host;
mod list;
mod map;
mod types;

pub use context::Context;
pub use function::{Code, Function, Library, Passing, Signature};
pub use host::Host;
pub use list::List;
pub use map::{Map, WeakMap};
pub use types::{IntType, Shape, Type, UintType};
pub(crate) use types::{fits, zero};

use std::rc::Rc;

use crate::origin::Origin;

/// A value. Cloning one copies no text, list or map; maps are shared and can be changed, as in Go.
#[derive(Clone, Default)]
pub struct Value {
    data: Data,
    origin: Origin,
    /// Whether Go would still hold it as an `interface {}`: errors tell the two apart.
    boxed: bool,
}

/// What a value is.
#[derive(Clone, Default)]
pub enum Data {
    /// No value at all, such as a key that a map does not have. Prints as `<no value>`.
    #[default]
    Missing,
    /// Nil.
    Nil,
    /// `bool`.
    Bool(bool),
    /// A signed integer.
    Int(i64, IntType),
    /// An unsigned integer.
    Uint(u64, UintType),
    /// `float64`.
    Float(f64),
    /// `complex128`.
    Complex(f64, f64),
    /// `string`. Always UTF-8, unlike Go's.
    String(Rc<str>),
    /// `[]uint8`.
    Bytes(Rc<[u8]>),
    /// A slice.
    List(List),
    /// A map with keys of text.
    Map(Map),
    /// Something to `call`.
    Function(Rc<Function>),
    /// Anything else: it has fields and methods.
    Host(Rc<dyn Host>),
}

impl Value {
    /// A value that nothing is known to have decided.
    pub fn new(data: Data) -> Self {
        Self {
            data,
            origin: Origin::NONE,
            boxed: false,
        }
    }

    /// Nil.
    pub fn nil() -> Self {
        Self::new(Data::Nil)
    }

    /// Go's `int`.
    pub fn int(value: i64) -> Self {
        Self::int_of(value, IntType::Int)
    }

    /// A number of things, or a position among them.
    pub fn count(count: usize) -> Self {
        Self::int(i64::try_from(count).unwrap_or(i64::MAX))
    }

    /// Go's `int64`.
    pub fn int64(value: i64) -> Self {
        Self::int_of(value, IntType::Int64)
    }

    /// A signed integer of any width.
    pub fn int_of(value: i64, kind: IntType) -> Self {
        Self::new(Data::Int(value, kind))
    }

    /// An unsigned integer of any width.
    pub fn uint_of(value: u64, kind: UintType) -> Self {
        Self::new(Data::Uint(value, kind))
    }

    /// Go's `float64`.
    pub fn float(value: f64) -> Self {
        Self::new(Data::Float(value))
    }

    /// Go's `complex128`.
    pub fn complex(real: f64, imaginary: f64) -> Self {
        Self::new(Data::Complex(real, imaginary))
    }

    /// A slice of `interface {}`.
    pub fn list(items: Vec<Value>) -> Self {
        Self::new(Data::List(List::new(items)))
    }

    /// A slice of texts.
    pub fn strings(items: impl IntoIterator<Item = Value>) -> Self {
        Self::new(Data::List(List::of(
            &Shape::STRINGS,
            items.into_iter().collect(),
        )))
    }

    /// What it is.
    pub fn data(&self) -> &Data {
        &self.data
    }

    /// What it is, by value.
    pub fn into_data(self) -> Data {
        self.data
    }

    /// What decided it.
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// The same value, decided by something else.
    pub fn with_origin(mut self, origin: Origin) -> Self {
        self.origin = origin;
        self
    }

    /// Whether there is nothing: missing or nil.
    pub fn is_nil(&self) -> bool {
        matches!(self.data, Data::Missing | Data::Nil)
    }

    /// The text of a `string`.
    pub fn as_str(&self) -> Option<&str> {
        if let Data::String(text) = &self.data {
            Some(text)
        } else {
            None
        }
    }

    /// The list, if it is one or stands for one.
    pub fn as_list(&self) -> Option<List> {
        match &self.data {
            Data::List(list) => Some(list.clone()),
            Data::Host(host) => host.underlying().and_then(|value| value.as_list()),
            _ => None,
        }
    }

    /// The map, if it is one or stands for one.
    pub fn as_map(&self) -> Option<Map> {
        match &self.data {
            Data::Map(map) => Some(map.clone()),
            Data::Host(host) => host.underlying().and_then(|value| value.as_map()),
            _ => None,
        }
    }

    /// Whether a condition holds: not the zero of its type, and not empty.
    pub fn is_true(&self) -> bool {
        match &self.data {
            Data::Missing | Data::Nil => false,
            Data::Bool(value) => *value,
            Data::Int(value, _) => *value != 0,
            Data::Uint(value, _) => *value != 0,
            Data::Float(value) => *value != 0.0,
            Data::Complex(real, imaginary) => *real != 0.0 || *imaginary != 0.0,
            Data::String(text) => !text.is_empty(),
            Data::Bytes(bytes) => !bytes.is_empty(),
            Data::List(list) => !list.is_empty(),
            Data::Map(map) => !map.is_empty(),
            Data::Function(_) => true,
            Data::Host(host) => host.underlying().is_none_or(|value| value.is_true()),
        }
    }

    /// The name of its Go type, as `%T` prints it.
    pub fn type_name(&self) -> String {
        match &self.data {
            Data::Missing | Data::Nil => "<nil>".to_owned(),
            Data::Host(host) => host.type_name().to_owned(),
            Data::Function(function) => function.type_name(),
            _ => self
                .go_type()
                .map(|found| found.name().to_owned())
                .unwrap_or_default(),
        }
    }

    /// The type behind a pointer, or its own.
    pub(crate) fn pointed_type_name(&self) -> String {
        self.type_name().trim_start_matches('*').to_owned()
    }

    /// Its type, where that is one that parameters may ask for.
    pub(crate) fn go_type(&self) -> Option<Type> {
        Some(match &self.data {
            Data::Missing | Data::Nil | Data::Host(_) | Data::Function(_) => return None,
            Data::Bool(_) => Type::Bool,
            Data::Int(_, kind) => Type::Int(*kind),
            Data::Uint(_, kind) => Type::Uint(*kind),
            Data::Float(_) => Type::Float,
            Data::Complex(..) => Type::Complex,
            Data::String(_) => Type::String,
            Data::Bytes(_) => Type::Bytes,
            Data::List(list) => Type::List(list.shape()),
            Data::Map(map) => Type::Map(map.shape()),
        })
    }

    /// The type that an error names: the one it is held by.
    pub(crate) fn held_type_name(&self) -> String {
        if self.is_boxed() {
            "interface {}".to_owned()
        } else {
            self.type_name()
        }
    }

    /// Whether Go holds it as an `interface {}`.
    pub(crate) fn is_boxed(&self) -> bool {
        self.boxed || matches!(self.data, Data::Nil)
    }

    /// As an element of a container whose elements are of this type.
    pub(crate) fn held_as(mut self, element: Type) -> Self {
        self.boxed = element == Type::Any;
        self
    }

    /// Out of the interface that holds it; nil becomes no value.
    pub(crate) fn unboxed(mut self) -> Self {
        self.boxed = false;
        if matches!(self.data, Data::Nil) {
            self.data = Data::Missing;
        }
        self
    }

    pub(crate) fn is_missing(&self) -> bool {
        matches!(self.data, Data::Missing)
    }

    /// As an argument of type `interface {}`: no value becomes nil.
    pub(crate) fn or_nil(mut self) -> Self {
        if self.is_missing() {
            self.data = Data::Nil;
        }
        self
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::new(Data::String(text.into()))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::new(Data::String(text.into()))
    }
}

impl From<Rc<str>> for Value {
    fn from(text: Rc<str>) -> Self {
        Self::new(Data::String(text))
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::new(Data::Bool(value))
    }
}

impl From<Map> for Value {
    fn from(map: Map) -> Self {
        Self::new(Data::Map(map))
    }
}

impl From<List> for Value {
    fn from(list: List) -> Self {
        Self::new(Data::List(list))
    }
}

impl From<Rc<dyn Host>> for Value {
    fn from(host: Rc<dyn Host>) -> Self {
        Self::new(Data::Host(host))
    }
}

/// Drops values that only `values` hold without recursion, however deep they lie in each other.
fn drop_flat(mut values: Vec<Value>) {
    while let Some(value) = values.pop() {
        match value.data {
            Data::List(mut list) => values.extend(list.take_unshared()),
            Data::Map(mut map) => values.extend(map.take_unshared()),
            _ => {}
        }
    }
}

fn holds_values(value: &Value) -> bool {
    matches!(value.data, Data::List(_) | Data::Map(_))
}
