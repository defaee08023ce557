//! Documents without their text.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use document::edit::NewValue;
use document::{Compaction, Document, Keys, Limits, Source, parse_yaml};

fn parse(text: &str) -> Document {
    let keys = Arc::new(Keys::new(["metadata"]));
    let parsed = parse_yaml(Source::new("pod.yaml", text), &keys, &Limits::default());
    assert!(parsed.errors.is_empty());
    parsed.document
}

fn check(text: &str, dropped: &[&str], expected: &str) {
    let document = parse(text);
    let dropped: Vec<_> = dropped.iter().map(|path| path.parse().unwrap()).collect();
    let compacted = document.compacted(&dropped);
    let values = |document: &Document| document.roots().map(NewValue::of).collect::<Vec<_>>();
    assert_eq!(values(&compacted), values(&parse(expected)));
    assert_eq!(compacted.sources()[0].name(), "pod.yaml");
    assert_eq!(compacted.sources()[0].text(), "");
    assert_eq!(compacted.comments().len(), 0);
}

#[test]
fn values_stay_and_paths_are_dropped() {
    check(
        "metadata: # c\n  name: a\n  managedFields:\n  - x: 1\nlist: [1, 2, 1.5, ~, true, a]\n---\nb: a\n",
        &["metadata.managedFields", "list[0]", "nothing.here"],
        "metadata:\n  name: a\nlist: [2, 1.5, ~, true, a]\n---\nb: a\n",
    );
}

#[test]
fn references_stay_or_are_copied_where_their_target_is_dropped() {
    let text =
        "base: &base {a: 1, l: &l [x]}\nuse: *base\nmerged:\n  <<: *base\n  a: 2\nlist: *l\n";
    check(text, &[], text);
    check(
        text,
        &["base"],
        "use: {a: 1, l: [x]}\nmerged: {a: 2, l: [x]}\nlist: [x]\n",
    );
}

#[test]
fn the_text_is_not_held() {
    let text = "- name: registry.example.com/shop/web\n  value: registry.example.com/shop/web\n"
        .repeat(1000);
    let document = parse(&text);
    let compacted = document.compacted(&[]);
    // Without an origin for each key and value, and with one copy of the string.
    assert!(
        compacted.memory() * 2 < document.memory(),
        "{} of {}",
        compacted.memory(),
        document.memory()
    );
}

#[test]
fn one_node_is_compacted_with_what_it_is_given_and_without_what_is_secret() {
    let document = parse(
        "items:\n- metadata: {name: a, uid: 7}\n  kind: Secret\n  data: {a: x, b: [1, {c: y}]}\n",
    );
    let item = document
        .root(0)
        .unwrap()
        .get_str("items")
        .unwrap()
        .item(0)
        .unwrap();
    let path = |text: &str| text.parse().unwrap();
    let compaction = Compaction {
        dropped: &[path("metadata.uid")],
        emptied: &[path("data")],
        given: &[("apiVersion", "v1"), ("kind", "Other")],
    };
    let compacted = item.compacted("cluster://a", &compaction);
    let expected =
        "apiVersion: v1\nmetadata: {name: a}\nkind: Secret\ndata: {a: '', b: ['', {c: ''}]}\n";
    let values = |document: &Document| document.roots().map(NewValue::of).collect::<Vec<_>>();
    assert_eq!(values(&compacted), values(&parse(expected)));
    assert_eq!(compacted.sources()[0].name(), "cluster://a");
}
