//! Values as text, for debugging and tests: close to how CEL would write them.

use std::fmt;

use document::{Kind, NodeRef};

use crate::value::Value;

/// Writes a value.
pub(crate) fn debug(value: Value<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match value {
        Value::Null => f.write_str("null"),
        Value::Bool(value) => write!(f, "{value}"),
        Value::Int(value) => write!(f, "{value}"),
        Value::Uint(value) => write!(f, "{value}u"),
        Value::Double(value) => write!(f, "{value:?}"),
        Value::String(value) => write!(f, "{value:?}"),
        Value::Bytes(value) => write!(f, "b\"{}\"", value.escape_ascii()),
        Value::List(items) => f.debug_list().entries(items).finish(),
        Value::Map(map) => f.debug_map().entries(map.entries.iter().copied()).finish(),
        Value::Node(node) => debug_node(node, f),
        Value::Host(host) => f.write_str(host.type_name()),
        Value::Optional(None) => f.write_str("optional.none()"),
        Value::Optional(Some(value)) => write!(f, "optional.of({value:?})"),
        Value::Type(value) => f.write_str(value.name()),
        Value::Timestamp(value) => write!(f, "timestamp({value})"),
        Value::Duration(value) => write!(f, "duration({value})"),
        Value::Extension(value) => write!(f, "{value:?}"),
        Value::Unknown(unknown) => write!(f, "unknown({})", unknown.reason),
        Value::Error(error) => write!(f, "error({:?}: {error})", error.kind),
    }
}

fn debug_node(node: NodeRef<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match node.kind() {
        Kind::Sequence => f
            .debug_list()
            .entries(node.items().map(Value::Node))
            .finish(),
        Kind::Mapping => {
            let entries = node.entries();
            f.debug_map()
                .entries(entries.map(|entry| (entry.name(), Value::Node(entry.value))))
                .finish()
        }
        _ => debug(Value::Node(node).plain(), f),
    }
}
