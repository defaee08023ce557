//! Documents as `serde_json` values.

use document::{Kind, NodeRef};
use serde_json::{Number, Value};

pub(crate) fn value(node: NodeRef<'_>) -> Value {
    match node.kind() {
        Kind::Null => Value::Null,
        Kind::Bool => Value::Bool(node.as_bool().unwrap()),
        Kind::Int => node.as_i64().unwrap().into(),
        Kind::Uint => node.as_u64().unwrap().into(),
        Kind::Float => Number::from_f64(node.as_f64().unwrap()).map_or(Value::Null, Value::Number),
        Kind::String => node.as_str().unwrap().into(),
        Kind::Sequence => node.items().map(value).collect(),
        Kind::Mapping => {
            let entries = node
                .entries()
                .map(|entry| (entry.name().to_owned(), value(entry.value)));
            Value::Object(entries.collect())
        }
    }
}
