//! One expression through every stage, over a YAML document.

use std::fmt::Write;
use std::sync::Arc;

use bumpalo::Bump;
use document::{Document, Keys, Limits, Source, parse_yaml};
use expr::{Activation, Checked, Declarations, Program, Value};

/// The variables that every test may use: the fields of the document, and `self` for all of it.
pub(crate) const VARIABLES: [&str; 4] = ["self", "a", "b", "c"];

pub(crate) fn declarations() -> Declarations {
    let mut declarations = Declarations::new();
    for name in VARIABLES {
        declarations.variable(name);
    }
    declarations
}

pub(crate) fn document(yaml: &str, keys: &[&str]) -> Document {
    let keys = Arc::new(Keys::new(keys.iter().copied()));
    let parsed = parse_yaml(Source::new("test.yaml", yaml), &keys, &Limits::default());
    assert!(parsed.errors.is_empty(), "{:?}", parsed.errors);
    parsed.document
}

/// Parses, writes, reads back, compiles; the bytes must give back what was written.
pub(crate) fn checked(expression: &str) -> Checked {
    let checked = Checked::parse(expression, &declarations())
        .unwrap_or_else(|diagnostics| panic!("{expression}: {diagnostics:?}"));
    let mut bytes = Vec::new();
    checked.write(&mut bytes);
    let mut rest = &bytes[..];
    let read = Checked::read(&mut rest).unwrap_or_else(|error| panic!("{expression}: {error}"));
    assert!(rest.is_empty(), "{expression}: bytes left");
    assert_eq!(read, checked, "{expression}");
    read
}

/// Evaluates over a document and hands the value to a function.
pub(crate) fn evaluate<T>(expression: &str, yaml: &str, see: impl FnOnce(Value<'_>) -> T) -> T {
    let checked = checked(expression);
    let document = document(yaml, &checked.key_names());
    let program = Program::compile(&checked, &declarations(), document.keys()).unwrap();
    let arena = Bump::new();
    let root = document.roots().next();
    let variables: Vec<Value<'_>> = VARIABLES
        .iter()
        .map(|name| match (*name, root) {
            (_, None) => Value::Null,
            ("self", Some(root)) => Value::Node(root),
            (name, Some(root)) => root.get_str(name).map_or(Value::Null, Value::Node),
        })
        .collect();
    see(program.evaluate(&mut Activation::new(&arena, &variables)))
}

/// The value as text, in the words of the tables under `tests/data`.
pub(crate) fn show(value: Value<'_>) -> String {
    match value.plain() {
        Value::Double(value) => format!("double {:x}", value.to_bits()),
        Value::String(text) => quote(text),
        Value::Bytes(bytes) => bytes.iter().fold("bytes ".to_owned(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        }),
        Value::Type(value) => format!("type {}", value.name()),
        Value::Timestamp(value) => format!("timestamp {value}"),
        Value::Duration(value) => format!("duration {value}"),
        Value::Optional(None) => "none".to_owned(),
        Value::Optional(Some(value)) => format!("some {}", show(*value)),
        Value::Extension(_) => format!("a {}", value.type_of().name()),
        Value::Map(map) => show_map(
            map.entries
                .iter()
                .map(|(key, value)| (show(*key), show(*value))),
        ),
        Value::Error(error) => format!("error {:?}", error.kind),
        Value::Unknown(_) => "unknown".to_owned(),
        other => match (other, other.items()) {
            (_, Some(items)) => {
                let items: Vec<String> = items.iter().map(show).collect();
                format!("[{}]", items.join(", "))
            }
            (Value::Node(node), None) => show_map(
                node.entries()
                    .map(|entry| (quote(entry.name()), show(Value::Node(entry.value)))),
            ),
            _ => format!("{other:?}"),
        },
    }
}

fn show_map(entries: impl Iterator<Item = (String, String)>) -> String {
    let mut entries: Vec<String> = entries
        .map(|(key, value)| format!("{key}: {value}"))
        .collect();
    entries.sort();
    format!("{{{}}}", entries.join(", "))
}

fn quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            ' '..='~' => quoted.push(character),
            _ => {
                let _ = write!(quoted, "\\u{{{:x}}}", u32::from(character));
            }
        }
    }
    quoted.push('"');
    quoted
}

/// Asserts what an expression gives without a document.
pub(crate) fn check(expression: &str, expected: &str) {
    check_on(expression, "{}", expected);
}

/// Asserts what an expression gives over a document.
pub(crate) fn check_on(expression: &str, yaml: &str, expected: &str) {
    assert_eq!(evaluate(expression, yaml, show), expected, "{expression}");
}

/// Asserts the first diagnostic of an expression, as `line:column: message`.
pub(crate) fn check_refused(expression: &str, expected: &str) {
    match Checked::parse(expression, &declarations()) {
        Ok(_) => panic!("accepted: {expression}"),
        Err(diagnostics) => assert_eq!(diagnostics[0].to_string(), expected, "{expression}"),
    }
}
