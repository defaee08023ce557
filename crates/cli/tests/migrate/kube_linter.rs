//! From KubeLinter.

use crate::support::{Place, set};

#[test]
fn everything_that_is_documented_is_taken_over_or_refused() {
    let place = Place::of("kube-linter", "kube-linter-all");
    insta::assert_snapshot!(place.migrated("kube-linter", &[".", "all/.kube-linter.yml"]));
}

#[test]
fn a_scan_accepts_what_was_ignored_and_nothing_else() {
    let place = Place::of("kube-linter", "kube-linter-scan");
    place.seawall(&[
        "migrate",
        "--from",
        "kube-linter",
        ".",
        "-o",
        "seawall.yaml",
    ]);
    let accepted = place.findings("excepted", &[]);
    let (ignored, named): (Vec<_>, Vec<_>) = accepted
        .iter()
        .cloned()
        .partition(|place| place.contains("Pod/-/ignored"));
    assert_eq!(
        named.into_iter().collect::<std::collections::BTreeSet<_>>(),
        set("host-network Pod/-/annotated\nhost-pid Pod/-/annotated")
    );
    assert!(ignored.contains(&"host-pid Pod/-/ignored".to_owned()));
    // What KubeLinter does not look for stays.
    let left = place.findings("new", &[]);
    assert!(left.iter().any(|place| place.contains("Pod/-/ignored")));
}

#[test]
fn what_is_excluded_does_not_run_and_parameters_hold() {
    let place = Place::of("kube-linter", "kube-linter-run");
    place.seawall(&[
        "migrate",
        "--from",
        "kube-linter",
        ".kube-linter.yaml",
        "-o",
        "seawall.yaml",
    ]);
    let run = place.seawall(&["scan", ".", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let controls = report["controls"].as_array().unwrap();
    let runs = |id: &str| controls.iter().any(|control| control["id"] == id);
    for id in [
        "privileged-container",
        "required-label-missing",
        "too-few-replicas",
    ] {
        assert!(runs(id), "{id}");
    }
    for id in [
        "cpu-limit-missing",
        "cpu-request-missing",
        "image-latest-tag",
    ] {
        assert!(!runs(id), "{id}");
    }
    let findings = report["findings"].as_array().unwrap();
    let message = |id: &str| {
        let finding = findings.iter().find(|finding| finding["control"] == id);
        finding.unwrap()["message"].as_str().unwrap().to_owned()
    };
    assert!(message("too-few-replicas").contains("fewer than 5"));
    let labels = message("required-label-missing");
    for label in ["example.com/team", "tier", "owner"] {
        assert!(labels.contains(label), "{labels}");
    }
}
