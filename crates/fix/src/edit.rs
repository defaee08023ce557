//! Edits of files, and the text that some of them make of one.

use document::edit::{self, NewValue, TextEdit};
use document::{Path, Span, Step};

use crate::embedded;
use crate::locate::Spot;
use crate::node_edit::{NodeEdit, parse};
use crate::wanted::OperationKind;

/// An edit of one file.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Edit {
    /// Of a node of YAML or JSON, by its path.
    Node { spot: Spot, kind: OperationKind },
    /// Of bytes of a template.
    Bytes {
        file: Box<str>,
        span: Span,
        text: String,
        what: String,
    },
    /// A new entry in a mapping of a template: a line of its own before the line that begins at an offset.
    Entry {
        file: Box<str>,
        at: u32,
        column: usize,
        key: Box<str>,
        value: NewValue,
        what: String,
    },
}

impl Edit {
    pub(crate) fn file(&self) -> &str {
        match self {
            Edit::Node { spot, .. } => &spot.file,
            Edit::Bytes { file, .. } | Edit::Entry { file, .. } => file,
        }
    }

    /// The path in the file, where there is one.
    pub(crate) fn path(&self) -> Option<&Path> {
        match self {
            Edit::Node { spot, .. } => Some(spot.shown()),
            Edit::Bytes { .. } | Edit::Entry { .. } => None,
        }
    }

    /// What it does, in words.
    pub(crate) fn words(&self) -> String {
        match self {
            Edit::Node { spot, kind } => words(kind, spot.shown()),
            Edit::Bytes { what, .. } | Edit::Entry { what, .. } => what.clone(),
        }
    }

    /// Whether both cannot be made of the same text. Those that are the same are made once.
    pub(crate) fn conflicts(&self, other: &Edit) -> bool {
        if self.file() != other.file() || self == other {
            return false;
        }
        match (self, other) {
            (
                Edit::Node { spot, kind },
                Edit::Node {
                    spot: other,
                    kind: other_kind,
                },
            ) => {
                let is_same_text = (spot.root, &spot.path, spot.inside.is_some())
                    == (other.root, &other.path, other.inside.is_some());
                match (&spot.inside, &other.inside) {
                    (Some((root, path)), Some((other_root, other_path))) if is_same_text => {
                        root == other_root && overlap(path, kind, other_path, other_kind)
                    }
                    (None, None) if spot.root == other.root => {
                        overlap(&spot.path, kind, &other.path, other_kind)
                    }
                    (None, Some(_)) | (Some(_), None) if spot.root == other.root => {
                        begins_with(&spot.path, &other.path) || begins_with(&other.path, &spot.path)
                    }
                    _ => false,
                }
            }
            (Edit::Bytes { span, .. }, Edit::Bytes { span: other, .. }) => {
                span.start < other.end && other.start < span.end
            }
            (Edit::Entry { at, .. }, Edit::Bytes { span, .. })
            | (Edit::Bytes { span, .. }, Edit::Entry { at, .. }) => {
                span.start < *at && *at < span.end
            }
            (
                Edit::Entry {
                    at,
                    column,
                    key,
                    value,
                    ..
                },
                Edit::Entry {
                    at: other_at,
                    column: other_column,
                    key: other_key,
                    value: other,
                    ..
                },
            ) => {
                let is_same = at == other_at && key == other_key;
                is_same && (column != other_column || merged(value, other).is_none())
            }
            // Paths and bytes of one text: the paths are right for the text as it is only.
            _ => true,
        }
    }

    /// The place among the edits of one file: items of lists go last and from the end, so that the paths of the others stay right.
    fn order(&self) -> (bool, std::cmp::Reverse<Option<&Path>>) {
        match self {
            Edit::Node {
                spot,
                kind: OperationKind::Remove,
            } if spot.shown().0.last().is_some_and(is_index) => {
                (true, std::cmp::Reverse(Some(spot.shown())))
            }
            _ => (false, std::cmp::Reverse(None)),
        }
    }
}

fn is_index(step: &Step) -> bool {
    matches!(step, Step::Index(_))
}

