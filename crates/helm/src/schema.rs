//! Holds values against `values.schema.json` (<https://json-schema.org>): drafts 4, 6, 7, 2019-09 and 2020-12, nothing
//! fetched, within limits.
//!
//! A schema is a [`document::Document`]; its reachable parts are compiled (`compile`), its shape is checked as the
//! metaschema of its draft demands (`shape`), references are resolved inside of it (`resolve`). Values are looked at
//! as they are, so that every violation leads to where its value is written.

mod compile;
mod decimal;
mod draft;
mod evaluate;
mod format;
mod resolve;
mod shape;

use std::sync::Arc;

use document::{Document, Keys, Path, Source, Span, Step};
use gotemplate::{Map, Value};

use crate::chart::Reader;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::node::Node;
use crate::values::Sources;

/// Most violations that an error lists.
const MAX_SHOWN: usize = 10;

/// Something wrong with a schema itself.
#[derive(Debug)]
struct Wrong {
    message: String,
    span: Span,
    /// A text that would have to be fetched.
    remote: Option<String>,
}

impl Wrong {
    fn new(message: impl Into<String>, span: Span) -> Self {
        Wrong {
            message: message.into(),
            span,
            remote: None,
        }
    }
}

/// A value that a schema does not allow.
#[derive(Debug)]
struct Violation {
    path: Path,
    message: String,
}

/// Why values could not be held against a schema, or what came of it.
enum Outcome {
    Wrong(Wrong),
    Limit,
    Violations(Vec<Violation>),
}

/// Holds the values of a chart and its dependencies against their schemas.
pub(crate) fn validate(
    root: &Node<'_>,
    values: &Map,
    reader: &Reader<'_>,
    sources: &Sources,
) -> Result<()> {
    let mut found = Vec::new();
    collect(root, values, reader, &mut Path::default(), &mut found)?;
    let Some((first, source)) = found.first() else {
        return Ok(());
    };
    let shown: Vec<String> = found
        .iter()
        .take(MAX_SHOWN)
        .map(|(violation, _)| shown(violation))
        .collect();
    let mut message = shown.join("; ");
    if found.len() > MAX_SHOWN {
        message.push_str(&format!("; and {} more", found.len() - MAX_SHOWN));
    }
    let place = place_of(values, &first.path, sources);
    Err(Error {
        place: place.or_else(|| Some((Arc::clone(source), 0..0))),
        through: found
            .iter()
            .skip(1)
            .take(MAX_SHOWN)
            .filter_map(|(violation, _)| place_of(values, &violation.path, sources))
            .collect(),
        ..Error::from(ErrorKind::Schema(message))
    }
    .hint(format!("{} says what values are allowed", source.name())))
}

fn shown(violation: &Violation) -> String {
    if violation.path.0.is_empty() {
        format!("the values {}", violation.message)
    } else {
        format!("'{}' {}", violation.path, violation.message)
    }
}

fn collect(
    node: &Node<'_>,
    values: &Map,
    reader: &Reader<'_>,
    path: &mut Path,
    found: &mut Vec<(Violation, Arc<Source>)>,
) -> Result<()> {
    if let Some(file) = &node.parts.schema {
        let source = file.source(reader)?;
        for mut violation in held_against(source, values, reader)? {
            violation.path = path.concat(&violation.path);
            found.push((violation, Arc::clone(source)));
        }
    }
    for child in &node.children {
        let Some(below) = values.get(&child.name).filter(|below| !below.is_nil()) else {
            continue;
        };
        path.0.push(Step::Key(child.name.as_ref().into()));
        let Some(below) = below.as_map() else {
            let message = format!("must be a mapping: the values of '{}'", child.name);
            return Err(ErrorKind::Schema(format!("'{path}' {message}")).into());
        };
        collect(child, &below, reader, path, found)?;
        path.0.pop();
    }
    Ok(())
}

/// What of some values a schema does not allow.
fn held_against(source: &Arc<Source>, values: &Map, reader: &Reader<'_>) -> Result<Vec<Violation>> {
    let limits = &reader.limits.yaml;
    let parsed = document::parse_json(Arc::clone(source), &Arc::new(Keys::new([])), limits);
    let wrong = |message: &str, span: Span| {
        let message = format!("the schema is wrong: {message}");
        Error::from(ErrorKind::Schema(message)).at(source, span)
    };
    if let Some(error) = parsed.errors.first() {
        return Err(wrong(&error.to_string(), error.span.clone()));
    }
    match evaluated(&parsed.document, &values.clone().into()) {
        Outcome::Violations(violations) => Ok(violations),
        Outcome::Limit => {
            let message = "the values take too many steps to hold against their schema".to_owned();
            Err(Error::from(ErrorKind::TooLarge(message)).at(source, 0..0))
        }
        Outcome::Wrong(Wrong {
            message,
            span,
            remote: None,
        }) => Err(wrong(&message, span)),
        Outcome::Wrong(Wrong {
            message,
            span,
            remote: Some(url),
        }) => {
            let error = Error::from(ErrorKind::RemoteSchema { url, message });
            let hint = "put a copy into the schema, or render with --skip-schema-validation";
            Err(error.at(source, span).hint(hint))
        }
    }
}

/// Holds a value against a schema.
fn evaluated(document: &Document, value: &Value) -> Outcome {
    let Some(root) = document.root(0) else {
        return Outcome::Wrong(Wrong::new("it is empty", 0..0));
    };
    let compiled = match compile::compile(root) {
        Ok(compiled) => compiled,
        Err(wrong) => return Outcome::Wrong(wrong),
    };
    match evaluate::evaluate(&compiled, value) {
        Ok(violations) => Outcome::Violations(violations),
        Err(evaluate::Limit) => Outcome::Limit,
    }
}

/// Where the value at a path is written; for one that is missing, where the mapping around it is.
fn place_of(values: &Map, path: &Path, sources: &Sources) -> Option<Place> {
    let mut value = Value::from(values.clone());
    let mut place = None;
    for step in &path.0 {
        let next = match (step, value.data()) {
            (Step::Key(key), gotemplate::Data::Map(map)) => map.get(key),
            (Step::Index(index), gotemplate::Data::List(list)) => list.items().get(*index).cloned(),
            _ => None,
        };
        value = next?;
        let number = value.origin().number();
        place = number.and_then(|number| sources.find(number)).or(place);
    }
    place.map(|found| (found.source, found.span))
}
