//! What the JSON report promises, over the example and what every control finds in its own test.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::support::Folder;

/// The report over the repository's own manifests.
fn scan(more: &[&str]) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_seawall"))
        .args(["scan", "examples", "controls/*/*/fail.yaml", "--no-config"])
        .args(["--format", "json", "--date", "2026-11-23"])
        .args(more)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().unwrap()
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

fn number(value: &Value, key: &str) -> u64 {
    value[key].as_u64().unwrap()
}

fn is_near(one: f64, other: f64, distance: f64) -> bool {
    (one - other).abs() <= distance
}

fn no_null(value: &Value, path: &str) {
    match value {
        Value::Null => panic!("null at {path}"),
        Value::Array(items) => items.iter().for_each(|item| no_null(item, path)),
        Value::Object(members) => {
            for (key, value) in members {
                no_null(value, &format!("{path}.{key}"));
            }
        }
        _ => {}
    }
}

/// What findings are sorted by.
fn place(finding: &Value) -> (&str, u64, &str, &str, &str, &str) {
    let (resource, location) = (&finding["resource"], &finding["location"]);
    (
        text(location, "file"),
        number(location, "line"),
        text(resource, "kind"),
        text(resource, "namespace"),
        text(resource, "name"),
        text(finding, "path"),
    )
}

fn findings_by_control<'v>(report: &'v Value, states: &[&str]) -> BTreeMap<&'v str, usize> {
    let mut counts = BTreeMap::new();
    for finding in list(report, "findings") {
        if states.contains(&text(finding, "state")) {
            *counts.entry(text(finding, "control")).or_default() += 1;
        }
    }
    counts
}

#[test]
fn absent_members_are_omitted() {
    no_null(&scan(&["--profile", "all"]), "report");
    no_null(&scan(&["--framework", "pss-baseline"]), "report");
}

#[test]
fn arrays_are_sorted() {
    let report = scan(&[
        "--profile",
        "all",
        "--framework",
        "pss-restricted,pss-baseline",
    ]);
    let findings = list(&report, "findings");
    assert!(findings.is_sorted_by_key(place));
    for key in ["controls", "frameworks"] {
        let ids: Vec<&str> = list(&report, key)
            .iter()
            .map(|item| text(item, "id"))
            .collect();
        assert!(ids.is_sorted_by(|one, other| one < other), "{key}");
    }
    assert_eq!(list(&report, "frameworks").len(), 2);
}

