//! Frameworks: from a scan by requirement to the lists and pages, and those that users bring.

use serde_json::Value;

use crate::support::Folder;

const POD: &str = "\
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
spec:
  containers:
    - name: nginx
      image: nginx:1.27
      securityContext:
        privileged: true
";

const OURS: &str = "\
id: ours
title: Our standard
version: '3'
source: https://example.com/standard
requirements:
  - { id: '1', title: Nothing runs privileged, group: Pods, controls: [privileged-container] }
  - { id: '2', title: Nodes stay apart, group: Pods, controls: [host-network, host-path-volume] }
  - { id: '3', title: Nodes are patched, group: Nodes, controls: [host-pid], manual: Look at their kernels. }
  - { id: '4', title: Volumes are small, group: Nodes, controls: [host-path-volume] }
  - { id: '5', title: Somebody reads the logs, manual: Ask. }
";

fn folder(name: &str) -> Folder {
    Folder::new(name)
        .file("web.yaml", POD)
        .file("own/ours.yaml", OURS)
}

#[test]
fn a_scan_tells_requirement_by_requirement() {
    let run = folder("framework-file").seawall(&[
        "scan",
        "web.yaml",
        "--framework",
        "own/ours.yaml",
        "--format",
        "summary",
    ]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    insta::assert_snapshot!(run.stdout);
}

#[test]
fn quiet_prints_no_requirement() {
    let args = [
        "scan",
        "web.yaml",
        "--framework",
        "own/ours.yaml",
        "--quiet",
    ];
    let run = folder("framework-quiet").seawall(&args);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""));
}

#[test]
fn a_framework_of_the_configuration_lies_below_its_folder() {
    let folder = folder("framework-config").file(
        "deep/seawall.yaml",
        "frameworks: [../own/ours.yaml]\nfail-on: none\n",
    );
    let folder = folder.file("deep/pod.yaml", POD);
    let run = folder.seawall(&["scan", "deep", "--format", "json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["frameworks"][0]["id"], "ours");
    let second = &report["frameworks"][0]["requirements"][1];
    assert_eq!(second["status"], "passed");
    assert_eq!(second["inPart"], true);
    assert_eq!(
        second["reason"],
        "host-path-volume: nothing of this kind in the scan"
    );
}

#[test]
fn a_mistake_in_a_framework_is_drawn_at_its_place() {
    let wrong = OURS.replace("[host-network, ", "[host-netwrk, ");
    let folder = folder("framework-wrong").file("own/ours.yaml", &wrong);
    let run = folder.seawall(&["scan", "web.yaml", "--framework", "own/ours.yaml"]);
    assert_eq!(run.code, 2, "{}", run.stdout);
    insta::assert_snapshot!(run.stderr);
}

#[test]
fn a_folder_of_controls_brings_its_frameworks() {
    let folder = folder("framework-folder").file("mine/frameworks/ours.yaml", OURS);
    let run = folder.seawall(&[
        "scan",
        "web.yaml",
        "--controls",
        "mine",
        "--framework",
        "ours",
    ]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(
        run.stdout.contains("Our standard 3 (ours)"),
        "{}",
        run.stdout
    );
}

#[test]
fn coverage_counts_requirements_by_who_decides_them() {
    let folder = folder("framework-coverage").file("mine/frameworks/ours.yaml", OURS);
    let list = |format: &str| {
        let args = ["list", "frameworks", "--coverage", "--controls", "mine"];
        let run = folder.seawall(&[&args[..], &["--format", format]].concat());
        assert_eq!(run.code, 0, "{}", run.stderr);
        run.stdout
    };
    let csv = list("csv");
    assert!(csv.contains("\nours,Our standard,3,5,3,1,1,4\n"), "{csv}");
    let json: Value = serde_json::from_str(&list("json")).unwrap();
    let ours = json
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["id"] == "ours");
    assert_eq!(ours.unwrap()["manual"], 1);
    assert_eq!(ours.unwrap()["controls"].as_array().unwrap().len(), 4);
    let text = list("text");
    assert_eq!(text.lines().count(), json.as_array().unwrap().len() + 1);
    let run = folder.seawall(&["list", "controls", "--coverage"]);
    assert_eq!(run.code, 2);
}

#[test]
fn the_example_of_the_documentation_is_a_framework() {
    let page = include_str!("../../../../docs/frameworks.md");
    let (_, example) = page.split_once("```yaml\n").unwrap();
    let (example, _) = example.split_once("```").unwrap();
    let folder = folder("framework-page").file("ours.yaml", example);
    let run = folder.seawall(&["scan", "web.yaml", "--framework", "ours.yaml"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(
        run.stdout.contains("Only the chapter on workloads."),
        "{}",
        run.stdout
    );
}

#[test]
fn a_framework_and_a_requirement_are_explained() {
    let folder = folder("framework-explain");
    let run = folder.seawall(&["explain", "own/ours.yaml"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    insta::assert_snapshot!(run.stdout);
    let run = folder.seawall(&["explain", "pss-baseline/host-namespaces"]);
    for part in ["pss-baseline: ", "automated", "host-pid: ", "(high)"] {
        assert!(run.stdout.contains(part), "{part} in\n{}", run.stdout);
    }
    let run = folder.seawall(&["explain", "pss-baseline/host-namespace"]);
    assert_eq!(
        run.stderr,
        "error: `pss-baseline` has no requirement `host-namespace`\n\
         hint: did you mean `pss-baseline/host-namespaces`?\n"
    );
}
