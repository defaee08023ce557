//! JSON in: what is taken, what is refused, and where.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "common/json.rs"]
mod json;

use std::sync::Arc;

use document::{Keys, Limits, Parsed, Source, parse_json};
use proptest::prelude::*;
use serde_json::Value;

fn parse(text: &str) -> Parsed {
    let keys = Arc::new(Keys::new(["a"]));
    parse_json(Source::new("", text), &keys, &Limits::default())
}

/// The values of a text; `None` where it is refused.
fn read_all(text: &str) -> Option<Vec<Value>> {
    let parsed = parse(text);
    let values: Vec<Value> = parsed.document.roots().map(json::value).collect();
    assert!(!parsed.errors.is_empty() || !values.is_empty(), "{text}");
    parsed.errors.is_empty().then_some(values)
}

/// `None` where the text is refused, or is more than one value.
fn read(text: &str) -> Option<Value> {
    let mut values = read_all(text)?;
    values.pop().filter(|_| values.is_empty())
}

fn check_error(text: &str, expected: &str) {
    let parsed = parse(text);
    let [error] = &parsed.errors[..] else {
        panic!("expected one error for {text}, got {:?}", parsed.errors);
    };
    let found = format!(
        "{:?} {}: {}",
        error.span,
        error.kind.as_str(),
        error.message
    );
    assert_eq!(found, expected, "for {text}");
}

#[test]
fn errors_say_where() {
    check_error("", "0..0 json-syntax: the text ends too early");
    check_error("{\"a\": }", "6..7 json-syntax: expected a value");
    check_error("{\"a\" 1}", "5..6 json-syntax: expected `:`");
    check_error(
        "{a: 1}",
        "1..2 json-syntax: expected a key in double quotes",
    );
    check_error(
        "{\"a\": 1,}",
        "8..9 json-syntax: expected a key in double quotes",
    );
    check_error(
        "[1 2]",
        "3..4 json-syntax: expected `,` or the end of the container",
    );
    check_error("[1, é]", "4..6 json-syntax: expected a value");
    check_error(
        "[1]]",
        "3..4 json-syntax: expected nothing more after the value",
    );
    check_error("[\"abc", "1..2 json-syntax: the string is not closed");
    check_error("[01]", "1..2 json-syntax: a number must not begin with 0");
    check_error("[1e999]", "1..2 json-syntax: the number is out of range");
    check_error(
        "[\"\\ud800\"]",
        "2..3 json-syntax: half of a surrogate pair",
    );
    check_error("[\"\\x\"]", "3..4 json-syntax: unknown escape");
    check_error(
        "[\"a\nb\"]",
        "3..4 json-syntax: a control character in a string must be escaped",
    );
    check_error(&"[".repeat(129), "128..128 depth: nested too deeply");
}

#[test]
fn values_have_spans() {
    let text = "\u{FEFF} {\"a\": [1, \"x\\n\", true],\n \"b\": {}}";
    let document = parse(text).document;
    let root = document.roots().next().unwrap();
    let written = |path: &str| {
        let place = root.lookup(&path.parse().unwrap()).unwrap().place();
        place.source.slice(&place.span)
    };
    assert_eq!(written(""), &text[4..]);
    assert_eq!(written("a"), "[1, \"x\\n\", true]");
    assert_eq!(written("a[1]"), "\"x\\n\"");
    assert_eq!(written("a[2]"), "true");
    assert_eq!(written("b"), "{}");
}

/// What parsers of JSON are known to refuse, and must not.
#[rustfmt::skip]
const TAKEN: &[&str] = &["[]", "{}", "null", " 1 ", "\"\"", "-0", "[-0]", "[1E22]", "[0e+1]", "[1e-2]", "[123123e100000000000000000000000000000000000000]", "{\"a\":1,\"a\":2}", "{\"\":0}", "[\"\\u0000\"]", "[\"\\uD834\\uDd1e\"]", "[\"\\/\\\\\\\"\\b\\f\\n\\r\\t\"]", "[\"\u{7f}\"]", "[\"\u{2028}\"]", "[\"\\u0061\\u30af\"]", "\t[1]\r\n", "[18446744073709551615]", "[-9223372036854775808]", "[18446744073709551616]", "[0.1, 1.5E+3]", "{\"<<\": 1}"];

