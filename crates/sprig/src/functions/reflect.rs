//! Types, kinds and equality, as Go's reflection sees them.

use std::rc::Rc;

use gotemplate::{Data, Failure, Host, Value};

use super::{ANY, ANY_ANY, TEXT_ANY};
use crate::call::{Answer, Call, as_sequence};
use crate::entry::Entry;
use crate::kind::kind_of;

pub(super) const TABLE: &[Entry] = &[
    Entry::new("typeOf", ANY, type_of),
    Entry::new("typeIs", TEXT_ANY, type_is),
    Entry::new("typeIsLike", TEXT_ANY, type_is_like),
    Entry::new("kindOf", ANY, |call| {
        Ok(Value::from(kind_of(&call.arguments[0])))
    }),
    Entry::new("kindIs", TEXT_ANY, kind_is),
    Entry::new("deepEqual", ANY_ANY, deep_equal),
];

fn type_of(call: &mut Call<'_>) -> Answer {
    Ok(Value::from(call.arguments[0].type_name()))
}

fn type_is(call: &mut Call<'_>) -> Answer {
    Ok(Value::from(*call.text(0) == *call.arguments[1].type_name()))
}

fn type_is_like(call: &mut Call<'_>) -> Answer {
    let (target, found) = (call.text(0), call.arguments[1].type_name());
    let pointed = found.strip_prefix('*').unwrap_or(&found);
    Ok(Value::from(*target == *found || *target == *pointed))
}

fn kind_is(call: &mut Call<'_>) -> Answer {
    Ok(Value::from(*call.text(0) == *kind_of(&call.arguments[1])))
}

fn deep_equal(call: &mut Call<'_>) -> Answer {
    let (left, right) = (call.take(0), call.take(1));
    let origin = call.context.union(&[left.origin(), right.origin()]);
    let is_equal = is_deeply_equal(call, &left, &right)?;
    let origin = call.context.mixed(origin);
    Ok(Value::from(is_equal).with_origin(origin))
}

/// Go's `reflect.DeepEqual`: the same types and the same content, nil and empty told apart.
pub(super) fn is_deeply_equal(
    call: &mut Call<'_>,
    left: &Value,
    right: &Value,
) -> Result<bool, Failure> {
    equal(call, left, right, 0)
}

/// Lists and maps inside of each other that are compared.
const MAX_DEPTH: u32 = 200;

fn equal(call: &mut Call<'_>, left: &Value, right: &Value, depth: u32) -> Result<bool, Failure> {
    if depth > MAX_DEPTH {
        return Err(Failure::limit("values are too deeply nested"));
    }
    call.spend(1 + length(left).min(length(right)) / 64)?;
    match (left.data(), right.data()) {
        (Data::Missing | Data::Nil, Data::Missing | Data::Nil) => Ok(true),
        (Data::Bool(left), Data::Bool(right)) => Ok(left == right),
        (Data::Int(left, kind), Data::Int(right, other)) => Ok(left == right && kind == other),
        (Data::Uint(left, kind), Data::Uint(right, other)) => Ok(left == right && kind == other),
        #[expect(clippy::float_cmp, reason = "as Go compares them")]
        (Data::Float(left), Data::Float(right)) => Ok(left == right),
        (Data::String(left), Data::String(right)) => Ok(left == right),
        (Data::Bytes(left), Data::Bytes(right)) => Ok(left == right),
        (Data::List(_) | Data::Bytes(_), Data::List(_) | Data::Bytes(_)) => {
            lists(call, left, right, depth)
        }
        (Data::Map(_), Data::Map(_)) => maps(call, left, right, depth),
        (Data::Host(left), Data::Host(right)) => hosts(call, left, right, depth),
        _ => Ok(false),
    }
}

/// Bytes of a text, all of which may have to be compared.
fn length(value: &Value) -> usize {
    value.as_str().map_or(0, str::len)
}

fn lists(call: &mut Call<'_>, left: &Value, right: &Value, depth: u32) -> Result<bool, Failure> {
    let (Some(left), Some(right)) = (as_sequence(left), as_sequence(right)) else {
        return Ok(false);
    };
    let is_alike = left.shape().name == right.shape().name
        && left.is_nil() == right.is_nil()
        && left.len() == right.len();
    if !is_alike {
        return Ok(false);
    }
    for (left, right) in left.items().iter().zip(right.items()) {
        if !equal(call, left, right, depth + 1)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn maps(call: &mut Call<'_>, left: &Value, right: &Value, depth: u32) -> Result<bool, Failure> {
    let (Some(left), Some(right)) = (left.as_map(), right.as_map()) else {
        return Ok(false);
    };
    let is_alike = left.shape().name == right.shape().name
        && left.is_nil() == right.is_nil()
        && left.len() == right.len();
    if !is_alike || left.is_same(&right) {
        return Ok(is_alike);
    }
    for (key, left) in left.entries() {
        match right.get(&key) {
            Some(right) if equal(call, &left, &right, depth + 1)? => {}
            _ => return Ok(false),
        }
    }
    Ok(true)
}

fn hosts(
    call: &mut Call<'_>,
    left: &Rc<dyn Host>,
    right: &Rc<dyn Host>,
    depth: u32,
) -> Result<bool, Failure> {
    if Rc::ptr_eq(left, right) {
        return Ok(true);
    }
    if left.type_name() != right.type_name() || left.text() != right.text() {
        return Ok(false);
    }
    match (left.underlying(), right.underlying()) {
        (Some(left), Some(right)) => return equal(call, &left, &right, depth + 1),
        (None, None) => {}
        _ => return Ok(false),
    }
    for ((_, left), (_, right)) in left.fields().iter().zip(&right.fields()) {
        if !equal(call, left, right, depth + 1)? {
            return Ok(false);
        }
    }
    Ok(true)
}
