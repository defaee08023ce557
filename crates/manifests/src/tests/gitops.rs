//! What Argo CD and Flux deploy from the tree.

use super::rendering::rendered;
use super::*;

const CHART: &str = "apiVersion: v2\nname: web\nversion: 1.0.0\n";
const TEMPLATE: &str = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Release.Name }}-{{ .Values.a }}-{{ .Values.b }}\n  labels: {ns: {{ .Release.Namespace }}}\n";

fn application(name: &str, source: &str) -> String {
    format!(
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {{name: {name}, namespace: argocd}}\nspec:\n  destination: {{namespace: {name}-ns}}\n  source:\n    repoURL: https://example.com/me/shop.git\n{source}"
    )
}

/// A chart, and the files behind what deploys it.
fn tree(files: &[(&str, &str)]) -> TempDir {
    let folder = folder(files);
    write(folder.path(), "charts/web/Chart.yaml", CHART);
    write(
        folder.path(),
        "charts/web/values.yaml",
        "a: default\nb: default\n",
    );
    write(folder.path(), "charts/web/prod.yaml", "a: file\n");
    write(folder.path(), "charts/web/templates/a.yaml", TEMPLATE);
    folder
}

fn messages(loaded: &Loaded) -> Vec<String> {
    loaded
        .problems
        .iter()
        .map(|it| it.message.clone())
        .collect()
}

/// The value of the name of the first rendered object, and what led to it.
fn origins(loaded: &Loaded, name: &str) -> Vec<String> {
    let mut resources = loaded.inventory.resources.iter();
    let resource = resources.find(|it| &*it.name == name).unwrap();
    let metadata = resource.object().get_str("metadata").unwrap();
    let node = metadata.get_str("name").unwrap();
    let origins = model::Provenance::default().origins_of(&resource.document, node.id());
    origins.iter().map(model::Origin::words).collect()
}

#[test]
fn applications_deploy_charts_with_their_values_and_namespace() {
    let prod = application(
        "prod",
        "    path: charts/web\n    helm:\n      valueFiles: [prod.yaml]\n      values: |\n        b: inline\n",
    );
    let dev = application(
        "dev",
        "    path: charts/web\n    helm:\n      releaseName: other\n      valuesObject: {a: object}\n      parameters:\n      - {name: b, value: 'x,y'}\n",
    );
    let folder = tree(&[("apps/prod.yaml", &prod), ("apps/dev.yaml", &dev)]);
    let loaded = scan(&Inputs::new(folder.path(), ["."]));
    assert_eq!(messages(&loaded), [""; 0]);
    assert_eq!(
        rendered(&loaded),
        [
            "charts/web (Application argocd/dev): 1 Pod/other-object-x,y",
            "charts/web (Application argocd/prod): 1 Pod/prod-file-inline",
        ]
    );
    assert_eq!(
        origins(&loaded, "prod-file-inline"),
        [
            "value b at apps/prod.yaml:12",
            "value a at charts/web/prod.yaml:1"
        ]
    );
    assert_eq!(
        origins(&loaded, "other-object-x,y"),
        ["value b at apps/dev.yaml:13", "value a at apps/dev.yaml:11"]
    );
    let mut namespaces = loaded
        .inventory
        .resources
        .iter()
        .filter(|it| it.rendered.is_some());
    assert!(namespaces.all(|it| {
        it.namespace
            .as_deref()
            .is_some_and(|it| it.ends_with("-ns"))
    }));
    // The chart by itself is asked for.
    let alone = scan(&Inputs::new(folder.path(), ["charts"]));
    assert_eq!(
        rendered(&alone),
        ["charts/web: 1 Pod/release-name-default-default"]
    );
}

