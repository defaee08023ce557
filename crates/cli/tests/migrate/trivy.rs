//! From Trivy.

use crate::support::{Place, set};

#[test]
fn everything_that_is_documented_is_taken_over_or_refused() {
    let place = Place::of("trivy", "trivy-all");
    insta::assert_snapshot!(place.migrated(
        "trivy",
        &[
            ".",
            "more/trivy.yaml",
            "every-key/trivy.yaml",
            "ignore.rego"
        ]
    ));
}

#[test]
fn a_scan_accepts_what_was_ignored_and_nothing_else() {
    let place = Place::of("trivy", "trivy-scan").file(
        ".trivyignore.yaml",
        "misconfigurations:\n- id: AVD-KSV-0017\n  paths: [deploy/app.yaml]\n- id: KSV009\n  paths: ['**/nothing.yaml']\n",
    );
    place.seawall(&[
        "migrate",
        "--from",
        "trivy",
        ".trivyignore.yaml",
        "-o",
        "seawall.yaml",
    ]);
    assert_eq!(
        place.findings("excepted", &[]),
        set("privileged-container DaemonSet/kube-tools/agent agent
            privileged-container Deployment/shop/web-1.2.3 web
            privileged-container Deployment/shop/web-1x2y3 web
            privileged-container Deployment/-/bare bare")
    );
}

#[test]
fn an_ignore_file_holds_everywhere() {
    let place = Place::of("trivy", "trivy-everywhere").file(".trivyignore", "KSV-0009\n");
    place.seawall(&[
        "migrate",
        "--from",
        "trivy",
        ".trivyignore",
        "-o",
        "seawall.yaml",
    ]);
    let without = place.findings("new", &["--no-config"]);
    let expected = without
        .iter()
        .filter(|place| place.starts_with("host-network "))
        .cloned()
        .collect();
    assert_eq!(place.findings("excepted", &[]), expected);
}

#[test]
fn comments_are_written_into_manifests() {
    let place = Place::of("trivy", "trivy-comments");
    let before = place.read("deploy/comments.yaml");
    let run = place.seawall(&["migrate", "--from", "trivy", "deploy", "--edit"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    let after = place.read("deploy/comments.yaml");
    let others: Vec<&str> = after
        .lines()
        .filter(|line| !line.trim_start().starts_with("# seawall:"))
        .collect();
    assert_eq!(others, before.lines().collect::<Vec<_>>());
    let accepted = place.findings("excepted", &["--no-config"]);
    let named: std::collections::BTreeSet<_> = accepted
        .iter()
        .filter(|place| !place.ends_with(" three"))
        .cloned()
        .collect();
    assert_eq!(
        named,
        set("host-network Pod/-/commented
            host-pid Pod/-/commented
            privileged-container Pod/-/commented one
            non-root-not-required Pod/-/commented
            allow-privilege-escalation Pod/-/commented one")
    );
    assert!(accepted.contains("privileged-container Pod/-/commented three"));
}

#[test]
fn files_that_are_skipped_are_not_scanned() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: { name: x }\nspec: { hostPID: true, containers: [] }\n";
    let place = Place::empty("trivy-skipped")
        .file(
            "trivy.yaml",
            "scan:\n  skip-dirs: [vendor, '**/gen']\n  skip-files: ['testdata/*/x.yaml']\n",
        )
        .file("vendor/x.yaml", pod.replace("name: x", "name: a"))
        .file("deep/vendor/x.yaml", pod.replace("name: x", "name: b"))
        .file("gen/x.yaml", pod.replace("name: x", "name: c"))
        .file("deep/gen/x.yaml", pod.replace("name: x", "name: d"))
        .file("testdata/1/x.yaml", pod.replace("name: x", "name: e"))
        .file("testdata/1/y.yaml", pod.replace("name: x", "name: f"));
    place.seawall(&["migrate", "--from", "trivy", ".", "-o", "seawall.yaml"]);
    let found = place.findings("new", &[]);
    let of = |control: &str| {
        let found = found.iter().filter(|place| place.starts_with(control));
        found.cloned().collect::<std::collections::BTreeSet<_>>()
    };
    assert_eq!(
        of("host-pid "),
        set("host-pid Pod/-/b\nhost-pid Pod/-/c\nhost-pid Pod/-/f")
    );
}
