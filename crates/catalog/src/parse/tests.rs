//! Mistakes in controls are found at their place, and nothing else is.

use document::Source;

use super::{ControlTexts, parse_control};

const GOOD: &str = "\
id: bad-thing
title: Container does a bad thing
severity: high
profile: default
tags: [a, b]
why: Because.
remediation: Do not.
kubernetes: { since: \"1.25\", until: \"1.29\" }
for: container
fail: self.name == 'x'
at: [securityContext.privileged, 'env[0][\"a.b\"]']
message: \"'{{ self.name }}' is bad\"
fix: [{ op: set, path: a.b, value: { c: [1, true, \"x\"] }, safe: false }]
params:
  limit: { type: int, default: 3, doc: How many }
  names: { type: strings, default: [a], doc: Which, kubescape: names }
aliases: { kubescape: [C-0001] }
references: [https://example.com/]
";

fn texts(control: &str) -> ControlTexts {
    ControlTexts {
        control: Source::new("controls/x/bad-thing/control.yaml", control),
        fail_yaml: Some("a: 1\n".to_owned()),
        pass_yaml: None,
        fail_dockerfile: None,
        pass_dockerfile: None,
    }
}

/// Replaces a piece of the good control and expects exactly these diagnostics.
#[track_caller]
fn check(piece: &str, by: &str, expected: &[&str]) {
    assert!(GOOD.contains(piece), "{piece:?} is not in the good control");
    let found = match parse_control(&texts(&GOOD.replacen(piece, by, 1))) {
        Ok(_) => Vec::new(),
        Err(diagnostics) => diagnostics.iter().map(ToString::to_string).collect(),
    };
    let expected: Vec<String> = expected
        .iter()
        .map(|text| format!("controls/x/bad-thing/control.yaml:{text}"))
        .collect();
    assert_eq!(found, expected, "{by:?}");
}

#[test]
fn a_good_control_is_read_as_it_is_written() {
    let control = parse_control(&texts(GOOD)).unwrap();
    assert_eq!(control.header.id, "bad-thing");
    assert_eq!(control.header.kubernetes.since.unwrap().minor, 25);
    assert_eq!(control.condition.at[1].to_string(), "env[0][\"a.b\"]");
    assert_eq!(control.rendering.message.len(), 3);
    let fix = &control.rendering.fixes[0];
    assert_eq!(fix.value.as_deref(), Some(r#"{"c":[1,true,"x"]}"#));
    assert_eq!(control.header.params[1].kubescape.as_deref(), Some("names"));
    assert_eq!(control.texts.folder, "controls/x/bad-thing");
}

#[test]
fn unknown_and_missing_keys_are_named() {
    check(
        "severity: high",
        "severty: high",
        &[
            "3:1: unknown key `severty` (did you mean `severity`?)",
            "1:1: `severity` is missing",
        ],
    );
    check("why: Because.", "why: ''", &["6:6: `why` is empty"]);
    check("tags: [a, b]", "tags: a", &["5:7: `tags` must be a list"]);
    check(
        "severity: high",
        "severity: severe",
        &["3:11: unknown severity `severe` (one of critical, high, medium, low)"],
    );
}

#[test]
fn an_id_is_the_folder_and_at_most_four_words() {
    check(
        "id: bad-thing",
        "id: Bad-thing",
        &[
            "1:5: `id` must be kebab-case",
            "1:5: `id` must be the folder's name, `bad-thing`",
        ],
    );
    check(
        "id: bad-thing",
        "id: a-b-c-d-e",
        &[
            "1:5: `id` must have at most four words",
            "1:5: `id` must be the folder's name, `bad-thing`",
        ],
    );
}

#[test]
fn expressions_are_diagnosed_inside_their_scalars() {
    check(
        "fail: self.name == 'x'",
        "fail: >-\n  self.name == 'x' ||\n  unheard == 'y'",
        &["12:3: unknown variable 'unheard'"],
    );
    check(
        "fail: self.name == 'x'",
        "fail: \"self.name == \\\"x\\\" || unheard\"",
        &["10:30: unknown variable 'unheard'"],
    );
    check(
        "{{ self.name }}",
        "{{ unheard }}",
        &["12:15: unknown variable 'unheard'"],
    );
    check(
        "{{ self.name }}",
        "{{ self.name",
        &["12:12: `}}` is missing after `{{`"],
    );
}

#[test]
fn variables_belong_to_scopes() {
    check(
        "fail: self.name == 'x'",
        "fail: item.name == 'x'",
        &["10:7: unknown variable 'item'"],
    );
    check(
        "fail: self.name == 'x'",
        "each: self.env\nfail: item.name == 'x'",
        &[],
    );
}

#[test]
fn fixes_and_params_are_typed() {
    check(
        "op: set",
        "op: replace",
        &["13:13: unknown op `replace` (one of set, remove, append)"],
    );
    check(
        "op: set",
        "op: remove",
        &["13:7: `set` and `append` take a `value`, or `of` that gives it; `remove` takes neither"],
    );
    let value = "value: { c: [1, true, \"x\"] }";
    check(value, "of: self.name, when: self.name != ''", &[]);
    check(
        value,
        "value: 1, of: self.name",
        &["13:7: `set` and `append` take a `value`, or `of` that gives it; `remove` takes neither"],
    );
    check(
        value,
        "of: nothing.name",
        &["13:33: unknown variable 'nothing'"],
    );
    check(
        "default: 3",
        "default: three",
        &["15:32: `default` is no value of type int"],
    );
    let known = super::NATIVE_NAMES.join(", ");
    let expected = format!("10:9: there is no native implementation `telepathy` (one of {known})");
    check("fail: self.name == 'x'", "native: telepathy", &[&expected]);
}

#[test]
fn paths_of_processes_are_flags() {
    let found = |scope: &str, at: &str| {
        let text = format!(
            "id: bad-thing\ntitle: T\nseverity: low\nprofile: all\ntags: [a]\nwhy: W\nremediation: R\nfor: {scope}\nfail: 'true'\nat: [{at}]\nmessage: M\nreferences: ['https://x']\n"
        );
        match parse_control(&texts(&text)) {
            Ok(_) => String::new(),
            Err(diagnostics) => diagnostics[0].message.clone(),
        }
    };
    let check = |scope: &str, at: &str, expected: &str| {
        assert_eq!(found(scope, at), expected, "{scope} {at}");
    };
    check("process", "--profiling", "");
    check(
        "process",
        "--profilng",
        "no component has a flag `--profilng`",
    );
    check(
        "process",
        "command",
        "the path must be a flag such as `--profiling`",
    );
    check(
        "process",
        "--profiling.x",
        "the path must be a flag such as `--profiling`",
    );
    check("container", "--profiling", "only processes have flags");
    check("container", "command", "");
}
