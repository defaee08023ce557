//! YAML in a string of another file: an inline patch, inline values.

use std::sync::Arc;

use document::edit::{self, NewValue};
use document::{Document, Keys, Limits, NodeRef, Path};

use crate::node_edit::{NodeEdit, parse};

/// The document in a string, its nodes where they are written in the text around.
pub(crate) fn document(node: NodeRef<'_>) -> Option<Document> {
    let keys = Arc::new(Keys::new([]));
    let parsed = document::parse_inside(node, &keys, &Limits::default())?;
    parsed.errors.is_empty().then_some(parsed.document)
}

/// The text around after an edit of what is inside the string at a path.
pub(crate) fn edited(
    around: &Document,
    root: usize,
    path: &Path,
    change: &NodeEdit,
) -> Result<String, String> {
    let gone = || "what was found in the file is no longer there".to_owned();
    let root = around.root(root).ok_or_else(gone)?;
    let node = root.lookup(path).ok_or_else(gone)?;
    let place = node.place();
    let text = node.as_str().ok_or_else(gone)?;
    let inner = change.applied(&parse(place.source.name(), text))?;
    let whole = place.source.text();
    let written = place.source.slice(&place.span);
    if written.starts_with('>') {
        return Err("it stands in a folded block of text".to_owned());
    }
    if !written.starts_with('|') {
        let edits = edit::set(around, root, path, &NewValue::String(inner));
        let edits = edits.map_err(|error| error.to_string())?;
        return Ok(edit::apply(whole, &edits));
    }
    let block = block(written, &inner).ok_or("it stands in a block of text without lines")?;
    let (start, end) = (place.span.start as usize, place.span.end as usize);
    Ok([&whole[..start], &block, &whole[end..]].concat())
}

/// A literal block with other lines: the header, the indentation and the end stay.
fn block(written: &str, inner: &str) -> Option<String> {
    let (header, body) = written.split_once('\n')?;
    let first = body.lines().find(|line| !line.trim().is_empty())?;
    let line_end = if header.ends_with('\r') { "\r\n" } else { "\n" };
    let indent = &first[..first.len() - first.trim_start_matches(' ').len()];
    let lines = inner.trim_end_matches(['\n', '\r']).lines().map(|line| {
        if line.trim().is_empty() {
            String::new()
        } else {
            format!("{indent}{line}")
        }
    });
    let lines: Vec<String> = lines.collect();
    let end = &body[body.trim_end_matches(['\n', '\r', ' ']).len()..];
    Some(format!("{header}\n{}{end}", lines.join(line_end)))
}
