//! Look-ups in the table against the lines that it was made from.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use document::Keys;
use proptest::prelude::{Strategy, prop_assert_eq, proptest};
use proptest::sample::select;
use schema::{ListType, Schema, Shape, TypeRef};

static TEXT: &str = include_str!("../data/openapi.txt");

/// Lines of the fields of each type.
static LINES: LazyLock<BTreeMap<&str, Vec<&str>>> = LazyLock::new(|| {
    let mut types: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut current = "";
    for line in TEXT.lines() {
        if let Some(rest) = line.strip_prefix("type ") {
            current = rest.split(' ').next().unwrap();
            types.entry(current).or_default();
        } else if let Some(field) = line.strip_prefix(' ') {
            types.get_mut(current).unwrap().push(field);
        }
    }
    types
});

/// The types that kinds lead to, by name.
static TYPES: LazyLock<BTreeMap<&str, TypeRef>> = LazyLock::new(|| {
    let schema = Schema::embedded();
    let mut found = BTreeMap::new();
    let mut open: Vec<TypeRef> = schema.kinds().map(|kind| kind.of).collect();
    while let Some(of) = open.pop() {
        match schema.shape(of) {
            Shape::Struct(structure) => {
                if found.insert(schema.name_of(structure), of).is_none() {
                    open.extend(schema.fields(of).map(|field| field.of));
                }
            }
            Shape::List(inner) | Shape::Map(inner) => open.push(inner),
            Shape::Scalar(_) => {}
        }
    }
    found
});

/// A type as the text writes it.
fn written(of: TypeRef) -> String {
    let schema = Schema::embedded();
    match schema.shape(of) {
        Shape::Scalar(scalar) => scalar.word().to_owned(),
        Shape::List(item) => format!("[{}]", written(item)),
        Shape::Map(value) => format!("{{{}}}", written(value)),
        Shape::Struct(structure) => format!("@{}", schema.name_of(structure)),
    }
}

/// The type and whether it is required, read from the lines.
fn naive(name: &str, field: &str, minor: u32) -> Option<(String, bool)> {
    LINES[name].iter().find_map(|line| {
        let mut words = line.split(' ');
        if words.next() != Some(field) {
            return None;
        }
        let of = words.next()?;
        let span = words
            .next()
            .filter(|word| word.contains("..") && !word.contains('='));
        let (since, until) = span.unwrap_or("..").split_once("..")?;
        let is_in =
            since.parse().unwrap_or(0) <= minor && minor <= until.parse().unwrap_or(u32::MAX);
        is_in.then(|| (of.trim_end_matches('!').to_owned(), of.ends_with('!')))
    })
}

fn names() -> impl Strategy<Value = &'static str> {
    select(schema::names().collect::<Vec<_>>())
}

proptest! {
    #[test]
    fn a_field_is_found_as_in_the_text(
        (name, of) in select(TYPES.iter().map(|(&name, &of)| (name, of)).collect::<Vec<_>>()),
        any_field in names(),
        own in 0_usize..64,
        minor in 25_u32..=37,
    ) {
        let schema = Schema::embedded();
        let keys = Arc::new(Keys::new(schema::names()));
        let own_field = LINES[name].get(own).map_or(any_field, |line| line.split(' ').next().unwrap());
        for field in [any_field, own_field] {
            let expected = naive(name, field, minor);
            let found = schema.field(of, field, minor);
            prop_assert_eq!(found, schema.field_by_key(of, keys.get(field).unwrap(), minor));
            prop_assert_eq!(found.map(|found| (written(found.of), found.is_required)), expected);
        }
    }
}

#[test]
fn every_line_is_found() {
    for (name, &of) in TYPES.iter() {
        let schema = Schema::embedded();
        for line in &LINES[name] {
            let field = line.split(' ').next().unwrap();
            let found = (25..=37).any(|minor| schema.field(of, field, minor).is_some());
            assert!(found, "{name} {field}");
        }
        assert_eq!(schema.fields(of).count(), LINES[name].len(), "{name}");
    }
    assert!(TYPES.len() > 700, "most types belong to some kind");
}

#[test]
fn names_are_sorted_and_their_ids_follow() {
    let names: Vec<&str> = schema::names().collect();
    assert!(names.is_sorted_by(|a, b| a < b));
    let keys = Keys::new(names.iter().copied());
    for (position, name) in names.iter().enumerate() {
        assert_eq!(
            keys.get(name).map(document::KeyId::index),
            Some(position + 1)
        );
    }
}

#[test]
fn facts_about_merging_are_read() {
    let schema = Schema::embedded();
    let field = |path: &[&str]| {
        let mut of = schema.kind("apps", "v1", "Deployment", 34).unwrap();
        let mut found = None;
        for name in path {
            let next = schema.field(of, name, 34).unwrap();
            of = schema.item(next.of).unwrap_or(next.of);
            found = Some(next);
        }
        found.unwrap()
    };
    let containers = field(&["spec", "template", "spec", "containers"]);
    assert_eq!(containers.merge_key(), Some("name"));
    assert_eq!(containers.list_type(), Some(ListType::Map));
    assert!(containers.is_merged() && containers.is_required);
    let ports = field(&["spec", "template", "spec", "containers", "ports"]);
    assert_eq!(ports.merge_key(), Some("containerPort"));
    assert_eq!(
        ports.list_keys().collect::<Vec<_>>(),
        ["containerPort", "protocol"]
    );
    let volumes = field(&["spec", "template", "spec", "volumes"]);
    assert!(volumes.retains_keys() && volumes.is_merged());
    assert_eq!(field(&["spec", "strategy"]).merge_key(), None);
    let protocol = field(&[
        "spec",
        "template",
        "spec",
        "containers",
        "ports",
        "protocol",
    ]);
    assert_eq!(protocol.default(), Some("\"TCP\""));
    let finalizers = field(&["metadata", "finalizers"]);
    assert_eq!(finalizers.list_type(), Some(ListType::Set));
}
