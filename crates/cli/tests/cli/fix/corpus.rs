//! Fixes of what people and test suites wrote: what is written is proven by other means than the program's own.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::json;
use crate::support::{Folder, copy};

/// Of the folders this one is also fixed with changes of behaviour.
const STEP: usize = 12;

/// All files of a folder with their bytes.
fn files(folder: &Path, found: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in fs_err::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push((path.clone(), fs_err::read(&path).unwrap()));
        }
    }
    found.sort();
}

fn scan(folder: &Folder) -> Value {
    let flags = ["scan", ".", "--profile", "all", "--format", "json"];
    let run = folder.seawall(&[&flags[..], &["--date", "2026-11-23", "--no-config"]].concat());
    serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}", run.stderr))
}

/// What is the same about a finding in another scan, one for each rendering that shares it.
fn findings(report: &Value) -> Vec<String> {
    let mut all = Vec::new();
    for finding in report["findings"].as_array().unwrap() {
        let name = |resource: &Value| {
            let name = ["kind", "namespace", "name"].map(|key| resource[key].to_string());
            let container = &finding["container"];
            format!("{} {} {container}", finding["control"], name.join(" "))
        };
        match finding["instances"].as_array() {
            Some(instances) => all.extend(
                { instances.iter() }.map(|it| format!("{} {}", it["entry"], name(&it["resource"]))),
            ),
            None => all.push(format!(
                "{} {}",
                finding["rendered"]["entry"],
                name(&finding["resource"])
            )),
        }
    }
    all.sort();
    all
}

/// How many findings of each control there are in each file.
fn counted(findings: &Value) -> BTreeMap<(String, String), usize> {
    let mut counted = BTreeMap::new();
    for finding in findings.as_array().unwrap() {
        let [control, file] = [&finding["control"], &finding["location"]["file"]];
        let key = (control.to_string(), file.to_string());
        *counted.entry(key).or_default() += 1;
    }
    counted
}

/// The words of a text.
fn words(text: &str) -> BTreeSet<&str> {
    let is_word = |character: char| character.is_alphanumeric() || "-_/".contains(character);
    text.split(|character| !is_word(character))
        .filter(|word| word.contains(char::is_alphanumeric))
        .collect()
}

/// Whether the lines that a file differs in say what the edits name, and what stood there before.
fn differs_as_named(before: &str, after: &str, edits: &[&str]) -> Result<(), String> {
    let named: BTreeSet<&str> = edits.iter().flat_map(|edit| words(edit)).collect();
    let diff = similar::TextDiff::from_lines(before, after);
    let lines = |tag| {
        let changes = diff
            .iter_all_changes()
            .filter(move |change| change.tag() == tag);
        changes.map(|change| change.value().to_owned())
    };
    let removed: Vec<String> = lines(similar::ChangeTag::Delete).collect();
    let inserted: Vec<String> = lines(similar::ChangeTag::Insert).collect();
    let known: BTreeSet<&str> = removed.iter().flat_map(|line| words(line)).collect();
    for line in &removed {
        let own = words(line);
        // A last line without a line break gets one when something comes behind it.
        let stays = inserted
            .iter()
            .any(|other| other.trim_end() == line.trim_end());
        if !stays && !own.is_empty() && own.is_disjoint(&named) {
            return Err(format!("nothing names what was in the line {line:?}"));
        }
    }
    for line in &inserted {
        let mut all = words(line).into_iter();
        if let Some(word) = all.find(|word| !named.contains(word) && !known.contains(word)) {
            return Err(format!("nothing names {word} in the line {line:?}"));
        }
    }
    Ok(())
}

