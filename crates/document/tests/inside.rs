//! Texts in texts, and copies: every node still knows where it was written.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use document::{
    Builder, Document, Inside, Keys, Kind, Limits, NodeRef, Replaced, Role, Source, parse_inside,
    parse_yaml,
};

fn parsed(text: &str) -> Document {
    let keys = Arc::new(Keys::new([]));
    parse_yaml(Source::new("a.yaml", text), &keys, &Limits::default()).document
}

#[track_caller]
fn check(file: &str, scalar: &str, text: &str, expected: &[(&str, &str)]) {
    let source = Source::new("values.yaml", file);
    let start = file.find(scalar).unwrap() as u32;
    let inside = Inside::locate(&source, &(start..start + scalar.len() as u32), text).unwrap();
    for (part, line) in expected {
        let at = text.find(part).unwrap() as u32;
        assert!(
            file[inside.place(at) as usize..].starts_with(line),
            "{part}"
        );
    }
}

#[test]
fn texts_are_found_in_their_scalars() {
    check(
        "a: b{{ x }}c\n",
        "b{{ x }}c",
        "b{{ x }}c",
        &[("{{", "{{ x }}c\n")],
    );
    check(
        "a: 'b{{ x }}'\n",
        "'b{{ x }}'",
        "b{{ x }}",
        &[("{{", "{{ x }}'")],
    );
    check(
        "a:\n  b: |\n    x: 1\n\n    y: {{ z }}\n",
        "|\n    x: 1\n\n    y: {{ z }}\n",
        "x: 1\n\ny: {{ z }}\n",
        &[("x", "x: 1"), ("{{", "{{ z }}")],
    );
    let source = Source::new("values.yaml", "a: \"b\\n\"\n");
    assert!(Inside::locate(&source, &(3..8), "b\n").is_none());
}

/// The text that a node was written as.
fn written(node: NodeRef<'_>) -> &str {
    let place = node.place();
    place.source.slice(&place.span)
}

#[test]
fn yaml_in_a_string_lies_in_the_text_around() {
    let outer = parsed("values: |\n  web:\n    image: nginx:1\nfolded: >\n  a: 1\n  b: 2\n");
    let root = outer.root(0).unwrap();
    let keys = Arc::new(Keys::new([]));
    let inner = |key: &str| {
        let node = root.get_str(key).unwrap();
        parse_inside(node, &keys, &Limits::default()).unwrap()
    };
    let values = inner("values");
    let image = values
        .document
        .root(0)
        .unwrap()
        .get_str("web")
        .unwrap()
        .get_str("image")
        .unwrap();
    assert_eq!(
        (image.as_str(), written(image)),
        (Some("nginx:1"), "nginx:1")
    );
    assert_eq!(image.place().source.text(), outer.sources()[0].text());
    let folded = inner("folded");
    assert_eq!(folded.errors.len(), 1);
    assert_eq!(
        folded.errors[0].span.start,
        outer.sources()[0].text().find('>').unwrap() as u32
    );
}

#[test]
fn copies_keep_places_and_causes() {
    let base = parsed("a: {b: [1, x, ~]}\nc: &c 2\nd: *c\n");
    let again = base
        .root(0)
        .unwrap()
        .to_document(&Limits::default())
        .unwrap();
    let (left, right) = (base.root(0).unwrap(), again.root(0).unwrap());
    let texts = |root: NodeRef<'_>| {
        let items = root.get_str("a").unwrap().get_str("b").unwrap().items();
        items
            .map(|item| written(item).to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(texts(left), texts(right));
    let alias = right.get_str("d").unwrap();
    assert_eq!((alias.as_i64(), written(alias)), (Some(2), "*c"));
    let causes: Vec<Role> = again
        .causes(alias.origin())
        .map(|cause| cause.role)
        .collect();
    assert!(causes.iter().all(|role| *role == Role::Alias));
}

#[test]
fn strings_are_replaced_where_they_are_written() {
    let base = parsed("a: '${n}'\nb: ${t}\nc: ${n}\nd: x\n");
    let mut builder = Builder::new(&Arc::new(Keys::new([])), &Limits::default());
    let mut replace = |node: NodeRef<'_>| match (node.as_str()?, written(node)) {
        ("${n}", "'${n}'") => Some(Replaced::Text("3".to_owned())),
        ("${n}", _) => Some(Replaced::Plain("3".to_owned())),
        ("${t}", _) => Some(Replaced::Plain("a: b".to_owned())),
        _ => None,
    };
    builder
        .copy_replacing(base.root(0).unwrap(), &mut replace)
        .unwrap();
    let copy = builder.finish();
    let root = copy.root(0).unwrap();
    let of = |key: &str| root.get_str(key).unwrap();
    assert_eq!(
        (of("a").kind(), of("a").as_str(), written(of("a"))),
        (Kind::String, Some("3"), "'${n}'")
    );
    assert_eq!((of("c").as_i64(), written(of("c"))), (Some(3), "${n}"));
    assert_eq!(
        (of("b").as_str(), of("d").as_str()),
        (Some("a: b"), Some("x"))
    );
}
