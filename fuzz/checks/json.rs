//! What must hold for any bytes read as JSON: they are taken where `serde_json` takes them, with the same values.

use std::sync::Arc;

use document::{Keys, Kind, Limits, NodeRef, Source, decode, parse_json};
use serde_json::{Number, Value};

/// Panics where it does not hold.
pub(crate) fn check(data: &[u8]) {
    let Ok(text) = decode(data.to_vec()) else {
        return;
    };
    let limits = Limits {
        depth: 100,
        ..Limits::default()
    };
    let keys = Arc::new(Keys::new(["a"]));
    let expected = serde_json::from_str::<Value>(text.trim_start_matches('\u{FEFF}')).ok();
    let begins_twice = text.starts_with("\u{FEFF}\u{FEFF}");
    let parsed = parse_json(Source::new("fuzz", text), &keys, &limits);
    if begins_twice
        || parsed
            .errors
            .iter()
            .any(|error| error.kind.as_str() == "depth")
    {
        return;
    }
    assert!(parsed.document.roots().len() > 0 || !parsed.errors.is_empty());
    // A stream of values is ours alone.
    let is_one = parsed.document.roots().len() == 1 && parsed.errors.is_empty();
    let read = parsed.document.roots().next().filter(|_| is_one).map(value);
    match (&read, &expected) {
        (Some(read), Some(expected)) => assert!(same(read, expected), "{read:?} for {expected:?}"),
        _ => assert_eq!(read, expected),
    }
}

fn value(node: NodeRef<'_>) -> Value {
    match node.kind() {
        Kind::Null => Value::Null,
        Kind::Bool => node.as_bool().into(),
        Kind::Int => node.as_i64().into(),
        Kind::Uint => node.as_u64().into(),
        Kind::Float => node
            .as_f64()
            .and_then(Number::from_f64)
            .map_or(Value::Null, Value::Number),
        Kind::String => node.as_str().into(),
        Kind::Sequence => node.items().map(value).collect(),
        Kind::Mapping => {
            let entries = node
                .entries()
                .map(|entry| (entry.name().to_owned(), value(entry.value)));
            Value::Object(entries.collect())
        }
    }
}

/// Equal, where numbers are as precise as `serde_json` reads them.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => {
            let (exact, read) = (one.as_f64().unwrap_or(0.0), other.as_f64().unwrap_or(0.0));
            one == other || (exact - read).abs() <= exact.abs() * 1e-15 + f64::MIN_POSITIVE
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .all(|(key, value)| other.get(key).is_some_and(|other| same(value, other)))
        }
        _ => one == other,
    }
}
