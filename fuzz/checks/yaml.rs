//! What must hold for any bytes read as YAML: nothing panics, both parsers give the same document, a node has a path
//! that leads to it, and an edit changes what it should.

#[path = "../../crates/document/tests/common/dump.rs"]
mod dump;

use std::sync::Arc;

use document::edit::{NewValue, append, remove, set};
use document::{Document, Keys, Limits, Source, decode, parse_yaml, parse_yaml_fully};

/// Panics where it does not hold.
pub(crate) fn check(data: &[u8]) {
    let Ok(text) = decode(data.to_vec()) else {
        return;
    };
    let limits = Limits {
        depth: 16,
        nodes: 5000,
        alias_bytes: 1000,
        ..Limits::default()
    };
    let keys = Arc::new(Keys::new(["a", "kind"]));
    let source = Source::new("fuzz", text);
    let fast = parse_yaml(Arc::clone(&source), &keys, &limits);
    let full = parse_yaml_fully(source, &keys, &limits);
    let is_over = |error: &document::SyntaxError| error.kind.as_str() == "nodes";
    if !fast.errors.iter().chain(&full.errors).any(is_over) {
        assert_eq!(dump::roots(&fast.document), dump::roots(&full.document));
        assert_eq!(fast.errors.is_empty(), full.errors.is_empty());
        if full.errors.is_empty() {
            assert_eq!(dump::all(&fast), dump::all(&full));
        }
    }
    locate(&fast.document);
    if data.len() < 400 && fast.errors.is_empty() {
        edit(
            &fast.document,
            usize::from(data.first().copied().unwrap_or(0)),
        );
    }
    let _ = fast.document.compacted(&[]);
}

fn locate(document: &Document) {
    for root in document.roots().take(4) {
        let entries = root.entries().map(|entry| entry.value);
        for node in entries.chain(root.items()).take(16) {
            let path = document.path_of(root, node).expect("a child has a path");
            assert_eq!(path.to_string().parse().as_ref(), Ok(&path));
            let found = root.lookup(&path).expect("a path leads somewhere");
            assert_eq!(found.id(), node.id(), "{path}");
            let shown = document.display_place(root, node);
            assert!(
                shown
                    .source
                    .text()
                    .get(shown.span.start as usize..shown.span.end as usize)
                    .is_some()
            );
            let whole = document.entry_place(root, node);
            assert!(whole.span.start <= whole.span.end);
        }
    }
    for offset in 0..64 {
        let _ = document.node_at(offset);
    }
}

fn edit(document: &Document, seed: usize) {
    let Some(root) = document.roots().next() else {
        return;
    };
    let entries: Vec<_> = root
        .entries()
        .map(|entry| entry.value)
        .chain(root.items())
        .collect();
    let Some(&node) = entries.get(seed % entries.len().max(1)) else {
        return;
    };
    let path = document.path_of(root, node).expect("a child has a path");
    let mapping = NewValue::Mapping(vec![(
        "k: k".to_owned(),
        NewValue::Sequence(vec![NewValue::Bool(false)]),
    )]);
    for value in [NewValue::Int(7), mapping] {
        let _ = set(document, root, &path, &value);
        let _ = set(
            document,
            root,
            &path.join(document::Step::Key("new".into())),
            &value,
        );
        let _ = append(document, root, &path, &value);
    }
    let _ = remove(document, root, &path);
}
