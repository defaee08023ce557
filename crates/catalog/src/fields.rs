//! Reading the fields of a definition's mapping, with a diagnostic for everything that is not as it should be.

use std::collections::BTreeMap;
use std::sync::Arc;

use document::{Document, Keys, Kind, Limits, NodeRef, Source, Span};

use crate::diagnostic::Diagnostic;
use crate::suggest::nearest;

/// Collects the diagnostics of one file.
pub(crate) struct Sink {
    pub(crate) source: Arc<Source>,
    pub(crate) found: Vec<Diagnostic>,
}

impl Sink {
    pub(crate) fn new(source: &Arc<Source>) -> Self {
        Sink {
            source: Arc::clone(source),
            found: Vec::new(),
        }
    }

    pub(crate) fn error(&mut self, span: Span, message: impl Into<String>) {
        self.found.push(Diagnostic {
            source: Arc::clone(&self.source),
            span,
            message: message.into(),
            hint: None,
        });
    }

    pub(crate) fn error_with_hint(
        &mut self,
        span: Span,
        message: impl Into<String>,
        hint: Option<String>,
    ) {
        self.error(span, message);
        if let Some(last) = self.found.last_mut() {
            last.hint = hint;
        }
    }

    /// The root mapping of a text with one YAML document.
    pub(crate) fn root<'d>(&mut self, document: &'d Document) -> Option<Fields<'d>> {
        let root = document.roots().next();
        match root {
            Some(root) if root.kind() == Kind::Mapping => Some(Fields::new(root)),
            _ => {
                self.error(0..0, "expected a mapping");
                None
            }
        }
    }
}

/// Span of a node.
pub(crate) fn span_of(node: NodeRef<'_>) -> Span {
    node.document().place(node.origin()).span
}

/// A mapping that is being read.
#[derive(Clone, Copy)]
pub(crate) struct Fields<'d> {
    pub(crate) node: NodeRef<'d>,
    /// What errors about missing fields point at.
    span_start: u32,
}

impl<'d> Fields<'d> {
    pub(crate) fn new(node: NodeRef<'d>) -> Self {
        Fields {
            node,
            span_start: span_of(node).start,
        }
    }

    /// Refuses every key that is not known.
    pub(crate) fn expect_only(&self, known: &[&str], sink: &mut Sink) {
        let mut seen = Vec::new();
        for entry in self.node.written_entries() {
            let span = self.node.document().place(entry.key_origin).span;
            let name = entry.name();
            if seen.contains(&name) {
                sink.error(span.clone(), format!("`{name}` is given twice"));
            }
            seen.push(name);
            if !known.contains(&name) {
                let hint = match nearest(name, known.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("known here: {}", known.join(", ")),
                };
                sink.error_with_hint(span, format!("unknown key `{name}`"), Some(hint));
            }
        }
    }

    pub(crate) fn get(&self, key: &str) -> Option<NodeRef<'d>> {
        self.node.get_str(key).filter(|node| !node.is_null())
    }

    pub(crate) fn missing(&self, key: &str, sink: &mut Sink) {
        let span = self.span_start..self.span_start + 1;
        sink.error(span, format!("`{key}` is missing"));
    }

    /// An optional text.
    pub(crate) fn text(&self, key: &str, sink: &mut Sink) -> Option<&'d str> {
        let node = self.get(key)?;
        let text = node.as_str();
        if text.is_none() {
            sink.error(span_of(node), format!("`{key}` must be a text"));
        }
        text
    }

    /// A text that must be there and not be empty.
    pub(crate) fn required_text(&self, key: &str, sink: &mut Sink) -> &'d str {
        match self.get(key) {
            None => self.missing(key, sink),
            Some(node) if node.as_str().is_some_and(|text| text.trim().is_empty()) => {
                sink.error(span_of(node), format!("`{key}` is empty"));
            }
            Some(_) => {}
        }
        self.text(key, sink).unwrap_or("").trim()
    }

    pub(crate) fn bool(&self, key: &str, sink: &mut Sink) -> Option<bool> {
        let node = self.get(key)?;
        let value = node.as_bool();
        if value.is_none() {
            sink.error(span_of(node), format!("`{key}` must be true or false"));
        }
        value
    }

    /// A list; a single value counts as a list of one where `single` says so.
    pub(crate) fn list(&self, key: &str, sink: &mut Sink) -> Vec<NodeRef<'d>> {
        match self.get(key) {
            None => Vec::new(),
            Some(node) if node.kind() == Kind::Sequence => node.items().collect(),
            Some(node) => {
                sink.error(span_of(node), format!("`{key}` must be a list"));
                Vec::new()
            }
        }
    }

    /// A list of texts.
    pub(crate) fn texts(&self, key: &str, sink: &mut Sink) -> Vec<String> {
        let items = self.list(key, sink);
        items
            .into_iter()
            .filter_map(|item| {
                let text = item.as_str();
                if text.is_none() {
                    sink.error(span_of(item), format!("an item of `{key}` must be a text"));
                }
                text.map(str::to_owned)
            })
            .collect()
    }

    /// A mapping below a key.
    pub(crate) fn mapping(&self, key: &str, sink: &mut Sink) -> Option<Fields<'d>> {
        let node = self.get(key)?;
        if node.kind() == Kind::Mapping {
            return Some(Fields::new(node));
        }
        sink.error(span_of(node), format!("`{key}` must be a mapping"));
        None
    }

    /// One of the words of a small type.
    pub(crate) fn word<T: Copy>(
        &self,
        key: &str,
        all: &[T],
        name: fn(T) -> &'static str,
        sink: &mut Sink,
    ) -> Option<T> {
        let text = self.text(key, sink)?;
        let found = all.iter().copied().find(|&item| name(item) == text);
        if let (None, Some(node)) = (found, self.get(key)) {
            let words: Vec<&str> = all.iter().map(|&item| name(item)).collect();
            let hint = format!("one of {}", words.join(", "));
            sink.error_with_hint(span_of(node), format!("unknown {key} `{text}`"), Some(hint));
        }
        found
    }

    /// Text → list of texts, with keys out of `known`.
    pub(crate) fn text_lists(
        &self,
        key: &str,
        known: &[&str],
        sink: &mut Sink,
    ) -> BTreeMap<String, Vec<String>> {
        let Some(map) = self.mapping(key, sink) else {
            return BTreeMap::new();
        };
        map.expect_only(known, sink);
        map.node
            .entries()
            .map(|entry| (entry.name().to_owned(), map.texts(entry.name(), sink)))
            .collect()
    }
}

/// The document of a definition's text.
pub(crate) fn parse_yaml(source: &Arc<Source>) -> Result<Document, Vec<Diagnostic>> {
    let keys = Arc::new(Keys::new([]));
    let parsed = document::parse_yaml(Arc::clone(source), &keys, &Limits::default());
    if parsed.errors.is_empty() {
        return Ok(parsed.document);
    }
    let mut sink = Sink::new(source);
    for error in parsed.errors {
        let hint = error.hint.map(Into::into);
        sink.error_with_hint(error.span, error.message, hint);
    }
    Err(sink.found)
}