#[test]
fn applications_deploy_kustomizations_and_folders() {
    let folder = tree(&[
        (
            "apps/k.yaml",
            &application(
                "k",
                "    path: k\n    kustomize:\n      namePrefix: p-\n      images: ['nginx:2']\n      patches:\n      - target: {kind: Pod}\n        patch: '[{op: add, path: /spec/hostPID, value: true}]'\n",
            ),
        ),
        (
            "apps/d.yaml",
            &application(
                "d",
                "    path: d\n    directory: {recurse: true, exclude: 'x/*'}\n",
            ),
        ),
        ("k/kustomization.yaml", "resources: [a.yaml]\n"),
        (
            "k/a.yaml",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: c, image: nginx}]}\n",
        ),
        ("d/b.yaml", POD),
        (
            "d/e/c.yaml",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: c, namespace: own}\n",
        ),
        ("d/x/d.yaml", POD),
    ]);
    let loaded = scan(&Inputs::new(folder.path(), ["apps", "k", "d"]));
    assert_eq!(messages(&loaded), [""; 0]);
    assert_eq!(
        rendered(&loaded),
        [
            "d (Application argocd/d): 1 Pod/a",
            "d (Application argocd/d): 2 Pod/c",
            "k (Application argocd/k): 1 Pod/p-a",
        ]
    );
    let resources = &loaded.inventory.resources;
    // Two applications, three pods, and the one that is left out.
    assert_eq!(resources.len(), 6);
    let of = |name: &str| {
        resources
            .iter()
            .find(|it| &*it.name == name && it.rendered.is_some())
            .unwrap()
    };
    assert_eq!(of("a").namespace.as_deref(), Some("d-ns"));
    assert_eq!(of("c").namespace.as_deref(), Some("own"));
    let pod = of("p-a").object();
    let pid = pod.get_str("spec").unwrap().get_str("hostPID").unwrap();
    assert_eq!(pid.place().source.name(), "apps/k.yaml");
}

#[test]
fn what_lies_elsewhere_is_unknown_and_names_its_source() {
    let folder = tree(&[
        ("apps/a.yaml", &application("a", "    path: gone\n")),
        (
            "apps/b.yaml",
            &application("b", "    chart: redis\n    targetRevision: 1.2.3\n").replace(
                "https://example.com/me/shop.git",
                "https://charts.example.com",
            ),
        ),
        ("apps/c.yaml", &application("c", "    path: ../../etc\n")),
        (
            "apps/d.yaml",
            &application(
                "d",
                "    path: charts/web\n    helm: {valueFiles: [gone.yaml]}\n",
            ),
        ),
        (
            "apps/e.yaml",
            "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: e}\nspec:\n  chart:\n    spec: {chart: redis, version: 1.x, sourceRef: {kind: HelmRepository, name: bitnami}}\n---\napiVersion: source.toolkit.fluxcd.io/v1\nkind: HelmRepository\nmetadata: {name: bitnami}\nspec: {url: 'https://charts.example.com/bitnami'}\n",
        ),
    ]);
    let loaded = scan(&Inputs::new(folder.path(), ["."]));
    assert_eq!(
        problems(&loaded),
        [
            "apps/a.yaml:8: elsewhere",
            "apps/b.yaml:8: elsewhere",
            "apps/c.yaml:8: elsewhere",
            "apps/d.yaml:9: not-rendered",
            "apps/e.yaml:6: elsewhere",
        ]
    );
    assert_eq!(
        messages(&loaded),
        [
            "Application argocd/a deploys 'gone' of https://example.com/me/shop.git, which is not in this tree, so that it was not scanned",
            "Application argocd/b deploys the chart redis 1.2.3 of https://charts.example.com, which is not in this tree, so that it was not scanned",
            "Application argocd/c deploys '../../etc' of https://example.com/me/shop.git, which is not in this tree, so that it was not scanned",
            "Application argocd/d: the file of values 'gone.yaml' is not in the tree",
            "HelmRelease e deploys the chart redis 1.x of https://charts.example.com/bitnami, which is not in this tree, so that it was not scanned",
        ]
    );
    assert!(
        loaded
            .problems
            .iter()
            .filter(|it| it.kind == model::ProblemKind::Elsewhere)
            .all(|it| it.level == model::ProblemLevel::Unknown)
    );
}

#[test]
fn a_clone_knows_which_repository_it_is() {
    let folder = tree(&[
        ("a.yaml", &application("a", "    path: charts/web\n")),
        (
            "b.yaml",
            &application("b", "    path: charts/web\n").replace("/shop.git", "/infra"),
        ),
        (
            ".git/config",
            "[remote \"origin\"]\n\turl = git@example.com:fork/shop.git\n",
        ),
    ]);
    let loaded = scan(&Inputs::new(folder.path(), ["."]));
    assert_eq!(
        rendered(&loaded),
        ["charts/web (Application argocd/a): 1 Pod/a-default-default"]
    );
    assert_eq!(problems(&loaded), ["b.yaml:8: elsewhere"]);
}

#[test]
fn values_come_from_other_sources_too() {
    let folder = tree(&[
        (
            "apps/a.yaml",
            "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}\nspec:\n  sources:\n  - {repoURL: x, path: charts/web, helm: {valueFiles: [$values/envs/a.yaml, /envs/b.yaml]}}\n  - {repoURL: y, ref: values}\n",
        ),
        ("envs/a.yaml", "a: 1a\n"),
        ("envs/b.yaml", "b: 1b\n"),
    ]);
    let loaded = scan(&Inputs::new(folder.path(), ["."]));
    assert_eq!(messages(&loaded), [""; 0]);
    assert_eq!(
        rendered(&loaded),
        ["charts/web (Application a): 1 Pod/a-1a-1b"]
    );
}

