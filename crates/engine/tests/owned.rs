//! What controllers made is reported at its owner.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

use std::sync::Arc;

use document::{Limits, Source, parse_yaml};
use engine::{Engine, Selection, Settings, Worlds, embedded_catalog};
use model::{FieldKeys, Inventory, recognise};

const CONTROLS: [&str; 2] = ["privileged-container", "image-latest-tag"];

fn engine() -> Engine {
    let selection = Selection {
        controls: CONTROLS.map(str::to_owned).to_vec(),
        ..Selection::default()
    };
    Engine::new(
        &embedded_catalog().unwrap(),
        &selection,
        &Settings::default(),
    )
    .unwrap()
}

/// `control Kind/name` for each finding, and how many things passed and failed.
fn evaluated(manifests: &str) -> (Vec<String>, usize, usize) {
    let engine = engine();
    let source = Source::new("test.yaml", manifests);
    let read = parse_yaml(source, engine.keys(), &Limits::default());
    assert!(read.errors.is_empty(), "{:?}", read.errors);
    let document = Arc::new(read.document);
    let fields = FieldKeys::new(engine.keys());
    let roots = document.roots();
    let resources = roots.flat_map(|root| recognise(&document, root, &fields).resources);
    let inventory = Arc::new(Inventory::new(resources.collect()));
    let worlds = Worlds::new(&inventory);
    let evaluation = engine.evaluate_owners(&engine.survey(&worlds));
    let infos = engine.infos().unwrap();
    let findings = evaluation.findings.iter().map(|finding| {
        let resource = &inventory.resources[finding.resource as usize];
        let id = &infos[finding.control as usize].id;
        format!("{id} {}/{}", resource.kind, resource.name)
    });
    let own = infos.iter().zip(&evaluation.counts);
    let own = own.filter(|(info, _)| CONTROLS.contains(&&*info.id));
    let (passed, failed) = own.fold((0, 0), |(passed, failed), (_, counts)| {
        (passed + counts.passed, failed + counts.failed)
    });
    let findings = findings.filter(|text| CONTROLS.iter().any(|id| text.starts_with(id)));
    let mut findings: Vec<String> = findings.collect();
    findings.sort();
    (findings, passed, failed)
}

/// An object that a controller made, with a pod template or a pod of one container for each image.
fn object(
    kind: &str,
    name: &str,
    owner: Option<&str>,
    containers: &[(&str, &str, bool)],
) -> String {
    let (api_version, indent) = match kind {
        "Pod" => ("v1", "  "),
        _ => ("apps/v1", "      "),
    };
    let mut text = format!(
        "---\napiVersion: {api_version}\nkind: {kind}\nmetadata:\n  name: {name}\n  uid: u-{name}\n"
    );
    if let Some(owner) = owner {
        text += &format!(
            "  ownerReferences: [{{controller: true, kind: X, name: {owner}, uid: u-{owner}}}]\n"
        );
    }
    text += if kind == "Pod" {
        "spec:\n"
    } else {
        "spec:\n  template:\n    spec:\n"
    };
    text += &format!("{indent}containers:\n");
    for (name, image, is_privileged) in containers {
        text += &format!("{indent}- name: {name}\n{indent}  image: {image}\n");
        if *is_privileged {
            text += &format!("{indent}  securityContext: {{privileged: true}}\n");
        }
    }
    text
}

#[test]
fn what_was_made_from_a_template_is_reported_at_the_template() {
    let bad = [("web", "nginx:latest", true)];
    let manifests = [
        object("Deployment", "web", None, &bad),
        object("ReplicaSet", "web-1", Some("web"), &bad),
        object("Pod", "web-1-a", Some("web-1"), &bad),
        object("Pod", "web-1-b", Some("web-1"), &bad),
    ];
    let (findings, _, failed) = evaluated(&manifests.concat());
    assert_eq!(
        findings,
        [
            "image-latest-tag Deployment/web",
            "privileged-container Deployment/web"
        ]
    );
    assert_eq!(failed, 2);
}

#[test]
fn what_an_owner_does_not_have_is_reported_once_where_it_is() {
    let good = [("web", "nginx:1.27", false)];
    let with_sidecar = [("web", "nginx:1.27", false), ("proxy", "envoy:1.30", true)];
    let manifests = [
        object("Deployment", "web", None, &good),
        object("ReplicaSet", "web-1", Some("web"), &good),
        object("Pod", "web-1-a", Some("web-1"), &with_sidecar),
        object("Pod", "web-1-b", Some("web-1"), &with_sidecar),
        object("Pod", "web-1-c", Some("web-1"), &good),
    ];
    let (findings, _, failed) = evaluated(&manifests.concat());
    assert_eq!(findings, ["privileged-container Pod/web-1-a"]);
    assert_eq!(failed, 1);
}

#[test]
fn a_container_of_its_own_is_not_hidden_by_another_of_the_owner() {
    let bad = [("web", "nginx:1.27", true)];
    let worse = [("web", "nginx:1.27", true), ("debug", "busybox:1.37", true)];
    let manifests = [
        object("Deployment", "web", None, &bad),
        object("Pod", "web-a", Some("web"), &worse),
    ];
    let (findings, ..) = evaluated(&manifests.concat());
    assert_eq!(
        findings,
        [
            "privileged-container Deployment/web",
            "privileged-container Pod/web-a"
        ]
    );
}

#[test]
fn what_runs_no_more_is_not_reported_and_what_lost_its_owner_is() {
    let good = [("web", "nginx:1.27", false)];
    let bad = [("web", "nginx:1.27", true)];
    let past = object("ReplicaSet", "web-0", Some("web"), &bad)
        .replace("spec:\n  template", "spec:\n  replicas: 0\n  template");
    let manifests = [
        object("Deployment", "web", None, &good),
        past,
        object("Pod", "lost", Some("gone"), &bad),
    ];
    let (findings, ..) = evaluated(&manifests.concat());
    assert_eq!(findings, ["privileged-container Pod/lost"]);
}

#[test]
fn in_a_circle_of_owners_nothing_is_hidden() {
    let bad = [("web", "nginx:1.27", true)];
    let manifests = [
        object("Pod", "a", Some("b"), &bad),
        object("Pod", "b", Some("a"), &bad),
    ];
    let (findings, ..) = evaluated(&manifests.concat());
    assert_eq!(
        findings,
        ["privileged-container Pod/a", "privileged-container Pod/b"]
    );
}
