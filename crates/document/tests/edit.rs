//! Edits: one value changes, every other byte stays.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "common/texts.rs"]
mod texts;

use std::collections::BTreeMap;
use std::sync::Arc;

use document::edit::{EditError, NewValue, TextEdit, append, apply, remove, set};
use document::{Document, Keys, Kind, Limits, NodeRef, Path, Source, Step, parse_json, parse_yaml};
use proptest::prelude::*;
use texts::block;

fn parse(text: &str) -> Document {
    let keys = Arc::new(Keys::new([]));
    let is_json = text.starts_with("{\"")
        || text.starts_with(
            "{
",
        );
    let parse = if is_json { parse_json } else { parse_yaml };
    let parsed = parse(Source::new("", text), &keys, &Limits::default());
    assert!(parsed.errors.is_empty(), "{:?} in {text}", parsed.errors);
    parsed.document
}

fn value(text: &str) -> NewValue {
    NewValue::of(parse(text).roots().next().unwrap())
}

fn finish(text: &str, edits: Result<Vec<TextEdit>, EditError>) -> String {
    match edits {
        Ok(edits) => apply(text, &edits),
        Err(error) => format!("! {error}"),
    }
}

fn check_set(text: &str, path: &str, new: &str, expected: &str) {
    let document = parse(text);
    let root = document.roots().next().unwrap();
    let edits = set(&document, root, &path.parse().unwrap(), &value(new));
    assert_eq!(
        finish(text, edits),
        expected,
        "set {path} to {new} in:\n{text}"
    );
}

fn check_remove(text: &str, path: &str, expected: &str) {
    let document = parse(text);
    let root = document.roots().next().unwrap();
    let edits = remove(&document, root, &path.parse().unwrap());
    assert_eq!(finish(text, edits), expected, "remove {path} from:\n{text}");
}

fn check_append(text: &str, path: &str, new: &str, expected: &str) {
    let document = parse(text);
    let root = document.roots().next().unwrap();
    let edits = append(&document, root, &path.parse().unwrap(), &value(new));
    assert_eq!(
        finish(text, edits),
        expected,
        "append {new} to {path} in:\n{text}"
    );
}

#[test]
fn a_scalar_is_replaced_where_it_stands() {
    check_set("a: 1 # c\nb: 2\n", "a", "false", "a: false # c\nb: 2\n");
    check_set("a:   'x'   # c\n", "a", "k: 1", "a:   # c\n  k: 1\n");
    check_set(
        "a: \"x\"\r\nb: 2\r\n",
        "a",
        "'it: s'",
        "a: \"it: s\"\r\nb: 2\r\n",
    );
    check_set(
        "- a: 1\n  b: true\n",
        "[0].b",
        "false",
        "- a: 1\n  b: false\n",
    );
    check_set("a:\nb: 2\n", "a", "1", "a: 1\nb: 2\n");
    check_set("a: # c\nb: 2\n", "a", "1", "a: 1 # c\nb: 2\n");
    check_set("a: |\n  x\n  y\n\nb: 2\n", "a", "z", "a: z\n\nb: 2\n");
    check_set("a:\n  # why\n  x\nb: 1\n", "a", "z", "a: z\nb: 1\n");
    check_set("a: [1, 2]\n", "a[1]", "x y", "a: [1, \"x y\"]\n");
    check_set(
        "a: {b: 1, c: 2}\n",
        "a.b",
        "yes please",
        "a: {b: \"yes please\", c: 2}\n",
    );
    check_set("a: {b: , c}\n", "a.b", "1", "a: {b: 1 , c}\n");
    check_set("a: {b: , c}\n", "a.c", "1", "a: {b: , c: 1}\n");
    check_set("-\n- 2\n", "[0]", "1", "- 1\n- 2\n");
    check_set("{\n\t\"a\": 1\n}", "a", "x", "{\n\t\"a\": \"x\"\n}");
}

