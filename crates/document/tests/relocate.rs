//! Documents of made texts whose nodes were written elsewhere.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use document::{Document, Keys, Limits, Path, Role, Source, Written, parse_yaml};

const TEMPLATE: &str =
    "{{ range }}# seawall: note\nitems:\n- name: {{ .x }}\n  set: true\n{{ end }}";
const VALUES: &str = "x: web\n";
/// The template, twice.
const MADE: &str = "# seawall: note\nitems:\n- name: web\n  set: true\n---\n# seawall: note\nitems:\n- name: web\n  set: true\n";

/// Where a line of the made text begins in the template.
fn line_start(line: u32) -> u32 {
    let starts = ["# sea", "items", "- name", "  set"].map(|line| TEMPLATE.find(line).unwrap());
    starts[(line as usize - 1) % 5] as u32
}

fn relocated() -> Document {
    let made = Source::new("made", MADE);
    let mut document = parse_yaml(
        Arc::clone(&made),
        &Arc::new(Keys::new([])),
        &Limits::default(),
    )
    .document;
    let template = Source::new("template", TEMPLATE);
    let values = Source::new("values", VALUES);
    let mut known = None;
    document.relocate(|relocation, span, _| {
        let (source, value) = *known.get_or_insert_with(|| {
            let source = relocation.source(&template);
            let written = Written {
                source: relocation.source(&values),
                span: 3..6,
                cause: None,
            };
            (source, relocation.origin_at(&written, "x"))
        });
        let at = made.line_column(span.start);
        let start = line_start(at.line) + at.column - 1;
        let is_value = made.slice(&span) == "web";
        Written {
            source,
            span: start..start + (span.end - span.start).max(if is_value { 8 } else { 0 }),
            cause: is_value.then_some((Role::Value, value)),
        }
    });
    document
}

fn path(text: &str) -> Path {
    text.parse().unwrap()
}

#[test]
fn nodes_keep_their_values_and_lie_where_they_were_written() {
    let document = relocated();
    assert_eq!(document.roots().len(), 2);
    for root in document.roots() {
        let name = document.lookup(root, &path("items[0].name")).unwrap();
        assert_eq!(name.as_str(), Some("web"));
        let place = name.place();
        assert_eq!(place.source.name(), "template");
        assert_eq!(place.source.slice(&place.span), "{{ .x }}");
        let causes: Vec<_> = document.causes(name.origin()).collect();
        let [cause] = causes[..] else {
            unreachable!("{causes:?}")
        };
        assert_eq!(cause.role, Role::Value);
        assert_eq!(document.place(cause.at).source.text(), VALUES);
        assert_eq!(document.path_at(cause.at), Some("x"));
        let set = document.lookup(root, &path("items[0].set")).unwrap();
        assert_eq!(set.as_bool(), Some(true));
        let place = document.display_place(root, set);
        assert_eq!(place.source.slice(&place.span), "true");
        assert_eq!(document.causes(set.origin()).count(), 0);
    }
}

#[test]
fn the_made_text_stays_known() {
    let document = relocated();
    let second = document.root(1).unwrap();
    let name = document.lookup(second, &path("items[0].name")).unwrap();
    let made = document.made(name.origin()).unwrap();
    assert_eq!(made.source.name(), "made");
    assert_eq!(made.source.line_column(made.span.start).line, 8);
}

#[test]
fn items_are_shown_from_their_dash_wherever_the_items_before_them_lie() {
    let document = relocated();
    for root in document.roots() {
        let item = document.lookup(root, &path("items[0]")).unwrap();
        let place = document.display_place(root, item);
        assert_eq!(place.source.slice(&place.span), "- name: {{ .x }}");
    }
}

#[test]
fn a_comment_that_was_printed_twice_is_one() {
    let document = relocated();
    let comments: Vec<_> = document.comments().collect();
    let [comment] = &comments[..] else {
        unreachable!("{comments:?}")
    };
    assert_eq!(comment.source.slice(&comment.span), "# seawall: note");
}
