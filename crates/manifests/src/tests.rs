//! Inputs as people and repositories have them, good and bad: what is found, skipped and reported.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use document::{Keys, Limits};
use proptest::prelude::*;
use tempfile::TempDir;

use crate::{Inputs, Loaded, STDIN_NAME, load};

const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n";

/// A folder with files; a path that ends with `/` is an empty folder.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (path, text) in files {
        write(folder.path(), path, text);
    }
    folder
}

fn write(folder: &Path, path: &str, text: &str) {
    let file = folder.join(path);
    if path.ends_with('/') {
        fs_err::create_dir_all(file).unwrap();
    } else {
        fs_err::create_dir_all(file.parent().unwrap()).unwrap();
        fs_err::write(file, text).unwrap();
    }
}

fn keys() -> Arc<Keys> {
    Arc::new(Keys::new(model::key_names()))
}

fn scan(inputs: &Inputs) -> Loaded {
    load(inputs, &keys(), &Limits::default()).unwrap()
}

/// `file: Kind/name` for each resource.
fn resources(loaded: &Loaded) -> Vec<String> {
    let resources = loaded.inventory.resources.iter();
    resources
        .map(|resource| {
            let file = resource.location(resource.root).file().to_owned();
            format!("{file}: {}/{}", resource.kind, resource.name)
        })
        .collect()
}

/// `file[:line]: kind` for each problem.
fn problems(loaded: &Loaded) -> Vec<String> {
    let problems = loaded.problems.iter();
    problems
        .map(|problem| {
            let line = problem
                .location
                .as_ref()
                .map(|at| format!(":{}", at.start().line));
            format!(
                "{}{}: {}",
                problem.file,
                line.unwrap_or_default(),
                problem.kind
            )
        })
        .collect()
}

#[track_caller]
fn check(
    folder: &Path,
    paths: &[&str],
    expected_resources: &[&str],
    expected_problems: &[&str],
) -> Loaded {
    let loaded = scan(&Inputs::new(folder, paths));
    assert_eq!(
        resources(&loaded),
        expected_resources,
        "resources of {paths:?}"
    );
    assert_eq!(
        problems(&loaded),
        expected_problems,
        "problems of {paths:?}"
    );
    loaded
}

#[test]
fn json_objects_may_follow_each_other_under_any_name() {
    let stream = "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"a\"}}\n{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"b\"}}\n";
    let flow = "{apiVersion: v1, kind: Pod, metadata: {name: c}} # YAML\n";
    let folder = folder(&[("a.json", stream), ("b.yaml", stream), ("c.yaml", flow)]);
    let loaded = scan(&Inputs::new(folder.path(), ["."]));
    assert_eq!(problems(&loaded), [""; 0]);
    let expected = [
        "a.json: Pod/a",
        "a.json: Pod/b",
        "b.yaml: Pod/a",
        "b.yaml: Pod/b",
        "c.yaml: Pod/c",
    ];
    assert_eq!(resources(&loaded), expected);
}

#[test]
fn manifests_are_found_among_other_files() {
    let folder = folder(&[
        ("b.yaml", POD),
        (
            "a/c.yml",
            "x: 1\n---\napiVersion: v1\nkind: Service\nmetadata: {name: s}\n",
        ),
        (
            "d.json",
            "{\"apiVersion\": \"v1\", \"kind\": \"ConfigMap\", \"metadata\": {\"name\": \"c\"}}",
        ),
        (
            "list.yaml",
            "- apiVersion: v1\n  kind: Secret\n  metadata: {name: t}\n",
        ),
        (".github/workflows/ci.yaml", "on: push\n"),
        ("compose.yaml", "services: {web: {image: nginx}}\n"),
        ("openapi.yaml", "components: {kind: x, apiVersion: [}\n"),
        (
            "tsconfig.json",
            "{ // comment\n \"x\": {\"kind\": 1, \"apiVersion\": 2} }",
        ),
        ("package.json", "{ \"name\": \"x\" }"),
        ("logo.yaml", "\u{0}\u{1}PNG kind apiVersion"),
        ("README.md", POD),
    ]);
    let loaded = check(
        folder.path(),
        &["."],
        &[
            "a/c.yml: Service/s",
            "b.yaml: Pod/a",
            "d.json: ConfigMap/c",
            "list.yaml: Secret/t",
        ],
        &[],
    );
    assert_eq!(
        loaded.skipped,
        [
            "compose.yaml",
            "logo.yaml",
            "openapi.yaml",
            "package.json",
            "tsconfig.json"
        ]
    );
}