#[test]
fn texts_are_quoted_where_they_must_be() {
    let plain = ["RuntimeDefault", "a/b:1.2", "/tmp", "x-y_z", "1.2.3", "10m"];
    let quoted = [
        "yes",
        "null",
        "1",
        "1e3",
        "",
        "a b",
        "a: b",
        "*x",
        "#x",
        "-x",
        "x:",
        "12:30",
        "é",
        "0x1F",
        "~",
        "é\n\u{1}\u{2028}\u{1F600}",
    ];
    for (texts, is_quoted) in [(&plain[..], false), (&quoted[..], true)] {
        for text in texts {
            let document = parse("a: 1\n");
            let root = document.roots().next().unwrap();
            let edits = set(
                &document,
                root,
                &"a".parse().unwrap(),
                &NewValue::String((*text).to_owned()),
            )
            .unwrap();
            assert_eq!(edits[0].text.starts_with('"'), is_quoted, "{text}");
        }
    }
}

#[test]
fn missing_parents_are_made_in_the_style_of_the_file() {
    check_set(
        "a:\n  b: 1\n",
        "a.c.d",
        "false",
        "a:\n  b: 1\n  c:\n    d: false\n",
    );
    check_set(
        "a:\n    b: 1\n",
        "a.c.d",
        "false",
        "a:\n    b: 1\n    c:\n        d: false\n",
    );
    check_set("a: 1", "b.c", "1", "a: 1\nb:\n  c: 1");
    check_set("a: 1 # c\n# end\n", "b", "1", "a: 1 # c\nb: 1\n# end\n");
    check_set("a: {}\nb: 1\n", "a.c", "1", "a:\n  c: 1\nb: 1\n");
    check_set("a: {} # c\nb: 1\n", "a.c", "1", "a: # c\n  c: 1\nb: 1\n");
    check_set("a:\nb: 1\n", "a.c", "1", "a:\n  c: 1\nb: 1\n");
    check_set(
        "- name: x\n  l:\n  - 1\n- name: y\n",
        "[0].s.t",
        "false",
        "- name: x\n  l:\n  - 1\n  s:\n    t: false\n- name: y\n",
    );
    check_set(
        "- name: x\r\n- name: y\r\n",
        "[1].s.t",
        "false",
        "- name: x\r\n- name: y\r\n  s:\r\n    t: false\r\n",
    );
    check_set("a: {b: 1}\n", "a.c.d", "[x]", "a: {b: 1, c: {d: [x]}}\n");
    check_set("a: |+\n  x\n\n\n", "b", "1", "a: |+\n  x\n\n\nb: 1\n");
    check_set(
        "{\"a\": {\"b\": 1}}",
        "a.c.d",
        "x",
        "{\"a\": {\"b\": 1, \"c\": {\"d\": \"x\"}}}",
    );
    check_set(
        "l:\n- 1\n",
        "m",
        "[1, {a: b, c: d}]",
        "l:\n- 1\nm:\n- 1\n- a: b\n  c: d\n",
    );
    check_set(
        "l:\n  - 1\n",
        "m",
        "[1, [2, 3]]",
        "l:\n  - 1\nm:\n  - 1\n  - - 2\n    - 3\n",
    );
    check_set(
        "- a\n-\n- - b\n",
        "[1].x",
        "{k: {z: 1}}",
        "- a\n- x:\n    k:\n      z: 1\n- - b\n",
    );
}

#[test]
fn containers_are_replaced_whole() {
    check_set(
        "a:\n  # c\n  b: 1\n  c: 2\nd: 3\n",
        "a",
        "1",
        "a: 1\nd: 3\n",
    );
    check_set("a: # keep\n  b: 1\nd: 3\n", "a", "1", "a: 1 # keep\nd: 3\n");
    check_set(
        "a:\n  b: 1\nd: 3\n",
        "a",
        "{c: {e: 1}}",
        "a:\n  c:\n    e: 1\nd: 3\n",
    );
    check_set("a:\n- 1\n- 2\nd: 3\n", "a", "{c: 1}", "a:\n  c: 1\nd: 3\n");
    check_set("a: x # c\nd: 3\n", "a", "[1]", "a: # c\n  - 1\nd: 3\n");
    check_set("- x # c\n- y\n", "[0]", "{a: 1}", "- a: 1 # c\n- y\n");
}

