//! Nodes as YAML text in block style: whole documents, and any other tree that can say what its nodes are.
//!
//! Every line can carry a comment, and every node can be told the line that it begins on.

use std::borrow::Cow;

use crate::document::Document;
use crate::document::node::{Kind, NodeRef};
use crate::edit::quoted;

/// A node that can be printed.
pub trait Printed<'n>: Copy {
    /// What it is.
    fn shape(self) -> Shape<'n, Self>;
}

/// What a node is, as far as printing goes.
#[derive(Debug)]
pub enum Shape<'n, N> {
    /// A scalar that is no text: it stands as it is.
    Plain(Cow<'n, str>),
    /// A text.
    Text(&'n str),
    /// Items.
    List(Vec<N>),
    /// Keys and values, in the order of printing.
    Map(Vec<(&'n str, N)>),
}

/// What is asked of whoever prints.
pub trait Notes<N> {
    /// A node begins on a line (from 1). What is returned becomes a comment at the end of that line.
    fn begins(&mut self, node: N, line: u32) -> Option<String>;
}

impl<N> Notes<N> for () {
    fn begins(&mut self, _: N, _: u32) -> Option<String> {
        None
    }
}

/// The YAML of one value.
pub fn to_yaml<'n, N: Printed<'n>>(node: N) -> String {
    let mut out = String::new();
    print(node, &mut (), &mut out);
    out
}

/// Appends the YAML of one value, which begins on the first line.
pub fn print<'n, N: Printed<'n>>(node: N, notes: &mut dyn Notes<N>, out: &mut String) {
    let mut printer = Printer {
        notes,
        out,
        line: 1,
        comment: String::new(),
    };
    printer.begins(node);
    printer.value(node.shape(), 0);
}

/// The node of a document, its keys sorted.
#[derive(Clone, Copy, Debug)]
pub struct Sorted<'a>(pub NodeRef<'a>);

impl<'a> Printed<'a> for Sorted<'a> {
    fn shape(self) -> Shape<'a, Self> {
        match self.0.shape() {
            Shape::Plain(text) => Shape::Plain(text),
            Shape::Text(text) => Shape::Text(text),
            Shape::List(items) => Shape::List(items.into_iter().map(Sorted).collect()),
            Shape::Map(entries) => {
                let mut entries: Vec<_> = entries
                    .into_iter()
                    .map(|(key, value)| (key, Sorted(value)))
                    .collect();
                entries.sort_by_key(|(key, _)| *key);
                Shape::Map(entries)
            }
        }
    }
}

impl<'a> Printed<'a> for NodeRef<'a> {
    fn shape(self) -> Shape<'a, Self> {
        match self.kind() {
            Kind::Null => Shape::Plain("null".into()),
            Kind::Bool if self.as_bool() == Some(true) => Shape::Plain("true".into()),
            Kind::Bool => Shape::Plain("false".into()),
            Kind::Int => Shape::Plain(self.as_i64().unwrap_or_default().to_string().into()),
            Kind::Uint => Shape::Plain(self.as_u64().unwrap_or_default().to_string().into()),
            Kind::Float => Shape::Plain(float(self.as_f64().unwrap_or_default()).into()),
            Kind::String => Shape::Text(self.as_str().unwrap_or_default()),
            Kind::Sequence => Shape::List(self.items().collect()),
            Kind::Mapping => Shape::Map(
                self.entries()
                    .map(|entry| (entry.name(), entry.value))
                    .collect(),
            ),
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

impl Document {
    /// For each node the line that it begins on when its root is printed with sorted keys, from 1; 0 for nodes
    /// that are not printed themselves (references).
    pub fn sorted_lines(&self) -> Vec<u32> {
        struct Lines(Vec<u32>);
        impl<'a> Notes<Sorted<'a>> for Lines {
            fn begins(&mut self, node: Sorted<'a>, line: u32) -> Option<String> {
                if let Some(own) = self.0.get_mut(node.0.id().0 as usize) {
                    *own = line;
                }
                None
            }
        }
        let mut lines = Lines(vec![0; self.nodes.len()]);
        let mut text = String::new();
        for root in self.roots() {
            text.clear();
            print(Sorted(root), &mut lines, &mut text);
        }
        lines.0
    }
}

struct Printer<'p, N> {
    notes: &'p mut dyn Notes<N>,
    out: &'p mut String,
    line: u32,
    /// Of the line that is being written.
    comment: String,
}

