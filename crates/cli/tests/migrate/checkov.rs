//! From Checkov.

use crate::support::{Place, set};

#[test]
fn everything_that_is_documented_is_taken_over_or_refused() {
    let place = Place::of("checkov", "checkov-all");
    insta::assert_snapshot!(place.migrated(
        "checkov",
        &[".", "other/.checkov.yml", "every-key/.checkov.yaml"]
    ));
}

#[test]
fn a_scan_accepts_what_was_skipped_and_nothing_else() {
    let place = Place::of("checkov", "checkov-scan");
    place.seawall(&[
        "migrate",
        "--from",
        "checkov",
        ".checkov.baseline",
        "deploy",
        "-o",
        "seawall.yaml",
    ]);
    assert_eq!(
        place.findings("excepted", &[]),
        set("host-network Deployment/shop/web-1.2.3
            host-network Deployment/-/bare
            allow-privilege-escalation Pod/-/annotated one
            host-pid Pod/-/annotated
            host-ipc Pod/-/annotated")
    );
}

#[test]
fn what_is_skipped_does_not_run() {
    let place = Place::of("checkov", "checkov-skip").file(
        ".checkov.yaml",
        "skip-check: [CKV_K8S_16, 'CKV_K8S_1[79]', CKV_K8S_18]\nskip-path: [annot]\n",
    );
    let run = place.seawall(&[
        "migrate",
        "--from",
        "checkov",
        ".checkov.yaml",
        "-o",
        "seawall.yaml",
    ]);
    assert!(run.stderr.contains("CKV_K8S_1[79]"), "{}", run.stderr);
    let found = place.findings("new", &[]);
    let has = |text: &str| found.iter().any(|place| place.contains(text));
    assert!(!has("privileged-container ") && !has("host-ipc "));
    assert!(has("host-network "), "{found:?}");
    assert!(!has("annotated"), "{found:?}");
}
