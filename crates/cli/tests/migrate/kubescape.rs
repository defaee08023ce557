//! From Kubescape.

use crate::support::{Place, set};

#[test]
fn everything_that_is_documented_is_taken_over_or_refused() {
    let place = Place::of("kubescape", "kubescape-all");
    insta::assert_snapshot!(place.migrated("kubescape", &["."]));
}

#[test]
fn a_scan_accepts_what_was_excepted_and_nothing_else() {
    let place = Place::of("kubescape", "kubescape-scan");
    let files = ["exceptions.json", "objects.yaml"];
    let args = ["migrate", "--from", "kubescape", "-o", "seawall.yaml"];
    place.seawall(&[&args[..], &files].concat());
    let without = place.findings("new", &["--no-config"]);
    let accepted = place.findings("excepted", &[]);
    let expected = set("host-network DaemonSet/kube-tools/agent
        privileged-container DaemonSet/kube-tools/agent agent
        allow-privilege-escalation DaemonSet/kube-tools/agent agent
        privileged-container Deployment/shop/web-1.2.3 web
        host-network Deployment/-/bare
        host-path-volume Deployment/-/bare
        host-network Pod/-/dev
        host-pid Pod/-/stage");
    let namespace = accepted
        .iter()
        .filter(|place| place.ends_with(" Namespace/-/kube-tools"));
    let rest: std::collections::BTreeSet<_> = accepted
        .iter()
        .filter(|place| !place.ends_with(" Namespace/-/kube-tools"))
        .cloned()
        .collect();
    assert_eq!(rest, expected);
    // Of the namespace, what the framework finds.
    assert!(namespace.count() >= 1, "{accepted:?}");
    let left = place.findings("new", &[]);
    let all: std::collections::BTreeSet<_> = left.union(&accepted).cloned().collect();
    // The inputs among the objects change what one control asks for; nothing else moved.
    let moved: Vec<&String> = all
        .symmetric_difference(&without)
        .filter(|place| !place.starts_with("recommended-label-missing "))
        .collect();
    assert!(moved.is_empty(), "{moved:?}");
}
