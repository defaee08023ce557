//! Held against fragments of programs, and the products and versions that a peer names.

use std::collections::BTreeSet;
use std::path::Path;

use packages::{File, readers};
use serde_json::Value;

use crate::shared;

/// What the classifiers say of a file, as package URLs.
fn says(folder: &Path, name: &str) -> BTreeSet<String> {
    let bytes = std::fs::read(folder.join(name)).expect("the file is there");
    let mut named = readers().iter().filter(|reader| reader.id == "classifier");
    let reader = named.next().expect("the reader is there");
    let file = File {
        path: name,
        bytes: &bytes,
    };
    let told = (reader.read)(&file).expect("programs are no errors");
    told.packages
        .into_iter()
        .map(|package| package.purl)
        .collect()
}

fn hold(folder: &Path, case: &Value) -> Result<(), String> {
    let word = |key: &str| case[key].as_str().unwrap_or_default();
    let folder = folder.join(word("dir"));
    let files = case["files"].as_array().into_iter().flatten();
    let told: BTreeSet<String> = files
        .filter_map(Value::as_str)
        .flat_map(|file| says(&folder, file))
        .collect();
    let expected: BTreeSet<String> = case["expected"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|package| package["purl"].as_str())
        .map(str::to_owned)
        .collect();
    // Without an entry in the peer's table, the path says the version.
    let version = format!("@{}", word("version"));
    let is_right = if expected.is_empty() {
        !told.is_empty() && told.iter().all(|purl| purl.ends_with(&version))
    } else {
        told == expected
    };
    if is_right {
        return Ok(());
    }
    Err(format!("{}: {told:?}, not {expected:?}", word("dir")))
}

#[test]
#[ignore = "needs ../shared"]
fn programs_give_the_products_that_a_peer_expects() {
    let folder = shared::data().join("binaries");
    let cases = std::fs::read_to_string(folder.join("cases.jsonl")).unwrap();
    let mut wrong = Vec::new();
    let mut all = 0;
    for line in cases.lines() {
        all += 1;
        wrong.extend(hold(&folder, &serde_json::from_str(line).unwrap()).err());
    }
    assert!(
        wrong.len() * 100 <= all * 3,
        "{} of {all} wrong\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
#[ignore = "needs ../shared"]
fn files_that_are_none_of_them_give_nothing() {
    let folder = shared::data().join("binaries/negative");
    let mut open = vec![folder.clone()];
    let mut files = 0;
    while let Some(inner) = open.pop() {
        for entry in std::fs::read_dir(inner).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            files += 1;
            let name = path.strip_prefix(&folder).unwrap();
            let told = says(&folder, &name.to_string_lossy());
            assert!(told.is_empty(), "{name:?}: {told:?}");
        }
    }
    assert!(files > 0);
}
