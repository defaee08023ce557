//! Held against whole trees of a peer's tests: files that belong together.

use std::collections::BTreeSet;
use std::path::Path;

use packages::{Entry, File, Found, Package, Relationship, join, readers};
use serde_json::Value;

use crate::shared::data;

/// What all files below a folder say together.
fn read(folder: &Path) -> Vec<Found> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(inner) = open.pop() {
        for entry in std::fs::read_dir(inner).expect("the folder is there") {
            let path = entry.expect("the folder can be read").path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let bytes = std::fs::read(&path).expect("the file is there");
            let name = path
                .strip_prefix(folder)
                .expect("it is below")
                .to_string_lossy();
            let entry = Entry {
                path: &name,
                size: bytes.len() as u64,
                is_executable: false,
            };
            let file = File {
                path: &name,
                bytes: &bytes,
            };
            for reader in readers().iter().filter(|reader| (reader.wants)(&entry)) {
                if let Ok(told) = (reader.read)(&file) {
                    let path = name.to_string();
                    found.push(Found {
                        path,
                        reader: reader.id,
                        told,
                    });
                }
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    join(&mut found);
    found
}

/// URL, relationship, whether for development, licences, lines, and what is needed.
type Row = (
    String,
    String,
    bool,
    BTreeSet<String>,
    BTreeSet<(u64, u64)>,
    BTreeSet<String>,
);

fn ours(package: &Package, all: &[Package]) -> Row {
    let relationship = match package.relationship {
        Some(Relationship::Root) => "root",
        Some(Relationship::Workspace) => "workspace",
        Some(Relationship::Direct) => "direct",
        Some(Relationship::Indirect) => "indirect",
        None => "",
    };
    let id = |package: &Package| {
        let (_, name) = package.purl.split_once('/').unwrap_or_default();
        name.to_owned()
    };
    let needs = package.needs.iter().map(|&at| &all[at as usize]);
    let lines = package
        .lines
        .iter()
        .map(|&(a, b)| (u64::from(a), u64::from(b)));
    (
        package.purl.clone(),
        relationship.to_owned(),
        package.is_dev,
        package.licenses.iter().cloned().collect(),
        lines.collect(),
        // The peer leaves out what serves development.
        needs
            .filter(|one| !one.is_dev || package.is_dev)
            .map(id)
            .collect(),
    )
}

fn hold(case: &str, target: &Value, found: &[Found]) -> Result<(), String> {
    let path = target["target"].as_str().unwrap_or_default();
    let rows: Vec<Row> = found
        .iter()
        .filter(|file| file.path == path)
        .flat_map(|file| {
            file.told
                .packages
                .iter()
                .map(|one| ours(one, &file.told.packages))
        })
        .collect();
    let expected = target["packages"].as_array().into_iter().flatten();
    let mut count = 0;
    for package in expected {
        count += 1;
        let word = |key: &str| package[key].as_str().unwrap_or_default();
        let list = |key: &str| package[key].as_array().into_iter().flatten();
        let row = rows.iter().find(|row| row.0 == word("purl"));
        let row = row.ok_or_else(|| format!("{case}: {path} lacks {}", word("purl")))?;
        let texts = |key: &str| {
            list(key)
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect::<BTreeSet<_>>()
        };
        let line = |place: &Value, key: &str| place[key].as_u64().unwrap_or_default();
        let lines: BTreeSet<_> = list("locations")
            .map(|place| (line(place, "StartLine"), line(place, "EndLine")))
            .collect();
        let is_right = (word("relationship").is_empty() || word("relationship") == row.1)
            && package["dev"].as_bool().unwrap_or_default() == row.2
            && (texts("licenses").is_empty() || texts("licenses") == row.3)
            && (lines.is_empty() || lines == row.4)
            && texts("dependsOn") == row.5;
        if !is_right {
            return Err(format!("{case}: {path}: {row:?}, not {package}"));
        }
    }
    if count > 0 && rows.iter().filter(|row| !row.2).count() != count {
        return Err(format!("{case}: {path} says {rows:?}"));
    }
    Ok(())
}

#[test]
#[ignore = "needs ../shared"]
fn trees_give_the_packages_that_a_peer_expects() {
    let folder = data().join("trivy/cases");
    let mut wrong = Vec::new();
    let mut all = 0;
    for entry in std::fs::read_dir(folder).expect("the cases are there") {
        let folder = entry.expect("the folder can be read").path();
        let text =
            std::fs::read_to_string(folder.join("case.json")).expect("a case has a description");
        let case: Value = serde_json::from_str(&text).expect("it is JSON");
        let results = case["expected"]["results"].as_array().into_iter().flatten();
        let targets: Vec<&Value> = results
            .filter(|target| target["class"] == "lang-pkgs" && !target["packages"].is_null())
            .collect();
        if targets.is_empty() || case["command"] == "sbom" {
            continue;
        }
        let found = read(&folder.join("input"));
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        all += targets.len();
        wrong.extend(
            targets
                .iter()
                .filter_map(|target| hold(&name, target, &found).err()),
        );
    }
    assert!(
        all > 0 && wrong.is_empty(),
        "{} of {all} wrong\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
