//! The corpus of golden renderings: what Helm printed for published charts.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "common/disk.rs"]
mod disk;

use std::path::Path;
use std::sync::Arc;

use disk::Disk;
use document::{Keys, Kind, Limits, NodeRef, Source};
use helm::{Chart, Error, Flag, FlagKind, Given, Options, Rendering, render};
use serde_json::Value;

#[test]
#[ignore = "needs the corpus of golden renderings in HELM_CORPUS"]
fn the_corpus_is_rendered_as_helm_does() {
    let corpus = std::env::var("HELM_CORPUS").unwrap();
    let mut count = 0;
    let mut wrong = Vec::new();
    for chart in fs_err::read_dir(corpus).unwrap() {
        let chart = chart.unwrap().path();
        let Ok(cases) = fs_err::read_dir(chart.join("cases")) else {
            continue;
        };
        for case in cases {
            let case = case.unwrap().path();
            count += 1;
            if let Err(why) = check(&chart.join("chart"), &case) {
                wrong.push(format!("{}: {why}", case.display()));
            }
        }
    }
    assert!(count > 0);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn check(chart: &Path, case: &Path) -> Result<(), String> {
    let facts = fs_err::read_to_string(case.join("case.json")).unwrap();
    let facts: Value = serde_json::from_str(&facts).unwrap();
    match (rendered(chart, case, &facts), facts["expect"] == "ok") {
        (Ok(rendering), true) => compare(&rendering, case, &facts),
        (Err(error), false) => match &error.place {
            Some(_) => Ok(()),
            None => Err(format!("an error without a place: {error}")),
        },
        (Ok(_), false) => Err("no error".to_owned()),
        (Err(error), true) => Err(error.to_string()),
    }
}

fn rendered(chart: &Path, case: &Path, facts: &Value) -> Result<Rendering, Error> {
    let text = |key: &str| facts[key].as_str().unwrap().to_owned();
    let texts = |key: &str| facts[key].as_array().into_iter().flatten();
    let file = |name: &Value| {
        let name = name.as_str().unwrap();
        let text = fs_err::read_to_string(case.join(name)).unwrap();
        Given::File(Source::new(name, text))
    };
    let options = Options {
        release_name: text("release"),
        namespace: text("namespace"),
        kubernetes_version: text("kube_version"),
        values: texts("values").map(file).collect(),
        flags: texts("set")
            .map(|flag| Flag::new(FlagKind::Set, flag.as_str().unwrap()))
            .collect(),
        origins: true,
        ..Options::default()
    };
    let chart = Chart::load(&Disk, chart.to_str().unwrap(), &options.limits)?;
    render(&chart, &options)
}

/// Every byte, or, where a part is random, everything but that.
fn compare(rendering: &Rendering, case: &Path, facts: &Value) -> Result<(), String> {
    let expected = fs_err::read_to_string(case.join("expected.yaml")).unwrap();
    let found = rendering.text.text();
    let ignored: Vec<&Value> = facts["ignore"].as_array().into_iter().flatten().collect();
    if ignored.is_empty() {
        let differ = || {
            let mut lines = found.lines().zip(expected.lines());
            lines.find(|(found, expected)| found != expected)
        };
        return if found == expected {
            Ok(())
        } else {
            Err(format!("{:?}", differ()))
        };
    }
    let (mut found, mut expected) = (documents(found), documents(&expected));
    for each in ignored {
        let index = each["doc"].as_u64().unwrap() as usize;
        for documents in [&mut found, &mut expected] {
            blank(&mut documents[index], each);
        }
    }
    let mut pairs = found.iter().zip(&expected);
    match pairs.find(|(found, expected)| found != expected) {
        None if found.len() == expected.len() => Ok(()),
        None => Err("another number of manifests".to_owned()),
        Some((found, expected)) => Err(format!("{found}\n{expected}")),
    }
}

fn documents(text: &str) -> Vec<Value> {
    let source = Source::new("", text);
    let parsed = document::parse_yaml(source, &Arc::new(Keys::new([])), &Limits::default());
    let roots = parsed.document.roots().map(json);
    roots.filter(|root| !root.is_null()).collect()
}

fn json(node: NodeRef<'_>) -> Value {
    match node.kind() {
        Kind::Null => Value::Null,
        Kind::Bool => node.as_bool().into(),
        Kind::Int => node.as_i64().into(),
        Kind::Uint => node.as_u64().into(),
        Kind::Float => node.as_f64().into(),
        Kind::String => node.as_str().into(),
        Kind::Sequence => node.items().map(json).collect(),
        Kind::Mapping => {
            let entries = node.entries();
            let entries = entries.map(|entry| (entry.name().to_owned(), json(entry.value)));
            Value::Object(entries.collect())
        }
    }
}

/// Takes out what is random: a value, or some lines of it.
fn blank(document: &mut Value, ignored: &Value) {
    let mut at = document;
    for step in ignored["path"].as_array().unwrap() {
        at = match step {
            Value::String(key) => &mut at[key],
            index => &mut at[index.as_u64().unwrap() as usize],
        };
    }
    let Some(lines) = ignored["lines"].as_array() else {
        *at = Value::Null;
        return;
    };
    let mut text: Vec<&str> = at.as_str().unwrap().split('\n').collect();
    for line in lines {
        let line = line.as_u64().unwrap() as usize;
        text[line] = "";
    }
    *at = text.join("\n").into();
}