#[test]
fn findings_at_a_shared_anchor_are_sorted_by_path() {
    let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n    - &a\n      name: a\n      image: nginx\n      securityContext: {privileged: true}\n    - {<<: *a, name: b}\n";
    let folder = Folder::new("report-anchor").file("a.yaml", text);
    let run = folder.seawall(&["scan", ".", "--profile", "all", "--format", "json"]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert!(list(&report, "findings").is_sorted_by_key(place));
}

#[test]
fn every_finding_has_a_place_and_a_fingerprint_of_its_own() {
    let report = scan(&["--profile", "all"]);
    let mut seen = BTreeMap::new();
    for finding in list(&report, "findings") {
        let location = &finding["location"];
        let start = (number(location, "line"), number(location, "column"));
        let end = (number(location, "endLine"), number(location, "endColumn"));
        assert!(start >= (1, 1) && start <= end, "{finding}");
        assert!(!text(location, "file").starts_with('/'), "{finding}");
        assert!(!text(finding, "message").is_empty(), "{finding}");
        let fingerprint = text(finding, "fingerprint");
        assert_eq!(fingerprint.len(), "v1:".len() + 64, "{finding}");
        let file = text(location, "file");
        let other = seen.insert((file, fingerprint), finding);
        assert!(other.is_none(), "{finding}\n{other:?}");
    }
}

#[test]
fn controls_count_what_they_looked_at() {
    let report = scan(&["--profile", "all"]);
    let failing = findings_by_control(&report, &["new", "baselined"]);
    for control in list(&report, "controls") {
        let [evaluated, passed, failed, excepted] =
            ["evaluated", "passed", "failed", "excepted"].map(|key| number(control, key));
        assert_eq!(evaluated, passed + failed + excepted, "{control}");
        let is_found = failing.contains_key(text(control, "id"));
        assert_eq!(failed > 0, is_found, "{control}");
        assert_eq!(failed > 0, text(control, "status") == "failed", "{control}");
        let is_open = text(control, "status") == "not-evaluated";
        assert_eq!(control.get("reason").is_some(), is_open, "{control}");
        let expected = (evaluated > 0).then(|| 100.0 * passed as f64 / evaluated as f64);
        let score = control.get("score").map(|score| score.as_f64().unwrap());
        assert_eq!(score.is_some(), expected.is_some(), "{control}");
        assert!(
            is_near(score.unwrap_or(0.0), expected.unwrap_or(0.0), 0.051),
            "{control}"
        );
    }
}

#[test]
fn the_summary_adds_up() {
    let report = scan(&["--profile", "all"]);
    let summary = &report["summary"];
    for key in ["controls", "problems"] {
        assert_eq!(
            number(summary, key),
            list(&report, key).len() as u64,
            "{key}"
        );
    }
    let count = |key: &str, word: &str, state: &str| {
        let findings = list(&report, "findings").iter();
        let fits = |finding: &&Value| text(finding, key) == word && text(finding, "state") == state;
        findings.filter(fits).count() as u64
    };
    let counts = &summary["findings"];
    for severity in ["critical", "high", "medium", "low"] {
        assert_eq!(
            number(counts, severity),
            count("severity", severity, "new"),
            "{severity}"
        );
    }
    for state in ["baselined", "excepted"] {
        assert_eq!(
            number(counts, state),
            count("state", state, state),
            "{state}"
        );
    }
    assert!(
        number(counts, "excepted") > 0,
        "the example has an exception"
    );
}

#[test]
fn requirements_are_as_bad_as_their_worst_control() {
    const ORDER: &[&str] = &["failed", "not-evaluated", "passed", "not-applicable"];
    let report = scan(&["--framework", "pss-restricted"]);
    let status_of: BTreeMap<&str, &str> = list(&report, "controls")
        .iter()
        .map(|control| (text(control, "id"), text(control, "status")))
        .collect();
    let framework = &report["frameworks"][0];
    let requirements = list(framework, "requirements");
    for requirement in requirements {
        let controls = requirement.get("controls").and_then(Value::as_array);
        // A control that is not for this version is not among those asked for.
        let none = if controls.is_some() {
            "not-applicable"
        } else {
            "manual"
        };
        let statuses = controls
            .into_iter()
            .flatten()
            .filter_map(|id| status_of.get(id.as_str().unwrap()).copied());
        let worst = statuses.min_by_key(|status| ORDER.iter().position(|word| word == status));
        assert_eq!(
            text(requirement, "status"),
            worst.unwrap_or(none),
            "{requirement}"
        );
    }
    let evaluated = requirements
        .iter()
        .filter(|it| ["failed", "passed"].contains(&text(it, "status")))
        .count();
    let expected = evaluated as f64 / requirements.len() as f64;
    let coverage = framework["coverage"].as_f64().unwrap();
    assert!(
        is_near(coverage, expected, 0.0051),
        "{coverage} for {expected}"
    );
}

#[test]
fn an_empty_folder_has_no_score() {
    let folder = Folder::new("report-empty");
    let run = folder.seawall(&[
        "scan",
        ".",
        "--format",
        "json",
        "--framework",
        "pss-baseline",
    ]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(run.code, 0);
    assert_eq!(report["frameworks"][0].get("score"), None);
}

/// A pod in which the same two things are wrong in each of several containers, in some order.
fn pod(names: &[&str], above: &str) -> String {
    let mut text = format!(
        "{above}apiVersion: v1\nkind: Pod\nmetadata: {{name: web}}\nspec:\n  containers:\n"
    );
    for name in names {
        text.push_str(&format!(
            "    - name: {name}\n      image: nginx:latest\n      args: [sudo, sudo]\n      securityContext: {{privileged: true, capabilities: {{add: [SYS_ADMIN, NET_ADMIN]}}}}\n"
        ));
    }
    text
}

/// Fingerprint and control of each finding, sorted.
fn fingerprints(name: &str, text: &str) -> Vec<(String, String)> {
    let folder = Folder::new(name).file("a.yaml", text);
    let run = folder.seawall(&["scan", ".", "--format", "json", "--profile", "all"]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    let pair = |finding: &Value| {
        let text = |key| self::text(finding, key).to_owned();
        (text("fingerprint"), text("control"))
    };
    let mut found: Vec<_> = list(&report, "findings").iter().map(pair).collect();
    found.sort();
    found
}

#[test]
fn fingerprints_survive_moved_lines_and_reordered_items() {
    let before = fingerprints("fingerprint-before", &pod(&["a", "b"], ""));
    let mut once = before.clone();
    once.dedup();
    assert_eq!(once, before, "each is unique");
    let moved = pod(&["a", "b"], "# a comment\n\n---\n# another\n");
    assert_eq!(fingerprints("fingerprint-moved", &moved), before);
    let turned = pod(&["b", "a"], "");
    assert_eq!(fingerprints("fingerprint-turned", &turned), before);
    let more = fingerprints("fingerprint-more", &pod(&["b", "c", "a"], ""));
    assert!(before.iter().all(|finding| more.contains(finding)));
}

#[test]
fn a_baseline_lets_only_new_mistakes_through() {
    let folder = Folder::new("baseline-moves").file("a.yaml", &pod(&["a", "b"], ""));
    let scan = |more: &[&str]| {
        let run = folder
            .seawall(&[&["scan", ".", "--profile", "all", "--format", "json"], more].concat());
        let report: Value = serde_json::from_str(&run.stdout).unwrap();
        let findings = &report["summary"]["findings"];
        let severities = ["critical", "high", "medium", "low"];
        let new: u64 = severities
            .map(|severity| number(findings, severity))
            .iter()
            .sum();
        (new, number(findings, "baselined"))
    };
    let (all, _) = scan(&["--write-baseline", "b.json"]);
    let with = |text: &str| {
        Folder::at("baseline-moves").file("a.yaml", text);
        scan(&["--baseline", "b.json"])
    };
    assert_eq!(with(&pod(&["a", "b"], "")), (0, all));
    assert_eq!(with(&pod(&["b", "a"], "# moved\n\n")), (0, all));
    let worse = pod(&["b", "a"], "").replacen("spec:\n", "spec:\n  hostIPC: true\n", 1);
    assert_eq!(with(&worse).0, 1);
}
