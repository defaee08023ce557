//! The suffix that a generated object's name gets: SHA-256 of its data as sorted JSON, in Kustomize's alphabet.

use sha2::{Digest, Sha256};

use crate::tree::{Node, Value};

/// The suffix of an object.
pub(crate) fn suffix(node: &Node) -> String {
    let mut json = String::new();
    let kind = node.text_at(&["kind"]).unwrap_or_default();
    match kind {
        "ConfigMap" => write_parts(node, &["binaryData?", "data", "kind", "name"], &mut json),
        "Secret" => write_parts(
            node,
            &["data", "kind", "name", "stringData?", "type"],
            &mut json,
        ),
        _ => write_json(node, &mut json),
    }
    let digest = Sha256::digest(json.as_bytes());
    let hex: String = digest
        .iter()
        .take(5)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let letter = |c| match c {
        '0' => 'g',
        '1' => 'h',
        '3' => 'k',
        'a' => 'm',
        'e' => 't',
        other => other,
    };
    hex.chars().map(letter).collect()
}

/// The parts that count, in the order of their names; one with a question mark only when it is a map.
fn write_parts(node: &Node, parts: &[&str], json: &mut String) {
    json.push('{');
    for part in parts {
        let name = part.trim_end_matches('?');
        let value = node.get(name);
        if part.ends_with('?') && !value.is_some_and(|it| matches!(it.value, Value::Map(_))) {
            continue;
        }
        if json.len() > 1 {
            json.push(',');
        }
        write_text(name, json);
        json.push(':');
        match (name, value) {
            // Kustomize looks for a field of the name `metadata/name`, and there is none.
            ("name", _) | (_, None) => json.push_str("\"\""),
            (_, Some(value)) => match value.scalar_text() {
                Some(text) => write_text(text, json),
                None => write_json(value, json),
            },
        }
    }
    json.push('}');
}

/// JSON as Go writes it: keys sorted, no spaces.
pub(crate) fn write_json(node: &Node, json: &mut String) {
    match &node.value {
        Value::Null(_) => json.push_str("null"),
        Value::Bool(value) => json.push_str(if *value { "true" } else { "false" }),
        Value::Int(value, _) => json.push_str(&value.to_string()),
        Value::Uint(value, _) => json.push_str(&value.to_string()),
        Value::Float(value, _) => json.push_str(&value.to_string()),
        Value::Str(text) => write_text(text, json),
        Value::List(items) => {
            json.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    json.push(',');
                }
                write_json(item, json);
            }
            json.push(']');
        }
        Value::Map(entries) => {
            let mut entries: Vec<_> = entries.iter().collect();
            entries.sort_by(|a, b| a.key.cmp(&b.key));
            json.push('{');
            for (index, entry) in entries.into_iter().enumerate() {
                if index > 0 {
                    json.push(',');
                }
                write_text(&entry.key, json);
                json.push(':');
                write_json(&entry.value, json);
            }
            json.push('}');
        }
    }
}

/// A string of JSON as Go writes it, which also escapes what HTML would read.
fn write_text(text: &str, json: &mut String) {
    json.push('"');
    for c in text.chars() {
        match c {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\n' => json.push_str("\\n"),
            '\r' => json.push_str("\\r"),
            '\t' => json.push_str("\\t"),
            '\u{8}' => json.push_str("\\b"),
            '\u{c}' => json.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                json.push_str(&format!("\\u{:04x}", c as u32));
            }
            c if (c as u32) < 0x20 => json.push_str(&format!("\\u{:04x}", c as u32)),
            c => json.push(c),
        }
    }
    json.push('"');
}