#[test]
fn a_walked_file_that_looks_like_kubernetes_must_parse() {
    let folder = folder(&[
        ("good.yaml", POD),
        (
            "truncated.yaml",
            "apiVersion: v1\nkind: Pod\nspec: {containers: [\n",
        ),
        (
            "cut.json",
            "{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"spec\": {",
        ),
        ("half.yaml", "kind: Pod\nmetadata: {name: x}\n"),
        (
            "template.yaml",
            "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Values.name }}-x\n",
        ),
    ]);
    let loaded = scan(&Inputs::new(folder.path(), ["."]));
    assert_eq!(resources(&loaded)[0], "good.yaml: Pod/a");
    let files: Vec<_> = loaded
        .problems
        .iter()
        .map(|problem| (problem.file.as_str(), problem.kind.as_str()))
        .collect();
    assert_eq!(
        files,
        [
            ("cut.json", "json-syntax"),
            ("half.yaml", "incomplete-object"),
            ("template.yaml", "yaml-value"),
            ("truncated.yaml", "yaml-syntax")
        ]
    );
    assert!(
        loaded.problems[2]
            .hint
            .as_ref()
            .unwrap()
            .contains("template")
    );
    assert!(
        loaded
            .problems
            .iter()
            .all(|problem| problem.location.is_some())
    );
}

#[test]
fn a_broken_document_loses_only_itself() {
    let folder = folder(&[(
        "x.yaml",
        &format!("{POD}---\napiVersion: v1\nkind: [\n---\n{POD}"),
    )]);
    let loaded = scan(&Inputs::new(folder.path(), ["x.yaml"]));
    assert_eq!(resources(&loaded), ["x.yaml: Pod/a", "x.yaml: Pod/a"]);
    assert_eq!(loaded.problems.len(), 1);
}

#[test]
fn a_named_path_must_be_usable() {
    let folder = folder(&[
        ("binary", "\u{0}ELF"),
        ("other.yaml", "a: 1\n"),
        ("broken.txt", "a: [\n"),
        ("text.txt", POD),
        (
            "flow.txt",
            "{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"metadata\": {\"name\": \"j\"}}",
        ),
        ("half.yaml", "kind: Pod\nmetadata: {name: x}\n"),
        ("empty/", ""),
    ]);
    let check = |path: &str, resources: &[&str], problems: &[&str]| {
        check(folder.path(), &[path], resources, problems);
    };
    check("binary", &[], &["binary: not-text"]);
    check("other.yaml", &[], &["other.yaml: no-object"]);
    check("broken.txt", &[], &["broken.txt:1: yaml-syntax"]);
    check("text.txt", &["text.txt: Pod/a"], &[]);
    check("flow.txt", &["flow.txt: Pod/j"], &[]);
    check("half.yaml", &[], &["half.yaml:1: incomplete-object"]);
    check("missing.yaml", &[], &["missing.yaml: not-found"]);
    check("*.nope", &[], &["*.nope: not-found"]);
    check("empty", &[], &[]);
}

#[test]
fn utf_16_and_bad_utf_8_are_problems_where_they_look_like_kubernetes() {
    let folder = folder(&[]);
    let wide: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain(POD.bytes().flat_map(|byte| [byte, 0]))
        .collect();
    fs_err::write(folder.path().join("wide.yaml"), wide).unwrap();
    fs_err::write(
        folder.path().join("latin.yaml"),
        b"apiVersion: v1\nkind: Pod\n# caf\xE9\n",
    )
    .unwrap();
    let both = ["latin.yaml: not-text", "wide.yaml: not-text"];
    check(folder.path(), &["."], &[], &both);
}