fn set(generators: &str, template: &str) -> String {
    format!(
        "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {{name: s}}\nspec:\n{generators}  template:\n    metadata: {{name: '{template}'}}\n    spec:\n      destination: {{namespace: '{template}'}}\n      source:\n        repoURL: x\n        path: charts/web\n        helm: {{valuesObject: {{a: '{template}'}}}}\n"
    )
}

#[test]
fn application_sets_make_applications_of_lists_folders_files_and_matrices() {
    let check = |generators: &str, template: &str, expected: &[&str]| {
        let folder = tree(&[
            ("set.yaml", &set(generators, template)),
            (
                "clusters/eu/config.json",
                "{\"name\": \"eu1\", \"at\": {\"zone\": \"z\"}}",
            ),
            ("clusters/us/config.json", "{\"name\": \"us1\"}"),
            ("clusters/old/config.json", "{\"name\": \"old\"}"),
        ]);
        let loaded = scan(&Inputs::new(folder.path(), ["."]));
        assert_eq!(messages(&loaded), [""; 0], "{generators}");
        let expected: Vec<_> = expected
            .iter()
            .map(|name| format!("charts/web (Application {name}): 1 Pod/{name}-{name}-default"))
            .collect();
        assert_eq!(rendered(&loaded), expected, "{generators}");
    };
    let list = "  generators:\n  - list: {elements: [{c: eu}, {c: us}]}\n";
    check(list, "{{c}}", &["eu", "us"]);
    check(
        &format!("  goTemplate: true\n{list}"),
        "{{ .c | upper | lower }}",
        &["eu", "us"],
    );
    check(
        "  generators:\n  - git: {repoURL: x, directories: [{path: clusters/*}, {path: clusters/old, exclude: true}]}\n",
        "{{path.basename}}",
        &["eu", "us"],
    );
    check(
        "  goTemplate: true\n  generators:\n  - git: {repoURL: x, files: [{path: 'clusters/*/config.json'}, {path: clusters/old/*, exclude: true}]}\n",
        "{{ .name }}-{{ .path.basename }}",
        &["eu1-eu", "us1-us"],
    );
    check(
        "  generators:\n  - matrix:\n      generators:\n      - list: {elements: [{c: eu}, {c: us}]}\n      - git: {repoURL: x, files: [{path: 'clusters/{{c}}/*.json'}]}\n",
        "{{name}}",
        &["eu1", "us1"],
    );
    check(
        "  goTemplate: true\n  templatePatch: |\n    metadata: {name: {{ .c }}-p}\n    spec: {source: {helm: {valuesObject: {a: {{ .c }}-p}}}}\n  generators:\n  - list: {elements: [{c: eu}]}\n",
        "{{ .c }}",
        &["eu-p"],
    );
}

#[test]
fn generators_that_need_a_cluster_are_unknown() {
    let folder = tree(&[
        (
            "set.yaml",
            &set("  generators:\n  - clusters: {}\n", "{{name}}"),
        ),
        (
            "go.yaml",
            &set(
                "  goTemplate: true\n  goTemplateOptions: [missingkey=error]\n  generators:\n  - list: {elements: [{c: d}]}\n",
                "{{ .x }}",
            ),
        ),
    ]);
    let loaded = scan(&Inputs::new(folder.path(), ["."]));
    assert_eq!(
        problems(&loaded),
        ["go.yaml:10: not-rendered", "set.yaml:6: elsewhere"]
    );
    assert!(
        messages(&loaded)[1]
            .starts_with("ApplicationSet s deploys what the generator 'clusters' finds")
    );
}

const KUSTOMIZATION: &str = "apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps, namespace: flux-system}
spec:
  path: ./apps
  sourceRef: {kind: GitRepository, name: shop}
  targetNamespace: prod
  namePrefix: p-
  patches:
  - patch: |
      apiVersion: v1
      kind: Pod
      metadata: {name: a}
      spec: {hostPID: true}
  postBuild:
    substitute: {count: '3', name: own}
    substituteFrom: [{kind: ConfigMap, name: vars}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: vars, namespace: flux-system}
data: {name: lost, zone: eu}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: shop, namespace: flux-system}
spec: {url: 'ssh://git@example.com/me/shop'}
";

