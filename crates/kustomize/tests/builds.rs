//! Small kustomizations, each with what comes of it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "common/memory.rs"]
mod memory;

use std::sync::Arc;

use document::{Document, Keys, Limits, NodeRef, Role, Source, parse_yaml};
use kustomize::{Error, ErrorKind, Options, build, build_objects, to_yaml};
use memory::Memory;

const DEPLOYMENT: &str = "apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
      - name: main
        image: nginx:1
      - name: side
        image: redis
";

fn render(files: &[(&str, &str)]) -> Result<String, Error> {
    let rendering = build(&Memory::new(files), "app", &Options::default())?;
    Ok(to_yaml(&rendering.document))
}

#[track_caller]
fn check(files: &[(&str, &str)], expected: &str) {
    assert_eq!(render(files).unwrap(), expected);
}

#[track_caller]
fn check_error(files: &[(&str, &str)], expected: &str) {
    let error = render(files).unwrap_err();
    assert_eq!(error.to_string(), expected);
}

#[test]
fn fields_are_set_and_names_follow() {
    check(
        &[
            (
                "app/kustomization.yaml",
                "namePrefix: a-\nnamespace: prod\nresources: [deploy.yaml]\nimages:\n- name: nginx\n  newTag: '2'\nreplicas:\n- name: web\n  count: 3\nconfigMapGenerator:\n- name: c\n  literals: [k=v]\nlabels:\n- pairs: {l: x}\n",
            ),
            (
                "app/deploy.yaml",
                "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n    spec:\n      containers:\n      - {name: m, image: 'nginx:1', envFrom: [{configMapRef: {name: c}}]}\n",
            ),
        ],
        "apiVersion: v1
data:
  k: v
kind: ConfigMap
metadata:
  labels:
    l: x
  name: a-c-bdg947hgcc
  namespace: prod
---
apiVersion: apps/v1
kind: Deployment
metadata:
  labels:
    l: x
  name: a-web
  namespace: prod
spec:
  replicas: 3
  template:
    spec:
      containers:
      - envFrom:
        - configMapRef:
            name: a-c-bdg947hgcc
        image: \"nginx:2\"
        name: m
",
    );
}

#[test]
fn patches_merge_lists_by_their_keys() {
    let kustomization = "resources: [deploy.yaml]
patches:
- patch: |-
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec:
      template:
        spec:
          containers:
          - name: side
            $patch: delete
          - name: new
            image: busybox
          - name: main
            env: [{name: A, value: b}]
- target: {kind: Deploy.*}
  patch: |-
    - op: replace
      path: /spec/template/spec/containers/0/image
      value: changed
";
    check(
        &[
            ("app/kustomization.yaml", kustomization),
            ("app/deploy.yaml", DEPLOYMENT),
        ],
        "apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
      - image: changed
        name: new
      - env:
        - name: A
          value: b
        image: \"nginx:1\"
        name: main
",
    );
}

#[test]
fn replacements_and_variables_carry_values() {
    let kustomization = "resources: [all.yaml]
vars:
- name: PORT
  objref: {apiVersion: v1, kind: Service, name: s}
  fieldref: {fieldPath: 'spec.ports[0].port'}
replacements:
- source: {kind: Service, name: s}
  targets:
  - select: {kind: Pod}
    fieldPaths: ['spec.containers.[name=m].image']
    options: {delimiter: ':', index: 1}
";
    let all = "apiVersion: v1
kind: Service
metadata: {name: s}
spec:
  ports: [{port: 80}]
---
apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  containers:
  - {name: m, image: 'i:tag', args: ['--port=$(PORT)', '$(OTHER)']}
";
    check(
        &[
            ("app/kustomization.yaml", kustomization),
            ("app/all.yaml", all),
        ],
        "apiVersion: v1
kind: Service
metadata:
  name: s
spec:
  ports:
  - port: 80
---
apiVersion: v1
kind: Pod
metadata:
  name: p
spec:
  containers:
  - args:
    - \"--port=80\"
    - \"$(OTHER)\"
    image: \"i:s\"
    name: m
",
    );
}

