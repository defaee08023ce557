//! Inputs as people and repositories have them, good and bad: what is found, skipped and reported.

mod charts;
mod gitops;
mod objects;
#[cfg(unix)]
mod on_unix;
mod rendering;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use document::{Keys, Limits};
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
