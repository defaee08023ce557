//! Which findings exceptions accept, and what is said about the exceptions themselves.

use std::sync::Arc;

use catalog::is_date;
use document::{Document, Keys, Limits, NodeId, Path, Source, Step, parse_yaml};
use model::{Location, Resource};
use proptest::prelude::{prop, proptest};

use super::{Exception, Exceptions, InlinePolicy, Known, Nest, Nested, Rules};
use crate::funnel::scope::Scope;
use crate::funnel::selector::{Patterns, Selector};

/// Controls of the tests: `one` and `two` run, `idle` exists; other scanners' ids for several.
fn known(word: &str) -> Known {
    let controls = |ids: &[(&str, Option<u32>)]| {
        let ids = ids.iter().map(|&(id, index)| (id.to_owned(), index));
        Known::Controls(ids.collect())
    };
    match word {
        "one" => controls(&[("one", Some(0))]),
        "two" => controls(&[("two", Some(1))]),
        "idle" => controls(&[("idle", None)]),
        "C-1" => controls(&[("idle", None), ("one", Some(0)), ("two", Some(1))]),
        "C-2" => controls(&[("idle", None), ("two", Some(1))]),
        _ => Known::No(Some("one".to_owned())),
    }
}

fn resource(text: &str) -> Resource {
    let keys = Arc::new(Keys::new([]));
    let parsed = parse_yaml(Source::new("dir/a.yaml", text), &keys, &Limits::default());
    assert_eq!(parsed.errors, []);
    let document: Arc<Document> = Arc::new(parsed.document);
    let root = document.roots().next().unwrap().id();
    Resource {
        document,
        root,
        api_version: "v1".into(),
        kind: "Pod".into(),
        namespace: None,
        name: "web".into(),
        generate_name: None,
        rendered: None,
    }
}

fn node(resource: &Resource, path: &[&str]) -> NodeId {
    let steps = path.iter().map(|step| match step.parse() {
        Ok(index) => Step::Index(index),
        Err(_) => Step::Key((*step).into()),
    });
    resource
        .object()
        .lookup(&Path(steps.collect()))
        .unwrap()
        .id()
}

/// The reason with which findings of `one` at a path are accepted, and the kinds of problems.
fn outcome(
    text: &str,
    path: &[&str],
    inline: InlinePolicy,
    configured: &[Exception],
) -> (Option<String>, Vec<&'static str>) {
    let resources = [resource(text)];
    let locked = ["two".to_owned()];
    let rules = Rules {
        inline,
        locked: &locked,
        date: "2026-11-23",
        known: &known,
    };
    let mut exceptions = Exceptions::new(configured, &resources, &rules);
    let at = node(&resources[0], path);
    let entry = exceptions.accept(0, &resources[0], at, || Some("nginx".to_owned()));
    let reason = entry.map(|entry| exceptions.applied(entry).reason.clone());
    let problems = exceptions.into_problems();
    (
        reason,
        problems
            .iter()
            .map(|problem| problem.kind.as_str())
            .collect(),
    )
}

fn check(text: &str, path: &[&str], reason: Option<&str>, problems: &[&str]) {
    let (got, kinds) = outcome(text, path, InlinePolicy::Allow, &[]);
    assert_eq!(
        (got.as_deref(), kinds.as_slice()),
        (reason, problems),
        "{text}"
    );
}

#[test]
fn comments_accept_what_lies_below() {
    let text = "a: 0\nb: # seawall: ignore[one] fine here\n  c: 1\nd: 2";
    check(text, &["b", "c"], Some("fine here"), &[]);
    check(text, &["d"], None, &["exception-unused"]);
}

#[test]
fn annotations_accept_the_object_around_them() {
    let text = "metadata:\n  annotations:\n    seawall.dev/ignore: 'one: all fine'\nspec:\n  a: 1";
    check(text, &["spec", "a"], Some("all fine"), &[]);
    let text = "spec:\n  template:\n    metadata:\n      annotations: {seawall.dev/ignore: 'one: pods'}\n    spec: {a: 1}\n  b: 1";
    check(text, &["spec", "template", "spec", "a"], Some("pods"), &[]);
    check(text, &["spec", "b"], None, &["exception-unused"]);
}

#[test]
fn what_is_wrong_with_an_exception_is_said() {
    let cases = [
        ("one] ", "exception-without-reason"),
        ("noe] typo", "exception-unknown-control"),
        ("] nothing", "exception-unknown-control"),
        ("one] old expires=2026-11-22", "exception-expired"),
        ("one] bad expires=soon", "exception-invalid-date"),
        ("two] locked", "exception-locked"),
    ];
    for (rest, problem) in cases {
        check(
            &format!("z: 0\na: 1 # seawall: ignore[{rest}"),
            &["a"],
            None,
            &[problem],
        );
    }
}

#[test]
fn an_exception_holds_on_its_last_day() {
    let text = "z: 0\na: 1 # seawall: ignore[one] today expires=2026-11-23";
    check(text, &["a"], Some("today"), &[]);
}

#[test]
fn an_exception_from_a_control_that_does_not_run_is_left_alone() {
    check("a: 1 # seawall: ignore[idle] later", &["a"], None, &[]);
}

