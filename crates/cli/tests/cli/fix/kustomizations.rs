//! Fixes of what kustomizations build.

use super::{json, refused};
use crate::support::Folder;

const BASE: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata:
      labels: {app: web}
    spec:
      hostPID: true # of the base
      containers:
        - name: web
          image: registry.example.com/web:1.4
";

const PATCH: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      hostPID: true # again
      containers:
        - name: web
          # For once.
          securityContext: {privileged: true}
";

const OVERLAY: &str = "\
resources: [../base]
patches:
- path: patch.yaml
- target: {kind: Deployment}
  patch: |-
    - op: add
      path: /spec/template/spec/hostIPC
      value: true   # inline
    - op: add
      path: /spec/template/spec/dnsPolicy
      value: Default
- patch: |
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec:
      template:
        spec:
          containers:
          - name: side
            image: registry.example.com/side:1
            securityContext:
              privileged: true   # inline
";

fn tree(name: &str) -> Folder {
    Folder::new(name)
        .file("base/kustomization.yaml", "resources: [web.yaml]\n")
        .file("base/web.yaml", BASE)
        .file("prod/kustomization.yaml", OVERLAY)
        .file("prod/patch.yaml", PATCH)
}

#[test]
fn patches_and_bases_are_edited_where_they_say_it() {
    let folder = tree("fix-kustomize");
    let controls = "host-pid,host-ipc,privileged-container,automount-sa-token";
    let report = json(&folder, &["--control", controls, "--unsafe", controls]);
    assert_eq!(refused(&report), [""; 0]);
    insta::assert_snapshot!(folder.read("base/web.yaml"), @r"
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      selector: {matchLabels: {app: web}}
      template:
        metadata:
          labels: {app: web}
        spec:
          hostPID: true # of the base
          containers:
            - name: web
              image: registry.example.com/web:1.4
    ");
    insta::assert_snapshot!(folder.read("prod/patch.yaml"), @r"
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      template:
        spec:
          hostPID: false # again
          containers:
            - name: web
              # For once.
              securityContext: {privileged: false}
    ");
    insta::assert_snapshot!(folder.read("prod/kustomization.yaml"), @r"
    resources: [../base]
    patches:
    - path: patch.yaml
    - target: {kind: Deployment}
      patch: |-
        - op: add
          path: /spec/template/spec/dnsPolicy
          value: Default
    - patch: |
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          template:
            spec:
              containers:
              - name: side
                image: registry.example.com/side:1
                securityContext:
                  privileged: false   # inline
    ");
    let again = json(&folder, &["--control", controls, "--unsafe", controls]);
    assert_eq!(again["summary"]["fixed"], 0);
}

#[test]
fn a_base_is_edited_once_for_all_overlays() {
    let overlay = "resources: [../base]\nnamePrefix: NAME-\n";
    let folder = Folder::new("fix-kustomize-shared")
        .file("base/kustomization.yaml", "resources: [web.yaml]\n")
        .file("base/web.yaml", BASE)
        .file("dev/kustomization.yaml", &overlay.replace("NAME", "dev"))
        .file("prod/kustomization.yaml", &overlay.replace("NAME", "prod"));
    let controls = "host-pid,capabilities-not-dropped";
    let report = json(&folder, &["--control", controls, "--unsafe", controls]);
    assert_eq!(refused(&report), [""; 0]);
    let dropped = "          securityContext:\n            capabilities:\n              drop:\n                - ALL\n";
    let expected = BASE.replace("      hostPID: true # of the base\n", "") + dropped;
    assert_eq!(folder.read("base/web.yaml"), expected);
}

#[test]
fn what_lies_outside_of_the_paths_is_not_touched() {
    let folder = tree("fix-kustomize-outside");
    let controls = "host-pid,automount-sa-token";
    let run = folder.seawall(&["fix", "prod", "--control", controls, "--unsafe", controls]);
    insta::assert_snapshot!(run.stdout, @r"
    prod/patch.yaml
      set spec.template.spec.hostPID: false (host-pid)
    1 finding fixed in 1 file
    ");
    assert_eq!(folder.read("base/web.yaml"), BASE);
}
