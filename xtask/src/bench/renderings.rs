//! `seawall render` of published charts and kustomizations, the same each time: a program for each, as people start it.

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use fs_err as fs;
use serde_json::Value;

use super::wall::{median, time_of};
use crate::workspace::{output, root, say};

/// What is rendered, and how long that may take in milliseconds.
struct Kind {
    name: &'static str,
    median: f64,
    highest: f64,
}

const KINDS: [Kind; 2] = [
    Kind {
        name: "helm",
        median: 3.0,
        highest: 7.0,
    },
    Kind {
        name: "kustomize",
        median: 1.6,
        highest: 31.0,
    },
];

/// Measures a program where the golden renderings lie beside the repository.
pub(super) fn run(work: &Path, program: &Path, runs: usize) -> Result<()> {
    let time = |arguments: &[String], runs| time_of(program, arguments, runs, 0);
    let start_up = time(&["--version".to_owned()], runs * 5)?;
    for kind in &KINDS {
        let Some(corpus) = unpacked(work, kind.name)? else {
            continue;
        };
        let mut times = Vec::new();
        for arguments in commands(&corpus, kind.name)? {
            times.push(time(&arguments, runs)?);
        }
        let count = times.len();
        times.sort_by(f64::total_cmp);
        let highest = times.get(count * 95 / 100).copied().unwrap_or_default();
        let middle = median(times)?;
        say(&format!(
            "\nseawall render, {count} cases of {}\n  median {middle:>7.1} ms  (target ≤ {}), {:.1} above start-up\n  \
             p95    {highest:>7.1} ms  (target ≤ {})",
            kind.name,
            kind.median,
            middle - start_up,
            kind.highest,
        ));
    }
    Ok(())
}

/// The folder of the cases of one kind.
fn unpacked(work: &Path, kind: &str) -> Result<Option<PathBuf>> {
    let archive = root().join(format!("../shared/corpus/render/{kind}.tar.zst"));
    if !archive.is_file() {
        return Ok(None);
    }
    let folder = work.join(kind);
    if !folder.is_dir() {
        let (archive, work) = (archive.to_string_lossy(), work.to_string_lossy());
        output("tar", &["--zstd", "-xf", &archive, "-C", &work])?;
    }
    Ok(Some(folder))
}

/// The command lines of the cases that print the same each time.
fn commands(corpus: &Path, kind: &str) -> Result<Vec<Vec<String>>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(corpus)? {
        let folder = entry?.path();
        if kind == "kustomize" {
            found.extend(kustomization(&folder)?);
            continue;
        }
        // Libraries that charts share have no cases.
        for case in fs::read_dir(folder.join("cases")).into_iter().flatten() {
            found.extend(chart(&folder, &case?.path())?);
        }
    }
    ensure!(!found.is_empty(), "no cases in {}", corpus.display());
    Ok(found)
}

fn facts(case: &Path) -> Result<Option<Value>> {
    let facts: Value = serde_json::from_str(&fs::read_to_string(case.join("case.json"))?)?;
    let varies = facts["ignore"]
        .as_array()
        .is_some_and(|all| !all.is_empty());
    Ok((facts["expect"] == "ok" && !varies).then_some(facts))
}

fn kustomization(case: &Path) -> Result<Option<Vec<String>>> {
    let Some(facts) = facts(case)? else {
        return Ok(None);
    };
    let root = case
        .join("tree")
        .join(facts["root"].as_str().unwrap_or("."));
    Ok(Some(vec!["render".to_owned(), root.display().to_string()]))
}

fn chart(folder: &Path, case: &Path) -> Result<Option<Vec<String>>> {
    let Some(facts) = facts(case)? else {
        return Ok(None);
    };
    let chart = folder.join("chart").display().to_string();
    let mut arguments = vec!["render".to_owned(), chart];
    for (flag, key) in [
        ("--release-name", "release"),
        ("--namespace", "namespace"),
        ("--kubernetes-version", "kube_version"),
    ] {
        let value = facts[key].as_str().unwrap_or_default();
        arguments.extend([flag.to_owned(), value.to_owned()]);
    }
    let texts = |key: &str| {
        facts[key]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
    };
    for file in texts("values") {
        arguments.extend(["--values".to_owned(), case.join(file).display().to_string()]);
    }
    for set in texts("set") {
        arguments.extend(["--set".to_owned(), set.to_owned()]);
    }
    Ok(Some(arguments))
}
