//! Charts: which there are, what of them is scanned, and what is a problem.

use std::io::Write as _;

use helm::{Flag, FlagKind};

use super::rendering::rendered;
use super::*;

const CHART: &str = "apiVersion: v2\nname: shop\nversion: 1.0.0\n";
const TEMPLATE: &str = "{{ if .Values.pod }}\napiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Values.name }}\n{{ end }}\n";

/// A chart with a subchart, custom resources and values that look like manifests.
fn shop() -> TempDir {
    folder(&[
        ("shop/Chart.yaml", CHART),
        (
            "shop/values.yaml",
            "kind: Deployment\napiVersion: v1\npod: true\nname: a\n",
        ),
        (
            "shop/values-prod.yaml",
            "kind: x\napiVersion: v1\nname: prod\n",
        ),
        (
            "shop/ci/b-values.yaml",
            "apiVersion: v1\nkind: x\nname: b\n",
        ),
        ("shop/ci/other.yaml", "name: other\n"),
        ("shop/templates/a.yaml", TEMPLATE),
        (
            "shop/templates/_helpers.tpl",
            "{{ define \"x\" }}y{{ end }}\n",
        ),
        (
            "shop/files/part.yaml",
            "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ x }}\n",
        ),
        ("shop/examples/whole.yaml", POD),
        ("shop/crds/crd.yaml", POD),
        (
            "shop/charts/sub/Chart.yaml",
            "apiVersion: v2\nname: sub\nversion: 1.0.0\n",
        ),
        (
            "shop/charts/sub/templates/b.yaml",
            "apiVersion: v1\nkind: Service\nmetadata: {name: sub}\n",
        ),
        ("templates/plain.yaml", POD),
    ])
}

#[test]
fn charts_are_rendered_and_their_files_are_no_manifests() {
    let folder = shop();
    let loaded = scan(&Inputs::new(folder.path(), ["."]));
    assert_eq!(problems(&loaded), [""; 0]);
    assert_eq!(
        rendered(&loaded),
        ["shop: 1 Pod/a", "shop: 2 Service/sub", "shop: 3 Pod/a"]
    );
    assert_eq!(
        resources(&loaded),
        [
            "shop/charts/sub/templates/b.yaml: Service/sub",
            "shop/crds/crd.yaml: Pod/a",
            "shop/examples/whole.yaml: Pod/a",
            "shop/templates/a.yaml: Pod/a",
            "templates/plain.yaml: Pod/a",
        ]
    );
    assert_eq!(
        loaded.skipped,
        [
            "shop/ci/b-values.yaml",
            "shop/ci/other.yaml",
            "shop/files/part.yaml",
            "shop/values-prod.yaml"
        ]
    );
    for path in ["shop", "shop/Chart.yaml"] {
        let named = scan(&Inputs::new(folder.path(), [path]));
        assert_eq!(rendered(&named).len(), 3, "{path}");
    }
    let sub = scan(&Inputs::new(folder.path(), ["shop/charts/sub"]));
    assert_eq!(rendered(&sub), ["shop/charts/sub: 1 Service/sub"]);
    let inside = scan(&Inputs::new(folder.path().join("shop"), ["."]));
    assert_eq!(rendered(&inside)[1], ".: 2 Service/sub");
}

#[test]
fn the_command_line_decides_about_values_and_releases() {
    let folder = shop();
    let mut inputs = Inputs::new(folder.path(), ["shop"]);
    inputs.charts.values = vec!["shop/values-prod.yaml".into()];
    inputs.charts.with_ci_values = true;
    inputs.charts.namespace = Some("n".to_owned());
    let loaded = scan(&inputs);
    assert_eq!(
        rendered(&loaded),
        [
            "shop (ci/b-values.yaml): 1 Pod/a",
            "shop (ci/b-values.yaml): 2 Service/sub",
            "shop (ci/b-values.yaml): 3 Pod/prod",
            "shop: 1 Pod/a",
            "shop: 2 Service/sub",
            "shop: 3 Pod/prod",
        ]
    );
    let resources = &loaded.inventory.resources;
    let rendered = resources
        .iter()
        .filter(|resource| resource.rendered.is_some());
    for resource in rendered {
        assert_eq!(
            resource.namespace.as_deref(),
            Some("n"),
            "{}",
            resource.name
        );
    }
    inputs.charts.flags = vec![
        Flag::new(FlagKind::Set, "name=flag"),
        Flag::new(FlagKind::SetFile, "name=name.txt"),
    ];
    write(folder.path(), "name.txt", "file");
    let names: Vec<_> = scan(&inputs).inventory.resources.into_iter().collect();
    assert!(names.iter().any(|resource| &*resource.name == "file"));
    inputs.charts.values = vec!["gone.yaml".into()];
    assert_eq!(problems(&scan(&inputs)), ["gone.yaml: not-rendered"]);
}

