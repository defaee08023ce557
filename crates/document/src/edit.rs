//! Edits of the author's text: one value changes, every other byte stays as it was.
//!
//! An edit is planned from the spans of the document and then proven: the edited text is parsed again, and all its
//! values must be what they were, but for the one that was meant. What cannot be edited so is refused with the reason.

mod lines;
mod model;
mod plan;
mod render;

use crate::document::Document;
use crate::document::node::{Kind, NodeRef};
use crate::error::Parsed;
use crate::json::parse_json;
use crate::limits::Limits;
use crate::path::Path;
use crate::source::{Source, Span};
use crate::yaml::parse_yaml;
use plan::Plan;
use render::Style;

pub(crate) use render::quoted;

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
    let index = position(document, root, path)?;
    let edits = Plan::new(document, root)?.set(path, value)?;
    prove(document, index, path, edits, |model| {
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
    let index = position(document, root, path)?;
    let edits = Plan::new(document, root)?.remove(path)?;
    prove(document, index, path, edits, |model| model.remove(&path.0))
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
    let index = position(document, root, path)?;
    let edits = Plan::new(document, root)?.append(path, value)?;
    prove(document, index, path, edits, |model| {
        model.append(&path.0, value)
    })
}

/// An entry of a block mapping of YAML whose key stands at a column, without what stands before the key and behind the
/// last value: for texts that are no YAML themselves, such as templates.
pub fn block_entry(key: &str, value: &NewValue, column: usize, line_end: &'static str) -> String {
    Style::of_templates(line_end).entry(key, value, column)
}

/// A string of JSON.
pub fn json_string(text: &str) -> String {
    quoted(text)
}

/// A value on one line of YAML.
pub fn on_one_line(value: &NewValue) -> String {
    Style::of_templates("\n").flow(value)
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

/// Which of the documents begins at a node; only those are edited, and not what lies in a list of objects.
fn position(document: &Document, root: NodeRef<'_>, path: &Path) -> Result<usize, EditError> {
    let index = document.roots().position(|other| other.id == root.id);
    index.ok_or_else(|| EditError::Entangled(path.clone()))
}

/// Lets edits pass that change what they should and nothing else.
fn prove(
    document: &Document,
    index: usize,
    path: &Path,
    edits: Vec<TextEdit>,
    change: impl FnOnce(&mut NewValue) -> bool,
) -> Result<Vec<TextEdit>, EditError> {
    let entangled = || EditError::Entangled(path.clone());
    let root = document.root(index).ok_or_else(entangled)?;
    let mut expected = NewValue::of(root);
    if !change(&mut expected) {
        return Err(entangled());
    }
    let source = document.sources().first().ok_or(EditError::Rendered)?;
    let piece = piece(document, index, source.text());
    let is_inside = |edit: &TextEdit| {
        let makes_marker = edit.text.contains(MARKER) || edit.text.starts_with(&MARKER[1..]);
        piece.start <= edit.span.start && edit.span.end <= piece.end && !makes_marker
    };
    if !edits.iter().all(is_inside) {
        return Err(entangled());
    }
    let parsed = parse_again(document, source, &piece, &edits);
    // An empty document stands before or behind a marker.
    let roots = parsed.document.roots();
    let mut roots = roots.filter(|root| root.kind() != Kind::Null);
    let is_proven = roots
        .next()
        .is_some_and(|root| NewValue::of(root).same(&expected));
    if is_proven && roots.next().is_none() {
        Ok(edits)
    } else {
        Err(entangled())
    }
}

/// The part of a text that holds one of its documents and no other: from its marker, or the end of the
/// document before, to the next marker or document. What an edit does beyond is nothing, because documents do
/// not know of each other.
fn piece(document: &Document, index: usize, text: &str) -> Span {
    let span = |index: usize| document.root(index).map(NodeRef::span);
    let own = span(index).unwrap_or(0..0);
    let before = index
        .checked_sub(1)
        .and_then(span)
        .map_or(0, |span| span.end);
    let after = span(index + 1).map_or(text.len() as u32, |span| span.start);
    let between = |start: u32, end: u32| text.get(start as usize..end as usize).unwrap_or_default();
    let marker_before = between(before, own.start).rfind(MARKER);
    let marker_after = between(own.end, after).find(MARKER);
    let start = marker_before.map_or(before, |at| before + at as u32 + 1);
    let end = marker_after.map_or(after, |at| own.end + (at + MARKER.len()) as u32);
    start..end
}

/// What stands between two documents of YAML.
const MARKER: &str = "\n---";

fn parse_again(document: &Document, source: &Source, piece: &Span, edits: &[TextEdit]) -> Parsed {
    let inside = |edit: &TextEdit| TextEdit {
        span: edit.span.start - piece.start..edit.span.end - piece.start,
        text: edit.text.clone(),
    };
    let edits: Vec<TextEdit> = edits.iter().map(inside).collect();
    let edited = Source::new(source.name(), apply(source.slice(piece), &edits));
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
