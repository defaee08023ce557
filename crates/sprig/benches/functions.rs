//! A chart of 20 workloads that is written as large charts are: nearly everything goes through `include`, `toYaml`
//! and `nindent`. And single functions.
//!
//! `cargo bench -p sprig`; the same in Go: `go run . chart` in `oracle/`.

use std::rc::Rc;

use divan::Bencher;
use gotemplate::{Context, Function, Functions, Map, Options, Origin, Set, Signature, Type, Value};
use sprig::Environment;

const TEMPLATES: usize = 20;

fn main() {
    divan::main();
}

fn functions() -> Functions {
    let mut functions = Functions::new();
    sprig::define(&mut functions, &Rc::new(Environment::seeded(1)));
    functions
}

/// With what a renderer of charts adds.
fn chart_functions() -> Rc<Functions> {
    let mut functions = functions();
    let pair = Signature::new(&[Type::String, Type::Any]);
    let include = |context: &mut dyn Context, arguments: &mut [Value]| {
        let name = std::mem::take(&mut arguments[0]);
        context.execute(name.as_str().unwrap_or_default(), &arguments[1])
    };
    functions.define("include", Function::new(pair, include));
    let tpl = |context: &mut dyn Context, arguments: &mut [Value]| {
        let name = Rc::clone(context.template_name());
        context.execute_text(&name, &arguments[0], &arguments[1])
    };
    functions.define("tpl", Function::new(pair, tpl));
    Rc::new(functions)
}

fn value(json: &serde_json::Value, next: &mut u32) -> Value {
    *next += 1;
    let origin = Origin::source(*next);
    let value = match json {
        serde_json::Value::Null => Value::nil(),
        serde_json::Value::Bool(found) => Value::from(*found),
        serde_json::Value::Number(number) => Value::float(number.as_f64().unwrap_or_default()),
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

fn set(functions: &Rc<Functions>, template: &str, count: usize) -> Set {
    let mut set = Set::new(Rc::clone(functions));
    set.parse("helpers", include_str!("helpers.tpl"))
        .expect("the helpers parse");
    for index in 0..count {
        set.parse(&format!("templates/{index}.yaml"), template)
            .expect("the templates parse");
    }
    set
}

fn execute(set: &Set, count: usize, data: &Value, trace: bool) -> usize {
    let options = Options {
        trace,
        ..Options::default()
    };
    (0..count)
        .map(|index| {
            set.execute(&format!("templates/{index}.yaml"), data, &options)
                .expect("the template renders")
                .text
                .len()
        })
        .sum()
}

#[divan::bench]
fn define(bencher: Bencher) {
    bencher.bench_local(functions);
}

#[divan::bench]
fn parse(bencher: Bencher) {
    let functions = chart_functions();
    bencher.bench_local(|| set(&functions, include_str!("workload.tpl"), TEMPLATES));
}

#[divan::bench(args = [false, true])]
fn render(bencher: Bencher, trace: bool) {
    let set = set(&chart_functions(), include_str!("workload.tpl"), TEMPLATES);
    let data = data();
    bencher.bench_local(|| execute(&set, TEMPLATES, &data, trace));
}

/// A call a hundred times.
fn hundred(bencher: Bencher, call: &str, trace: bool) {
    let template = format!("{{{{ range 100 }}}}{{{{ {call} }}}}{{{{ end }}}}");
    let set = set(&chart_functions(), &template, 1);
    let data = data();
    bencher.bench_local(|| execute(&set, 1, &data, trace));
}

#[divan::bench(args = [false, true])]
fn to_yaml(bencher: Bencher, trace: bool) {
    hundred(bencher, "$_ := toYaml $.Values", trace);
}

#[divan::bench(args = [false, true])]
fn to_yaml_indented(bencher: Bencher, trace: bool) {
    hundred(bencher, "toYaml $.Values | nindent 8", trace);
}

#[divan::bench(args = [false, true])]
fn to_json(bencher: Bencher, trace: bool) {
    hundred(bencher, "$_ := toJson $.Values", trace);
}

#[divan::bench(args = [false, true])]
fn yaml_and_back(bencher: Bencher, trace: bool) {
    hundred(bencher, "$_ := toYaml $.Values | fromYaml", trace);
}
