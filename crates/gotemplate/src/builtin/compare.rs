//! `eq`, `lt` and their relatives.

use std::borrow::Cow;
use std::rc::Rc;

use crate::error::Failure;
use crate::format;
use crate::value::{Data, Value};

/// Kinds of values that compare with each other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Basic {
    Bool,
    Complex,
    Int,
    Float,
    String,
    Uint,
}

/// The number that a value of a named type is; any other value as it is.
fn plain(value: &Value) -> Cow<'_, Value> {
    if let Data::Host(host) = value.data()
        && let Some(inner) = host.underlying()
        && matches!(
            inner.data(),
            Data::Int(..) | Data::Uint(..) | Data::Float(_)
        )
    {
        return Cow::Owned(inner);
    }
    Cow::Borrowed(value)
}

fn basic(value: &Value) -> Option<Basic> {
    Some(match plain(value).data() {
        Data::Bool(_) => Basic::Bool,
        Data::Complex(..) => Basic::Complex,
        Data::Int(..) => Basic::Int,
        Data::Uint(..) => Basic::Uint,
        Data::Float(_) => Basic::Float,
        Data::String(_) => Basic::String,
        _ => return None,
    })
}

/// Whether the first one equals any of the others.
#[expect(clippy::float_cmp, reason = "as Go compares them")]
pub(super) fn equal(first: &Value, rest: &[Value]) -> Result<bool, Failure> {
    if rest.is_empty() {
        return Err(Failure::new("missing argument for comparison"));
    }
    for other in rest {
        let (left, right) = (plain(first), plain(other));
        let is_equal = match (left.data(), right.data()) {
            (Data::Int(left, _), Data::Uint(right, _)) => u64::try_from(*left) == Ok(*right),
            (Data::Uint(left, _), Data::Int(right, _)) => Ok(*left) == u64::try_from(*right),
            (Data::Bool(left), Data::Bool(right)) => left == right,
            (Data::Complex(a, b), Data::Complex(c, d)) => a == c && b == d,
            (Data::Float(left), Data::Float(right)) => left == right,
            (Data::Int(left, _), Data::Int(right, _)) => left == right,
            (Data::Uint(left, _), Data::Uint(right, _)) => left == right,
            (Data::String(left), Data::String(right)) => left == right,
            _ if basic(first) != basic(other) => {
                if !first.is_nil() && !other.is_nil() {
                    return Err(incompatible(first, other));
                }
                false
            }
            _ => same(first, other)?,
        };
        if is_equal {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Values that are not basic: nil, or something that Go can compare only in part.
fn same(left: &Value, right: &Value) -> Result<bool, Failure> {
    if left.is_nil() || right.is_nil() {
        return Ok(left.is_nil() == right.is_nil());
    }
    let shown = |value: &Value| format::with_verb(value, 's');
    let kind = |value: &Value| match value.data() {
        Data::Bytes(_) | Data::List(_) => 0,
        Data::Map(_) => 1,
        Data::Function(_) => 2,
        _ => 3,
    };
    if kind(left) != kind(right) {
        let (left_type, right_type) = (left.type_name(), right.type_name());
        let plain = format::with_verb(right, 'v');
        let left = shown(left);
        return Err(Failure::new(format!(
            "non-comparable types {left}: {left_type}, {right_type}: {plain}"
        )));
    }
    match (left.data(), right.data()) {
        (Data::Host(left), Data::Host(right)) => Ok(Rc::ptr_eq(left, right)),
        _ => Err(Failure::new(format!(
            "non-comparable type {}: {}",
            shown(right),
            right.type_name()
        ))),
    }
}

fn incompatible(left: &Value, right: &Value) -> Failure {
    Failure::new(format!(
        "incompatible types for comparison: {} and {}",
        left.type_name(),
        right.type_name()
    ))
}

/// Whether the first one is less.
pub(super) fn less(left: &Value, right: &Value) -> Result<bool, Failure> {
    let invalid = || Failure::new("invalid type for comparison");
    let (Some(left_kind), Some(right_kind)) = (basic(left), basic(right)) else {
        return Err(invalid());
    };
    match (plain(left).data(), plain(right).data()) {
        (Data::Int(left, _), Data::Uint(right, _)) => {
            Ok(u64::try_from(*left).is_ok_and(|left| left < *right) || *left < 0)
        }
        (Data::Uint(left, _), Data::Int(right, _)) => {
            Ok(u64::try_from(*right).is_ok_and(|right| *left < right))
        }
        (Data::Float(left), Data::Float(right)) => Ok(left < right),
        (Data::Int(left, _), Data::Int(right, _)) => Ok(left < right),
        (Data::Uint(left, _), Data::Uint(right, _)) => Ok(left < right),
        (Data::String(left), Data::String(right)) => Ok(left < right),
        _ if left_kind != right_kind => Err(incompatible(left, right)),
        _ => Err(invalid()),
    }
}

/// Whether the first one is less, or equal.
pub(super) fn less_or_equal(left: &Value, right: &Value) -> Result<bool, Failure> {
    Ok(less(left, right)? || equal(left, std::slice::from_ref(right))?)
}
