//! Everything that a document says, as text: two that dump alike are alike.

use std::fmt::Write as _;

use document::{Document, Kind, NodeRef, Parsed, Place};

fn value(node: NodeRef<'_>) -> String {
    match node.kind() {
        Kind::Null => "null".to_owned(),
        Kind::Bool => format!("{:?}", node.as_bool().unwrap()),
        Kind::Int => format!("{}", node.as_i64().unwrap()),
        Kind::Uint => format!("{}u", node.as_u64().unwrap()),
        Kind::Float => format!("{:?}f", node.as_f64().unwrap()),
        Kind::String => format!("{:?}", node.as_str().unwrap()),
        Kind::Sequence => "[]".to_owned(),
        Kind::Mapping => "{}".to_owned(),
    }
}

fn dump_node(node: NodeRef<'_>, label: &str, depth: usize, out: &mut String) {
    let shown = if node.is_reference() {
        "*".to_owned()
    } else {
        value(node)
    };
    writeln!(out, "{:depth$}{label}{shown} @{:?}", "", node.place().span).unwrap();
    if node.is_reference() {
        return;
    }
    for item in node.items() {
        dump_node(item, "- ", depth + 1, out);
    }
    for entry in node.written_entries() {
        let key = node.document().place(entry.key_origin);
        let label = format!("{:?}@{:?}: ", entry.name(), key.span);
        dump_node(entry.value, &label, depth + 1, out);
    }
}

/// The roots with values, keys and spans.
pub(crate) fn roots(document: &Document) -> String {
    let mut out = String::new();
    for root in document.roots() {
        dump_node(root, "", 0, &mut out);
    }
    out
}

/// The roots, the comments, and what errors there are.
pub(crate) fn all(parsed: &Parsed) -> String {
    let mut out = roots(&parsed.document);
    for Place { span, .. } in parsed.document.comments() {
        writeln!(out, "# @{span:?}").unwrap();
    }
    for error in &parsed.errors {
        writeln!(out, "! {}", error.kind.as_str()).unwrap();
    }
    out
}
