//! Every template of `tests/data/oracle.jsonl` does what Go did with it (see `oracle/main.go`).

use std::collections::HashMap;
use std::rc::Rc;

use gotemplate::{Functions, MissingKey, Options, Set, Value};

use crate::functions::{functions, value};

struct Case {
    data: String,
    template: String,
    expected: Result<String, String>,
    missing_key: MissingKey,
}

fn case(fields: &[serde_json::Value]) -> Case {
    let text = |index: usize| {
        fields
            .get(index)
            .and_then(|field| field.as_str())
            .map(str::to_owned)
    };
    let missing_key = match text(4).as_deref() {
        Some("zero") => MissingKey::Zero,
        Some("error") => MissingKey::Error,
        _ => MissingKey::Default,
    };
    Case {
        data: text(0).unwrap(),
        template: text(1).unwrap(),
        expected: text(2).ok_or_else(|| text(3).unwrap()),
        missing_key,
    }
}

fn run(
    functions: &Rc<Functions>,
    case: &Case,
    data: &Value,
    trace: bool,
) -> Result<String, String> {
    let mut set = Set::new(Rc::clone(functions));
    set.parse("main", &case.template)
        .map_err(|error| error.to_string())?;
    let options = Options {
        missing_key: case.missing_key,
        trace,
        ..Options::default()
    };
    let rendered = set
        .execute("main", data, &options)
        .map_err(|error| error.to_string())?;
    if let Some(trace) = &rendered.trace {
        let mut end = 0;
        for piece in trace.pieces() {
            assert_eq!(
                piece.range().start,
                end,
                "a gap in the trace of {:?}",
                case.template
            );
            end = piece.range().end;
        }
        assert_eq!(
            end,
            rendered.text.len(),
            "the trace of {:?} covers its output",
            case.template
        );
    }
    Ok(rendered.text)
}

#[test]
fn does_what_go_does() {
    let functions = functions();
    let text = include_str!("../data/oracle.jsonl");
    let mut data = HashMap::new();
    let mut wrong = Vec::new();
    let mut cases = 0;
    for line in text.lines() {
        let fields: Vec<serde_json::Value> = serde_json::from_str(line).unwrap();
        if fields[0] == "data" {
            data.insert(fields[1].as_str().unwrap().to_owned(), value(&fields[2]));
            continue;
        }
        let case = case(&fields);
        cases += 1;
        for trace in [false, true] {
            let found = run(&functions, &case, &data[&case.data], trace);
            let found = found.map_err(|error| {
                error
                    .replace("template: main:", "~")
                    .replace(" executing \"main\" at ", "@")
            });
            if found != case.expected {
                wrong.push(format!(
                    "{:?}\n  expected {:?}\n  found    {found:?}",
                    case.template, case.expected
                ));
                break;
            }
        }
    }
    let shown: Vec<_> = wrong.iter().take(40).cloned().collect();
    assert!(
        wrong.is_empty(),
        "{} of {cases} differ:\n{}",
        wrong.len(),
        shown.join("\n")
    );
    assert!(cases > 4000, "{cases} cases");
}