#[test]
fn flux_deploys_folders_with_patches_and_variables() {
    let folder = tree(&[
        ("flux/apps.yaml", KUSTOMIZATION),
        (
            "apps/a.yaml",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: {zone: '${zone}'}}\nspec: {priority: '${count}', hostname: \"${name:-x}\"}\n",
        ),
        ("apps/notes.yaml", "just: text\n"),
        (
            "apps/release/kustomization.yaml",
            "resources: [release.yaml]\n",
        ),
        (
            "apps/release/release.yaml",
            "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: web}\nspec:\n  chart:\n    spec: {chart: ./charts/web, sourceRef: {kind: GitRepository, name: shop, namespace: flux-system}, valuesFiles: [charts/web/prod.yaml]}\n  values: {b: '${zone}'}\n  postRenderers:\n  - kustomize:\n      patches:\n      - target: {kind: Pod}\n        patch: '[{op: add, path: /spec, value: {hostIPC: true}}]'\n",
        ),
    ]);
    let loaded = scan(&Inputs::new(folder.path(), ["."]));
    assert_eq!(messages(&loaded), [""; 0]);
    assert_eq!(
        rendered(&loaded),
        [
            "apps (Kustomization flux-system/apps): 1 HelmRelease/p-web",
            "apps (Kustomization flux-system/apps): 2 Pod/p-a",
            "charts/web (HelmRelease prod/p-web): 1 Pod/p-web-file-eu",
        ]
    );
    let of = |name: &str| {
        loaded
            .inventory
            .resources
            .iter()
            .find(|it| &*it.name == name)
            .unwrap()
    };
    let spec = of("p-a").object().get_str("spec").unwrap();
    let text = |key: &str| spec.get_str(key).unwrap();
    assert_eq!(
        (text("priority").as_i64(), text("hostname").as_str()),
        (Some(3), Some("own"))
    );
    assert_eq!(text("hostPID").place().source.name(), "flux/apps.yaml");
    assert_eq!(text("priority").place().source.name(), "apps/a.yaml");
    assert_eq!(of("p-web-file-eu").namespace.as_deref(), Some("prod"));
    let spec = of("p-web-file-eu").object().get_str("spec").unwrap();
    let ipc = spec.get_str("hostIPC").unwrap();
    assert_eq!(ipc.place().source.name(), "apps/release/release.yaml");
}

#[test]
fn releases_take_values_from_config_maps() {
    let release = "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: web, namespace: n1}\nspec:\n  targetNamespace: t1\n  chart:\n    spec: {chart: charts/web, sourceRef: {kind: GitRepository, name: flux-system}}\n  valuesFrom:\n  - {kind: ConfigMap, name: values}\n  - {kind: ConfigMap, name: values, valuesKey: b, targetPath: b}\n  - {kind: Secret, name: gone, optional: true}\n  - {kind: Secret, name: gone}\n";
    let values = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: values, namespace: n1}\ndata:\n  b: two\n  values.yaml: |\n    a: one\n";
    let folder = tree(&[("release.yaml", release), ("values.yaml", values)]);
    let loaded = scan(&Inputs::new(folder.path(), ["."]));
    assert_eq!(problems(&loaded), ["release.yaml:12: elsewhere"]);
    assert_eq!(
        rendered(&loaded),
        ["charts/web (HelmRelease n1/web): 1 Pod/t1-web-one-two"]
    );
    assert_eq!(
        origins(&loaded, "t1-web-one-two"),
        ["value b at values.yaml:5", "value a at values.yaml:7"]
    );
}

#[test]
fn applications_of_applications_end() {
    let folder = tree(&[
        ("apps/root.yaml", &application("root", "    path: apps\n")),
        (
            "apps/web.yaml",
            &application("web", "    path: charts/web\n"),
        ),
    ]);
    let loaded = scan(&Inputs::new(folder.path(), ["."]));
    assert_eq!(messages(&loaded), [""; 0]);
    assert_eq!(
        rendered(&loaded),
        [
            "apps (Application argocd/root): 1 Application/root",
            "apps (Application argocd/root): 2 Application/web",
            "charts/web (Application argocd/web): 1 Pod/web-default-default",
        ]
    );
    assert_eq!(loaded.inventory.resources.len(), 3);
}

#[test]
fn what_is_deployed_is_no_entry_of_its_own() {
    let folder = tree(&[
        ("env/kustomization.yaml", "resources: [app.yaml]\n"),
        (
            "env/app.yaml",
            &application("web", "    path: charts/web\n"),
        ),
    ]);
    let loaded = scan(&Inputs::new(folder.path(), ["."]));
    assert_eq!(
        rendered(&loaded),
        [
            "charts/web (Application argocd/web): 1 Pod/web-default-default",
            "env: 1 Application/web",
        ]
    );
}
