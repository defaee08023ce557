//! A file to read, and its parsed form.

use std::sync::Arc;

use document::{Document, Keys, Limits, NodeRef, Source, Span, SyntaxError};
use model::Location;

/// How much one file may ask for. Configurations are written by people; a manifest is not longer either.
const LIMITS: Limits = Limits {
    bytes: 8 << 20,
    depth: 64,
    nodes: 1 << 20,
    alias_factor: 4,
    alias_bytes: 1 << 20,
};

/// A file of the other scanner, or a manifest with its comments and annotations.
#[derive(Clone, Debug)]
pub struct Input {
    /// The text, under the name to print.
    pub source: Arc<Source>,
    /// The path as `seawall.yaml` will see it, relative to its folder, with `/`; `None` when the file lies elsewhere.
    pub path: Option<String>,
    /// Whether somebody named the file, and no walk found it.
    pub is_named: bool,
}

impl Input {
    /// The last part of its name.
    pub(crate) fn file_name(&self) -> &str {
        let name = self.source.name();
        name.rsplit(['/', '\\']).next().unwrap_or(name)
    }

    /// A place in it.
    pub(crate) fn at(&self, span: Span) -> Location {
        Location {
            source: Arc::clone(&self.source),
            span,
        }
    }

    /// What is written in it.
    pub(crate) fn parse(&self) -> Result<Document, Vec<SyntaxError>> {
        let keys = Arc::new(Keys::new([]));
        let source = Arc::clone(&self.source);
        let parsed = if self.looks_like_json() {
            document::parse_json(source, &keys, &LIMITS)
        } else {
            document::parse_yaml(source, &keys, &LIMITS)
        };
        if parsed.errors.is_empty() {
            Ok(parsed.document)
        } else {
            Err(parsed.errors)
        }
    }

    fn looks_like_json(&self) -> bool {
        let text = self.source.text().trim_start_matches('\u{FEFF}');
        let is_json = std::path::Path::new(self.file_name())
            .extension()
            .is_some_and(|extension| extension == "json");
        (is_json || self.file_name() == ".checkov.baseline")
            && text.trim_start().starts_with(['{', '['])
    }

    /// The lines, with the byte that each begins at.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (u32, &str)> {
        let mut start = 0;
        self.source.text().split_inclusive('\n').map(move |line| {
            let at = start;
            start += line.len() as u32;
            (at, line.trim_end_matches(['\n', '\r']))
        })
    }
}

/// Where a node is written.
pub(crate) fn location(node: NodeRef<'_>) -> Location {
    let place = node.document().place(node.origin());
    Location {
        source: Arc::clone(place.source),
        span: place.span,
    }
}

/// Where the key of an entry is written.
pub(crate) fn key_location(entry: &document::EntryRef<'_>) -> Location {
    let place = entry.value.document().place(entry.key_origin);
    Location {
        source: Arc::clone(place.source),
        span: place.span,
    }
}

/// The text of a scalar, as a person wrote it where it is no text.
pub(crate) fn text_of(node: NodeRef<'_>) -> Option<String> {
    if let Some(text) = node.as_str() {
        return Some(text.to_owned());
    }
    if let Some(number) = node.as_i64() {
        return Some(number.to_string());
    }
    node.as_bool().map(|switch| switch.to_string())
}

/// The texts of a list, or of a single value.
pub(crate) fn texts(node: NodeRef<'_>) -> Vec<(String, Location)> {
    let nodes: Vec<_> = if node.kind() == document::Kind::Sequence {
        node.items().collect()
    } else {
        vec![node]
    };
    let texts = nodes
        .into_iter()
        .filter_map(|node| Some((text_of(node)?, location(node))));
    texts.filter(|(text, _)| !text.is_empty()).collect()
}

/// The texts of a list, or of a single value; parts between commas stand for themselves, as in flags.
pub(crate) fn words(node: NodeRef<'_>) -> Vec<(String, Location)> {
    let mut words = Vec::new();
    for (text, at) in texts(node) {
        let parts = text.split(',').map(str::trim);
        for part in parts.filter(|part| !part.is_empty()) {
            words.push((part.to_owned(), at.clone()));
        }
    }
    words
}