/// What an operation does at a path, in words.
pub(crate) fn words(kind: &OperationKind, path: &Path) -> String {
    match kind {
        OperationKind::Set(value) => format!("set {path}: {}", edit::on_one_line(value)),
        OperationKind::Append(value) => format!("append to {path}: {}", edit::on_one_line(value)),
        OperationKind::Remove => format!("remove {path}"),
    }
}

fn overlap(path: &Path, kind: &OperationKind, other: &Path, other_kind: &OperationKind) -> bool {
    let are_appended = [kind, other_kind].map(|kind| matches!(kind, OperationKind::Append(_)));
    if path == other {
        return are_appended != [true, true];
    }
    begins_with(path, other) || begins_with(other, path)
}

pub(crate) fn begins_with(path: &Path, start: &Path) -> bool {
    path.0.starts_with(&start.0)
}

/// A value that holds what two of them say, where these do not contradict each other.
pub(crate) fn merged(one: &NewValue, other: &NewValue) -> Option<NewValue> {
    let (NewValue::Mapping(one), NewValue::Mapping(other)) = (one, other) else {
        return (one == other).then(|| one.clone());
    };
    let mut all = one.clone();
    for (key, value) in other {
        match all.iter_mut().find(|(own, _)| own == key) {
            Some((_, own)) => *own = merged(own, value)?,
            None => all.push((key.clone(), value.clone())),
        }
    }
    Some(NewValue::Mapping(all))
}

/// The text of a file after some edits that do not conflict; the position of the first that cannot be made, and why.
pub(crate) fn applied(name: &str, text: &str, edits: &[&Edit]) -> Result<String, (usize, String)> {
    let mut order: Vec<usize> = (0..edits.len()).collect();
    order.sort_by_key(|&index| edits[index].order());
    let mut text = text.to_owned();
    let mut done: Vec<&Edit> = Vec::new();
    for &index in &order {
        let edit = edits[index];
        if done.contains(&edit) {
            continue;
        }
        done.push(edit);
        if let Edit::Node { spot, kind } = edit {
            text = node_edited(name, &text, spot, kind).map_err(|why| (index, why))?;
        }
    }
    Ok(edit::apply(&text, &text_edits(&text, &done)))
}

fn node_edited(
    name: &str,
    text: &str,
    spot: &Spot,
    kind: &OperationKind,
) -> Result<String, String> {
    let document = parse(name, text);
    match &spot.inside {
        None => {
            let change = NodeEdit {
                root: spot.root,
                path: &spot.path,
                kind,
            };
            change.applied(&document)
        }
        Some((root, path)) => {
            let change = NodeEdit {
                root: *root,
                path,
                kind,
            };
            embedded::edited(&document, spot.root, &spot.path, &change)
        }
    }
}

/// Edits of a template as edits of its bytes: entries of one place and key as one.
fn text_edits(text: &str, edits: &[&Edit]) -> Vec<TextEdit> {
    let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut made = Vec::new();
    let mut entries: Vec<(u32, usize, &str, NewValue)> = Vec::new();
    for edit in edits {
        match edit {
            Edit::Node { .. } => {}
            Edit::Bytes { span, text, .. } => made.push(TextEdit {
                span: span.clone(),
                text: text.clone(),
            }),
            Edit::Entry {
                at,
                column,
                key,
                value,
                ..
            } => {
                let mut known = entries.iter_mut();
                match known.find(|(own_at, _, own_key, _)| own_at == at && **own_key == **key) {
                    Some(known) => known.3 = merged(&known.3, value).unwrap_or(known.3.clone()),
                    None => entries.push((*at, *column, key, value.clone())),
                }
            }
        }
    }
    made.extend(entries.into_iter().map(|(at, column, key, value)| {
        let entry = edit::block_entry(key, &value, column, line_end);
        // Behind the last line of a text that does not end it.
        let before = text.get(..at as usize).unwrap_or_default();
        let is_open = at > 0 && !before.ends_with('\n');
        let text = if is_open {
            format!("{line_end}{:column$}{entry}", "")
        } else {
            format!("{:column$}{entry}{line_end}", "")
        };
        TextEdit { span: at..at, text }
    }));
    made
}

#[cfg(test)]
mod tests;
