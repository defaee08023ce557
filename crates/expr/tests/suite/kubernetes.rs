//! The answers of Kubernetes' own CEL libraries (`tests/data/kubernetes.jsonl`, made by the program in
//! `tests/data/oracle` from the expressions in `tests/data/kubernetes.txt`).
//!
//! To make them anew: `cd tests/data/oracle && go run . < ../kubernetes.txt > ../kubernetes.jsonl`.

use expr::Checked;
use serde_json::Value as Json;

use crate::harness::{declarations, evaluate, show};

/// Where the answer is meant to differ.
const DIFFERENT: [(&str, &str); 19] = [
    // Timestamps have no time zone here.
    (
        "timestamp('2023-01-02T03:04:05+02:00')",
        "timestamp 2023-01-02T01:04:05Z",
    ),
    // `format` as the CEL string extension defines it since its version 4, without the quotes and the
    // superscripts of the version that Kubernetes keeps for compatibility.
    ("'%s'.format([1e21])", "\"1000000000000000000000\""),
    ("'%s'.format([1e-7])", "\"0.0000001\""),
    ("'%s'.format([123456789.125])", "\"123456789.125\""),
    ("'%s'.format([['a', 'b']])", "\"[a, b]\""),
    ("'%s'.format([[1.5, 2.0]])", "\"[1.5, 2]\""),
    ("'%s'.format([{'b': 1, 'a': 2}])", "\"{a: 2, b: 1}\""),
    ("'%s'.format([{1: 'x'}])", "\"{1: x}\""),
    ("'%s'.format([{'a': {'b': [1]}}])", "\"{a: {b: [1]}}\""),
    ("'%e'.format([1234.5])", "\"1.234500e+03\""),
    ("'%.2e'.format([0.00012])", "\"1.20e-04\""),
    ("'%s'.format([1.0/0.0])", "\"Infinity\""),
    ("'%d'.format([1.0])", "\"1\""),
    // The language definition makes a repeated key an error.
    ("{'a': 1, 'a': 2}", "error RepeatedKey"),
    ("{1: 'a', 1: 'b'}", "error RepeatedKey"),
    // Known here.
    ("type(url('http://a/')) == kubernetes.URL", "true"),
    ("[1, 2, 3].existsOne(x, x == 2)", "true"),
    // Numbers are compared exactly, not after rounding one of them.
    (
        "dyn(9223372036854775808.0) == dyn(9223372036854775807)",
        "false",
    ),
    (
        "dyn(9223372036854775807) != dyn(9223372036854775808.0)",
        "true",
    ),
];

#[test]
fn answers_are_those_of_kubernetes() {
    let table = include_str!("../data/kubernetes.jsonl");
    let wrong: Vec<String> = table.lines().filter_map(difference).collect();
    assert!(
        wrong.is_empty(),
        "{} of {} differ:\n{}",
        wrong.len(),
        table.lines().count(),
        wrong.join("\n")
    );
}

/// How our answer to one line differs from the recorded one.
fn difference(line: &str) -> Option<String> {
    let answer: Json = serde_json::from_str(line).unwrap();
    let expression = answer["expression"].as_str().unwrap();
    let ours = match Checked::parse(expression, &declarations()) {
        Ok(_) => evaluate(expression, "{}", show),
        Err(diagnostics) => format!("refused {}", diagnostics[0]),
    };
    let failed = ours.starts_with("error") || ours.starts_with("refused");
    let expected = DIFFERENT
        .iter()
        .find(|(known, _)| *known == expression)
        .map(|(_, ours)| *ours);
    let same = match (expected, answer["value"].as_str()) {
        (Some(expected), _) => ours == expected,
        (None, Some(value)) => ours == value,
        (None, None) => failed,
    };
    (!same).then(|| {
        format!(
            "{expression}\n    ours   {ours}\n    theirs {}",
            &line[expression.len()..]
        )
    })
}