#[test]
fn items_are_appended_in_the_style_of_the_list() {
    check_append("a:\n- 1 # c\nb: 1\n", "a", "x", "a:\n- 1 # c\n- x\nb: 1\n");
    check_append(
        "a:\n    - b: 1\n      c: 2\n",
        "a",
        "{d: 1, e: 2}",
        "a:\n    - b: 1\n      c: 2\n    - d: 1\n      e: 2\n",
    );
    check_append("a: [1, 2]\n", "a", "x", "a: [1, 2, x]\n");
    check_append("a: [1, 2, ] # c\n", "a", "x", "a: [1, 2, x, ] # c\n");
    check_append("a: []\n", "a", "ALL", "a:\n  - ALL\n");
    check_append("a: 1\n", "b.c", "ALL", "a: 1\nb:\n  c:\n    - ALL\n");
    check_append("a:\n", "a", "x", "a:\n  - x\n");
    check_append("{\"a\": []}", "a", "x", "{\"a\": [\"x\"]}");
    check_append("a: 1\n", "a", "x", "! the value at a holds no others");
}

#[test]
fn entries_and_items_are_removed_with_their_lines() {
    check_remove("a: 1\nb: 2 # c\nc: 3\n", "b", "a: 1\nc: 3\n");
    check_remove(
        "a: 1\n# about b\nb:\n  c: 1\n  d: 2\n# about e\ne: 3\n",
        "b",
        "a: 1\n# about b\n# about e\ne: 3\n",
    );
    check_remove("a:\n  b: 1\nc: 2\n", "a.b", "a: {}\nc: 2\n");
    check_remove("a:\n- 1\nc: 2\n", "a[0]", "a: []\nc: 2\n");
    check_remove("a:\n- 1\n- 2\n", "a[0]", "a:\n- 2\n");
    check_remove("- a: 1 # c\n  b: 2\n- 3\n", "[0].a", "- b: 2\n- 3\n");
    check_remove("- a: 1\n  b: 2\n- 3\n", "[0].b", "- a: 1\n- 3\n");
    check_remove("- a: 1\n  b: 2\n- 3\n", "[0]", "- 3\n");
    check_remove("a: 1\nb: 2", "b", "a: 1\n");
    check_remove("a: {b: 1, c: 2, d: 3}\n", "a.b", "a: {c: 2, d: 3}\n");
    check_remove("a: {b: 1, c: 2, d: 3}\n", "a.d", "a: {b: 1, c: 2}\n");
    check_remove("a: [1]\n", "a[0]", "a: []\n");
    check_remove("{\n  \"a\": 1,\n  \"b\": 2\n}", "b", "{\n  \"a\": 1\n}");
    check_remove("a: 1\na: 2\nb: 3\n", "a", "b: 3\n");
    check_remove("a: 1\n", "b", "! there is nothing at b");
}

#[test]
fn what_cannot_be_edited_alone_is_refused() {
    let text = "base: &base\n  b: 1\nl: *base\nm:\n  <<: *base\n  c: 1\nt: !!str 1\n";
    check_set(
        text,
        "l.b",
        "2",
        "! the value at l is an alias: edit what it names",
    );
    check_set(
        text,
        "l.x",
        "2",
        "! the value at l is an alias: edit what it names",
    );
    check_set(
        text,
        "m.b",
        "2",
        "! the value at m.b comes from a merge key: edit what that names",
    );
    check_set(
        text,
        "base.b",
        "2",
        "! the value at base.b has an anchor that an alias names: the edit would change both",
    );
    check_set(
        text,
        "base",
        "2",
        "! the value at base has an anchor that an alias names: the edit would change both",
    );
    check_set(text, "t", "2", "! the value at t has a tag or an anchor");
    check_set(text, "m.c", "2", &text.replace("c: 1", "c: 2"));
    check_set(text, "l", "2", &text.replace("l: *base", "l: 2"));
    check_remove(
        text,
        "m.b",
        "! the value at m.b comes from a merge key: edit what that names",
    );
    check_set("a: 1\n", "a.b", "2", "! the value at a holds no others");
    check_set("a: [1]\n", "a[3]", "2", "! there is nothing at a[3]");
    check_set("a: 1\n", "", "2", "! the path is empty");
    check_remove(
        "a: |+\n  x\nb: 1\n\nc: 1\n",
        "b",
        "! the text at b cannot be edited without changing other values",
    );
}