#[test]
fn what_cannot_be_rendered_is_located_and_says_what_to_do() {
    let folder = folder(&[
        ("a/Chart.yaml", CHART),
        ("a/ci/x-values.yaml", "name: x\n"),
        (
            "a/templates/a.yaml",
            "x: {{ required \"a name is needed\" .Values.name }}\n",
        ),
        (
            "b/Chart.yaml",
            "apiVersion: v2\nname: b\nversion: 1.0.0\ndependencies:\n- {name: redis, version: 1.x, repository: 'https://example.com'}\n",
        ),
        (
            "c/Chart.yaml",
            "apiVersion: v2\nname: c\nversion: 1.0.0\ntype: library\n",
        ),
        ("d/Chart.yaml", CHART),
        ("d/templates/a.yaml", "x: {{ end }}\n"),
        ("e/Chart.yaml", CHART),
        ("e/templates/a.yaml", "a: [\n"),
    ]);
    let loaded = scan(&Inputs::new(folder.path(), ["."]));
    assert_eq!(
        problems(&loaded),
        [
            "a/templates/a.yaml:1: not-rendered",
            "b/Chart.yaml:5: not-rendered",
            "d/templates/a.yaml:1: not-rendered",
            "e/templates/a.yaml:1: not-rendered",
        ]
    );
    let told: Vec<_> = loaded
        .problems
        .iter()
        .map(|it| it.message.as_str())
        .collect();
    assert_eq!(
        told[0],
        "the chart 'a' cannot be rendered: a name is needed"
    );
    assert_eq!(
        told[1],
        "the chart 'b' cannot be rendered: dependencies that are not in charts/: redis 1.x from https://example.com"
    );
    let hint = loaded.problems[0].hint.as_deref().unwrap_or_default();
    assert!(hint.contains("--helm-ci-values"), "{hint}");
    let mut inputs = Inputs::new(folder.path(), ["a"]);
    inputs.charts.with_ci_values = true;
    let loaded = scan(&inputs);
    assert_eq!(problems(&loaded), ["a/templates/a.yaml:1: not-rendered"]);
}

/// The archive of a chart as `helm package` makes it.
fn archive(files: &[(&str, &str)]) -> Vec<u8> {
    let mut tar = Vec::new();
    for (name, text) in files {
        let mut header = [0_u8; 512];
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[100..107].copy_from_slice(b"0000644");
        header[124..135].copy_from_slice(format!("{:011o}", text.len()).as_bytes());
        header[156] = b'0';
        header[257..265].copy_from_slice(b"ustar\x0000");
        header[148..156].fill(b' ');
        let sum: u32 = header.iter().map(|&byte| u32::from(byte)).sum();
        header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        tar.extend_from_slice(&header);
        tar.extend_from_slice(text.as_bytes());
        tar.resize(tar.len().next_multiple_of(512), 0);
    }
    tar.resize(tar.len() + 1024, 0);
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(&tar).unwrap();
    packed.finish().unwrap()
}

#[test]
fn archives_that_are_named_are_charts() {
    let folder = folder(&[("other.yaml", POD)]);
    let bytes = archive(&[
        ("shop/Chart.yaml", CHART),
        ("shop/values.yaml", "pod: true\nname: a\n"),
        ("shop/templates/a.yaml", TEMPLATE),
    ]);
    fs_err::write(folder.path().join("shop-1.0.0.tgz"), bytes).unwrap();
    fs_err::write(folder.path().join("bad.tgz"), "x").unwrap();
    check(
        folder.path(),
        &["shop-1.0.0.tgz"],
        &["shop-1.0.0.tgz/shop/templates/a.yaml: Pod/a"],
        &[],
    );
    check(
        folder.path(),
        &["s*.tgz", "bad.tgz"],
        &["shop-1.0.0.tgz/shop/templates/a.yaml: Pod/a"],
        &["bad.tgz: not-rendered"],
    );
    check(folder.path(), &["."], &["other.yaml: Pod/a"], &[]);
}

#[test]
fn charts_of_kustomizations_are_rendered_with_their_values() {
    let folder = folder(&[
        (
            "kustomization.yaml",
            "namespace: prod\nhelmCharts:\n- name: shop\n  releaseName: r\n  valuesFile: mine.yaml\n  valuesInline:\n    pod: true\n",
        ),
        ("mine.yaml", "name: mine\n"),
        ("charts/shop/Chart.yaml", CHART),
        ("charts/shop/values.yaml", "pod: false\nname: a\n"),
        ("charts/shop/templates/a.yaml", TEMPLATE),
    ]);
    let loaded = check(
        folder.path(),
        &["."],
        &["charts/shop/templates/a.yaml: Pod/mine"],
        &[],
    );
    assert_eq!(rendered(&loaded), [".: 1 Pod/mine"]);
    let pod = &loaded.inventory.resources[0];
    assert_eq!(pod.namespace.as_deref(), Some("prod"));
    let name = pod
        .object()
        .get_str("metadata")
        .and_then(|it| it.get_str("name"))
        .unwrap();
    let origins = model::Provenance::default().origins_of(&pod.document, name.id());
    let told: Vec<_> = origins.iter().map(model::Origin::words).collect();
    assert_eq!(
        told,
        [
            "value name at mine.yaml:1",
            "value helmCharts[0].valuesInline.pod at kustomization.yaml:7",
            "base at kustomization.yaml:3"
        ]
    );
    write(
        folder.path(),
        "kustomization.yaml",
        "helmCharts:\n- name: gone\n  repo: https://example.com\n  version: 1.2.3\n",
    );
    let loaded = scan(&Inputs::new(folder.path(), ["."]));
    assert_eq!(problems(&loaded), ["kustomization.yaml:2: not-rendered"]);
    assert!(
        loaded.problems[0]
            .message
            .contains("helm pull gone --repo https://example.com --version 1.2.3")
    );
}

