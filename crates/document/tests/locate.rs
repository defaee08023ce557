//! Paths, offsets and places.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use document::{
    Document, KeyId, Keys, Kind, Limits, NodeRef, Path, Source, Step, WalkEnd, parse_yaml,
};
use proptest::prelude::*;

const TEXT: &str = "\
kind: Pod
base: &base
  image: a
  tags: [x, {z: 1}]
spec:
  containers:
  - name: one # first
    args:
      - -v
      -
        deep: 1
  # between
  -   name: two
      <<: *base
  again: *base
  empty:
  \"odd.key\": 1
";

fn document() -> Document {
    let keys = Arc::new(Keys::new(["kind", "spec"]));
    let parsed = parse_yaml(Source::new("", TEXT), &keys, &Limits::default());
    assert!(parsed.errors.is_empty());
    parsed.document
}

fn path(text: &str) -> Path {
    text.parse().unwrap()
}

#[test]
fn a_path_shows_what_to_underline() {
    let document = document();
    let root = document.roots().next().unwrap();
    let check = |text: &str, display: &str, line: u32, entry: &str| {
        let node = root
            .lookup(&path(text))
            .unwrap_or_else(|| panic!("nothing at {text}"));
        let shown = document.display_place(root, node);
        assert_eq!(
            shown.source.slice(&shown.span),
            display,
            "display of {text}"
        );
        assert_eq!(
            shown.source.line_column(shown.span.start).line,
            line,
            "line of {text}"
        );
        let whole = document.entry_place(root, node);
        assert_eq!(whole.source.slice(&whole.span), entry, "entry of {text}");
    };
    check("kind", "Pod", 1, "kind: Pod");
    check("base.tags", "tags", 4, "tags: [x, {z: 1}]");
    check("base.tags[0]", "x", 4, "x");
    check("base.tags[1]", "{z: 1}", 4, "{z: 1}");
    check("base.tags[1].z", "1", 4, "z: 1");
    check(
        "spec.containers[0]",
        "- name: one # first",
        7,
        "- name: one # first\n    args:\n      - -v\n      -\n        deep: 1",
    );
    check(
        "spec.containers[0].args",
        "args",
        8,
        "args:\n      - -v\n      -\n        deep: 1",
    );
    check("spec.containers[0].args[0]", "-v", 9, "- -v");
    check("spec.containers[0].args[1]", "-", 10, "-\n        deep: 1");
    check(
        "spec.containers[1]",
        "-   name: two",
        13,
        "-   name: two\n      <<: *base",
    );
    check("spec.containers[1].image", "a", 3, "image: a");
    check("spec.again", "*base", 15, "again: *base");
    check("spec.empty", "empty", 16, "empty:");
    check("spec[\"odd.key\"]", "1", 17, "\"odd.key\": 1");
    check("", "kind: Pod", 1, TEXT.trim_end());
}

#[test]
fn a_node_has_the_path_that_leads_to_it() {
    let document = document();
    let root = document.roots().next().unwrap();
    let check = |from: &str, node: &str, expected: Option<&str>| {
        let from = root.lookup(&path(from)).unwrap();
        let node = root.lookup(&path(node)).unwrap();
        assert_eq!(document.path_of(from, node), expected.map(path));
    };
    check(
        "",
        "spec.containers[0].args[1].deep",
        Some("spec.containers[0].args[1].deep"),
    );
    check("", "spec.again.tags[1].z", Some("base.tags[1].z"));
    check("spec", "base.tags[1].z", Some("containers[1].tags[1].z"));
    check("spec.again", "base.image", Some("image"));
    check("spec", "kind", None);
}

#[test]
fn an_offset_finds_the_innermost_node() {
    let document = document();
    let root = document.roots().next().unwrap();
    let check = |needle: &str, expected: &str| {
        let offset = TEXT.find(needle).unwrap() as u32;
        let node = document.node_at(offset).unwrap();
        assert_eq!(
            document.path_of(root, node),
            Some(path(expected)),
            "at {needle}"
        );
    };
    check("kind", "kind");
    check("Pod", "kind");
    check("z: 1", "base.tags[1].z");
    check("- -v", "spec.containers[0].args[0]");
    check("-v", "spec.containers[0].args[0]");
    check("  # between", "spec.containers");
    check("*base\n  empty", "spec.again");
    check("\"odd", "spec[\"odd.key\"]");
}

#[test]
fn a_path_ends_at_its_nearest_parent() {
    let document = document();
    let root = document.roots().next().unwrap();
    let (node, steps) = root.nearest(&path("spec.containers[0].securityContext.privileged"));
    assert_eq!(
        document.path_of(root, node),
        Some(path("spec.containers[0]"))
    );
    assert_eq!(steps, 3);
}

