//! What is in a file: objects, and problems with them.

use proptest::prelude::*;

use super::*;

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

proptest! {
    #[test]
    fn any_input_is_understood_or_a_problem(text in "(apiVersion: v1\n|kind: Pod\n|- |\\{|\\[|\"|---\n|a: &a 1\n|\\*a|\\PC){0,12}") {
        let mut inputs = Inputs::new(".", ["-"]);
        inputs.stdin = Some(text.clone().into_bytes());
        let loaded = scan(&inputs);
        prop_assert!(loaded.problems.len() + loaded.inventory.resources.len() > 0, "{:?}", text);
    }
}