#[test]
fn what_cannot_be_built_says_why() {
    let with = |kustomization: &'static str| {
        [
            ("app/kustomization.yaml", kustomization),
            ("app/deploy.yaml", DEPLOYMENT),
        ]
    };
    check_error(
        &[("app/x", "")],
        "'app' has no kustomization.yaml, kustomization.yml or Kustomization",
    );
    check_error(
        &with("resources: [https://example.com/a.yaml]"),
        "'https://example.com/a.yaml' is remote; fetch it and name the local copy",
    );
    check_error(
        &with("resources: [gone.yaml]"),
        "cannot read 'app/gone.yaml'",
    );
    check_error(&with("resources: [.]"), "'app' includes itself");
    check_error(&with("resource: [deploy.yaml]"), "unknown field 'resource'");
    check_error(&with("namePrefix: 1"), "namePrefix must be a text");
    check_error(
        &with("resources: [deploy.yaml, deploy.yaml]"),
        "Deployment 'web' (apps/v1) is there twice",
    );
    check_error(
        &with("patches:\n- patch: '{apiVersion: v1, kind: Pod, metadata: {name: p}}'"),
        "no resource matches the patch of Pod 'p' (v1)",
    );
    check_error(
        &[
            ("app/kustomization.yaml", "resources: [../a.yaml]"),
            ("a.yaml", DEPLOYMENT),
        ],
        "'app/../a.yaml' is not in or below 'app'; Kustomize loads files from there only",
    );
    check_error(
        &with("helmCharts: [{name: c}]"),
        "chart 'c' cannot be rendered here",
    );
}

/// The texts of the place of a node and of its causes.
fn story(document: &Document, node: NodeRef<'_>) -> Vec<(Option<Role>, String)> {
    let text = |place: document::Place<'_>| {
        let line = place.source.line_column(place.span.start).line;
        format!(
            "{}:{line} {}",
            place.source.name(),
            place
                .source
                .slice(&place.span)
                .lines()
                .next()
                .unwrap_or_default()
        )
    };
    let mut story = vec![(None, text(node.place()))];
    let causes = document.causes(node.origin());
    story.extend(causes.map(|cause| (Some(cause.role), text(document.place(cause.at)))));
    story
}

#[test]
fn origins_lead_to_what_an_author_would_change() {
    let files = [
        ("base/kustomization.yaml", "resources: [deploy.yaml]\n"),
        ("base/deploy.yaml", DEPLOYMENT),
        (
            "app/kustomization.yaml",
            "resources:\n- ../base\npatches:\n- patch: |-\n    apiVersion: apps/v1\n    kind: Deployment\n    metadata:\n      name: web\n    spec:\n      replicas: 7\nimages:\n- name: nginx\n  newTag: v9\n",
        ),
    ];
    let rendering = build(&Memory::new(&files), "app", &Options::default()).unwrap();
    let document = &rendering.document;
    let root = document.root(0).unwrap();
    let at = |path: &[&str]| {
        path.iter()
            .fold(root, |node, key| node.get_str(key).unwrap())
    };
    let base = (
        Some(Role::Base),
        "app/kustomization.yaml:2 ../base".to_owned(),
    );
    let entry = (
        Some(Role::Base),
        "base/kustomization.yaml:1 deploy.yaml".to_owned(),
    );
    assert_eq!(
        story(document, at(&["metadata", "name"])),
        [(None, "base/deploy.yaml:4 web".to_owned()), base.clone()],
        "{entry:?} is the file itself",
    );
    let patch = (
        Some(Role::Patch),
        "app/kustomization.yaml:4 patch: |-".to_owned(),
    );
    assert_eq!(
        story(document, at(&["spec", "replicas"])),
        [
            (None, "app/kustomization.yaml:10 7".to_owned()),
            patch,
            base.clone()
        ],
    );
    let containers = at(&["spec", "template", "spec", "containers"]);
    let image = containers.item(0).unwrap().get_str("image").unwrap();
    assert_eq!(image.as_str(), Some("nginx:v9"));
    assert_eq!(
        story(document, image),
        [
            (None, "app/kustomization.yaml:13 v9".to_owned()),
            (Some(Role::Base), "base/deploy.yaml:10 nginx:1".to_owned()),
            base,
        ],
    );
    assert_eq!(rendering.roots, ["app", "base"]);
}

fn parsed(name: &str, text: &str) -> Document {
    let keys = Arc::new(Keys::new([]));
    parse_yaml(Source::new(name, text), &keys, &Limits::default()).document
}

const EDITS: &str = "namePrefix: a-
images:
- {name: nginx, newTag: '2'}
commonAnnotations: {team: x}
patches:
- target: {kind: Deployment}
  patch: |-
    - {op: add, path: /spec/replicas, value: 3}
";

