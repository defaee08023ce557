//! The published test vector, and what must and must not change a fingerprint.

use std::sync::Arc;

use document::{Keys, Limits, Path, Source, Step, parse_yaml};
use model::Resource;

use super::Place;

fn resource(text: &str) -> Resource {
    let parsed = parse_yaml(
        Source::new("a.yaml", text),
        &Arc::new(Keys::new([])),
        &Limits::default(),
    );
    assert_eq!(parsed.errors, []);
    let document = Arc::new(parsed.document);
    let root = document.roots().next().unwrap().id();
    Resource {
        document,
        root,
        api_version: "apps/v1".into(),
        kind: "Deployment".into(),
        namespace: Some("shop".into()),
        name: "web".into(),
        generate_name: None,
        rendered: None,
    }
}

/// The fingerprint of a control's only finding, at a path of keys and indices.
fn fingerprint(text: &str, path: &[&str]) -> String {
    let resource = resource(text);
    let steps = path.iter().map(|step| match step.parse() {
        Ok(index) => Step::Index(index),
        Err(_) => Step::Key((*step).into()),
    });
    let node = resource
        .object()
        .lookup(&Path(steps.collect()))
        .unwrap()
        .id();
    Place::new(&resource, None, node).fingerprint("privileged-container", 0)
}

fn deployment(containers: &str) -> String {
    format!("spec:\n  template:\n    spec:\n      containers:\n{containers}")
}

const NGINX: &str = "        - name: nginx\n          securityContext: { privileged: true }\n";
const PATH: [&str; 5] = ["spec", "template", "spec", "containers", "1"];

fn privileged(text: &str, index: &str) -> String {
    let path = [&PATH[..4], &[index, "securityContext", "privileged"]].concat();
    fingerprint(text, &path)
}

#[test]
fn the_published_vector_holds() {
    let page = include_str!("../../../../../docs/fingerprint.md");
    let text = deployment(&format!("        - name: first\n{NGINX}"));
    let fingerprint = privileged(&text, "1");
    assert!(
        page.contains(&fingerprint),
        "{fingerprint} is not on the page"
    );
}

#[test]
fn position_and_comments_do_not_matter() {
    let alone = privileged(&deployment(NGINX), "0");
    let second = privileged(
        &deployment(&format!("        # first\n        - name: a\n{NGINX}")),
        "1",
    );
    assert_eq!(alone, second);
}

#[test]
fn the_name_of_the_item_matters() {
    let other = NGINX.replace("nginx", "apache");
    assert_ne!(
        privileged(&deployment(NGINX), "0"),
        privileged(&deployment(&other), "0")
    );
}

#[test]
fn items_without_a_name_are_told_apart_by_content() {
    let of = |text: &str, index: &str| fingerprint(text, &["list", index]);
    assert_eq!(of("list: [a, b]", "1"), of("list: [b]", "0"));
    assert_ne!(of("list: [a, b]", "0"), of("list: [a, b]", "1"));
    assert_ne!(of("list: ['1']", "0"), of("list: [1]", "0"));
    assert_eq!(
        of("list: [{x: 1, y: 2}]", "0"),
        of("list:\n- y: 2\n  x: 1", "0")
    );
}

#[test]
fn references_count_as_what_they_refer_to() {
    let direct = "a: 1\nlist: [{x: [1]}]";
    let aliased = "a: 1\nb: &b {x: [1]}\nlist: [*b]";
    assert_eq!(
        fingerprint(direct, &["list", "0"]),
        fingerprint(aliased, &["list", "0"])
    );
}

#[test]
fn equal_findings_are_told_apart_by_their_ordinal() {
    let resource = resource("list: [a, a]");
    let list = resource.object().get_str("list").unwrap();
    let place = |index| Place::new(&resource, None, list.item(index).unwrap().id());
    assert_eq!(place(0).fingerprint("x", 0), place(1).fingerprint("x", 0));
    assert_ne!(place(0).fingerprint("x", 0), place(1).fingerprint("x", 1));
}
