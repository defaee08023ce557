//! The values that expressions compute: 24 bytes, copied freely, everything owned in an arena.
//!
//! A value that comes from a document stays a node, scalars too, so that it still knows its origin;
//! the accessors read through it.

mod display;
mod host;

use std::fmt;

use document::{Kind, NodeRef};

use crate::error::{EvalError, Unknown};
use crate::extension::Extension;
use crate::time::{Duration, Timestamp};
use crate::types::Type;

pub use host::{Host, MemberId, MethodId};

/// A CEL value. `'a` is the arena of one evaluation, and shorter than the documents it looks at.
#[derive(Clone, Copy)]
pub enum Value<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A signed integer.
    Int(i64),
    /// An unsigned integer.
    Uint(u64),
    /// A floating point number.
    Double(f64),
    /// A string.
    String(&'a str),
    /// A sequence of bytes.
    Bytes(&'a [u8]),
    /// A list made by the expression, or by a host.
    List(&'a [Value<'a>]),
    /// A map made by the expression, or by a host.
    Map(&'a MapValue<'a>),
    /// A node of a document: scalar, sequence or mapping.
    Node(NodeRef<'a>),
    /// An object of the embedding program.
    Host(&'a dyn Host<'a>),
    /// A value that may be absent.
    Optional(Option<&'a Value<'a>>),
    /// A type as a value.
    Type(Type),
    /// A point in time.
    Timestamp(Timestamp),
    /// A span of time.
    Duration(Duration),
    /// A value of one of Kubernetes' libraries: quantity, version, address, URL.
    Extension(&'a Extension<'a>),
    /// Not decidable from what is there.
    Unknown(&'a Unknown<'a>),
    /// The evaluation failed here.
    Error(&'a EvalError<'a>),
}

/// A map with its keys in the order in which they were added.
#[derive(Clone, Copy, Debug, Default)]
pub struct MapValue<'a> {
    /// Keys with their values; no key occurs twice.
    pub entries: &'a [(Value<'a>, Value<'a>)],
}

impl<'a> Value<'a> {
    /// The node behind the value: itself, or the one that a host object stands for.
    pub fn origin(self) -> Option<NodeRef<'a>> {
        match self {
            Value::Node(node) => Some(node),
            Value::Host(host) => host.node(),
            Value::Optional(Some(value)) => value.origin(),
            _ => None,
        }
    }

    /// The value without its origin, where it is a scalar; lists and maps of documents stay nodes.
    pub fn plain(self) -> Value<'a> {
        match self {
            Value::Node(node) => plain_node(node),
            other => other,
        }
    }

    /// What the value is.
    pub fn type_of(self) -> Type {
        match self {
            Value::Null => Type::Null,
            Value::Bool(_) => Type::Bool,
            Value::Int(_) => Type::Int,
            Value::Uint(_) => Type::Uint,
            Value::Double(_) => Type::Double,
            Value::String(_) => Type::String,
            Value::Bytes(_) => Type::Bytes,
            Value::List(_) => Type::List,
            Value::Map(_) => Type::Map,
            Value::Node(node) => type_of_node(node),
            Value::Host(_) => Type::Host,
            Value::Optional(_) => Type::Optional,
            Value::Type(_) => Type::Type,
            Value::Timestamp(_) => Type::Timestamp,
            Value::Duration(_) => Type::Duration,
            Value::Extension(extension) => extension.type_of(),
            Value::Unknown(_) | Value::Error(_) => Type::None,
        }
    }

    /// Whether it is unknown or an error.
    pub fn is_fault(self) -> bool {
        matches!(self, Value::Unknown(_) | Value::Error(_))
    }

    /// The boolean.
    pub fn as_bool(self) -> Option<bool> {
        match self {
            Value::Bool(value) => Some(value),
            Value::Node(node) => node.as_bool(),
            _ => None,
        }
    }

    /// The signed integer.
    pub fn as_int(self) -> Option<i64> {
        match self {
            Value::Int(value) => Some(value),
            Value::Node(node) => node.as_i64(),
            _ => None,
        }
    }

    /// The string.
    pub fn as_str(self) -> Option<&'a str> {
        match self {
            Value::String(text) => Some(text),
            Value::Node(node) => node.as_str(),
            _ => None,
        }
    }

    /// The items of a list, whichever kind it is.
    pub fn items(self) -> Option<Items<'a>> {
        match self {
            Value::List(items) => Some(Items::Owned(items)),
            Value::Node(node) if node.kind() == Kind::Sequence => Some(Items::Node(node)),
            _ => None,
        }
    }
}

