//! What Go's reflection calls values, and what it holds to be equal and empty.

use gotemplate::{Data, IntType, Shape, Type, UintType, Value};

/// `[]uint8`.
pub(crate) const BYTES: Shape = Shape {
    name: "[]uint8",
    element: Type::Uint(UintType::Uint8),
};

/// `[]int`.
pub(crate) const INTS: Shape = Shape {
    name: "[]int",
    element: Type::Int(IntType::Int),
};

/// `[][]interface {}`.
pub(crate) const LISTS: Shape = Shape {
    name: "[][]interface {}",
    element: Type::List(&Shape::LIST),
};

/// The name of a value's kind.
pub(crate) fn kind_of(value: &Value) -> &'static str {
    match value.data() {
        Data::Missing | Data::Nil => "invalid",
        Data::Bool(_) => "bool",
        Data::Int(_, kind) => Type::Int(*kind).name(),
        Data::Uint(_, kind) => Type::Uint(*kind).name(),
        Data::Float(_) => "float64",
        Data::Complex(..) => "complex128",
        Data::String(_) => "string",
        Data::Bytes(_) | Data::List(_) => "slice",
        Data::Map(_) => "map",
        Data::Function(_) => "func",
        Data::Host(host) if host.type_name().starts_with('*') => "ptr",
        Data::Host(host) => host.underlying().map_or("struct", |inner| kind_of(&inner)),
    }
}

/// Whether a value counts as not given: the zero of its type, or without content.
pub(crate) fn is_empty(value: &Value) -> bool {
    match value.data() {
        Data::Host(host) => host.underlying().is_some_and(|inner| is_empty(&inner)),
        _ => !value.is_true(),
    }
}