#[test]
fn what_a_library_prints_lies_where_the_chart_calls_it() {
    let folder = folder(&[
        ("a/Chart.yaml", CHART),
        ("a/values.yaml", "name: x\n"),
        (
            "a/templates/a.yaml",
            "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ include \"lib.name\" . }}\n",
        ),
        (
            "a/charts/lib/Chart.yaml",
            "apiVersion: v2\nname: lib\nversion: 1.0.0\ntype: library\n",
        ),
        (
            "a/charts/lib/templates/_lib.tpl",
            "{{- define \"lib.name\" -}}\n{{ .Values.name }}\n{{- end }}\n",
        ),
    ]);
    let loaded = scan(&Inputs::new(folder.path(), ["."]));
    let pod = &loaded.inventory.resources[0];
    let name = pod
        .object()
        .get_str("metadata")
        .and_then(|it| it.get_str("name"))
        .unwrap();
    let at = pod.location(name.id());
    assert_eq!((at.file(), at.start().line), ("a/templates/a.yaml", 4));
    let origins = model::Provenance::default().origins_of(&pod.document, name.id());
    let told: Vec<_> = origins.iter().map(model::Origin::words).collect();
    assert_eq!(
        told,
        [
            "template at a/charts/lib/templates/_lib.tpl:2",
            "value name at a/values.yaml:1"
        ]
    );
}

/// Charts that want to do harm, and what they are told.
const HOSTILE: &[(&str, &str, &str)] = &[
    (
        "{{ range $i, $_ := until 2000000000 }}x{{ end }}",
        "",
        "too",
    ),
    (
        "{{ define \"a\" }}{{ include \"a\" . }}{{ end }}{{ include \"a\" . }}",
        "",
        "",
    ),
    (
        "{{ range $i := int .Values.count }}{{ range $j := int $.Values.count }}x{{ end }}{{ end }}",
        "count: 1000000000\n",
        "",
    ),
    ("{{ repeat 1000000000 \"x\" }}", "", ""),
    (
        "# {{ regexMatch .Values.r .Values.t }}",
        "r: (a+)+$\nt: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\n",
        "none",
    ),
    ("{{ tpl .Values.t . }}", "t: '{{ tpl .Values.t . }}'\n", ""),
    ("{{ .Files.Get \"../../../../etc/passwd\" }}", "", "none"),
    (
        "a: &a [x]\nb: &b [*a, *a]\n",
        "x: &x [1]\ny: &y [*x, *x, *x, *x]\nz: &z [*y, *y, *y, *y]\n",
        "none",
    ),
];

#[test]
fn hostile_charts_end_soon_with_a_located_problem() {
    for (template, values, expected) in HOSTILE {
        let folder = folder(&[
            ("a/Chart.yaml", CHART),
            ("a/values.yaml", values),
            ("a/templates/a.yaml", template),
            ("b.yaml", POD),
        ]);
        let start = std::time::Instant::now();
        let loaded = scan(&Inputs::new(folder.path(), ["."]));
        // Twenty times what the optimized program may take.
        assert!(start.elapsed().as_secs() < 40, "{template}");
        assert!(resources(&loaded).contains(&"b.yaml: Pod/a".to_owned()));
        let located = loaded
            .problems
            .iter()
            .filter(|it| it.location.is_some())
            .count();
        assert_eq!(
            located,
            usize::from(*expected != "none"),
            "{template}: {:?}",
            problems(&loaded)
        );
    }
}

#[test]
fn hostile_archives_are_refused() {
    let folder = folder(&[("b.yaml", POD)]);
    let outside = archive(&[("a/Chart.yaml", CHART), ("a/../../../x", "x")]);
    fs_err::write(folder.path().join("out.tgz"), outside).unwrap();
    let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let zeros = vec![0_u8; 1 << 20];
    for _ in 0..400 {
        bomb.write_all(&zeros).unwrap();
    }
    fs_err::write(folder.path().join("bomb.tgz"), bomb.finish().unwrap()).unwrap();
    let loaded = scan(&Inputs::new(
        folder.path(),
        ["out.tgz", "bomb.tgz", "b.yaml"],
    ));
    assert_eq!(
        problems(&loaded),
        ["bomb.tgz: not-rendered", "out.tgz: not-rendered"]
    );
    assert_eq!(resources(&loaded), ["b.yaml: Pod/a"]);
}
