//! Values as text in messages.

use document::Kind;
use expr::Value;
use model::redact::{REDACTED, is_secret_value};

/// Longest list that is written out.
const ITEMS: usize = 5;

/// A value as people read it. What looks like a credential is hidden.
pub(crate) fn text_of(value: Value<'_>) -> String {
    match value {
        Value::Error(_) | Value::Unknown(_) => "?".to_owned(),
        Value::Optional(None) => String::new(),
        Value::Optional(Some(inner)) => text_of(*inner),
        Value::Map(map) => format!("{} entries", map.entries.len()),
        Value::Node(node) if node.kind() == Kind::Mapping => format!("{} entries", node.len()),
        other => match other.items() {
            Some(items) => list_text(items),
            None => scalar_text(other),
        },
    }
}

fn list_text(items: expr::Items<'_>) -> String {
    let mut texts: Vec<String> = items.iter().take(ITEMS).map(text_of).collect();
    if items.len() > ITEMS {
        texts.push(format!("and {} more", items.len() - ITEMS));
    }
    texts.join(", ")
}

fn scalar_text(value: Value<'_>) -> String {
    match value.plain() {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Uint(value) => value.to_string(),
        Value::Double(value) => value.to_string(),
        Value::String(text) if is_secret_value(text) => REDACTED.to_owned(),
        Value::String(text) => text.to_owned(),
        other => format!("{other:?}"),
    }
}
