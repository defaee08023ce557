//! The Go types that values have, functions ask for, and errors name.

use std::rc::Rc;

use super::{Data, List, Map, Value};

/// Widths of signed integers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as in Go")]
pub enum IntType {
    Int,
    Int8,
    Int16,
    Int32,
    Int64,
}

/// Widths of unsigned integers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as in Go")]
pub enum UintType {
    Uint,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
}

/// A type of slices or maps.
#[derive(Debug)]
pub struct Shape {
    /// As `%T` prints it.
    pub name: &'static str,
    /// Type of the elements.
    pub element: Type,
}

impl Shape {
    /// `[]interface {}`.
    pub const LIST: Shape = Shape {
        name: "[]interface {}",
        element: Type::Any,
    };
    /// `[]string`.
    pub const STRINGS: Shape = Shape {
        name: "[]string",
        element: Type::String,
    };
    /// `map[string]interface {}`.
    pub const MAP: Shape = Shape {
        name: "map[string]interface {}",
        element: Type::Any,
    };
    /// `map[string]string`.
    pub const STRING_MAP: Shape = Shape {
        name: "map[string]string",
        element: Type::String,
    };

    /// Whether the type has no name of its own.
    fn is_plain(&self) -> bool {
        self.name.starts_with("map[") || self.name.starts_with("[]")
    }
}

/// What a parameter takes, or a container holds.
#[derive(Clone, Copy, Debug)]
pub enum Type {
    /// `interface {}`: anything, nil too.
    Any,
    /// `reflect.Value`: anything, and no value is told from nil.
    Reflect,
    /// `bool`.
    Bool,
    /// A signed integer.
    Int(IntType),
    /// An unsigned integer.
    Uint(UintType),
    /// `float64`.
    Float,
    /// `complex128`.
    Complex,
    /// `string`.
    String,
    /// `[]uint8`.
    Bytes,
    /// A slice.
    List(&'static Shape),
    /// A map.
    Map(&'static Shape),
    /// A host object, by the name of its type.
    Host(&'static str),
}

impl Type {
    /// As Go writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Any => "interface {}",
            Self::Reflect => "reflect.Value",
            Self::Bool => "bool",
            Self::Int(IntType::Int) => "int",
            Self::Int(IntType::Int8) => "int8",
            Self::Int(IntType::Int16) => "int16",
            Self::Int(IntType::Int32) => "int32",
            Self::Int(IntType::Int64) => "int64",
            Self::Uint(UintType::Uint) => "uint",
            Self::Uint(UintType::Uint8) => "uint8",
            Self::Uint(UintType::Uint16) => "uint16",
            Self::Uint(UintType::Uint32) => "uint32",
            Self::Uint(UintType::Uint64) => "uint64",
            Self::Float => "float64",
            Self::Complex => "complex128",
            Self::String => "string",
            Self::Bytes => "[]uint8",
            Self::List(shape) | Self::Map(shape) => shape.name,
            Self::Host(name) => name,
        }
    }

    /// Whether Go assigns it without a conversion: a named slice or map is also its plain type.
    pub(crate) fn is_assignable_to(self, wanted: Self) -> bool {
        match (self, wanted) {
            (Self::List(found), Self::List(wanted)) | (Self::Map(found), Self::Map(wanted)) => {
                let is_plain = found.is_plain() || wanted.is_plain();
                found.name == wanted.name || (is_plain && found.element == wanted.element)
            }
            _ => self == wanted,
        }
    }

    /// Whether nil can stand for it.
    pub(crate) fn takes_nil(self) -> bool {
        match self {
            Self::Any | Self::Reflect | Self::Bytes | Self::List(_) | Self::Map(_) => true,
            Self::Host(name) => name.starts_with('*'),
            _ => false,
        }
    }
}

impl PartialEq for Type {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Int(left), Self::Int(right)) => left == right,
            (Self::Uint(left), Self::Uint(right)) => left == right,
            (Self::List(left), Self::List(right)) | (Self::Map(left), Self::Map(right)) => {
                left.name == right.name
            }
            (Self::Host(left), Self::Host(right)) => left == right,
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }
}

/// Whether Go lets the value be assigned to the type.
pub(crate) fn fits(value: &Value, wanted: Type) -> bool {
    match (value.data(), wanted) {
        (_, Type::Any | Type::Reflect) => true,
        (Data::Host(host), Type::Host(name)) => host.type_name() == name,
        (Data::Host(host), Type::List(_) | Type::Map(_)) => {
            host.underlying().is_some_and(|inner| fits(&inner, wanted))
        }
        _ => value
            .go_type()
            .is_some_and(|found| found.is_assignable_to(wanted)),
    }
}

/// The zero of a type.
pub(crate) fn zero(wanted: Type) -> Value {
    match wanted {
        Type::Bool => Value::from(false),
        Type::Int(kind) => Value::int_of(0, kind),
        Type::Uint(kind) => Value::uint_of(0, kind),
        Type::Float => Value::float(0.0),
        Type::Complex => Value::complex(0.0, 0.0),
        Type::String => Value::from(""),
        Type::Bytes => Value::new(Data::Bytes(Rc::from([]))),
        Type::List(shape) => Value::from(List::nil(shape)),
        Type::Map(shape) => Value::from(Map::nil(shape)),
        Type::Any | Type::Reflect | Type::Host(_) => Value::nil(),
    }
}
