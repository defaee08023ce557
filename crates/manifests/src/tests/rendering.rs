//! Kustomizations.

use model::Resource;

use super::*;

/// `entry: document Kind/name` for each resource that was rendered.
pub(super) fn rendered(loaded: &Loaded) -> Vec<String> {
    let resources = loaded.inventory.resources.iter();
    let mut rendered: Vec<String> = resources
        .filter_map(|resource| {
            let at = resource.rendered?;
            let entry = loaded.inventory.entries[at.entry as usize].name();
            let Resource { kind, name, .. } = resource;
            Some(format!("{entry}: {} {kind}/{name}", at.document))
        })
        .collect();
    rendered.sort();
    rendered
}

#[test]
fn overlays_are_built_and_not_their_bases_again() {
    let folder = folder(&[
        ("base/kustomization.yaml", "resources: [a.yaml]\n"),
        ("base/a.yaml", POD),
        (
            "prod/kustomization.yaml",
            "namePrefix: prod-\nresources: [../base]\n",
        ),
        (
            "dev/kustomization.yml",
            "resources: [../base, b.yaml]\npatches:\n- path: patch.yaml\nconfigMapGenerator:\n- name: x\n  files: [k=data.yaml]\n",
        ),
        (
            "dev/b.yaml",
            "apiVersion: v1\nkind: Service\nmetadata: {name: b}\n",
        ),
        (
            "dev/patch.yaml",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {hostPID: true}\n",
        ),
        ("dev/data.yaml", POD),
        ("plain.yaml", POD),
    ]);
    let loaded = scan(&Inputs::new(folder.path(), ["."]));
    assert_eq!(problems(&loaded), [""; 0]);
    assert_eq!(
        rendered(&loaded),
        [
            "dev: 1 ConfigMap/x-tkc22g44g6",
            "dev: 2 Service/b",
            "dev: 3 Pod/a",
            "prod: 1 Pod/prod-a"
        ]
    );
    assert_eq!(loaded.skipped, [""; 0]);
    assert_eq!(loaded.inventory.resources.len(), 5);
    // Each file is read once: three of kustomizations, and plain.yaml among the others.
    assert_eq!(loaded.files, 8);

    let named = scan(&Inputs::new(folder.path(), ["base"]));
    assert_eq!(rendered(&named), ["base: 1 Pod/a"]);
    let named = scan(&Inputs::new(folder.path(), ["prod/kustomization.yaml"]));
    assert_eq!(rendered(&named), ["prod: 1 Pod/prod-a"]);
    let named = scan(&Inputs::new(folder.path(), [".", "base/a.yaml"]));
    assert_eq!(
        named.inventory.resources.len(),
        6,
        "what is named is read all the same"
    );
}

#[test]
fn of_a_kustomization_that_cannot_be_built_the_parts_are_scanned() {
    let folder = folder(&[
        (
            "base/kustomization.yaml",
            "namePrefix: x-\nresources: [a.yaml]\n",
        ),
        ("base/a.yaml", POD),
        (
            "prod/kustomization.yaml",
            "resources:\n- ../base\n- https://example.com/app?ref=1\n- b.yaml\n",
        ),
        ("prod/b.yaml", POD),
        ("fine/kustomization.yaml", "resources: [c.yaml]\n"),
        ("fine/c.yaml", POD),
        (
            "broken/kustomization.yaml",
            "kind: Kustomization\napiVersion: [\n",
        ),
        ("empty/Kustomization", ""),
    ]);
    let loaded = scan(&Inputs::new(folder.path(), ["."]));
    assert_eq!(
        problems(&loaded),
        [
            "broken/kustomization.yaml:2: not-rendered",
            "empty/Kustomization: not-rendered",
            "prod/kustomization.yaml:3: not-rendered"
        ]
    );
    assert_eq!(
        loaded.problems[2].message,
        "the kustomization cannot be built: 'https://example.com/app?ref=1' is remote; fetch it and name the local copy"
    );
    assert_eq!(rendered(&loaded), ["base: 1 Pod/x-a", "fine: 1 Pod/a"]);
    let plain: Vec<_> = resources(&loaded)
        .into_iter()
        .filter(|name| name.starts_with("prod"))
        .collect();
    assert_eq!(plain, ["prod/b.yaml: Pod/a"]);
}

#[test]
fn components_are_parts_and_their_manifests_are_scanned_when_nobody_uses_them() {
    let component =
        "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [a.yaml]\n";
    let folder = folder(&[
        ("used/kustomization.yaml", component),
        ("used/a.yaml", POD),
        ("unused/kustomization.yaml", component),
        ("unused/a.yaml", POD),
        ("app/kustomization.yaml", "components: [../used]\n"),
    ]);
    let loaded = check(
        folder.path(),
        &["."],
        &["unused/a.yaml: Pod/a", "used/a.yaml: Pod/a"],
        &[],
    );
    assert_eq!(rendered(&loaded), ["app: 1 Pod/a"]);
}

#[test]
fn kustomizations_that_take_each_other_in_are_problems() {
    let folder = folder(&[
        ("a/kustomization.yaml", "resources: [../b]\n"),
        ("b/kustomization.yaml", "resources: [../a]\n"),
    ]);
    let loaded = scan(&Inputs::new(folder.path(), ["."]));
    assert_eq!(
        problems(&loaded),
        [
            "a/kustomization.yaml:1: not-rendered",
            "b/kustomization.yaml:1: not-rendered"
        ]
    );
}

#[test]
fn places_and_lines_of_what_was_built_are_true() {
    let folder = folder(&[
        ("base/kustomization.yaml", "resources: [a.yaml]\n"),
        (
            "base/a.yaml",
            "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  hostPID: true\n  hostIPC: false\n",
        ),
        (
            "prod/kustomization.yaml",
            "resources: [../base]\npatches:\n- patch: |\n    apiVersion: v1\n    kind: Pod\n    metadata: {name: a}\n    spec:\n      hostIPC: true\n",
        ),
    ]);
    let loaded = scan(&Inputs::new(folder.path(), ["."]));
    let pod = &loaded.inventory.resources[0];
    let spec = pod.object().get_str("spec").unwrap();
    let place = |key: &str| {
        let node = spec.get_str(key).unwrap();
        let at = pod.location(node.id());
        let line = pod.document.rendered_line(node.id());
        (format!("{}:{}", at.file(), at.start().line), line)
    };
    assert_eq!(place("hostPID"), ("base/a.yaml:6".to_owned(), 7));
    assert_eq!(
        place("hostIPC"),
        ("prod/kustomization.yaml:8".to_owned(), 6)
    );
}
