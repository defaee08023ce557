//! Nodes as Go writes them in errors: one space between words, the rest as it stood.

use super::{Command, Invocation, Pipe, Tree, Word, WordKind};
use crate::format::quoted;

pub(super) fn pipe(tree: &Tree, node: &Pipe, out: &mut String) {
    for (index, (_, name)) in node.variables.iter().enumerate() {
        out.push_str(if index > 0 { ", " } else { "" });
        out.push_str(name);
    }
    if !node.variables.is_empty() {
        out.push_str(if node.assigns { " = " } else { " := " });
    }
    for (index, one) in node.commands.iter().enumerate() {
        out.push_str(if index > 0 { " | " } else { "" });
        command(tree, one, out);
    }
}

pub(super) fn command(tree: &Tree, node: &Command, out: &mut String) {
    for (index, one) in node.words.iter().enumerate() {
        out.push_str(if index > 0 { " " } else { "" });
        word_in_parens(tree, one, out);
    }
}

fn word_in_parens(tree: &Tree, node: &Word, out: &mut String) {
    if let WordKind::Pipe(inner) = &node.kind {
        out.push('(');
        pipe(tree, inner, out);
        out.push(')');
    } else {
        word(tree, node, out);
    }
}

pub(super) fn word(tree: &Tree, node: &Word, out: &mut String) {
    let written = || &tree.text[node.place.start as usize..node.place.end as usize];
    match &node.kind {
        WordKind::Dot => out.push('.'),
        WordKind::Nil => out.push_str("nil"),
        WordKind::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        WordKind::Number(_) | WordKind::String(_) => out.push_str(written()),
        WordKind::Function(_) => out.push_str(tree.function_name(node.place)),
        WordKind::Field(fields) => out.push_str(fields.text(tree)),
        WordKind::Variable(_, fields) => {
            out.push_str(written().split('.').next().unwrap_or_default());
            out.push_str(fields.text(tree));
        }
        WordKind::Chain(inner, fields) => {
            word_in_parens(tree, inner, out);
            out.push_str(fields.text(tree));
        }
        WordKind::Pipe(inner) => pipe(tree, inner, out),
    }
}

pub(super) fn invocation(tree: &Tree, node: &Invocation, out: &mut String) {
    out.push_str("{{template ");
    out.push_str(&quoted(&node.name));
    if let Some(inner) = &node.pipe {
        out.push(' ');
        pipe(tree, inner, out);
    }
    out.push_str("}}");
}