/// What parsers of JSON are known to take, and must not.
#[rustfmt::skip]
const REFUSED: &[&str] = &["", " ", "[", "]", "{", "}", "[1,]", "[,1]", "[1,,2]", "{,}", "{\"a\":1,}", "{\"a\"}", "{1:1}", "{'a':1}", "[1.]", "[.5]", "[+1]", "[-]", "[--1]", "[1e]", "[1e+]", "[0x1]", "[1_0]", "[01]", "[-01]", "[NaN]", "[Infinity]", "[-Infinity]", "[tru]", "[True]", "[nullx]", "[true1]", "['a']", "[\"a]", "[\"\\u12\"]", "[\"\\u123g\"]", "[\"\\uD800\"]", "[\"\\uDC00\"]", "[\"\\uD800\\u0041\"]", "[\"\\a\"]", "[\"\t\"]", "[\"\u{1f}\"]", "[1]x", "[1] [2]", "{} {}", "// c\n1", "[1]//", "/* */1", "\u{a0}1", "[\u{feff}]", "\u{c}1", "[\"a\",\n4\n,1,", "{\"a\":\"a", "[1:2]", "{\"a\",1}", "[\"\\", "[\"\\u", "\\u0031", "[a]", "#1", "[1\u{0}]"];

#[test]
fn strictness_is_that_of_the_standard() {
    for text in TAKEN {
        let is_huge = text.contains("e1000000");
        assert_eq!(read(text).is_some(), !is_huge, "{text}");
        assert_eq!(
            serde_json::from_str::<Value>(text).is_ok(),
            !is_huge,
            "{text}"
        );
    }
    for text in REFUSED {
        assert_eq!(read(text), None, "{text}");
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            proptest::collection::btree_map("[a-c\"\\\\é]{0,2}", inner, 0..5)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

#[test]
fn objects_and_arrays_may_follow_each_other() {
    let check = |text: &str, expected: usize| {
        assert_eq!(
            read_all(text).map(|values| values.len()),
            Some(expected),
            "{text}"
        );
    };
    check("{}{}", 2);
    check("{}\n{\"a\": [1]}\r\n\t[2] ", 3);
    check("1 {}", 2);
    check_error(
        "{} 1",
        "3..4 json-syntax: expected nothing more after the value",
    );
    check_error(
        "{},{}",
        "2..3 json-syntax: expected nothing more after the value",
    );
}

#[test]
fn what_comes_before_a_mistake_is_kept() {
    let parsed = parse("{\"a\": 1}\n{\"a\": }\n{}");
    let roots: Vec<Value> = parsed.document.roots().map(json::value).collect();
    assert_eq!(roots, [serde_json::json!({"a": 1})]);
    assert_eq!(parsed.errors.len(), 1);
}

proptest! {
    #[test]
    fn streams_are_read_back(values in proptest::collection::vec(any_json(), 1..4), space in "[ \t\r\n]{0,3}") {
        let values: Vec<Value> = values.into_iter().map(|value| Value::from(vec![value])).collect();
        let texts: Vec<String> = values.iter().map(Value::to_string).collect();
        prop_assert_eq!(read_all(&texts.join(&space)), Some(values));
    }

    #[test]
    fn what_serde_writes_is_read_back(value in any_json(), pretty in any::<bool>()) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) };
        prop_assert_eq!(read(&text.unwrap()), Some(value));
    }

    #[test]
    fn serde_takes_what_is_taken(text in "[\\[\\]{},:\"\\\\ 0-2.eE+\\-tnu\u{1}\n]{0,12}") {
        prop_assert_eq!(read(&text).is_some(), serde_json::from_str::<Value>(&text).is_ok());
    }

    #[test]
    fn one_changed_character_changes_both_alike(value in any_json(), at in any::<prop::sample::Index>(), replacement in "[\\[\\]{},:\"\\\\ 0-9.eEx+\\-]?") {
        let text = serde_json::to_string(&value).unwrap();
        let characters: Vec<char> = text.chars().collect();
        let at = at.index(characters.len());
        let changed: String = characters[..at].iter().chain(&replacement.chars().collect::<Vec<_>>()).chain(&characters[at + 1..]).collect();
        prop_assert_eq!(read(&changed).is_some(), serde_json::from_str::<Value>(&changed).is_ok(), "{}", changed);
    }
}
