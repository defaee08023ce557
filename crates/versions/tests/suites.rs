//! The published suites of versions, `vers:` ranges and package URLs, where they lie beside the repository.

#![expect(
    clippy::unwrap_used,
    reason = "a suite that cannot be read fails the test"
)]

use std::cmp::Ordering;
use std::path::{Path, PathBuf};

use serde_json::Value;
use versions::{Comparator, Purl, Scheme, Vers, compare, key};

fn suites() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let shared = [root.join("../shared"), root.join("../../shared")]
        .into_iter()
        .find(|path| path.is_dir());
    shared
        .expect("the suites lie in ../shared")
        .join("vuln/versions")
}

fn tests_in(folder: &str) -> Vec<(String, Value)> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(suites().join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let mut tests = Vec::new();
    for file in files {
        let document: Value =
            serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        tests.extend(
            document["tests"]
                .as_array()
                .unwrap()
                .iter()
                .map(|test| (name.clone(), test.clone())),
        );
    }
    assert!(!tests.is_empty());
    tests
}

fn report(wrong: &[String], total: usize) {
    assert!(
        wrong.is_empty(),
        "{} of {total} are wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
#[ignore = "needs the shared suites"]
fn lines_of_versions_hold() {
    let manifest: Value =
        serde_json::from_str(&std::fs::read_to_string(suites().join("manifest.json")).unwrap())
            .unwrap();
    let (mut wrong, mut total) = (Vec::new(), 0);
    for file in manifest["files"].as_array().unwrap() {
        for ecosystem in file["ecosystems"].as_array().into_iter().flatten() {
            let scheme = Scheme::from_ecosystem(ecosystem.as_str().unwrap()).unwrap();
            let text =
                std::fs::read_to_string(suites().join(file["file"].as_str().unwrap())).unwrap();
            for line in text.lines().filter(|line| {
                !line.is_empty() && !line.starts_with("# ") && !line.starts_with("// ")
            }) {
                let [a, sign, b] = line.split(' ').collect::<Vec<_>>()[..] else {
                    panic!("{line}")
                };
                total += 1;
                let order = compare(scheme, a, b);
                let keys = key(scheme, a).zip(key(scheme, b)).map(|(a, b)| a.cmp(&b));
                let expected = match sign {
                    "<" => Ordering::Less,
                    "=" => Ordering::Equal,
                    _ => Ordering::Greater,
                };
                if order != expected || keys.is_some_and(|keys| keys != expected) {
                    wrong.push(format!("{scheme:?}: {line}: {order:?}, keys {keys:?}"));
                }
            }
        }
    }
    report(&wrong, total);
}

#[test]
#[ignore = "needs the shared suites"]
fn the_vers_suite_passes() {
    let tests = tests_in("vers-spec/tests");
    let mut wrong = Vec::new();
    for (file, test) in &tests {
        let input = &test["input"];
        let expected = &test["expected_output"];
        let given: Result<Value, String> = match test["test_type"].as_str().unwrap() {
            "comparison" | "equality" => {
                let scheme = Scheme::from_type(input["input_scheme"].as_str().unwrap()).unwrap();
                let mut versions: Vec<&str> = input["versions"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|v| v.as_str().unwrap())
                    .collect();
                if test["test_type"] == "equality" {
                    Ok(Value::from(
                        compare(scheme, versions[0], versions[1]).is_eq(),
                    ))
                } else {
                    versions.sort_by(|a, b| compare(scheme, a, b));
                    // The suite writes NuGet's versions in lower case.
                    let expected = expected.as_array().unwrap();
                    let same = versions
                        .iter()
                        .zip(expected)
                        .all(|(v, e)| v.eq_ignore_ascii_case(e.as_str().unwrap()));
                    Ok(if same {
                        Value::from(expected.clone())
                    } else {
                        Value::from(versions)
                    })
                }
            }
            "from_native" => Vers::from_native(
                input["scheme"].as_str().unwrap(),
                input["native_range"].as_str().unwrap(),
            )
            .map(|vers| Value::from(vers.to_string()))
            .map_err(|error| error.to_string()),
            "containment" => Vers::parse_lenient(input["vers"].as_str().unwrap())
                .map(|vers| Value::from(vers.contains(input["version"].as_str().unwrap())))
                .map_err(|error| error.to_string()),
            "validate" | "roundtrip" => Vers::parse_lenient(input.as_str().unwrap())
                .map(|vers| Value::from(vers.to_string()))
                .map_err(|error| error.to_string()),
            "parse" => Vers::parse(input.as_str().unwrap())
                .map(|vers| {
                    let sign = |comparator: Comparator| {
                        if comparator == Comparator::Equal {
                            "="
                        } else {
                            comparator.as_str()
                        }
                    };
                    let constraints: Vec<Value> = vers
                        .constraints
                        .iter()
                        .map(|c| Value::from(vec![sign(c.comparator), c.version.as_str()]))
                        .collect();
                    serde_json::json!({ "scheme": vers.kind, "version_constraints": constraints })
                })
                .map_err(|error| error.to_string()),
            other => Err(format!("no test of type {other}")),
        };
        let right = match &given {
            Ok(value) => test["expected_failure"] != true && value == expected,
            Err(message) => {
                test["expected_failure"] == true
                    && test["expected_message"]
                        .as_str()
                        .is_none_or(|m| m == message)
            }
        };
        if !right {
            wrong.push(format!(
                "{file}: {input}: {given:?}, not {expected} {}",
                test["expected_message"]
            ));
        }
    }
    report(&wrong, tests.len());
}

fn parts(value: &Value) -> Purl {
    let text = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
    Purl {
        kind: text("type"),
        namespace: text("namespace"),
        name: text("name"),
        version: text("version"),
        qualifiers: value["qualifiers"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(key, value)| (key.clone(), value.as_str().unwrap_or_default().to_owned()))
            .collect(),
        subpath: text("subpath"),
    }
}

#[test]
#[ignore = "needs the shared suites"]
fn the_purl_suite_passes() {
    let mut tests = tests_in("purl-spec/tests/spec");
    tests.extend(tests_in("purl-spec/tests/types"));
    let mut wrong = Vec::new();
    for (file, test) in &tests {
        let input = &test["input"];
        let expected = &test["expected_output"];
        let fails = test["expected_failure"] == true;
        let (right, given) = match test["test_type"].as_str().unwrap() {
            "build" => {
                let given = parts(input).build().map(|purl| purl.to_string());
                (
                    given.as_deref().ok() == expected.as_str().filter(|_| !fails),
                    format!("{given:?}"),
                )
            }
            "validate" => {
                let given = Purl::parse(input.as_str().unwrap()).map(|purl| purl.to_string());
                (
                    given.as_deref().ok() == expected.as_str().filter(|_| !fails),
                    format!("{given:?}"),
                )
            }
            _ => {
                let given = Purl::parse_exact(input.as_str().unwrap());
                let right = match &given {
                    Ok(purl) => !fails && *purl == parts(expected),
                    Err(_) => fails,
                };
                (right, format!("{given:?}"))
            }
        };
        if !right {
            wrong.push(format!(
                "{file}: {} {input}: {given}, not {expected}",
                test["test_type"]
            ));
        }
    }
    report(&wrong, tests.len());
}
