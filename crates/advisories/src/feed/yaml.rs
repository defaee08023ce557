//! Feeds in YAML, as the JSON that they stand for. Scalars keep their text, so that the version `1.10` is no number.

use std::sync::Arc;

use document::{Keys, Kind, Limits, NodeRef, Source, parse_yaml};
use serde_json::{Map, Value};

use super::{Fact, FeedError, osv, secdb};

/// OSV records and secdb.
pub(super) fn read(text: &str) -> Result<Vec<Fact>, FeedError> {
    let keys = Arc::new(Keys::new([]));
    let parsed = parse_yaml(Source::new("feed", text), &keys, &Limits::default());
    if let Some(error) = parsed.errors.first() {
        return Err(FeedError::Yaml(error.message.clone()));
    }
    let mut facts = Vec::new();
    for root in parsed.document.roots() {
        let root = value(root);
        if root.get("id").is_some()
            && (root.get("affected").is_some() || root.get("modified").is_some())
        {
            facts.push(osv::value(root)?);
        } else if root.get("packages").is_some() {
            facts.extend(secdb::value(root)?);
        } else {
            return Err(FeedError::Unknown);
        }
    }
    Ok(facts)
}

fn value(node: NodeRef<'_>) -> Value {
    match node.kind() {
        Kind::Null => Value::Null,
        Kind::Mapping => {
            let entries = node
                .entries()
                .map(|entry| (entry.name().to_owned(), value(entry.value)));
            Value::Object(entries.collect::<Map<_, _>>())
        }
        Kind::Sequence => Value::Array(node.items().map(value).collect()),
        Kind::String => Value::from(node.as_str().unwrap_or_default()),
        Kind::Bool | Kind::Int | Kind::Uint | Kind::Float => {
            let place = node.document().place(node.resolved().origin());
            Value::from(place.source.slice(&place.span))
        }
    }
}