/// Fixes a copy of a folder, and holds it against the folder: number of findings fixed, and what is wrong.
fn check(name: &str, from: &Path, flags: &[&str]) -> (u64, Vec<String>) {
    let folder = Folder::new(name);
    copy(from, folder.path());
    let mut wrong = Vec::new();
    let (mut old, mut new, mut again) = (Vec::new(), Vec::new(), Vec::new());
    files(folder.path(), &mut old);
    let before = scan(&folder);
    let flags = [&["--profile", "all", "--no-config"], flags].concat();
    let report = json(&folder, &flags);
    files(folder.path(), &mut new);
    let after = scan(&folder);
    let named: BTreeSet<&str> = { report["files"].as_array().unwrap().iter() }
        .map(|file| file["file"].as_str().unwrap())
        .collect();
    let edits = || {
        report["fixed"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|fixed| fixed["edits"].as_array().unwrap())
    };
    for ((path, old), (_, new)) in old.iter().zip(&new) {
        let name = path.strip_prefix(folder.path()).unwrap().to_str().unwrap();
        if old == new {
            continue;
        }
        if !named.contains(name) {
            wrong.push(format!("{name} changed and is not named"));
        }
        let own = edits().filter(|edit| edit["file"] == name);
        let own: Vec<&str> = own.map(|edit| edit["what"].as_str().unwrap()).collect();
        let [old, new] = [old, new].map(|bytes| str::from_utf8(bytes).unwrap());
        if let Err(why) = differs_as_named(old, new, &own) {
            wrong.push(format!("{name}: {why}"));
        }
    }
    let (old_counts, new_counts) = (counted(&before["findings"]), counted(&after["findings"]));
    for (key, gone) in counted(&report["fixed"]) {
        let left = new_counts.get(&key).copied().unwrap_or_default();
        let had = old_counts.get(&key).copied().unwrap_or_default();
        if left + gone > had {
            wrong.push(format!("fixed findings are still there: {key:?}"));
        }
    }
    let known = findings(&before);
    let mut left = known.iter().peekable();
    for finding in findings(&after) {
        while left.peek().is_some_and(|known| **known < finding) {
            left.next();
        }
        if left.next_if(|known| **known == finding).is_none() {
            wrong.push(format!("there is a new finding: {finding}"));
        }
    }
    let count = |report: &Value, what: &str| report["summary"][what].as_u64().unwrap();
    if count(&before, "resources") != count(&after, "resources") {
        wrong.push("the number of resources changed".to_owned());
    }
    if count(&before, "problems") < count(&after, "problems") {
        wrong.push("there are more problems".to_owned());
    }
    let second = json(&folder, &flags);
    files(folder.path(), &mut again);
    if second["summary"]["fixed"] != 0 || again != new {
        wrong.push("another run changed something".to_owned());
    }
    (report["summary"]["fixed"].as_u64().unwrap(), wrong)
}

/// The examples, and each suite of manifests.
fn suites() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut folders = vec![root.join("examples")];
    let shared = [
        root.join("../shared/corpus"),
        root.join("../../shared/corpus"),
    ];
    let shared = { shared.into_iter() }.find(|path| path.is_dir());
    let shared = shared.expect("the corpora lie in ../shared");
    folders.extend(["real", "checkov", "pss", "kubescape", "trivy"].map(|name| shared.join(name)));
    folders
}

/// Each case of the golden renderings.
fn golden() -> Vec<PathBuf> {
    let mut folders = Vec::new();
    for (variable, inner) in [("HELM_CORPUS", "chart"), ("KUSTOMIZE_CORPUS", "tree")] {
        let corpus = std::env::var(variable).unwrap();
        let mut cases: Vec<PathBuf> = { fs_err::read_dir(corpus).unwrap() }
            .map(|entry| entry.unwrap().path().join(inner))
            .filter(|case| case.is_dir())
            .collect();
        cases.sort();
        folders.extend(cases);
    }
    folders
}

/// The controls whose fixes can change behaviour and that found something in a folder.
fn risky(name: &str, from: &Path) -> Vec<String> {
    let folder = Folder::new(name);
    copy(from, folder.path());
    let report = json(&folder, &["--profile", "all", "--no-config", "--dry-run"]);
    let left = report["left"].as_array().unwrap().iter();
    let risky = left.filter(|left| left["why"] == "unsafe");
    let controls: BTreeSet<&str> = risky
        .map(|left| left["control"].as_str().unwrap())
        .collect();
    controls.into_iter().map(str::to_owned).collect()
}

/// Fixes each folder, and some also with changes of behaviour; how many findings are fixed by the one and the other.
fn check_all(name: &str, folders: &[PathBuf]) -> (u64, u64) {
    let (mut safe, mut any, mut wrong) = (0, 0, Vec::new());
    for (index, folder) in folders.iter().enumerate() {
        let mut note = |(count, own): (u64, Vec<String>), total: &mut u64| {
            *total += count;
            let own = own.into_iter();
            wrong.extend(own.map(|it| format!("{}: {it}", folder.display())));
        };
        note(check(name, folder, &[]), &mut safe);
        if index % STEP == 1 {
            let controls = risky(name, folder);
            if !controls.is_empty() {
                let flags = ["--unsafe", &controls.join(",")];
                note(check(name, folder, &flags), &mut any);
            }
        }
    }
    assert_eq!(wrong, [""; 0]);
    (safe, any)
}

#[test]
#[ignore = "needs the shared corpora"]
fn fixes_of_the_corpora_of_manifests_are_what_they_say() {
    let (safe, any) = check_all("fix-suites", &suites());
    assert!(safe >= 40 && any >= 100, "{safe} {any}");
}

#[test]
#[ignore = "needs the corpora of golden renderings in HELM_CORPUS and KUSTOMIZE_CORPUS"]
fn fixes_of_the_corpora_of_renderings_are_what_they_say() {
    let (safe, any) = check_all("fix-golden", &golden());
    assert!(safe >= 1 && any >= 200, "{safe} {any}");
}
