//! An edit of a node of YAML or JSON, as a new text of its document.

use std::sync::Arc;

use document::edit::{self, EditError};
use document::{Document, Keys, Limits, Path, Source};

use crate::wanted::OperationKind;

/// An operation at a path of one document.
pub(crate) struct NodeEdit<'e> {
    pub(crate) root: usize,
    pub(crate) path: &'e Path,
    pub(crate) kind: &'e OperationKind,
}

impl NodeEdit<'_> {
    /// The text of the document after it.
    pub(crate) fn applied(&self, document: &Document) -> Result<String, String> {
        let made = match document.root(self.root) {
            None => Err(EditError::Missing(self.path.clone())),
            Some(root) => match self.kind {
                OperationKind::Set(value) => edit::set(document, root, self.path, value),
                OperationKind::Append(value) => edit::append(document, root, self.path, value),
                OperationKind::Remove => edit::remove(document, root, self.path),
            },
        };
        let edits = made.map_err(|error| error.to_string())?;
        let source = document.sources().first();
        let text = source.map_or("", |source| source.text());
        Ok(edit::apply(text, &edits))
    }
}

/// A file of YAML or JSON, read as a scan reads it.
pub(crate) fn parse(name: &str, text: &str) -> Document {
    let keys = Arc::new(Keys::new([]));
    document::parse_named(Source::new(name, text), &keys, &Limits::default()).document
}
