//! Holds a parsed `seawall.yaml` against its description; every mistake gets its place.

use catalog::{Diagnostic, nearest};
use document::{Kind, NodeRef, OriginId};
use engine::funnel::{Patterns, is_date};
use model::KubernetesVersion;
use network::Port;

use super::shape::{Field, Shape};
use crate::args;

/// The mistakes of a whole file, or of a part that these keys describe.
pub(crate) fn validate(root: NodeRef<'_>, fields: &'static [Field]) -> Vec<Diagnostic> {
    let mut mistakes = Vec::new();
    record(root, fields, &mut mistakes);
    mistakes
}

/// A mistake at a place of the file.
pub(crate) fn mistake(
    node: NodeRef<'_>,
    at: OriginId,
    message: String,
    hint: Option<String>,
) -> Diagnostic {
    let place = node.document().place(at);
    Diagnostic {
        source: std::sync::Arc::clone(place.source),
        span: place.span,
        message,
        hint,
    }
}

fn check(node: NodeRef<'_>, shape: &'static Shape, mistakes: &mut Vec<Diagnostic>) {
    match shape {
        Shape::List(item) => list(node, item, mistakes),
        Shape::OneOrMore(item) if node.kind() == Kind::Sequence => list(node, item, mistakes),
        Shape::OneOrMore(item) => check(node, item, mistakes),
        Shape::ListOr(first, _) if node.kind() == Kind::Sequence => check(node, first, mistakes),
        Shape::ListOr(_, second) => check(node, second, mistakes),
        Shape::TextOr(_) if node.as_str().is_some() => {}
        Shape::Record(fields) | Shape::TextOr(fields) => record(node, fields, mistakes),
        Shape::Port => {
            let fits = port(node).is_some();
            require(
                node,
                fits,
                "expected a port such as 5432 or `53/UDP`",
                mistakes,
            );
        }
        Shape::Named(value) => named(node, value, mistakes),
        Shape::Parameter => parameter(node, mistakes),
        Shape::Switch => {
            let fits = node.kind() == Kind::Bool;
            require(node, fits, "expected `true` or `false`", mistakes);
        }
        Shape::Version => version(node, mistakes),
        Shape::Text | Shape::File | Shape::Control => {
            require(node, node.as_str().is_some(), "expected a text", mistakes);
        }
        Shape::Sentence => {
            let fits = node.as_str().is_some_and(|text| !text.trim().is_empty());
            require(node, fits, "expected a text that is not empty", mistakes);
        }
        Shape::Day => {
            let fits = node.as_str().is_some_and(is_date);
            require(node, fits, "expected a day such as 2027-01-31", mistakes);
        }
        Shape::Glob => glob(node, mistakes),
        Shape::Word(words) => word(node, words, mistakes),
    }
}

/// A port as people write it.
pub(crate) fn port(node: NodeRef<'_>) -> Option<Port> {
    let number = node.as_i64().map(|number| number.to_string());
    let text = number.or_else(|| node.as_str().map(str::to_owned))?;
    args::port(&text).ok()
}

fn require(node: NodeRef<'_>, fits: bool, message: &str, mistakes: &mut Vec<Diagnostic>) {
    if !fits {
        mistakes.push(mistake(node, node.origin(), message.to_owned(), None));
    }
}

fn list(node: NodeRef<'_>, item: &'static Shape, mistakes: &mut Vec<Diagnostic>) {
    require(
        node,
        node.kind() == Kind::Sequence,
        "expected a list",
        mistakes,
    );
    for value in node.items() {
        check(value, item, mistakes);
    }
}

fn named(node: NodeRef<'_>, value: &'static Shape, mistakes: &mut Vec<Diagnostic>) {
    require(
        node,
        node.kind() == Kind::Mapping,
        "expected a mapping",
        mistakes,
    );
    for entry in node.entries() {
        check(entry.value, value, mistakes);
    }
}

fn record(node: NodeRef<'_>, fields: &'static [Field], mistakes: &mut Vec<Diagnostic>) {
    if node.kind() != Kind::Mapping {
        require(node, false, "expected a mapping", mistakes);
        return;
    }
    for entry in node.entries() {
        if let Some(field) = fields.iter().find(|field| field.name == entry.name()) {
            check(entry.value, &field.shape, mistakes);
        } else {
            let message = format!("unknown key `{}`", entry.name());
            let meant = nearest(entry.name(), fields.iter().map(|field| field.name));
            let hint = match meant {
                Some(name) => format!("did you mean `{name}`?"),
                None => format!("known keys: {}", names(fields)),
            };
            mistakes.push(mistake(node, entry.key_origin, message, Some(hint)));
        }
    }
    for field in fields.iter().filter(|field| field.required) {
        if node.get_str(field.name).is_none() {
            let message = format!("the key `{}` is missing", field.name);
            mistakes.push(mistake(
                node,
                node.origin(),
                message,
                Some(field.doc.to_owned()),
            ));
        }
    }
}

fn names(fields: &[Field]) -> String {
    let names: Vec<&str> = fields.iter().map(|field| field.name).collect();
    names.join(", ")
}

fn parameter(node: NodeRef<'_>, mistakes: &mut Vec<Diagnostic>) {
    let fits = match node.kind() {
        Kind::Bool | Kind::Int | Kind::String => true,
        Kind::Sequence => node.items().all(|item| item.as_str().is_some()),
        Kind::Null | Kind::Uint | Kind::Float | Kind::Mapping => false,
    };
    let message = "expected a text, a whole number, `true`, `false` or a list of texts";
    require(node, fits, message, mistakes);
}

fn version(node: NodeRef<'_>, mistakes: &mut Vec<Diagnostic>) {
    let parsed = node.as_str().map(str::parse::<KubernetesVersion>);
    if !matches!(parsed, Some(Ok(_))) {
        let message = "expected a version such as \"1.34\"".to_owned();
        let hint = (node.kind() == Kind::Float)
            .then(|| "without quotes it is a number, and 1.30 becomes 1.3".to_owned());
        mistakes.push(mistake(node, node.origin(), message, hint));
    }
}

fn glob(node: NodeRef<'_>, mistakes: &mut Vec<Diagnostic>) {
    let Some(text) = node.as_str() else {
        return require(node, false, "expected a text", mistakes);
    };
    if let Err(error) = Patterns::new([text]) {
        mistakes.push(mistake(node, node.origin(), error.to_string(), None));
    }
}

fn word(node: NodeRef<'_>, words: &'static [&'static str], mistakes: &mut Vec<Diagnostic>) {
    if node.as_str().is_some_and(|text| words.contains(&text)) {
        return;
    }
    let message = format!("expected one of {}", words.join(", "));
    let hint = node
        .as_str()
        .and_then(|text| nearest(text, words.iter().copied()))
        .map(|meant| format!("did you mean `{meant}`?"));
    mistakes.push(mistake(node, node.origin(), message, hint));
}
