//! Equality and order: structural, across number types, through nodes.

use std::cmp::Ordering;

use document::{Kind, NodeRef};

use crate::error::{ErrorKind, Fault};
use crate::frame::Frame;
use crate::types::Type;
use crate::value::{Items, MapValue, Value};

/// Whether two values are equal; values of different types are not (numbers compare by value).
pub(crate) fn equal<'a>(
    frame: &mut Frame<'a>,
    left: Value<'a>,
    right: Value<'a>,
) -> Result<bool, Fault> {
    equal_within(frame, left, right, MAX_DEPTH)
}

/// How deep values are compared. Documents and expressions are nested less.
const MAX_DEPTH: u32 = 512;

fn equal_within<'a>(
    frame: &mut Frame<'a>,
    left: Value<'a>,
    right: Value<'a>,
    depth: u32,
) -> Result<bool, Fault> {
    let (left, right) = (left.plain(), right.plain());
    if let Some(order) = number_order(left, right) {
        return Ok(order == Some(Ordering::Equal));
    }
    Ok(match (left, right) {
        (Value::Bool(left), Value::Bool(right)) => left == right,
        (Value::String(left), Value::String(right)) => same_text(left, right),
        (Value::Bytes(left), Value::Bytes(right)) => left == right,
        (Value::Type(left), Value::Type(right)) => left == right,
        (Value::Timestamp(left), Value::Timestamp(right)) => left == right,
        (Value::Duration(left), Value::Duration(right)) => left == right,
        (Value::Extension(left), Value::Extension(right)) => left.equals(right),
        (Value::Host(left), Value::Host(right)) => same_host(left.node(), right.node()),
        (Value::Null, Value::Null) | (Value::Optional(None), Value::Optional(None)) => true,
        (Value::Optional(Some(left)), Value::Optional(Some(right))) => {
            return equal_within(frame, *left, *right, deeper(depth)?);
        }
        _ => return containers_equal(frame, left, right, depth),
    })
}

/// Host objects are equal when they stand for the same node.
fn same_host(left: Option<NodeRef<'_>>, right: Option<NodeRef<'_>>) -> bool {
    matches!((left, right), (Some(left), Some(right))
        if std::ptr::eq(left.document(), right.document()) && left.id() == right.id())
}

fn deeper(depth: u32) -> Result<u32, Fault> {
    depth
        .checked_sub(1)
        .ok_or(Fault::Failed(ErrorKind::CostExceeded))
}

fn containers_equal<'a>(
    frame: &mut Frame<'a>,
    left: Value<'a>,
    right: Value<'a>,
    depth: u32,
) -> Result<bool, Fault> {
    match (left.items(), right.items()) {
        (Some(left), Some(right)) => lists_equal(frame, left, right, deeper(depth)?),
        (None, None) => match (AnyMap::of(left), AnyMap::of(right)) {
            (Some(left), Some(right)) => maps_equal(frame, left, right, deeper(depth)?),
            _ => Ok(false),
        },
        _ => Ok(false),
    }
}

fn lists_equal<'a>(
    frame: &mut Frame<'a>,
    left: Items<'a>,
    right: Items<'a>,
    depth: u32,
) -> Result<bool, Fault> {
    if left.len() != right.len() {
        return Ok(false);
    }
    for (left, right) in left.iter().zip(right.iter()) {
        frame.charge(1)?;
        if !equal_within(frame, left, right, depth)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn maps_equal<'a>(
    frame: &mut Frame<'a>,
    left: AnyMap<'a>,
    right: AnyMap<'a>,
    depth: u32,
) -> Result<bool, Fault> {
    if left.len() != right.len() {
        return Ok(false);
    }
    for (key, value) in left.entries(frame)? {
        frame.charge(1)?;
        match right.find(frame, *key)? {
            Some(other) if equal_within(frame, *value, other, depth)? => {}
            _ => return Ok(false),
        }
    }
    Ok(true)
}

/// A map made by the expression, or a mapping of a document.
#[derive(Clone, Copy)]
pub(crate) enum AnyMap<'a> {
    Owned(&'a MapValue<'a>),
    Node(NodeRef<'a>),
}

impl<'a> AnyMap<'a> {
    /// The map that a value is; a host object is the mapping that it stands for.
    pub(crate) fn of(value: Value<'a>) -> Option<Self> {
        match value {
            Value::Map(map) => Some(AnyMap::Owned(map)),
            Value::Node(node) if node.kind() == Kind::Mapping => Some(AnyMap::Node(node)),
            Value::Host(host) => host
                .node()
                .filter(|node| node.kind() == Kind::Mapping)
                .map(AnyMap::Node),
            _ => None,
        }
    }

    /// Number of entries.
    pub(crate) fn len(self) -> usize {
        match self {
            AnyMap::Owned(map) => map.entries.len(),
            AnyMap::Node(node) => node.len(),
        }
    }

    /// The entries: of a document in the order of its text.
    pub(crate) fn entries(
        self,
        frame: &mut Frame<'a>,
    ) -> Result<&'a [(Value<'a>, Value<'a>)], Fault> {
        Ok(match self {
            AnyMap::Owned(map) => map.entries,
            AnyMap::Node(node) => {
                let entries = node.entries();
                frame.charge(entries.len())?;
                let pairs =
                    entries.map(|entry| (Value::String(entry.name()), Value::Node(entry.value)));
                bumpalo::collections::Vec::from_iter_in(pairs, frame.arena).into_bump_slice()
            }
        })
    }

    /// The value under a key. A field of a document that is `null` is absent, as for the API server.
    pub(crate) fn find(
        self,
        frame: &mut Frame<'a>,
        key: Value<'a>,
    ) -> Result<Option<Value<'a>>, Fault> {
        match self {
            AnyMap::Node(node) => {
                frame.charge(node.written_entries().len() / 64)?;
                Ok(key
                    .as_str()
                    .and_then(|key| node.get_str(key))
                    .filter(|value| !value.is_null())
                    .map(Value::Node))
            }
            AnyMap::Owned(map) => {
                frame.charge(map.entries.len() / 8)?;
                for (candidate, value) in map.entries {
                    if equal(frame, *candidate, key)? {
                        return Ok(Some(*value));
                    }
                }
                Ok(None)
            }
        }
    }
}

