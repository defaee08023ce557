//! Documents as YAML again: the same values, and lines that are true.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "common/texts.rs"]
mod texts;

use std::sync::Arc;

use document::print::{Notes, Sorted, print, to_yaml};
use document::{Document, Keys, Kind, Limits, NodeRef, Source, parse_yaml};
use proptest::prelude::*;

fn parsed(text: &str) -> Document {
    let keys = Arc::new(Keys::new([]));
    let parsed = parse_yaml(Source::new("a.yaml", text), &keys, &Limits::default());
    assert!(parsed.errors.is_empty(), "{text}\n{:?}", parsed.errors);
    parsed.document
}

#[track_caller]
fn check(text: &str, expected: &str) {
    let document = parsed(text);
    assert_eq!(to_yaml(document.root(0).unwrap()), expected);
}

#[test]
fn values_are_printed_in_block_style() {
    check(
        "{b: [1, {c: x, d: []}, [z]], a: {e: 'yes', f: ~, g: 1.5}}",
        "b:\n- 1\n- c: x\n  d: []\n- - z\na:\n  e: \"yes\"\n  f: null\n  g: 1.5\n",
    );
    check("\"a\\nb\\n\"", "|\n  a\n  b\n");
    check("t: \"#!/bin/sh\\n  x\"\n", "t: |-\n  #!/bin/sh\n    x\n");
    check("- \"  a\\n\\n\"\n", "- |2+\n    a\n\n");
}

/// A comment for every scalar.
struct Kinds;

impl<'a> Notes<NodeRef<'a>> for Kinds {
    fn begins(&mut self, node: NodeRef<'a>, line: u32) -> Option<String> {
        let is_leaf = !matches!(node.kind(), Kind::Mapping | Kind::Sequence);
        is_leaf.then(|| format!("{line} {:?}", node.kind()))
    }
}

#[test]
fn lines_carry_comments() {
    let document = parsed("a: \"x\\ny\\n\"\nb: [{c: 1}, t]\n");
    let mut out = String::new();
    print(document.root(0).unwrap(), &mut Kinds, &mut out);
    let expected = "a: | # 1 String\n  x\n  y\nb:\n- c: 1 # 5 Int\n- t # 6 String\n";
    assert_eq!(out, expected);
}

/// Values without their places, keys sorted.
fn values(node: NodeRef<'_>) -> String {
    match node.kind() {
        Kind::Mapping => {
            let mut entries: Vec<_> = node
                .entries()
                .map(|entry| format!("{:?}: {}", entry.name(), values(entry.value)))
                .collect();
            entries.sort();
            format!("{{{}}}", entries.join(", "))
        }
        Kind::Sequence => {
            let items: Vec<_> = node.items().map(values).collect();
            format!("[{}]", items.join(", "))
        }
        Kind::String => format!("{:?}", node.as_str().unwrap()),
        kind => format!(
            "{kind:?} {:?} {:?} {:?}",
            node.as_bool(),
            node.as_i64(),
            node.as_f64()
        ),
    }
}

/// Calls `see` with each node of two trees of the same shape, keys sorted.
fn pairs<'a>(left: NodeRef<'a>, right: NodeRef<'a>, see: &mut dyn FnMut(NodeRef<'a>, NodeRef<'a>)) {
    see(left, right);
    for (left, right) in left.items().zip(right.items()) {
        pairs(left, right, see);
    }
    for entry in left.entries() {
        pairs(entry.value, right.get_str(entry.name()).unwrap(), see);
    }
}

proptest! {
    #[test]
    fn what_is_printed_is_read_as_the_same(lines in texts::block(3)) {
        let text = lines.join("\n") + "\n";
        let keys = Arc::new(Keys::new([]));
        let parsed_text = parse_yaml(Source::new("a.yaml", text.as_str()), &keys, &Limits::default());
        let Some(root) = parsed_text.document.root(0) else { return Ok(()) };
        let mut printed = String::new();
        print(Sorted(root), &mut (), &mut printed);
        let again = parsed(&printed);
        let Some(again_root) = again.root(0) else { return Ok(()) };
        prop_assert_eq!(values(root), values(again_root), "{}", printed);

        let lines = parsed_text.document.sorted_lines();
        let mut wrong = Vec::new();
        pairs(root, again_root, &mut |own, read| {
            let place = again.display_place(again_root, read);
            let line = place.source.line_column(place.span.start).line;
            if lines[own.id().index() as usize] != line && !own.is_reference() {
                wrong.push((values(own), lines[own.id().index() as usize], line));
            }
        });
        prop_assert!(wrong.is_empty(), "{:?}\n{}", wrong, printed);
    }
}