#[test]
fn ignore_files_and_excludes_are_obeyed_outside_of_git_too() {
    let folder = folder(&[
        (".gitignore", "build/\n"),
        (".seawallignore", "vendored.yaml\n"),
        ("build/a.yaml", POD),
        ("vendored.yaml", POD),
        ("test/b.yaml", POD),
        ("deep/test/c.yaml", POD),
        ("d.yaml", POD),
        (".hidden/e.yaml", POD),
    ]);
    let with = |excludes: &[&str], obey: bool| {
        let mut inputs = Inputs::new(folder.path(), ["."]);
        inputs.excludes = excludes.iter().map(|&glob| glob.to_owned()).collect();
        inputs.obey_ignore_files = obey;
        resources(&scan(&inputs))
            .iter()
            .map(|name| name.split(':').next().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        with(&[], true),
        ["d.yaml", "deep/test/c.yaml", "test/b.yaml"]
    );
    assert_eq!(with(&["test"], true), ["d.yaml"]);
    assert_eq!(with(&["/test"], true), ["d.yaml", "deep/test/c.yaml"]);
    assert_eq!(with(&["./deep/**"], true), ["d.yaml", "test/b.yaml"]);
    assert_eq!(with(&["*.yaml"], true), Vec::<String>::new());
    assert_eq!(
        with(&["test"], false),
        ["build/a.yaml", "d.yaml", "vendored.yaml"]
    );
    let mut named = Inputs::new(folder.path(), ["test/b.yaml"]);
    named.excludes.push("test".to_owned());
    assert_eq!(resources(&scan(&named)), ["test/b.yaml: Pod/a"]);
    named.excludes.push("a[".to_owned());
    assert!(load(&named, &keys(), &Limits::default()).is_err());
}

#[test]
fn globs_are_expanded_when_the_shell_did_not() {
    let folder = folder(&[
        ("k8s/a.yaml", POD),
        ("k8s/b/c.yml", POD),
        ("k8s/b/d.txt", POD),
        ("[x].yaml", POD),
    ]);
    let check = |glob: &str, expected: &[&str]| {
        check(folder.path(), &[glob], expected, &[]);
    };
    check("k8s/*.yaml", &["k8s/a.yaml: Pod/a"]);
    check(
        "k8s/**/*.y*ml",
        &["k8s/a.yaml: Pod/a", "k8s/b/c.yml: Pod/a"],
    );
    check("k8s/{a,b}*", &["k8s/a.yaml: Pod/a", "k8s/b/c.yml: Pod/a"]);
    check("k?s", &["k8s/a.yaml: Pod/a", "k8s/b/c.yml: Pod/a"]);
    check("k8s/b/*.txt", &["k8s/b/d.txt: Pod/a"]);
    check("[x].yaml", &["[x].yaml: Pod/a"]);
}

#[test]
fn a_file_that_is_asked_for_twice_is_read_once() {
    let folder = folder(&[("a/x.yaml", POD), ("other.yaml", "a: 1\n")]);
    check(
        folder.path(),
        &["a/x.yaml", "a", "./a/../a/x.yaml", "*/x.yaml", "."],
        &["a/x.yaml: Pod/a"],
        &[],
    );
    check(
        folder.path(),
        &["a", "nope", "nope"],
        &["a/x.yaml: Pod/a"],
        &["nope: not-found"],
    );
}

#[test]
fn standard_input_is_one_input() {
    let with = |text: &str| {
        let mut inputs = Inputs::new(".", ["-"]);
        inputs.stdin = Some(text.as_bytes().to_vec());
        scan(&inputs)
    };
    assert_eq!(resources(&with(POD)), [format!("{STDIN_NAME}: Pod/a")]);
    let json = with("{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"metadata\": {\"name\": \"j\"}}");
    assert_eq!(resources(&json), [format!("{STDIN_NAME}: Pod/j")]);
    assert_eq!(
        resources(&with("{apiVersion: v1, kind: Pod}")),
        [format!("{STDIN_NAME}: Pod/")]
    );
    assert_eq!(
        problems(&with("apiVersion: v1\nkind: List\nitems: []\n")),
        [""; 0]
    );
    assert_eq!(problems(&with("")), [format!("{STDIN_NAME}: no-object")]);
}

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

#[test]
fn the_size_limit_is_a_problem() {
    let folder = folder(&[
        ("big.yaml", &format!("{POD}# {}\n", "x".repeat(4096))),
        ("small.yaml", POD),
    ]);
    let limits = Limits {
        bytes: 1024,
        ..Limits::default()
    };
    let loaded = load(&Inputs::new(folder.path(), ["."]), &keys(), &limits).unwrap();
    assert_eq!(resources(&loaded), ["small.yaml: Pod/a"]);
    assert_eq!(problems(&loaded), ["big.yaml: size"]);
}

#[cfg(unix)]
mod on_unix {
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;
    use std::process::Command;

    use super::*;

    #[test]
    fn pipes_and_sockets_are_problems_and_never_opened() {
        let folder = folder(&[("a.yaml", POD), ("folder.yaml/b.yaml", POD)]);
        let fifo = folder.path().join("x.yaml");
        assert!(
            Command::new("mkfifo")
                .arg(&fifo)
                .status()
                .unwrap()
                .success()
        );
        let _socket = UnixListener::bind(folder.path().join("y.json")).unwrap();
        check(
            folder.path(),
            &["."],
            &["a.yaml: Pod/a", "folder.yaml/b.yaml: Pod/a"],
            &["x.yaml: not-a-file", "y.json: not-a-file"],
        );
        check(folder.path(), &["x.yaml"], &[], &["x.yaml: not-a-file"]);
        check(
            folder.path(),
            &["*.yaml"],
            &["a.yaml: Pod/a", "folder.yaml/b.yaml: Pod/a"],
            &["x.yaml: not-a-file"],
        );
    }

    #[test]
    fn walks_do_not_follow_links_and_named_links_are_followed() {
        let folder = folder(&[("real/a.yaml", POD)]);
        symlink(folder.path(), folder.path().join("real/loop")).unwrap();
        symlink(
            folder.path().join("real/a.yaml"),
            folder.path().join("link.yaml"),
        )
        .unwrap();
        symlink("self.yaml", folder.path().join("self.yaml")).unwrap();
        let loaded = check(folder.path(), &["."], &["real/a.yaml: Pod/a"], &[]);
        assert_eq!(loaded.skipped, ["link.yaml", "self.yaml"]);
        check(folder.path(), &["link.yaml"], &["link.yaml: Pod/a"], &[]);
        check(
            folder.path(),
            &["self.yaml"],
            &[],
            &["self.yaml: unreadable"],
        );
    }

    #[test]
    fn link_loops_in_a_chart_are_problems() {
        let folder = folder(&[
            ("c/Chart.yaml", "apiVersion: v2\nname: c\n"),
            ("c/templates/a.yaml", "x"),
            ("b.yaml", POD),
        ]);
        let chart = folder.path().join("c");
        symlink(&chart, chart.join("templates/loop")).unwrap();
        symlink("self.yaml", chart.join("templates/self.yaml")).unwrap();
        symlink("a.yaml", chart.join("templates/fine.yaml")).unwrap();
        check(
            folder.path(),
            &["."],
            &["b.yaml: Pod/a"],
            &[
                "c: not-rendered",
                "c/templates/loop: link",
                "c/templates/self.yaml: link",
            ],
        );
    }

    #[test]
    fn an_unreadable_manifest_is_a_problem_and_the_rest_is_read() {
        // Permissions do not stop root: a file of /proc that fails on reading does.
        let unreadable = PathBuf::from("/proc/self/mem");
        if cfg!(target_os = "linux") {
            let folder = folder(&[("a.yaml", POD)]);
            let loaded = scan(&Inputs::new(
                folder.path(),
                [Path::new("a.yaml"), &unreadable],
            ));
            assert_eq!(resources(&loaded), ["a.yaml: Pod/a"]);
            assert_eq!(problems(&loaded), ["/proc/self/mem: unreadable"]);
        }
    }
}

#[test]
fn one_thread_and_many_give_the_same() {
    let files: Vec<(String, String)> = (0..200)
        .map(|number| match number % 4 {
            0 => (
                format!("{}/f{number}.yaml", number % 7),
                format!("{POD}---\n{POD}"),
            ),
            1 => (
                format!("{}/f{number}.json", number % 5),
                "{\"a\": 1}".to_owned(),
            ),
            2 => (
                format!("g{number}.yml"),
                "apiVersion: v1\nkind: [\n".to_owned(),
            ),
            _ => (format!("h{number}.yaml"), POD.to_owned()),
        })
        .collect();
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    let folder = folder(&files);
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        let loaded = pool.install(|| scan(&Inputs::new(folder.path(), ["."])));
        (
            resources(&loaded),
            problems(&loaded),
            loaded.skipped,
            loaded.files,
            loaded.bytes,
        )
    };
    let one = with(1);
    assert_eq!(one, with(4));
    assert_eq!(
        (one.0.len(), one.1.len(), one.2.len(), one.3),
        (150, 50, 50, 200)
    );
    assert!(one.0.is_sorted());
}

