//! Values as text in messages.

use std::fmt::Write;

use document::Kind;
use expr::Value;
use model::redact::{REDACTED, is_secret_value};

/// Longest list that is written out.
const ITEMS: usize = 5;

/// Adds a value as people read it. What looks like a credential is hidden.
pub(crate) fn push_text(value: Value<'_>, text: &mut String) {
    // Writing to a string does not fail.
    match value {
        Value::Error(_) | Value::Unknown(_) => text.push('?'),
        Value::Optional(None) => {}
        Value::Optional(Some(inner)) => push_text(*inner, text),
        Value::Map(map) => {
            let _ = write!(text, "{} entries", map.entries.len());
        }
        Value::Node(node) if node.kind() == Kind::Mapping => {
            let _ = write!(text, "{} entries", node.len());
        }
        other => match other.items() {
            Some(items) => push_list(items, text),
            None => push_scalar(other, text),
        },
    }
}

fn push_list(items: expr::Items<'_>, text: &mut String) {
    for (position, item) in items.iter().take(ITEMS).enumerate() {
        if position > 0 {
            text.push_str(", ");
        }
        push_text(item, text);
    }
    if items.len() > ITEMS {
        let _ = write!(text, ", and {} more", items.len() - ITEMS);
    }
}

fn push_scalar(value: Value<'_>, text: &mut String) {
    match value.plain() {
        Value::Null => text.push_str("null"),
        Value::Bool(value) => {
            let _ = write!(text, "{value}");
        }
        Value::Int(value) => {
            let _ = write!(text, "{value}");
        }
        Value::Uint(value) => {
            let _ = write!(text, "{value}");
        }
        Value::Double(value) => {
            let _ = write!(text, "{value}");
        }
        Value::String(value) if is_secret_value(value) => text.push_str(REDACTED),
        Value::String(value) => text.push_str(value),
        other => {
            let _ = write!(text, "{other:?}");
        }
    }
}
