//! A chart of 20 templates with 2,000 lines: parsed, executed, and executed with a trace.
//!
//! `cargo bench -p gotemplate`; the same in Go: `go run ./chart` in `oracle/`.

use std::rc::Rc;

use divan::Bencher;
use gotemplate::{Function, Functions, Map, Options, Origin, Set, Signature, Type, Value};

const TEMPLATES: usize = 20;

fn main() {
    divan::main();
}

fn functions() -> Rc<Functions> {
    let mut functions = Functions::new();
    let include = Signature::new(&[Type::String, Type::Any]);
    let code = |context: &mut dyn gotemplate::Context, arguments: &mut [Value]| {
        let name = std::mem::take(&mut arguments[0]);
        context.execute(name.as_str().unwrap_or_default(), &arguments[1])
    };
    functions.define("include", Function::new(include, code));
    functions.define(
        "indent",
        Function::new(Signature::new(&[Type::String]), |context, arguments| {
            let mut edit = context.edit();
            let text = arguments[0].as_str().unwrap_or_default();
            let mut start = 0;
            for line in text.split_inclusive('\n') {
                edit.keep(text, start..start + line.len());
                edit.insert("    ");
                start += line.len();
            }
            Ok(context.edited(&arguments[0], edit))
        }),
    );
    Rc::new(functions)
}

fn value(json: &serde_json::Value, next: &mut u32) -> Value {
    *next += 1;
    let origin = Origin::source(*next);
    let value = match json {
        serde_json::Value::Null => Value::nil(),
        serde_json::Value::Bool(found) => Value::from(*found),
        serde_json::Value::Number(number) => number.as_i64().map_or_else(
            || Value::float(number.as_f64().unwrap_or_default()),
            Value::int,
        ),
        serde_json::Value::String(text) => Value::from(text.as_str()),
        serde_json::Value::Array(items) => {
            Value::list(items.iter().map(|item| value(item, next)).collect())
        }
        serde_json::Value::Object(entries) => entries
            .iter()
            .map(|(key, item)| (key.as_str(), value(item, next)))
            .collect::<Map>()
            .into(),
    };
    value.with_origin(origin)
}

fn data() -> Value {
    let json = serde_json::from_str(include_str!("values.json")).expect("the values are JSON");
    value(&json, &mut 0)
}

fn set(functions: &Rc<Functions>) -> Set {
    let mut set = Set::new(Rc::clone(functions));
    set.parse("helpers", include_str!("helpers.tpl"))
        .expect("the helpers parse");
    for index in 0..TEMPLATES {
        set.parse(
            &format!("templates/{index}.yaml"),
            include_str!("workload.tpl"),
        )
        .expect("the templates parse");
    }
    set
}

fn execute(set: &Set, names: &[String], data: &Value, trace: bool) -> usize {
    let options = Options {
        trace,
        ..Options::default()
    };
    names
        .iter()
        .map(|name| {
            set.execute(name, data, &options)
                .expect("the template renders")
                .text
                .len()
        })
        .sum()
}

fn names() -> Vec<String> {
    (0..TEMPLATES)
        .map(|index| format!("templates/{index}.yaml"))
        .collect()
}

#[divan::bench]
fn parse(bencher: Bencher) {
    let functions = functions();
    bencher.bench_local(|| set(&functions));
}

#[divan::bench(args = [false, true])]
fn render(bencher: Bencher, trace: bool) {
    let (set, names, data) = (set(&functions()), names(), data());
    bencher.bench_local(|| execute(&set, &names, &data, trace));
}
