//! YAML and JSON out: for texts inside of values, and for people.

use document::{Document, Kind, NodeRef};

use crate::hash::write_json;
use crate::tree::{Node, Value};

/// The YAML of all the objects of a document, keys sorted, as `kustomize build` prints them.
pub fn to_yaml(document: &Document) -> String {
    let mut out = String::new();
    for (index, root) in document.roots().enumerate() {
        if index > 0 {
            out.push_str("---\n");
        }
        write(&Tree::of(root), 0, &mut out);
    }
    out
}

/// What both kinds of nodes are printed from.
enum Tree {
    Plain(String),
    Text(String),
    List(Vec<Tree>),
    Map(Vec<(String, Tree)>),
}

impl Tree {
    fn of(node: NodeRef<'_>) -> Tree {
        match node.kind() {
            Kind::Null => Tree::Plain("null".to_owned()),
            Kind::Bool => Tree::Plain((node.as_bool() == Some(true)).to_string()),
            Kind::Int => Tree::Plain(node.as_i64().unwrap_or_default().to_string()),
            Kind::Uint => Tree::Plain(node.as_u64().unwrap_or_default().to_string()),
            Kind::Float => Tree::Plain(float(node.as_f64().unwrap_or_default())),
            Kind::String => Tree::Text(node.as_str().unwrap_or_default().to_owned()),
            Kind::Sequence => Tree::List(node.items().map(Tree::of).collect()),
            Kind::Mapping => {
                let entries = node.entries();
                let pair = entries.map(|entry| (entry.name().to_owned(), Tree::of(entry.value)));
                let mut entries: Vec<_> = pair.collect();
                entries.sort_by(|a, b| a.0.cmp(&b.0));
                Tree::Map(entries)
            }
        }
    }

    fn of_node(node: &Node) -> Tree {
        match &node.value {
            Value::Null(_) => Tree::Plain("null".to_owned()),
            Value::Str(text) => Tree::Text(text.to_string()),
            Value::List(items) => Tree::List(items.iter().map(Tree::of_node).collect()),
            Value::Map(entries) => Tree::Map(
                entries
                    .iter()
                    .map(|entry| (entry.key.to_string(), Tree::of_node(&entry.value)))
                    .collect(),
            ),
            _ => Tree::Plain(node.scalar_text().unwrap_or_default().to_owned()),
        }
    }
}

fn float(value: f64) -> String {
    if value.is_nan() {
        ".nan".to_owned()
    } else if value.is_infinite() {
        if value > 0.0 { ".inf" } else { "-.inf" }.to_owned()
    } else {
        let text = format!("{value:?}");
        // `1e30` is no float in YAML 1.1 without a dot.
        match text.split_once('e') {
            Some((head, tail)) if !head.contains('.') => format!("{head}.0e{tail}"),
            _ => text,
        }
    }
}

/// The YAML of one value, its keys in their order.
pub(crate) fn yaml(node: &Node) -> String {
    let mut out = String::new();
    write(&Tree::of_node(node), 0, &mut out);
    out
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

/// Writes a value that stands at the beginning of a line of its own, or behind `- `.
fn write(tree: &Tree, level: usize, out: &mut String) {
    match tree {
        Tree::Map(entries) if !entries.is_empty() => {
            for (index, (key, value)) in entries.iter().enumerate() {
                if index > 0 {
                    out.push_str(&"  ".repeat(level));
                }
                write_text(key, level, true, out);
                out.push(':');
                write_value(value, level, out);
            }
        }
        Tree::List(items) if !items.is_empty() => {
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push_str(&"  ".repeat(level));
                }
                out.push_str("- ");
                write(item, level + 1, out);
            }
        }
        _ => {
            write_leaf(tree, level, out);
            out.push('\n');
        }
    }
}

fn write_value(value: &Tree, level: usize, out: &mut String) {
    match value {
        Tree::Map(entries) if !entries.is_empty() => {
            out.push('\n');
            out.push_str(&"  ".repeat(level + 1));
            write(value, level + 1, out);
        }
        Tree::List(items) if !items.is_empty() => {
            out.push('\n');
            out.push_str(&"  ".repeat(level));
            write(value, level, out);
        }
        _ => {
            out.push(' ');
            write_leaf(value, level, out);
            out.push('\n');
        }
    }
}

fn write_leaf(tree: &Tree, level: usize, out: &mut String) {
    match tree {
        Tree::Plain(text) => out.push_str(text),
        Tree::Text(text) => write_text(text, level, false, out),
        Tree::List(_) => out.push_str("[]"),
        Tree::Map(_) => out.push_str("{}"),
    }
}

fn write_text(text: &str, level: usize, is_key: bool, out: &mut String) {
    let is_block = !is_key && text.contains('\n') && is_blockable(text);
    if is_block {
        let chomp = match (text.ends_with('\n'), text.ends_with("\n\n")) {
            (_, true) => "+",
            (true, false) => "",
            (false, _) => "-",
        };
        let hint = if text.starts_with([' ', '\n']) {
            "2"
        } else {
            ""
        };
        out.push_str(&format!("|{hint}{chomp}"));
        let indent = "  ".repeat(level + 1);
        for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
            out.push('\n');
            if !line.is_empty() {
                out.push_str(&indent);
                out.push_str(line);
            }
        }
    } else if is_plain(text) {
        out.push_str(text);
    } else {
        let mut quoted = String::new();
        let at = crate::origin::Origins::nowhere();
        write_json(&Node::text(text, at), &mut quoted);
        out.push_str(&quoted);
    }
}

/// Whether a literal block carries the text unchanged.
fn is_blockable(text: &str) -> bool {
    let is_odd = |c: char| {
        (c.is_control() && c != '\n' && c != '\t')
            || matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{FEFF}')
    };
    !text.contains(is_odd)
        && !text.trim_matches('\n').is_empty()
        && !text.starts_with('\t')
        && text
            .trim_end_matches('\n')
            .lines()
            .all(|line| !line.starts_with('\t') || !line.trim().is_empty())
}

/// Whether a text needs no quotes: conservative, what is in doubt is quoted.
fn is_plain(text: &str) -> bool {
    let starts_well = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '_');
    let is_word = matches!(
        text.to_ascii_lowercase().as_str(),
        "y" | "n" | "yes" | "no" | "on" | "off" | "true" | "false" | "null"
    );
    let is_safe = |c: char| c.is_ascii_alphanumeric() || "-_./ ".contains(c);
    starts_well && !is_word && text.chars().all(is_safe) && !text.ends_with(' ')
}
