//! YAML and JSON out: for texts inside of values, and for people.

use document::Document;
use document::print::{Printed, Shape, Sorted, print};

use crate::hash::write_json;
use crate::tree::{Node, Value};

/// The YAML of all the objects of a document, keys sorted, as `kustomize build` prints them.
pub fn to_yaml(document: &Document) -> String {
    let mut out = String::new();
    for (index, root) in document.roots().enumerate() {
        if index > 0 {
            out.push_str("---\n");
        }
        print(Sorted(root), &mut (), &mut out);
    }
    out
}

impl<'n> Printed<'n> for &'n Node {
    fn shape(self) -> Shape<'n, Self> {
        match &self.value {
            Value::Null(_) => Shape::Plain("null".into()),
            Value::Str(text) => Shape::Text(text),
            Value::List(items) => Shape::List(items.iter().collect()),
            Value::Map(entries) => Shape::Map(
                entries
                    .iter()
                    .map(|entry| (&*entry.key, &entry.value))
                    .collect(),
            ),
            _ => Shape::Plain(self.scalar_text().unwrap_or_default().into()),
        }
    }
}

/// The YAML of one value, its keys in their order.
pub(crate) fn yaml(node: &Node) -> String {
    document::print::to_yaml(node)
}

/// The JSON of one value as Go prints it, with two spaces for each level where `is_pretty`.
pub(crate) fn json(node: &Node, is_pretty: bool) -> String {
    let mut out = String::new();
    if is_pretty {
        pretty(node, 0, &mut out);
    } else {
        write_json(node, &mut out);
    }
    out
}

fn pretty(node: &Node, level: usize, out: &mut String) {
    let inside = "  ".repeat(level + 1);
    let outside = "  ".repeat(level);
    match &node.value {
        Value::List(items) if !items.is_empty() => {
            out.push_str("[\n");
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index > 0 { ",\n" } else { "" });
                out.push_str(&inside);
                pretty(item, level + 1, out);
            }
            out.push_str(&format!("\n{outside}]"));
        }
        Value::Map(entries) if !entries.is_empty() => {
            let mut entries: Vec<_> = entries.iter().collect();
            entries.sort_by(|a, b| a.key.cmp(&b.key));
            out.push_str("{\n");
            for (index, entry) in entries.into_iter().enumerate() {
                out.push_str(if index > 0 { ",\n" } else { "" });
                out.push_str(&inside);
                write_json(&Node::text(&entry.key, entry.key_at), out);
                out.push_str(": ");
                pretty(&entry.value, level + 1, out);
            }
            out.push_str(&format!("\n{outside}}}"));
        }
        _ => write_json(node, out),
    }
}
