//! Files of values: YAML to template values, as Helm reads it. Every number becomes a `float64`.

use std::rc::Rc;
use std::sync::Arc;

use document::{Document, Keys, Kind, NodeRef, Role, Source};
use gotemplate::{Map, Origin, Value};

use super::merge_maps;
use super::sources::Sources;
use crate::error::{Error, ErrorKind, Result};
use crate::options::Given;

/// The values of what is given.
pub(crate) fn given(given: &Given, sources: &Sources, limits: &document::Limits) -> Result<Map> {
    match given {
        Given::File(file) => read(file, Role::Value, sources, limits),
        Given::Document(document) => merged(document, Role::Value, sources),
    }
}

/// The values of a file; its YAML documents are merged, the later ones over the earlier ones.
pub(crate) fn read(
    file: &Arc<Source>,
    role: Role,
    sources: &Sources,
    limits: &document::Limits,
) -> Result<Map> {
    let wrong = |message: String, span| {
        let kind = ErrorKind::Values(message);
        Err(Error::from(kind).at(file, span))
    };
    if let Some(span) = bad_separator(file.text()) {
        let message = "nothing but a comment may follow `---` in a file of values";
        return wrong(message.to_owned(), span);
    }
    let parsed = document::parse_yaml(Arc::clone(file), &Arc::new(Keys::new([])), limits);
    if let Some(error) = parsed.errors.first() {
        return wrong(error.to_string(), error.span.clone());
    }
    merged(&Arc::new(parsed.document), role, sources)
}

fn merged(document: &Arc<Document>, role: Role, sources: &Sources) -> Result<Map> {
    let mut reader = Reader::new(document, Some(sources.document(document, role)));
    let mut all = None;
    for root in document.roots() {
        match root.kind() {
            Kind::Null => {}
            Kind::Mapping => {
                let map = reader.map(root);
                match &all {
                    None => all = Some(map),
                    Some(all) => merge_maps(all, &map),
                }
            }
            _ => {
                let kind = ErrorKind::Values("the values of a file must be a mapping".to_owned());
                let place = root.place();
                return Err(Error::from(kind).at(place.source, place.span));
            }
        }
    }
    Ok(all.unwrap_or_default())
}

/// A line that begins like a separator of documents, but has more in it.
fn bad_separator(text: &str) -> Option<document::Span> {
    let starts = memchr::memmem::find_iter(text.as_bytes(), b"---")
        .filter(|&at| at == 0 || text.as_bytes()[at - 1] == b'\n');
    for start in starts {
        let line = text[start..].lines().next().unwrap_or_default();
        let rest = line[3..].trim();
        if !rest.is_empty() && !rest.starts_with('#') {
            return Some(start as u32..(start + line.len()) as u32);
        }
    }
    None
}

/// A node as a template value without an origin.
pub(crate) fn value_of(node: NodeRef<'_>) -> Value {
    Reader::new(node.document(), None).value(node)
}

/// Makes values of nodes.
struct Reader {
    /// Number of the first node.
    first: Option<u32>,
    /// Texts of keys by their ids: most occur more than once.
    keys: Vec<Option<Rc<str>>>,
}

impl Reader {
    fn new(document: &Document, first: Option<u32>) -> Self {
        Reader {
            first,
            keys: Vec::with_capacity(document.keys().len()),
        }
    }

    fn map(&mut self, node: NodeRef<'_>) -> Map {
        let entries = node.entries().map(|entry| {
            let key = self.key(entry.key.index(), entry.name());
            (key, self.value(entry.value))
        });
        entries.collect()
    }

    fn key(&mut self, index: usize, name: &str) -> Rc<str> {
        if self.keys.len() <= index {
            self.keys.resize(index + 1, None);
        }
        Rc::clone(self.keys[index].get_or_insert_with(|| name.into()))
    }

    fn value(&mut self, node: NodeRef<'_>) -> Value {
        let value = match node.kind() {
            Kind::Null => Value::nil(),
            Kind::Bool => Value::from(node.as_bool() == Some(true)),
            Kind::Int => Value::float(node.as_i64().unwrap_or_default() as f64),
            Kind::Uint => Value::float(node.as_u64().unwrap_or_default() as f64),
            Kind::Float => Value::float(node.as_f64().unwrap_or_default()),
            Kind::String => Value::from(node.as_str().unwrap_or_default()),
            Kind::Sequence => Value::list(node.items().map(|item| self.value(item)).collect()),
            Kind::Mapping => self.map(node).into(),
        };
        match self.first {
            Some(first) => value.with_origin(Origin::source(first + node.id().index())),
            None => value,
        }
    }
}
