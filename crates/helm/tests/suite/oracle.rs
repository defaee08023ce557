//! Every chart of `tests/data/oracle.jsonl` prints what Helm made of it (see `oracle/main.go`).

use std::fmt::Write as _;

use helm::{Chart, render};

use crate::arguments;
use crate::memory::Memory;

fn run(case: &serde_json::Value, origins: bool) -> Result<String, String> {
    let files = case["files"].as_object().unwrap();
    let files: Vec<(String, &str)> = files
        .iter()
        .map(|(path, text)| (format!("chart/{path}"), text.as_str().unwrap()))
        .collect();
    let folder = Memory::new(files.iter().map(|(path, text)| (path.as_str(), *text)));
    let given = case["args"].as_array();
    let given = given.into_iter().flatten();
    let given = given.map(|argument| argument.as_str().unwrap().replace("@/", "chart/"));
    let mut parsed = arguments::parse(given, &folder).map_err(|error| error.to_string())?;
    "release".clone_into(&mut parsed.options.release_name);
    parsed.options.origins = origins;
    let options = &parsed.options;
    let rendering = Chart::load(&folder, "chart", &options.limits)
        .and_then(|chart| render(&chart, options))
        .map_err(|error| error.to_string())?;
    if let Some(document) = &rendering.document {
        for index in 0..document.size() {
            let node = document.nth(index);
            let place = node.place();
            assert!(
                place
                    .source
                    .text()
                    .get(place.span.start as usize..place.span.end as usize)
                    .is_some()
            );
            document.causes(node.origin()).for_each(drop);
        }
    }
    Ok(rendering.text.text().to_owned())
}

#[test]
fn does_what_helm_does() {
    let text = include_str!("../data/oracle.jsonl");
    let mut report = String::new();
    let mut wrong = 0;
    for line in text.lines() {
        let case: serde_json::Value = serde_json::from_str(line).unwrap();
        let expected = case["out"].as_str();
        for origins in [false, true] {
            let found = run(&case, origins);
            if found.as_deref().ok() == expected {
                continue;
            }
            wrong += 1;
            let error = case["error"].as_str().unwrap_or_default();
            let _ = writeln!(
                report,
                "== {} (origins: {origins})\n{}\nexpected: {expected:?} {error}\nfound: {found:?}\n",
                case["name"], case,
            );
            break;
        }
    }
    assert_eq!(wrong, 0, "{report}");
}
