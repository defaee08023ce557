//! Charts and kustomizations.

use super::*;

#[test]
fn charts_are_problems_and_their_templates_are_not_read() {
    let folder = folder(&[
        (
            "shop/Chart.yaml",
            "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
        ),
        ("shop/values.yaml", "kind: Deployment\n"),
        (
            "shop/templates/a.yaml",
            "{{ if x }}\napiVersion: v1\nkind: Pod\n{{ end }}\n",
        ),
        ("shop/charts/sub/Chart.yaml", "apiVersion: v2\nname: sub\n"),
        ("shop/charts/sub/templates/b.yaml", "apiVersion: {{ x }}\n"),
        ("shop/crds/crd.yaml", POD),
        ("templates/plain.yaml", POD),
    ]);
    let loaded = check(
        folder.path(),
        &["."],
        &["shop/crds/crd.yaml: Pod/a", "templates/plain.yaml: Pod/a"],
        &["shop: not-rendered"],
    );
    assert_eq!(loaded.skipped, ["shop/values.yaml"]);
    check(
        folder.path(),
        &["shop"],
        &["shop/crds/crd.yaml: Pod/a"],
        &["shop: not-rendered"],
    );
    check(
        folder.path(),
        &["shop/Chart.yaml"],
        &[],
        &["shop: not-rendered"],
    );
    let inside = scan(&Inputs::new(folder.path().join("shop"), ["."]));
    assert_eq!(problems(&inside), [".: not-rendered"]);
}

#[test]
fn kustomizations_are_problems_and_their_manifests_are_read_as_they_stand() {
    let folder = folder(&[
        (
            "base/kustomization.yaml",
            "resources: [a.yaml]\npatches:\n- path: patch.yaml\n- patch: |\n    - op: remove\npatchesStrategicMerge: [./old.yaml]\nconfigMapGenerator:\n- name: x\n  files: [k=data.yaml]\n",
        ),
        ("base/a.yaml", POD),
        ("base/patch.yaml", POD),
        ("base/old.yaml", POD),
        ("base/data.yaml", POD),
        (
            "overlay/Kustomization",
            "patches: [{path: ../base/extra.yaml}]\n",
        ),
        ("base/extra.yaml", POD),
        (
            "broken/kustomization.yml",
            "kind: Kustomization\napiVersion: [\n",
        ),
    ]);
    let loaded = check(
        folder.path(),
        &["."],
        &["base/a.yaml: Pod/a"],
        &[
            "base: not-rendered",
            "broken: not-rendered",
            "overlay: not-rendered",
        ],
    );
    assert_eq!(
        loaded.skipped,
        [
            "base/data.yaml",
            "base/extra.yaml",
            "base/old.yaml",
            "base/patch.yaml"
        ]
    );
}