#[test]
fn an_id_of_another_document_is_harmless() {
    let document = document();
    let keys = Arc::new(Keys::new([]));
    let small = parse_yaml(Source::new("", "a: 1"), &keys, &Limits::default()).document;
    let foreign = document
        .roots()
        .next()
        .unwrap()
        .lookup(&path("spec.empty"))
        .unwrap();
    let node = small.at(foreign.id());
    assert!(node.is_null());
    assert_eq!(small.path_of(small.roots().next().unwrap(), node), None);
    assert_eq!(node.place().span, 0..0);
}

#[test]
fn a_text_that_is_no_path_says_where() {
    let check = |text: &str, expected: &str| {
        assert_eq!(text.parse::<Path>().unwrap_err().to_string(), expected);
    };
    check("a..b", "expected a key at byte 2 of the path");
    check(
        "a[x]",
        "expected an index or a quoted key at byte 2 of the path",
    );
    check("a[0", "expected `]` at byte 3 of the path");
    check("a[\"x]", "the quote is not closed at byte 5 of the path");
    check("a[0]b", "expected `.` or `[` at byte 4 of the path");
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0..100_usize).prop_map(Step::Index),
        "[a-z/.$-]{1,4}".prop_map(|key| Step::Key(key.into())),
        any::<String>().prop_map(|key| Step::Key(key.into())),
    ]
}

/// Mappings of a few keys, with merge keys, aliases, nulls and scalars.
fn any_mapping() -> impl Strategy<Value = String> {
    let value = prop_oneof![
        Just("null".to_owned()),
        Just("x".to_owned()),
        Just("*m".to_owned())
    ];
    value.prop_recursive(4, 40, 20, |inner| {
        let entry = (prop_oneof!["[a-z]", Just("<<".to_owned())], inner);
        proptest::collection::vec(entry, 0..20).prop_map(|entries| {
            let entries: Vec<String> = entries
                .iter()
                .map(|(key, value)| match (&**key, &**value) {
                    ("<<", _) => "<<: *m".to_owned(),
                    (key, value) => format!("{key}: {value}"),
                })
                .collect();
            format!("{{{}}}", entries.join(", "))
        })
    })
}

proptest! {
    #[test]
    fn a_walk_is_one_step_after_the_other(text in any_mapping(), names in proptest::collection::vec("[a-z]", 0..4)) {
        let known: Vec<String> = ('a'..='z').map(String::from).collect();
        let keys = Arc::new(Keys::new(known.iter().map(String::as_str)));
        let text = format!("[&m {{a: 1, b: {{c: 2}}, c: null}}, {text}]");
        let document = parse_yaml(Source::new("", text), &keys, &Limits::default()).document;
        let ids: Vec<KeyId> = names.iter().map(|name| keys.get(name).unwrap()).collect();
        for node in document.roots().flat_map(NodeRef::items) {
            let walk = node.walk(ids.iter().copied());
            let (last, done, end) = walked(node, &ids);
            prop_assert_eq!((walk.node.id(), walk.done, walk.end), (last.id(), done, end));
        }
    }

    #[test]
    fn a_path_survives_being_written(steps in proptest::collection::vec(any_step(), 0..5)) {
        let path = Path(steps);
        prop_assert_eq!(path.to_string().parse::<Path>().unwrap(), path);
    }
}

/// Following keys one by one, as [`NodeRef::walk`] says it does.
fn walked<'a>(mut node: NodeRef<'a>, keys: &[KeyId]) -> (NodeRef<'a>, usize, WalkEnd) {
    for (done, &key) in keys.iter().enumerate() {
        let is_map = matches!(node.kind(), Kind::Null | Kind::Mapping);
        match node.get(key).filter(|next| !next.is_null()) {
            Some(next) => node = next,
            None if is_map => return (node, done, WalkEnd::Absent),
            None => return (node, done, WalkEnd::NoMapping),
        }
    }
    (node, keys.len(), WalkEnd::Reached)
}

#[test]
fn a_node_holds_what_is_written_below_it() {
    let document = document();
    let root = document.roots().next().unwrap();
    let at = |text: &str| root.lookup(&path(text)).unwrap();
    for (outer, inner, holds) in [
        ("spec", "spec.containers[1].name", true),
        ("spec", "spec", true),
        ("spec.containers[0]", "spec.containers[1]", false),
        ("spec.containers[1].name", "spec", false),
        ("base", "spec", false),
        ("base", "base.tags[1].z", true),
        ("spec.again", "base.tags", false),
    ] {
        assert_eq!(at(outer).holds(at(inner)), holds, "{outer} and {inner}");
    }
}
