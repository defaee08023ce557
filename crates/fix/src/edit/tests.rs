//! Edits of one text together, held against the same operations on plain values.

use document::edit::{NewValue, on_one_line};
use document::{Path, Step};
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::{Edit, applied};
use crate::locate::Spot;
use crate::node_edit::parse;
use crate::wanted::OperationKind;

/// Values as manifests have them: names that repeat, lists of mappings, text that needs quotes.
fn values() -> impl Strategy<Value = NewValue> {
    let scalar = prop_oneof![
        any::<bool>().prop_map(NewValue::Bool),
        (-3..20_i64).prop_map(NewValue::Int),
        select(vec!["web", "1", "a: b", "#", "yes"])
            .prop_map(|text| NewValue::String(text.to_owned())),
    ];
    scalar.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 1..4).prop_map(NewValue::Sequence),
            mappings(inner),
        ]
    })
}

fn mappings(inner: impl Strategy<Value = NewValue>) -> impl Strategy<Value = NewValue> {
    let name = select(vec![
        "spec",
        "containers",
        "securityContext",
        "privileged",
        "drop",
    ]);
    proptest::collection::btree_map(name, inner, 1..4).prop_map(|entries| {
        let entries = entries.into_iter();
        NewValue::Mapping(
            entries
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
        )
    })
}

/// A value in block style, with a comment at every line.
fn block(value: &NewValue, indent: usize, out: &mut String) {
    let is_inline =
        |value: &NewValue| !matches!(value, NewValue::Mapping(_) | NewValue::Sequence(_));
    let mut line = |start: &str, value: &NewValue| {
        out.push_str(&format!("{:indent$}{start}", ""));
        if is_inline(value) {
            out.push_str(&format!(" {} # kept\n", on_one_line(value)));
        } else {
            out.push_str(" # kept\n");
            block(value, indent + 2, out);
        }
    };
    match value {
        NewValue::Mapping(entries) => {
            for (name, value) in entries {
                line(&format!("{name}:"), value);
            }
        }
        NewValue::Sequence(items) => {
            for item in items {
                line("-", item);
            }
        }
        scalar => out.push_str(&on_one_line(scalar)),
    }
}

/// The paths of all nodes.
fn paths(value: &NewValue, at: &Path, found: &mut Vec<Path>) {
    match value {
        NewValue::Mapping(entries) => {
            for (name, value) in entries {
                let below = at.join(Step::Key(name.as_str().into()));
                found.push(below.clone());
                paths(value, &below, found);
            }
        }
        NewValue::Sequence(items) => {
            for (index, item) in items.iter().enumerate() {
                let below = at.join(Step::Index(index));
                found.push(below.clone());
                paths(item, &below, found);
            }
        }
        _ => {}
    }
}

/// The node at a path, by plain steps.
fn at<'v>(value: &'v mut NewValue, path: &[Step]) -> Option<&'v mut NewValue> {
    let Some((step, rest)) = path.split_first() else {
        return Some(value);
    };
    let below = match (value, step) {
        (NewValue::Mapping(entries), Step::Key(key)) => {
            &mut entries.iter_mut().find(|(name, _)| **name == **key)?.1
        }
        (NewValue::Sequence(items), Step::Index(index)) => items.get_mut(*index)?,
        _ => return None,
    };
    at(below, rest)
}

/// What an operation does to a value whose node is there. Items that go are only marked, so that no path changes.
fn naively(value: &mut NewValue, path: &Path, kind: &OperationKind) {
    let (last, above) = path.0.split_last().unwrap();
    let around = at(value, above).unwrap();
    match (around, last, kind) {
        (NewValue::Mapping(entries), Step::Key(key), OperationKind::Remove) => {
            entries.retain(|(name, _)| **name != **key);
        }
        (NewValue::Sequence(items), Step::Index(index), OperationKind::Remove) => {
            items[*index] = NewValue::String(GONE.to_owned());
        }
        (around, _, OperationKind::Set(new)) => {
            *at(around, std::slice::from_ref(last)).unwrap() = new.clone();
        }
        _ => unreachable!("nothing is appended"),
    }
}

const GONE: &str = "this item goes";

fn without_gone(value: &NewValue) -> NewValue {
    match value {
        NewValue::Sequence(items) => {
            let is_gone = |item: &&NewValue| **item != NewValue::String(GONE.to_owned());
            NewValue::Sequence(items.iter().filter(is_gone).map(without_gone).collect())
        }
        NewValue::Mapping(entries) => NewValue::Mapping(
            { entries.iter() }
                .map(|(name, value)| (name.clone(), without_gone(value)))
                .collect(),
        ),
        other => other.clone(),
    }
}

/// Equal but for the order of entries.
fn sorted(value: &NewValue) -> NewValue {
    match value {
        NewValue::Mapping(entries) => {
            let entries = entries
                .iter()
                .map(|(name, value)| (name.clone(), sorted(value)));
            let mut entries: Vec<_> = entries.collect();
            entries.sort_by(|left, right| left.0.cmp(&right.0));
            NewValue::Mapping(entries)
        }
        NewValue::Sequence(items) => NewValue::Sequence(items.iter().map(sorted).collect()),
        other => other.clone(),
    }
}

fn comments(text: &str) -> usize {
    text.matches("# kept").count()
}

proptest! {
    /// Edits that do not conflict, in any order, are the operations on the values, and no comment goes but those of lines that do.
    #[test]
    fn edits_of_one_text_are_operations_on_its_values(
        value in mappings(values()),
        wanted in proptest::collection::vec((any::<Index>(), any::<bool>(), values()), 1..8),
    ) {
        let mut text = String::new();
        block(&value, 0, &mut text);
        let mut all = Vec::new();
        paths(&value, &Path::default(), &mut all);
        let mut edits: Vec<Edit> = Vec::new();
        for (index, removes, new) in wanted {
            let edit = Edit::Node {
                spot: Spot { file: "a.yaml".into(), root: 0, path: index.get(&all).clone(), inside: None },
                kind: if removes { OperationKind::Remove } else { OperationKind::Set(new) },
            };
            if !edits.iter().any(|other| other.conflicts(&edit)) {
                edits.push(edit);
            }
        }
        let edited = applied("a.yaml", &text, &edits.iter().collect::<Vec<_>>());
        // What cannot be edited is refused, and never done in another way.
        prop_assume!(edited.is_ok());
        let edited = edited.unwrap();
        let mut expected = value.clone();
        for edit in &edits {
            if let Edit::Node { spot, kind } = edit {
                naively(&mut expected, &spot.path, kind);
            }
        }
        let document = parse("a.yaml", &edited);
        let found = document.root(0).map(NewValue::of);
        prop_assert_eq!(found.as_ref().map(sorted), Some(sorted(&without_gone(&expected))), "{}", edited);
        prop_assert!(comments(&edited) <= comments(&text));
        let again = applied("a.yaml", &edited, &[]);
        prop_assert_eq!(again.ok(), Some(edited));
    }
}
