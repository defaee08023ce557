//! Keys that a mapping has twice. The schema tells them for the kinds that it knows.

use document::{Keys, Kind, NodeRef};

use super::{Native, NativeFinding};

/// The value of a key that its mapping had before.
pub(super) fn repeated(node: NodeRef<'_>, key: &str) -> NativeFinding {
    NativeFinding {
        native: Native::DuplicateKey,
        node: node.id(),
        words: vec![("key", key.to_owned())],
    }
}

/// The entries of all mappings below a node whose key the mapping had before.
pub(super) fn find(node: NodeRef<'_>, found: &mut Vec<NativeFinding>) {
    if node.is_reference() {
        return;
    }
    match node.kind() {
        Kind::Sequence => node.items().for_each(|item| find(item, found)),
        Kind::Mapping if node.is_irregular() => irregular(node, found),
        Kind::Mapping => node
            .written_entries()
            .for_each(|entry| find(entry.value, found)),
        _ => {}
    }
}

/// A mapping with a repeated key or a merge key.
fn irregular(node: NodeRef<'_>, found: &mut Vec<NativeFinding>) {
    let mut seen = Vec::new();
    for entry in node.written_entries() {
        if seen.contains(&entry.key) && entry.key != Keys::MERGE {
            found.push(repeated(entry.value, entry.name()));
        }
        seen.push(entry.key);
        find(entry.value, found);
    }
}