proptest! {
    #[test]
    fn any_input_is_understood_or_a_problem(text in "(apiVersion: v1\n|kind: Pod\n|- |\\{|\\[|\"|---\n|a: &a 1\n|\\*a|\\PC){0,12}") {
        let mut inputs = Inputs::new(".", ["-"]);
        inputs.stdin = Some(text.clone().into_bytes());
        let loaded = scan(&inputs);
        prop_assert!(loaded.problems.len() + loaded.inventory.resources.len() > 0, "{:?}", text);
    }
}

#[test]
fn apis_that_kubernetes_never_had_are_problems_at_the_wrong_word() {
    let text = "apiVersion: apps/v1\nkind: Deploymet\nmetadata: {name: a}\n---\n\
                apiVersion: v1\nkind: Deployment\n---\n\
                apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Sevice\n  metadata: {name: b}\n---\n\
                apiVersion: example.com/v1\nkind: Deploymet\n---\n\
                apiVersion: v1\nkind: Pipeline\nsteps: []\n";
    let folder = folder(&[("a.yaml", text)]);
    let loaded = scan(&Inputs::new(folder.path(), ["."]));
    let expected = [
        "a.yaml:2: unknown-api",
        "a.yaml:5: unknown-api",
        "a.yaml:12: unknown-api",
    ];
    assert_eq!(problems(&loaded), expected);
    let hints: Vec<_> = loaded
        .problems
        .iter()
        .flat_map(|problem| &problem.hint)
        .collect();
    let expected = [
        "did you mean `Deployment`?",
        "the apiVersion of Deployment is `apps/v1`",
        "did you mean `Service`?",
    ];
    assert_eq!(hints, expected);
    assert_eq!(loaded.inventory.resources.len(), 5);
}