/// The order of two values; only values of the same ordered type, and numbers, have one.
pub(crate) fn order<'a>(left: Value<'a>, right: Value<'a>) -> Result<Option<Ordering>, Fault> {
    let (left, right) = (left.plain(), right.plain());
    if let Some(order) = number_order(left, right) {
        return Ok(order);
    }
    Ok(Some(match (left, right) {
        (Value::Bool(left), Value::Bool(right)) => left.cmp(&right),
        (Value::String(left), Value::String(right)) => left.cmp(right),
        (Value::Bytes(left), Value::Bytes(right)) => left.cmp(right),
        (Value::Timestamp(left), Value::Timestamp(right)) => left.cmp(&right),
        (Value::Duration(left), Value::Duration(right)) => left.cmp(&right),
        _ => return Err(Fault::Overload),
    }))
}

/// The order of two numbers, exact across types; `Some(None)` when one is not a number (NaN).
#[expect(
    clippy::option_option,
    reason = "no numbers, and numbers without order, are different"
)]
fn number_order(left: Value<'_>, right: Value<'_>) -> Option<Option<Ordering>> {
    Some(match (left, right) {
        (Value::Int(left), Value::Int(right)) => Some(left.cmp(&right)),
        (Value::Uint(left), Value::Uint(right)) => Some(left.cmp(&right)),
        (Value::Double(left), Value::Double(right)) => left.partial_cmp(&right),
        (Value::Int(left), Value::Uint(right)) => Some(i128::from(left).cmp(&i128::from(right))),
        (Value::Uint(left), Value::Int(right)) => Some(i128::from(left).cmp(&i128::from(right))),
        (Value::Int(left), Value::Double(right)) => integer_order(i128::from(left), right),
        (Value::Uint(left), Value::Double(right)) => integer_order(i128::from(left), right),
        (Value::Double(left), Value::Int(right)) => {
            integer_order(i128::from(right), left).map(Ordering::reverse)
        }
        (Value::Double(left), Value::Uint(right)) => {
            integer_order(i128::from(right), left).map(Ordering::reverse)
        }
        _ => return None,
    })
}

/// The order of an integer and a floating point number, without rounding the integer.
fn integer_order(integer: i128, double: f64) -> Option<Ordering> {
    if double.is_nan() {
        return None;
    }
    // Casts saturate, and every integer here is far from the ends of i128.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "truncation is wanted: the fraction follows"
    )]
    let whole = double.trunc() as i128;
    let fraction = double.fract();
    Some(
        integer
            .cmp(&whole)
            .then_with(|| 0.0_f64.partial_cmp(&fraction).unwrap_or(Ordering::Equal)),
    )
}

/// Whether two texts are equal. Empty ones are not handed to `memcmp`: their addresses need not exist,
/// and on some processors loads from there take a hundred nanoseconds, even when nothing is read.
#[inline]
pub(crate) fn same_text(left: &str, right: &str) -> bool {
    left.len() == right.len() && (left.is_empty() || left == right)
}

/// Whether a list has an item, or a map a key.
pub(crate) fn contains<'a>(
    frame: &mut Frame<'a>,
    container: Value<'a>,
    wanted: Value<'a>,
) -> Result<bool, Fault> {
    if let Some(items) = container.items() {
        for item in items.iter() {
            frame.charge(1)?;
            if equal(frame, item, wanted)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    match AnyMap::of(container) {
        Some(map) => Ok(map.find(frame, wanted)?.is_some()),
        None => Err(Fault::Overload),
    }
}

/// Whether a value can be a key of a map.
pub(crate) fn can_be_key(value: Value<'_>) -> bool {
    matches!(
        value.type_of(),
        Type::Bool | Type::Int | Type::Uint | Type::String
    )
}