/// The scalars of a document with their paths, empty containers counted as such.
fn leaves(node: NodeRef<'_>, path: &Path, out: &mut BTreeMap<Path, String>) {
    let mut is_empty = true;
    for (index, item) in node.items().enumerate() {
        is_empty = false;
        leaves(item, &path.join(Step::Index(index)), out);
    }
    for entry in node.entries() {
        is_empty = false;
        leaves(entry.value, &path.join(Step::Key(entry.name().into())), out);
    }
    if is_empty {
        out.insert(path.clone(), format!("{:?}", NewValue::of(node)));
    }
}

fn all_leaves(document: &Document) -> Vec<BTreeMap<Path, String>> {
    let of = |root| {
        let mut out = BTreeMap::new();
        leaves(root, &Path::default(), &mut out);
        out
    };
    document.roots().map(of).collect()
}

fn paths(node: NodeRef<'_>, path: &Path, out: &mut Vec<Path>) {
    out.push(path.clone());
    for (index, item) in node.items().enumerate() {
        paths(item, &path.join(Step::Index(index)), out);
    }
    for entry in node.entries() {
        paths(entry.value, &path.join(Step::Key(entry.name().into())), out);
    }
}

/// Whether a mapping has a key twice.
fn repeats(node: NodeRef<'_>) -> bool {
    node.written_entries().len() != node.entries().len()
        || node.items().any(repeats)
        || node.written_entries().any(|entry| repeats(entry.value))
}

fn new_value() -> impl Strategy<Value = NewValue> {
    let leaf = prop_oneof![
        Just(NewValue::Null),
        any::<bool>().prop_map(NewValue::Bool),
        any::<i64>().prop_map(NewValue::Int),
        any::<String>().prop_map(NewValue::String),
        "[a-z :#-]{0,4}".prop_map(NewValue::String),
    ];
    leaf.prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(NewValue::Sequence),
            proptest::collection::btree_map("[a-c ]{1,2}", inner, 0..3)
                .prop_map(|map| NewValue::Mapping(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn only_the_value_at_the_path_changes(lines in block(4), at in any::<prop::sample::Index>(), extra in prop::option::of("[a-e]"), new in new_value()) {
        let text = format!("first: 1\n---\n{}\n---\nlast: 1 # c\n", lines.join("\n"));
        let keys = Arc::new(Keys::new([]));
        let parsed = parse_yaml(Source::new("", text.as_str()), &keys, &Limits::default());
        prop_assume!(parsed.errors.is_empty() && parsed.document.roots().len() == 3);
        let document = parsed.document;
        let root = document.roots().nth(1).unwrap();
        let mut found = Vec::new();
        paths(root, &Path::default(), &mut found);
        let mut path = at.get(&found).clone();
        if let (Some(extra), Kind::Mapping) = (extra, root.lookup(&path).unwrap().kind()) {
            path = path.join(Step::Key(extra.into()));
        }
        prop_assume!(!path.0.is_empty());
        let edits = match set(&document, root, &path, &new) {
            Ok(edits) => edits,
            // What is left are blank lines at the end of a `|+` scalar, which belong to whatever stands before them.
            Err(EditError::Entangled(_)) if text.contains("|+") => return Ok(()),
            Err(error) => return Err(TestCaseError::fail(format!("{error} in\n{text}"))),
        };
        let edited = parse(&apply(&text, &edits));
        let is_kept = |(kept, _): &(&Path, &String)| !kept.0.starts_with(&path.0) && !path.0.starts_with(&kept.0);
        for (before, after) in all_leaves(&document).iter().zip(&all_leaves(&edited)) {
            let before: Vec<_> = before.iter().filter(is_kept).collect();
            let after: Vec<_> = after.iter().filter(is_kept).collect();
            prop_assert_eq!(before, after);
        }
        let at = edited.roots().nth(1).unwrap().lookup(&path).unwrap();
        prop_assert_eq!(NewValue::of(at), new);
        let removed = remove(&edited, edited.roots().nth(1).unwrap(), &path);
        if let Ok(edits) = removed {
            let shorter = parse(&apply(edited.sources()[0].text(), &edits));
            prop_assert_eq!(all_leaves(&shorter)[2].len(), 1);
        } else {
            // A line of blanks behind a `|` scalar is its end, and would be the text of the one before.
            prop_assert!(text.contains('|') || repeats(root), "{:?}", removed);
        }
    }
}
