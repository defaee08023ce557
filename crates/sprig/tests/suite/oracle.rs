//! Every template of `tests/data/oracle.jsonl` does what Helm's functions did with it (see `oracle/main.go`).

use std::collections::BTreeMap;
use std::rc::Rc;

use gotemplate::{Functions, Map, MissingKey, Options, Set, Value};
use sprig::Environment;

/// A value as Helm has it: all numbers are `float64`.
fn value(json: &serde_json::Value) -> Value {
    match json {
        serde_json::Value::Null => Value::nil(),
        serde_json::Value::Bool(found) => Value::from(*found),
        serde_json::Value::Number(number) => Value::float(number.as_f64().unwrap()),
        serde_json::Value::String(text) => Value::from(text.as_str()),
        serde_json::Value::Array(items) => Value::list(items.iter().map(value).collect()),
        serde_json::Value::Object(entries) => entries
            .iter()
            .map(|(key, item)| (key.as_str(), value(item)))
            .collect::<Map>()
            .into(),
    }
}

fn run(template: &str, data: &Value, trace: bool) -> Result<String, String> {
    // Keys and hashes of passwords are limited for each environment.
    let mut functions = Functions::new();
    sprig::define(&mut functions, &Rc::new(Environment::seeded(1)));
    let mut set = Set::new(Rc::new(functions));
    let parsed = set.parse("main", template);
    let options = Options {
        missing_key: MissingKey::Zero,
        trace,
        ..Options::default()
    };
    parsed
        .and_then(|_| set.execute("main", data, &options))
        .map(|rendered| rendered.text)
        .map_err(|error| {
            let text = error.to_string();
            let text = text.replacen("template: main:", "~", 1);
            text.replacen(" executing \"main\" at ", "@", 1)
        })
}

/// The template that a line is about.
fn template(written: &str) -> String {
    match written.strip_prefix("= ") {
        Some(call) => format!(
            r#"{{{{ $x := {call} }}}}{{{{ printf "%T" $x }}}} {{{{ $x | toRawJson }}}} {{{{ $x }}}}"#
        ),
        None => written.to_owned(),
    }
}

/// The function that a template is about.
fn function(template: &str) -> String {
    let call = template.split(":= ").nth(1).unwrap_or(template);
    let name = call.trim_start_matches(['{', ' ', '(']);
    name.split([' ', '}']).next().unwrap_or_default().to_owned()
}

#[test]
fn does_what_helm_does() {
    let text = include_str!("../data/oracle.jsonl");
    let mut lines = text
        .lines()
        .map(|line| serde_json::from_str::<Vec<serde_json::Value>>(line).unwrap());
    let json = lines.next().unwrap().remove(1);
    let mut wrong: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut cases = 0;
    for fields in lines {
        let template = &template(fields[0].as_str().unwrap());
        let text = |index: usize| {
            fields
                .get(index)
                .and_then(|field| field.as_str())
                .map(str::to_owned)
        };
        let expected = text(1).ok_or_else(|| text(2).unwrap());
        cases += 1;
        for trace in [false, true] {
            let found = run(template, &value(&json), trace);
            if found != expected {
                wrong.entry(function(template)).or_default().push(format!(
                    "{template:?}\n  expected {expected:?}\n  found    {found:?}"
                ));
                break;
            }
        }
    }
    let count: usize = wrong.values().map(Vec::len).sum();
    let shown: Vec<_> = wrong
        .iter()
        .map(|(name, cases)| {
            format!(
                "{name}: {}\n{}",
                cases.len(),
                cases[..cases.len().min(3)].join("\n")
            )
        })
        .collect();
    assert!(
        count == 0,
        "{count} of {cases} differ:\n{}",
        shown.join("\n")
    );
    assert!(cases > 5000, "{cases} cases");
}
