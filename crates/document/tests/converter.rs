//! Values against Kubernetes' own converter: `data/converter.jsonl`, written by `data/oracle`.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "common/json.rs"]
mod json;

use std::fmt::Write as _;
use std::sync::Arc;

use document::{Keys, Limits, Source, parse_yaml};
use serde_json::Value;

/// Texts that we read otherwise than the converter, each with the reason.
const DIFFERENT: &[(&str, &str)] = &[
    (
        "v: \"\\/\"\n",
        "YAML 1.2 took the escape from JSON; reading it loses nothing",
    ),
    ("- \"\\/\"\n", "as above"),
    (
        "a: \"\\ud83d\\ude00\"\n",
        "a surrogate pair, as JSON writes it",
    ),
    ("v: |# c\n  a\n\n", "a comment needs a space before it"),
    ("- |# c\n  a\n\n", "as above"),
    ("a: 'b'# c\n", "as above"),
    ("%YAML 1.2\n---\na: yes\n", "the version is known"),
    ("...\n", "an end of nothing is nothing"),
    ("\ta: 1\n", "a tab before the first key indents nothing"),
    ("-\ta\n", "YAML 1.2 lets a tab separate"),
    (
        "  a: 1\n b: 2\n",
        "the converter drops the second line in silence",
    ),
    (
        "\"a\":b\n",
        "the converter drops what follows the quoted text in silence",
    ),
];

/// What we make of the first YAML document of a text; `None` where we refuse it.
fn read(text: &str) -> Option<Value> {
    let keys = Arc::new(Keys::new([]));
    let parsed = parse_yaml(Source::new("", text), &keys, &Limits::default());
    if !parsed.errors.is_empty() {
        return None;
    }
    Some(
        parsed
            .document
            .roots()
            .next()
            .map_or(Value::Null, json::value),
    )
}

/// Equal, where numbers are as precise as `serde_json` reads them.
fn same(one: Option<&Value>, other: Option<&Value>) -> bool {
    match (one, other) {
        (Some(Value::Number(one)), Some(Value::Number(other))) => {
            let (exact, read) = (one.as_f64().unwrap(), other.as_f64().unwrap());
            (one.is_f64() || other.is_f64() || one == other)
                && (exact - read).abs() <= exact.abs() * 1e-15
        }
        (Some(Value::Array(one)), Some(Value::Array(other))) => {
            one.len() == other.len()
                && one
                    .iter()
                    .zip(other)
                    .all(|(one, other)| same(Some(one), Some(other)))
        }
        (Some(Value::Object(one)), Some(Value::Object(other))) => {
            one.len() == other.len()
                && one
                    .iter()
                    .all(|(key, value)| same(Some(value), other.get(key)))
        }
        _ => one == other,
    }
}

#[test]
fn values_are_what_the_converter_reads() {
    let rows = include_str!("data/converter.jsonl");
    let mut differences = String::new();
    let mut count = 0;
    for line in rows.lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        let text = row["yaml"].as_str().unwrap();
        let expected = row.get("error").is_none().then(|| row["json"].clone());
        let actual = read(text);
        count += 1;
        if DIFFERENT.iter().any(|(known, _)| *known == text) {
            assert_ne!(actual, expected, "no longer different: {text:?}");
        } else if !same(actual.as_ref(), expected.as_ref()) {
            writeln!(
                differences,
                "{text:?}\n  converter: {expected:?}\n  we: {actual:?}"
            )
            .unwrap();
        }
    }
    assert!(count > 1900);
    assert!(differences.is_empty(), "{differences}");
}
