//! How the command behaves: what it refuses, what it writes, how it exits.

use serde_json::Value;

use crate::support::Place;

const IGNORE: &str = "# needed\nKSV-0009\n";

#[test]
fn the_wrong_scanner_is_told_with_the_right_one() {
    let place = Place::of("kubescape", "run-wrong");
    let run = place.seawall(&["migrate", "--from", "trivy", "exceptions.json"]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr
            .contains("this looks like Kubescape's; use --from kubescape"),
        "{}",
        run.stderr
    );
    let place = Place::of("kube-linter", "run-wrong-too");
    for (peer, file) in [
        ("checkov", ".kube-linter.yaml"),
        ("kubescape", "deploy/app.yaml"),
    ] {
        let run = place.seawall(&["migrate", "--from", peer, file]);
        assert_eq!(run.code, 2, "{}", run.stderr);
    }
}

#[test]
fn an_existing_file_stays_unless_forced() {
    let place = Place::empty("run-force")
        .file(".trivyignore", IGNORE)
        .file("seawall.yaml", "profile: strict\n");
    let args = ["migrate", "--from", "trivy", ".", "-o", "seawall.yaml"];
    let run = place.seawall(&args);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("extends"), "{}", run.stderr);
    assert_eq!(place.read("seawall.yaml"), "profile: strict\n");
    let run = place.seawall(&[&args[..], &["--force"]].concat());
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{}", run.stderr);
    assert!(place.read("seawall.yaml").contains("host-network"));
}

#[test]
fn json_holds_everything() {
    let place = Place::of("trivy", "run-json");
    let run = place.seawall(&["migrate", "--from", "trivy", ".", "--format", "json"]);
    let value: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(value["schema"], "seawall.dev/migration/v1");
    assert_eq!(value["from"], "trivy");
    assert!(value["config"].as_str().unwrap().contains("exceptions:"));
    let items = value["items"].as_array().unwrap();
    let vulnerability = items
        .iter()
        .find(|item| item["what"] == "CVE-2018-14618")
        .unwrap();
    assert_eq!(vulnerability["level"], "no-counterpart");
    assert_eq!(vulnerability["location"]["line"], 9);
    assert!(vulnerability["instead"].is_string());
    assert_eq!(value["comments"].as_array().unwrap().len(), 5);
}

#[test]
fn nothing_to_migrate_is_told() {
    let place = Place::empty("run-nothing").file("a.txt", "x");
    let run = place.seawall(&["migrate", "--from", "checkov", "."]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("there is nothing of Checkov"),
        "{}",
        run.stderr
    );
    let run = place.seawall(&["migrate", "--from", "checkov", "missing.yaml"]);
    assert_eq!(run.code, 2);
}

#[test]
fn paths_are_relative_to_the_folder_of_the_output() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  annotations: { checkov.io/skip1: CKV_K8S_17 }\n";
    let place = Place::empty("run-paths")
        .file("sub/deploy/[a].yaml", pod)
        .file("outside.yaml", pod)
        .file("sub/keep", "");
    let run = place.seawall(&[
        "migrate",
        "--from",
        "checkov",
        ".",
        "-o",
        "sub/seawall.yaml",
    ]);
    assert_eq!(run.code, 1);
    assert!(
        run.stderr.contains("outside of the folder of seawall.yaml"),
        "{}",
        run.stderr
    );
    let config = place.read("sub/seawall.yaml");
    assert!(config.contains("paths: \"deploy/[[]a].yaml\""), "{config}");
}

#[test]
fn a_configuration_further_down_is_not_taken_for_everything() {
    let place = Place::empty("run-nested")
        .file(".trivyignore", "KSV-0009\n")
        .file("service/.trivyignore", "KSV-0010\n");
    let run = place.seawall(&["migrate", "--from", "trivy", ".", "./.trivyignore"]);
    assert_eq!(run.code, 1);
    assert_eq!(run.stdout.matches("control:").count(), 1, "{}", run.stdout);
    assert!(
        run.stderr
            .contains("service/.trivyignore:1:1: .trivyignore: Trivy reads it only where"),
        "{}",
        run.stderr
    );
}
