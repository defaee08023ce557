//! Documents that are made rather than read.

use std::sync::Arc;

use document::edit::{EditError, NewValue, set};
use document::{Builder, Keys, LimitExceeded, Limits, Role, Source};

#[test]
fn an_origin_tells_what_it_was_made_from_nearest_first() {
    let keys = Arc::new(Keys::new(["replicas"]));
    let mut builder = Builder::new(&keys, &Limits::default());
    let rendered = builder.source(&Source::new("rendered", "replicas: 3\n"));
    let template = builder.source(&Source::new("template", "replicas: {{ .Values.n }}\n"));
    let values = builder.source(&Source::new("values.yaml", "n: 3\n"));
    let in_values = builder.origin(values, 3..4);
    let in_template = builder.origin_from(template, 10..25, Role::Value, in_values);
    let root = builder.origin(rendered, 0..11);
    builder.begin_mapping(root).unwrap();
    let key = builder.origin(rendered, 0..8);
    builder.key("replicas", key);
    let value = builder.origin_from(rendered, 10..11, Role::Template, in_template);
    builder.int(3, value).unwrap();
    let document = builder.finish();

    let root = document.roots().next().unwrap();
    let node = root.get(keys.get("replicas").unwrap()).unwrap();
    let chain: Vec<_> = document
        .causes(node.origin())
        .map(|cause| {
            let place = document.place(cause.at);
            (
                cause.role,
                place.source.name(),
                place.source.slice(&place.span),
            )
        })
        .collect();
    assert_eq!(
        chain,
        [
            (Role::Template, "template", "{{ .Values.n }}"),
            (Role::Value, "values.yaml", "3"),
        ]
    );
    let edit = set(
        &document,
        root,
        &"replicas".parse().unwrap(),
        &NewValue::Int(1),
    );
    assert_eq!(edit, Err(EditError::Rendered));
}

#[test]
fn children_are_contiguous_and_an_unfinished_document_is_closed() {
    let keys = Arc::new(Keys::new([]));
    let limits = Limits {
        depth: 2,
        nodes: 6,
        ..Limits::default()
    };
    let mut builder = Builder::new(&keys, &limits);
    let source = builder.source(&Source::new("", ""));
    let origin = builder.origin(source, 0..0);
    builder.begin_sequence(origin).unwrap();
    builder.int(1, origin).unwrap();
    builder.begin_sequence(origin).unwrap();
    builder.int(2, origin).unwrap();
    assert_eq!(builder.begin_mapping(origin), Err(LimitExceeded::Depth));
    builder.int(3, origin).unwrap();
    builder.end(None);
    builder.int(4, origin).unwrap();
    assert_eq!(builder.null(origin), Err(LimitExceeded::Nodes));
    let document = builder.finish();
    let value = NewValue::of(document.roots().next().unwrap());
    let int = NewValue::Int;
    let inner = NewValue::Sequence(vec![int(2), int(3)]);
    assert_eq!(value, NewValue::Sequence(vec![int(1), inner, int(4)]));
}

#[test]
fn keys_of_the_table_and_of_the_document_are_told_apart() {
    let keys = Arc::new(Keys::new(["kind", "kind", "name"]));
    assert_eq!(keys.len(), 3);
    assert_eq!(keys.name(Keys::MERGE), Some("<<"));
    assert_eq!(keys.get("<<"), None);
    let text = "name: a\nother: b\n\"<<\": c\n<<: {kind: d, more: e}\n";
    let parsed = document::parse_yaml(Source::new("", text), &keys, &Limits::default());
    let root = parsed.document.roots().next().unwrap();
    let text_at = |key: &str| root.get_str(key).and_then(document::NodeRef::as_str);
    assert_eq!(
        root.get(keys.get("name").unwrap()).unwrap().as_str(),
        Some("a")
    );
    assert_eq!(text_at("other"), Some("b"));
    assert_eq!(text_at("<<"), Some("c"));
    assert_eq!(text_at("kind"), Some("d"));
    assert_eq!(text_at("more"), Some("e"));
    assert_eq!(text_at("nothing"), None);
    let names: Vec<_> = root.entries().map(|entry| entry.name()).collect();
    assert_eq!(names, ["name", "other", "<<", "kind", "more"]);
    assert_eq!(root.len(), 5);
}