#[test]
fn an_exception_may_name_another_scanners_id() {
    let text = "a: 1 # seawall: ignore[C-1] moved over";
    check(text, &["a"], Some("moved over"), &["exception-locked"]);
    check(
        "a: 1 # seawall: ignore[C-2] later",
        &["a"],
        None,
        &["exception-locked"],
    );
    let configured = [exception(|e| e.controls = vec!["C-1".to_owned()])];
    let (reason, problems) = outcome("a: 1", &["a"], InlinePolicy::Deny, &configured);
    assert_eq!((reason.as_deref(), problems), (Some("configured"), vec![]));
}

#[test]
fn the_policy_decides_about_inline_exceptions() {
    let text = "a: 1 # seawall: ignore[one] fine";
    let of = |policy| outcome(text, &["a"], policy, &[]);
    assert_eq!(
        of(InlinePolicy::Report),
        (Some("fine".to_owned()), vec!["exception-inline"])
    );
    assert_eq!(of(InlinePolicy::Deny), (None, vec!["exception-denied"]));
}

fn exception(select: impl FnOnce(&mut Exception)) -> Exception {
    let mut exception = Exception {
        controls: vec!["one".to_owned()],
        resources: Selector::default(),
        containers: Patterns::default(),
        reason: "configured".to_owned(),
        owner: None,
        expires: None,
        at: Location {
            source: Source::new("seawall.yaml", "x"),
            span: 0..1,
        },
    };
    select(&mut exception);
    exception
}

fn patterns(pattern: &str) -> Patterns {
    Patterns::new([pattern]).unwrap()
}

#[test]
fn configured_exceptions_select_by_everything_they_say() {
    let text = "a: 1\nmetadata: { labels: { app: web } }";
    let fitting = [
        exception(|_| {}),
        exception(|e| e.resources.paths = patterns("dir/")),
        exception(|e| e.resources.names = patterns("w*")),
        exception(|e| e.resources.namespaces = patterns("default")),
        exception(|e| e.containers = patterns("{nginx,other}")),
        exception(|e| e.resources.labels = vec![("app".to_owned(), patterns("w*"))]),
    ];
    for exception in fitting {
        let (reason, problems) = outcome(text, &["a"], InlinePolicy::Deny, &[exception]);
        assert_eq!((reason.as_deref(), problems), (Some("configured"), vec![]));
    }
    let others = [
        exception(|e| e.resources.paths = patterns("other/")),
        exception(|e| e.resources.kinds = patterns("Deployment")),
        exception(|e| e.containers = patterns("side*")),
        exception(|e| e.resources.labels = vec![("app".to_owned(), patterns("x"))]),
        exception(|e| e.resources.labels = vec![("tier".to_owned(), patterns("*"))]),
        exception(|e| e.controls = vec!["two".to_owned()]),
    ];
    for exception in others {
        let (reason, problems) = outcome(text, &["a"], InlinePolicy::Allow, &[exception]);
        assert_eq!((reason, problems), (None, vec!["exception-unused"]));
    }
}

#[test]
fn an_exception_from_several_controls_is_one() {
    let of = |controls: &[&str]| {
        let controls = controls.iter().map(|&id| id.to_owned()).collect();
        let configured = [exception(|e| e.controls = controls)];
        outcome("a: 1", &["a"], InlinePolicy::Deny, &configured)
    };
    let accepted = Some("configured".to_owned());
    assert_eq!(of(&["two", "one"]), (accepted.clone(), vec![]));
    assert_eq!(of(&["idle", "one", "C-1"]), (accepted.clone(), vec![]));
    assert_eq!(
        of(&["nothing", "one"]),
        (accepted, vec!["exception-unknown-control"])
    );
    assert_eq!(of(&["two", "idle"]), (None, vec!["exception-unused"]));
}

#[test]
fn dates_are_days_of_the_calendar() {
    for date in ["2026-11-23", "2027-01-31"] {
        assert!(is_date(date), "{date}");
    }
    for date in [
        "2026-1-2",
        "2026-13-01",
        "2026-00-10",
        "2026-01-32",
        "soon",
        "2026/01/01",
        "２026-01-0",
    ] {
        assert!(!is_date(date), "{date}");
    }
}

proptest! {
    #[test]
    fn nests_find_what_a_search_through_all_scopes_finds(
        shape in "[{\\[:]{0,12}",
        picks in prop::collection::vec(0usize..40, 0..12),
        at in 0usize..40,
    ) {
        // A document with scopes inside one another: lists in lists, with siblings.
        let text = shape.chars().fold("[1, 2]".to_owned(), |inner, kind| match kind {
            '{' => format!("{{a: {inner}, b: 3}}"),
            '[' => format!("[{inner}, {inner}]"),
            _ => format!("[0, {inner}]"),
        });
        if text.len() < 20_000 {
            let document = resource(&text).document;
            let mut nodes = vec![document.roots().next().unwrap()];
            let mut next = 0;
            while let Some(&node) = nodes.get(next) {
                nodes.extend(node.items().chain(node.written_entries().map(|entry| entry.value)));
                next += 1;
            }
            nodes.sort_by_key(|node| node.id());
            let scopes: Vec<Scope> =
                picks.iter().map(|pick| Scope::of(nodes[pick % nodes.len()])).collect();
            let mut nest = Nest::default();
            for (entry, &scope) in scopes.iter().enumerate() {
                nest.scopes.push(Nested { scope, entry, parent: None });
            }
            nest.close();
            let node = nodes[at % nodes.len()].id();
            let mut found: Vec<usize> = nest.around(node).collect();
            found.sort_unstable();
            let all: Vec<usize> =
                (0..scopes.len()).filter(|&entry| scopes[entry].contains(node)).collect();
            assert_eq!(found, all, "{text}");
        }
    }
}
