//! A node as JSON text: the values of fixes.

use document::{Kind, NodeRef};

/// The node as compact JSON, mappings in the order of the text.
pub(crate) fn to_json(node: NodeRef<'_>) -> String {
    let mut out = String::new();
    write(node, &mut out);
    out
}

fn write(node: NodeRef<'_>, out: &mut String) {
    match node.kind() {
        Kind::Null => out.push_str("null"),
        Kind::Bool => out.push_str(if node.as_bool() == Some(true) {
            "true"
        } else {
            "false"
        }),
        Kind::Int => out.extend(node.as_i64().map(|value| value.to_string())),
        Kind::Uint => out.extend(node.as_u64().map(|value| value.to_string())),
        Kind::Float => out.extend(node.as_f64().map(|value| value.to_string())),
        Kind::String => write_text(node.as_str().unwrap_or(""), out),
        Kind::Sequence => {
            out.push('[');
            for (position, item) in node.items().enumerate() {
                separate(position, out);
                write(item, out);
            }
            out.push(']');
        }
        Kind::Mapping => {
            out.push('{');
            for (position, entry) in node.entries().enumerate() {
                separate(position, out);
                write_text(entry.name(), out);
                out.push(':');
                write(entry.value, out);
            }
            out.push('}');
        }
    }
}

fn separate(position: usize, out: &mut String) {
    if position > 0 {
        out.push(',');
    }
}

fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            control if control < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(control))),
            plain => out.push(plain),
        }
    }
    out.push('"');
}
