//! Edits of the author's text: one value changes, every other byte stays as it was.
//!
//! An edit is planned from the spans of the document and then proven: the edited text is parsed again, and all its
//! values must be what they were, but for the one that was meant. What cannot be edited so is refused with the reason.

mod lines;
mod model;
mod plan;
mod render;

use crate::document::Document;
use crate::document::node::NodeRef;
use crate::error::Parsed;
use crate::json::parse_json;
use crate::limits::Limits;
use crate::path::Path;
use crate::source::{Source, Span};
use crate::yaml::parse_yaml;
use plan::Plan;

/// A value to write.
#[derive(Clone, PartialEq, Debug)]
pub enum NewValue {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// An integer above `i64::MAX`.
    Uint(u64),
    /// A finite number.
    Float(f64),
    /// A string.
    String(String),
    /// A sequence.
    Sequence(Vec<NewValue>),
    /// A mapping, in the order to write it.
    Mapping(Vec<(String, NewValue)>),
}

/// A piece of the text to replace.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TextEdit {
    /// What goes.
    pub span: Span,
    /// What comes.
    pub text: String,
}

/// Why a text is not edited.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum EditError {
    /// The document was made from templates or patches.
    #[error("the document is a rendering, its text is not the author's")]
    Rendered,
    /// There is nothing at the path.
    #[error("there is nothing at {0}")]
    Missing(Path),
    /// The path goes into a scalar.
    #[error("the value at {0} holds no others")]
    NotAContainer(Path),
    /// The path goes through an alias.
    #[error("the value at {0} is an alias: edit what it names")]
    Alias(Path),
    /// The value comes from a merge key.
    #[error("the value at {0} comes from a merge key: edit what that names")]
    Merged(Path),
    /// An alias stands for the value or a part of it.
    #[error("the value at {0} has an anchor that an alias names: the edit would change both")]
    Anchored(Path),
    /// A tag or anchor stands before the value.
    #[error("the value at {0} has a tag or an anchor")]
    Property(Path),
    /// JSON has no such number.
    #[error("the number is not finite")]
    NotFinite,
    /// The whole document cannot be replaced or removed.
    #[error("the path is empty")]
    Root,
    /// The text is written so that no edit leaves the other values alone.
    #[error("the text at {0} cannot be edited without changing other values")]
    Entangled(Path),
}

/// Sets the value at a path, and makes the mappings and sequences that lead there.
pub fn set(
    document: &Document,
    root: NodeRef<'_>,
    path: &Path,
    value: &NewValue,
) -> Result<Vec<TextEdit>, EditError> {
    let root = document.at(root.id);
    if !value.is_finite() {
        return Err(EditError::NotFinite);
    }
    let edits = Plan::new(document, root)?.set(path, value)?;
    prove(document, root, path, edits, |model| {
        model.set(&path.0, value)
    })
}

/// Removes the entry or item at a path; what it leaves empty stays, as `{}` or `[]`.
pub fn remove(
    document: &Document,
    root: NodeRef<'_>,
    path: &Path,
) -> Result<Vec<TextEdit>, EditError> {
    let root = document.at(root.id);
    let edits = Plan::new(document, root)?.remove(path)?;
    prove(document, root, path, edits, |model| model.remove(&path.0))
}

/// Adds an item to the sequence at a path, and makes the sequence where there is none.
pub fn append(
    document: &Document,
    root: NodeRef<'_>,
    path: &Path,
    value: &NewValue,
) -> Result<Vec<TextEdit>, EditError> {
    let root = document.at(root.id);
    if !value.is_finite() {
        return Err(EditError::NotFinite);
    }
    let edits = Plan::new(document, root)?.append(path, value)?;
    prove(document, root, path, edits, |model| {
        model.append(&path.0, value)
    })
}

/// The text with the edits made. Edits outside the text or across another one are left out.
pub fn apply(text: &str, edits: &[TextEdit]) -> String {
    let mut sorted: Vec<&TextEdit> = edits.iter().collect();
    sorted.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut edited = String::with_capacity(text.len());
    let mut at = 0;
    for edit in sorted {
        let start = edit.span.start as usize;
        if let Some(kept) = text.get(at..start) {
            edited.push_str(kept);
            edited.push_str(&edit.text);
            at = edit.span.end as usize;
        }
    }
    edited.push_str(text.get(at..).unwrap_or_default());
    edited
}

/// Lets edits pass that change what they should and nothing else.
fn prove(
    document: &Document,
    root: NodeRef<'_>,
    path: &Path,
    edits: Vec<TextEdit>,
    change: impl FnOnce(&mut NewValue) -> bool,
) -> Result<Vec<TextEdit>, EditError> {
    let entangled = || EditError::Entangled(path.clone());
    let mut expected: Vec<NewValue> = document.roots().map(NewValue::of).collect();
    let index = document.roots().position(|other| other.id == root.id);
    let changed = index
        .and_then(|index| expected.get_mut(index))
        .is_some_and(change);
    if !changed {
        return Err(entangled());
    }
    let source = document.sources().first().ok_or(EditError::Rendered)?;
    let parsed = parse_again(document, source, &edits);
    let same_length = parsed.document.roots().len() == expected.len();
    let mut pairs = parsed.document.roots().zip(&expected);
    let is_proven = same_length && pairs.all(|(root, expected)| NewValue::of(root).same(expected));
    if is_proven {
        Ok(edits)
    } else {
        Err(entangled())
    }
}

fn parse_again(document: &Document, source: &Source, edits: &[TextEdit]) -> Parsed {
    let edited = Source::new(source.name(), apply(source.text(), edits));
    // The text was read once, so the edit is not what could exceed a limit.
    let limits = Limits {
        bytes: u32::MAX,
        ..Limits::default()
    };
    if document.is_json {
        parse_json(edited, document.keys(), &limits)
    } else {
        parse_yaml(edited, document.keys(), &limits)
    }
}