#[test]
fn a_controller_edits_the_kustomization_that_it_builds() {
    let edits = parsed("app.yaml", EDITS);
    let options = Options {
        edits: edits.root(0),
        ..Options::default()
    };
    let files = [
        (
            "app/kustomization.yaml",
            "resources: [deploy.yaml]\nnamePrefix: z-\nimages:\n- {name: nginx, newTag: '9'}\n- {name: redis, newTag: '8'}\n",
        ),
        ("app/deploy.yaml", DEPLOYMENT),
    ];
    let rendering = build(&Memory::new(&files), "app", &options).unwrap();
    let text = to_yaml(&rendering.document);
    for expected in [
        "name: a-web",
        "\"nginx:2\"",
        "\"redis:8\"",
        "team: x",
        "replicas: 3",
    ] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
    let root = rendering.document.root(0).unwrap();
    let replicas = root.get_str("spec").unwrap().get_str("replicas").unwrap();
    assert_eq!(
        story(&rendering.document, replicas),
        [
            (None, "app.yaml:8 3".to_owned()),
            (
                Some(Role::Patch),
                "app.yaml:6 target: {kind: Deployment}".to_owned()
            )
        ]
    );
}

#[test]
fn what_stands_in_for_a_file_and_what_was_rendered_elsewhere_is_built() {
    let stand_in = parsed("flux.yaml", "resources: [deploy.yaml]\n");
    let edits = parsed("flux.yaml", "namespace: shop\n");
    let options = Options {
        stand_in: stand_in.root(0),
        edits: edits.root(0),
        ..Options::default()
    };
    let folder = Memory::new(&[("app/deploy.yaml", DEPLOYMENT)]);
    let rendering = build(&folder, "app", &options).unwrap();
    assert!(to_yaml(&rendering.document).contains("namespace: shop"));

    let objects = parsed("rendered.yaml", DEPLOYMENT);
    let edits = parsed("release.yaml", EDITS);
    let options = Options {
        edits: edits.root(0),
        ..Options::default()
    };
    let rendering = build_objects(&objects, &folder, "app", &options).unwrap();
    let root = rendering.document.root(0).unwrap();
    let text = to_yaml(&rendering.document);
    assert!(
        text.contains("name: a-web") && text.contains("replicas: 3"),
        "{text}"
    );
    let kind = root.get_str("kind").unwrap();
    assert_eq!(
        story(&rendering.document, kind),
        [(None, "rendered.yaml:2 Deployment".to_owned())]
    );
}

#[test]
fn hostile_input_ends_soon() {
    let limits = |files: &[(&str, &str)]| match render(files).unwrap_err().kind {
        ErrorKind::TooLarge(_) => {}
        other => panic!("{other}"),
    };
    // Every replacement doubles a text.
    let double = "- source: {kind: ConfigMap, fieldPath: data.a}\n  targets:\n  - select: {kind: ConfigMap}\n    fieldPaths: [data.a]\n    options: {delimiter: '|', index: 99999999}\n";
    let kustomization = format!("resources: [c.yaml]\nreplacements:\n{}", double.repeat(64));
    limits(&[
        ("app/kustomization.yaml", &kustomization),
        (
            "app/c.yaml",
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: xxxxxxxxxxxxxxxxxxxxxxxx}\n",
        ),
    ]);
    // Every operation doubles a map.
    let copies: String = (0..64)
        .map(|n| format!("    - {{op: copy, from: /data, path: /data/k{n}}}\n"))
        .collect();
    let kustomization = format!(
        "resources: [c.yaml]\npatches:\n- target: {{kind: ConfigMap}}\n  patch: |-\n{copies}"
    );
    limits(&[
        ("app/kustomization.yaml", &kustomization),
        (
            "app/c.yaml",
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: x}\n",
        ),
    ]);
}

#[test]
#[ignore = "needs the corpus of golden renderings in KUSTOMIZE_CORPUS"]
fn the_corpus_is_built_without_a_panic() {
    let corpus = std::env::var("KUSTOMIZE_CORPUS").unwrap();
    let mut wrong = Vec::new();
    let mut count = 0;
    for case in fs_err::read_dir(corpus).unwrap() {
        let case = case.unwrap().path();
        let facts = fs_err::read_to_string(case.join("case.json")).unwrap();
        let facts: serde_json::Value = serde_json::from_str(&facts).unwrap();
        let root = case.join("tree").join(facts["root"].as_str().unwrap());
        let built = build(&memory::Disk, root.to_str().unwrap(), &Options::default());
        count += 1;
        if built.is_ok() != (facts["expect"] == "ok") {
            wrong.push(case);
        }
    }
    assert!(count > 0);
    assert!(wrong.len() * 100 <= count * 3, "{wrong:?}");
}
