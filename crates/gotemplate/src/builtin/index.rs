//! `index`, `slice` and `len`.

use crate::error::Failure;
use crate::value::{Data, List, Map, UintType, Value, zero};

/// `index x 1 2 3` is `x[1][2][3]`.
pub(super) fn index(item: &Value, indexes: &[Value]) -> Result<Value, Failure> {
    if item.is_nil() {
        return Err(Failure::new("index of untyped nil"));
    }
    let mut current = item.clone();
    for index in indexes {
        if current.is_nil() {
            return Err(Failure::new("index of nil pointer"));
        }
        let found = element(&current, index)?;
        current = if found.origin().is_none() {
            found.with_origin(current.origin())
        } else {
            found
        };
    }
    Ok(current)
}

fn element(item: &Value, index: &Value) -> Result<Value, Failure> {
    match item.data() {
        Data::String(text) => byte(text.as_bytes(), index, "string"),
        Data::Bytes(bytes) => byte(bytes, index, "slice"),
        Data::List(list) => {
            let at = position(index, list.len())?;
            list.element(at)
                .ok_or_else(|| Failure::new("reflect: slice index out of range"))
        }
        Data::Map(map) => by_key(map, index),
        Data::Host(host) => match host.underlying() {
            Some(inner) => element(&inner, index),
            None => Err(Failure::new(format!(
                "can't index item of type {}",
                item.pointed_type_name()
            ))),
        },
        _ => Err(Failure::new(format!(
            "can't index item of type {}",
            item.pointed_type_name()
        ))),
    }
}

fn by_key(map: &Map, index: &Value) -> Result<Value, Failure> {
    match index.data() {
        Data::String(key) => Ok(map
            .element(key)
            .unwrap_or_else(|| zero(map.shape().element))),
        Data::Missing | Data::Nil => Err(Failure::new("value is nil; should be of type string")),
        _ => Err(Failure::new(format!(
            "value has type {}; should be string",
            index.type_name()
        ))),
    }
}

fn byte(bytes: &[u8], index: &Value, kind: &str) -> Result<Value, Failure> {
    let at = position(index, bytes.len())?;
    let byte = bytes
        .get(at)
        .ok_or_else(|| Failure::new(format!("reflect: {kind} index out of range")))?;
    Ok(Value::uint_of(u64::from(*byte), UintType::Uint8))
}

/// An index; the length itself passes, because it can end a slice.
fn position(index: &Value, length: usize) -> Result<usize, Failure> {
    let number = match index.data() {
        Data::Int(number, _) => *number,
        Data::Uint(number, _) => number.cast_signed(),
        Data::Missing | Data::Nil => return Err(Failure::new("cannot index slice/array with nil")),
        _ => {
            return Err(Failure::new(format!(
                "cannot index slice/array with type {}",
                index.type_name()
            )));
        }
    };
    usize::try_from(number)
        .ok()
        .filter(|position| *position <= length)
        .ok_or_else(|| Failure::new(format!("index out of range: {number}")))
}

/// `slice x 1 2` is `x[1:2]`.
pub(super) fn slice(item: &Value, indexes: &[Value]) -> Result<Value, Failure> {
    if item.is_nil() {
        return Err(Failure::new("slice of untyped nil"));
    }
    if indexes.len() > 3 {
        return Err(Failure::new(format!(
            "too many slice indexes: {}",
            indexes.len()
        )));
    }
    if let Data::Host(host) = item.data()
        && let Some(inner) = host.underlying()
    {
        return slice(&inner.with_origin(item.origin()), indexes);
    }
    let length = match item.data() {
        Data::String(_) if indexes.len() == 3 => {
            return Err(Failure::new("cannot 3-index slice a string"));
        }
        Data::String(text) => text.len(),
        Data::Bytes(bytes) => bytes.len(),
        Data::List(list) => list.len(),
        _ => {
            return Err(Failure::new(format!(
                "can't slice item of type {}",
                item.pointed_type_name()
            )));
        }
    };
    let mut bounds = [0, length, length];
    for (bound, index) in bounds.iter_mut().zip(indexes) {
        if index.is_boxed() {
            return Err(Failure::new(
                "cannot index slice/array with type interface {}",
            ));
        }
        *bound = position(index, length)?;
    }
    for (low, high) in [(bounds[0], bounds[1]), (bounds[1], bounds[2])] {
        if low > high {
            return Err(Failure::new(format!("invalid slice index: {low} > {high}")));
        }
    }
    let range = bounds[0]..bounds[1];
    let sliced = match item.data() {
        Data::String(text) => Value::from(&*String::from_utf8_lossy(&text.as_bytes()[range])),
        Data::Bytes(bytes) => Value::new(Data::Bytes(bytes[range].into())),
        Data::List(list) => Value::from(List::of(list.shape(), list.items()[range].to_vec())),
        _ => Value::nil(),
    };
    Ok(sliced.with_origin(item.origin()))
}

/// Number of bytes, elements or keys.
pub(super) fn length(item: &Value) -> Result<Value, Failure> {
    let length = match item.data() {
        Data::Nil => return Err(Failure::new("len of nil pointer")),
        Data::Missing => {
            return Err(Failure::new(
                "reflect: call of reflect.Value.Type on zero Value",
            ));
        }
        Data::String(text) => text.len(),
        Data::Bytes(bytes) => bytes.len(),
        Data::List(list) => list.len(),
        Data::Map(map) => map.len(),
        Data::Host(host) => match host.underlying() {
            Some(inner) => return length(&inner),
            None => {
                return Err(Failure::new(format!(
                    "len of type {}",
                    item.pointed_type_name()
                )));
            }
        },
        _ => {
            return Err(Failure::new(format!(
                "len of type {}",
                item.pointed_type_name()
            )));
        }
    };
    Ok(Value::count(length))
}