/// The items of a list made by the expression or of a sequence in a document.
#[derive(Clone, Copy)]
pub enum Items<'a> {
    /// Values in the arena.
    Owned(&'a [Value<'a>]),
    /// A sequence.
    Node(NodeRef<'a>),
}

impl<'a> Items<'a> {
    /// Number of items.
    pub fn len(self) -> usize {
        match self {
            Items::Owned(items) => items.len(),
            Items::Node(node) => node.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The item at an index.
    pub fn get(self, index: usize) -> Option<Value<'a>> {
        match self {
            Items::Owned(items) => items.get(index).copied(),
            Items::Node(node) => node.item(index).map(Value::Node),
        }
    }

    /// The items in order.
    #[inline]
    pub fn iter(self) -> ItemsIter<'a> {
        match self {
            Items::Owned(items) => ItemsIter::Owned(items.iter()),
            Items::Node(node) => ItemsIter::Node(node.items()),
        }
    }
}

/// The items of a list in order.
#[derive(Clone, Debug)]
pub enum ItemsIter<'a> {
    /// Values in the arena.
    Owned(std::slice::Iter<'a, Value<'a>>),
    /// The items of a sequence.
    Node(document::Items<'a>),
}

impl<'a> Iterator for ItemsIter<'a> {
    type Item = Value<'a>;

    #[inline]
    fn next(&mut self) -> Option<Value<'a>> {
        match self {
            ItemsIter::Owned(items) => items.next().copied(),
            ItemsIter::Node(items) => items.next().map(Value::Node),
        }
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        match self {
            ItemsIter::Owned(items) => items.size_hint(),
            ItemsIter::Node(items) => items.size_hint(),
        }
    }
}

impl ExactSizeIterator for ItemsIter<'_> {}

fn plain_node(node: NodeRef<'_>) -> Value<'_> {
    match node.kind() {
        Kind::Null => Value::Null,
        Kind::Bool => Value::Bool(node.as_bool().unwrap_or_default()),
        Kind::Int => Value::Int(node.as_i64().unwrap_or_default()),
        Kind::Uint => Value::Uint(node.as_u64().unwrap_or_default()),
        Kind::Float => Value::Double(node.as_f64().unwrap_or_default()),
        Kind::String => Value::String(node.as_str().unwrap_or_default()),
        Kind::Sequence | Kind::Mapping => Value::Node(node),
    }
}

fn type_of_node(node: NodeRef<'_>) -> Type {
    match node.kind() {
        Kind::Null => Type::Null,
        Kind::Bool => Type::Bool,
        Kind::Int => Type::Int,
        Kind::Uint => Type::Uint,
        Kind::Float => Type::Double,
        Kind::String => Type::String,
        Kind::Sequence => Type::List,
        Kind::Mapping => Type::Map,
    }
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        display::debug(*self, f)
    }
}

impl From<bool> for Value<'_> {
    fn from(value: bool) -> Self {
        Value::Bool(value)
    }
}

impl From<i64> for Value<'_> {
    fn from(value: i64) -> Self {
        Value::Int(value)
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(value: &'a str) -> Self {
        Value::String(value)
    }
}

impl<'a> From<NodeRef<'a>> for Value<'a> {
    fn from(node: NodeRef<'a>) -> Self {
        Value::Node(node)
    }
}
