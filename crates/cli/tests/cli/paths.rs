//! `seawall paths`: what it prints, and how it ends.

use serde_json::Value;

use crate::support::{Folder, Run};

const SHOP: &str = "\
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
spec:
  serviceAccountName: web
  containers:
    - name: app
      image: registry.example.com/web:1.0.0
---
apiVersion: v1
kind: Pod
metadata:
  name: agent
  namespace: shop
spec:
  containers:
    - name: main
      image: registry.example.com/agent:1.0.0
      securityContext:
        privileged: true
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: debugger
  namespace: shop
rules:
  - apiGroups: [\"\"]
    resources: [pods, pods/exec]
    verbs: [get, create]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: debugger
  namespace: shop
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: debugger
subjects:
  - kind: ServiceAccount
    name: web
    namespace: shop
---
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    pod-security.kubernetes.io/enforce: baseline
";

fn run(name: &str, args: &[&str]) -> Run {
    let folder = Folder::new(&format!("paths-{name}")).file("shop.yaml", SHOP);
    let mut all = vec!["paths", "shop.yaml", "--complete"];
    all.extend_from_slice(args);
    folder.seawall(&all)
}

#[test]
fn paths_are_told_step_by_step() {
    let run = run("text", &[]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    insta::assert_snapshot!(run.stdout);
}

#[test]
fn why_names_the_lines() {
    let run = run("why", &["--why", "--from", "pod/shop/web", "--to", "node"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    insta::assert_snapshot!(run.stdout);
}

#[test]
fn choke_points_come_with_their_edit() {
    let run = run("choke", &["--choke-points", "--limit", "2"]);
    insta::assert_snapshot!(run.stdout);
}

#[test]
fn what_a_control_would_fix_is_gone() {
    let fixed = run("fixed", &["--if-fixed", "privileged-container"]);
    assert!(!fixed.stdout.contains("root on a node"), "{}", fixed.stdout);
    let left = run("left", &["--if-fixed", "C-0057"]);
    assert_eq!(fixed.stdout.lines().last(), left.stdout.lines().last());
    let unknown = run("unfixable", &["--if-fixed", "no-such-control"]);
    assert_eq!(unknown.code, 2);
    assert!(
        unknown
            .stderr
            .contains("there is no control `no-such-control`"),
        "{}",
        unknown.stderr
    );
    let other = run("unrelated", &["--if-fixed", "liveness-probe-missing"]);
    assert_eq!(other.code, 2);
    assert!(
        other.stderr.contains("no step of an attack rests on"),
        "{}",
        other.stderr
    );
}

#[test]
fn json_has_paths_edges_and_other_names() {
    let run = run("json", &["--format", "json"]);
    let answer: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(answer["schema"], "seawall.dev/paths/v1");
    let paths = answer["paths"].as_array().unwrap();
    assert_eq!(answer["summary"]["paths"], paths.len());
    let last = |path: &Value| path["to"]["kind"].as_str().unwrap().to_owned();
    assert!(paths.iter().any(|path| last(path) == "node-root"));
    let techniques = answer["techniques"].as_array().unwrap();
    let exec = techniques
        .iter()
        .find(|one| one["id"] == "pods-exec")
        .unwrap();
    assert_eq!(exec["aliases"]["kubehound"][0], "POD_EXEC");
    let used = answer["edges"].as_array().unwrap();
    assert!(
        used.iter()
            .any(|edge| edge["technique"] == "mount-host-disk")
    );
}

#[test]
fn a_start_that_is_not_there_is_a_mistake_with_what_is() {
    let run = run("mistake", &["--from", "deployment/shop/webb"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("pod/shop/web"), "{}", run.stderr);
}

#[test]
fn nothing_found_is_a_clean_end() {
    let folder = Folder::new("paths-clean").file(
        "one.yaml",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: one}\nspec: {containers: [{name: a, image: b}]}\n",
    );
    let run = folder.seawall(&["paths", "one.yaml", "--complete"]);
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (0, "no attack path found\n")
    );
    let run = folder.seawall(&["paths", "one.yaml", "--to", "cluster-admin", "--complete"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let run = folder.seawall(&["paths", "missing.yaml"]);
    assert_eq!(run.code, 2, "{}", run.stdout);
}

#[test]
fn every_control_that_techniques_name_is_there() {
    let list = Folder::new("paths-controls").seawall(&["list", "controls", "--format", "json"]);
    let list: Value = serde_json::from_str(&list.stdout).unwrap();
    let ids: Vec<&str> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["id"].as_str().unwrap())
        .collect();
    for id in ::paths::control_ids() {
        assert!(ids.contains(&id), "{id}");
    }
}

const POD: &str = "\
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
spec:
  containers:
    - name: app
      image: registry.example.com/web:1.0.0
";

/// Overlays of one base, of which one makes the pod privileged.
fn overlays(name: &str) -> Folder {
    let patch = "apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\nspec:\n  containers:\n    - name: app\n      securityContext:\n        privileged: true\n";
    Folder::new(name)
        .file("base/kustomization.yaml", "resources: [pod.yaml]\n")
        .file("base/pod.yaml", POD)
        .file("dev/kustomization.yaml", "resources: [../base]\n")
        .file(
            "prod/kustomization.yaml",
            "resources: [../base]\npatches:\n  - path: patch.yaml\n",
        )
        .file("prod/patch.yaml", patch)
}

#[test]
fn alternatives_are_looked_at_one_by_one() {
    let folder = overlays("paths-worlds");
    let run = folder.seawall(&["paths", ".", "--complete"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    insta::assert_snapshot!(run.stdout);
    let json = folder.seawall(&["paths", ".", "--complete", "--format", "json"]);
    let answer: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(answer["summary"]["paths"], 1);
    assert_eq!(answer["paths"][0]["world"], "prod");
    let picture = folder.seawall(&["paths", ".", "--complete", "--format", "dot"]);
    assert!(
        picture.stdout.contains("root on a node"),
        "{}",
        picture.stdout
    );
    assert!(
        picture.stdout.contains("1 alternatives are not drawn"),
        "{}",
        picture.stdout
    );
}

#[test]
fn what_is_patched_is_told_where_it_was_written() {
    let folder = overlays("paths-rendered");
    let run = folder.seawall(&["paths", "prod", "--complete", "--why", "--to", "node"]);
    assert!(
        run.stdout.contains("prod/patch.yaml:8:21"),
        "{}",
        run.stdout
    );
    let run = folder.seawall(&["paths", "prod", "--complete", "--choke-points"]);
    // What a rendering put together is not edited by guess.
    assert!(
        run.stdout.contains("prod/patch.yaml:8:21"),
        "{}",
        run.stdout
    );
    assert!(!run.stdout.contains("+++"), "{}", run.stdout);
}

#[test]
fn pictures_are_drawn() {
    let svg = run("svg", &["--format", "svg"]);
    assert!(svg.stdout.starts_with("<svg"), "{}", svg.stdout);
    let dot = run("dot", &["--format", "dot"]);
    assert!(dot.stdout.starts_with("digraph"), "{}", dot.stdout);
    let mermaid = run("mermaid", &["--format", "mermaid"]);
    assert!(mermaid.stdout.contains("flowchart"), "{}", mermaid.stdout);
}