impl<'n, N: Printed<'n>> Printer<'_, N> {
    fn begins(&mut self, node: N) {
        let Some(comment) = self.notes.begins(node, self.line) else {
            return;
        };
        if !self.comment.is_empty() {
            self.comment.push_str(", ");
        }
        self.comment.push_str(&comment);
    }

    fn new_line(&mut self) {
        if !self.comment.is_empty() {
            self.out.push_str(" # ");
            let comment = self.comment.replace(['\n', '\r'], " ");
            self.out.push_str(&comment);
            self.comment.clear();
        }
        self.out.push('\n');
        self.line += 1;
    }

    fn indent(&mut self, level: usize) {
        for _ in 0..level {
            self.out.push_str("  ");
        }
    }

    /// A value that stands at the beginning of a line of its own, or behind `- `.
    fn value(&mut self, shape: Shape<'n, N>, level: usize) {
        match shape {
            Shape::Map(entries) if !entries.is_empty() => {
                for (index, (key, value)) in entries.into_iter().enumerate() {
                    if index > 0 {
                        self.indent(level);
                    }
                    self.scalar(key);
                    self.out.push(':');
                    self.begins(value);
                    self.below_key(value.shape(), level);
                }
            }
            Shape::List(items) if !items.is_empty() => {
                for (index, item) in items.into_iter().enumerate() {
                    if index > 0 {
                        self.indent(level);
                    }
                    self.out.push_str("- ");
                    self.begins(item);
                    match item.shape() {
                        Shape::Map(entries) if !entries.is_empty() => {
                            self.value(Shape::Map(entries), level + 1);
                        }
                        Shape::List(items) if !items.is_empty() => {
                            self.value(Shape::List(items), level + 1);
                        }
                        leaf => self.leaf(&leaf, level),
                    }
                }
            }
            leaf => self.leaf(&leaf, level),
        }
    }

    fn below_key(&mut self, shape: Shape<'n, N>, level: usize) {
        let below = match &shape {
            Shape::Map(entries) if !entries.is_empty() => level + 1,
            Shape::List(items) if !items.is_empty() => level,
            leaf => {
                self.out.push(' ');
                return self.leaf(leaf, level);
            }
        };
        self.new_line();
        self.indent(below);
        self.value(shape, below);
    }

    fn leaf(&mut self, leaf: &Shape<'n, N>, level: usize) {
        match leaf {
            Shape::Plain(text) => self.out.push_str(text),
            Shape::Text(text) if text.contains('\n') && is_blockable(text) => {
                return self.block(text, level + 1);
            }
            Shape::Text(text) => self.scalar(text),
            Shape::List(_) => self.out.push_str("[]"),
            Shape::Map(_) => self.out.push_str("{}"),
        }
        self.new_line();
    }

    /// A text on one line.
    fn scalar(&mut self, text: &str) {
        if is_plain(text) {
            self.out.push_str(text);
        } else {
            self.out.push_str(&quoted(text));
        }
    }

    fn block(&mut self, text: &str, level: usize) {
        self.out.push('|');
        if text.starts_with([' ', '\n']) {
            self.out.push('2');
        }
        self.out
            .push_str(match (text.ends_with('\n'), text.ends_with("\n\n")) {
                (_, true) => "+",
                (true, false) => "",
                (false, _) => "-",
            });
        for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
            self.new_line();
            if !line.is_empty() {
                self.indent(level);
                self.out.push_str(line);
            }
        }
        self.new_line();
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
    let is_word = || {
        let words = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
        words.iter().any(|word| word.eq_ignore_ascii_case(text))
    };
    let is_safe = |c: u8| c.is_ascii_alphanumeric() || b"-_./ ".contains(&c);
    starts_well && text.bytes().all(is_safe) && !text.ends_with(' ') && !is_word()
}
