//! Pairs of small reports.

use model::{FindingRecord, Place, ProblemRecord, Severity};

use super::*;

/// A finding: fingerprint, control, file and line.
fn finding(fingerprint: &str, control: &str, file: &str, line: u32) -> FindingRecord {
    FindingRecord {
        control: control.to_owned(),
        severity: Severity::High,
        state: State::New,
        fingerprint: fingerprint.to_owned(),
        resource: ResourceName::default(),
        container: None,
        message: format!("of {control}"),
        path: "spec".to_owned(),
        place: Place {
            file: file.to_owned(),
            line,
            ..Place::default()
        },
        evidence: None,
        rendered: None,
        fixes: Vec::new(),
        related: Vec::new(),
        exception: None,
        superseded_by: None,
        excerpt: None,
    }
}

fn excepted(finding: FindingRecord) -> FindingRecord {
    FindingRecord {
        state: State::Excepted,
        ..finding
    }
}

fn report(findings: Vec<FindingRecord>) -> ReportRecord {
    let control = |id: &str| ControlRecord {
        id: id.to_owned(),
        title: String::new(),
        severity: Severity::High,
        why: String::new(),
        remediation: String::new(),
        references: Vec::new(),
        aliases: Vec::new(),
    };
    ReportRecord {
        controls: vec![control("one"), control("two")],
        findings,
        ..ReportRecord::default()
    }
}

/// Change, fingerprint and file of each finding.
fn told(comparison: &Comparison) -> Vec<(&'static str, &str, &str)> {
    let findings = comparison.findings.iter();
    findings
        .map(|it| {
            let place = &it.finding.place;
            (it.change.as_str(), &*it.finding.fingerprint, &*place.file)
        })
        .collect()
}

fn check(base: Vec<FindingRecord>, head: Vec<FindingRecord>, expected: &[(&str, &str, &str)]) {
    let comparison = compare(("base", report(base)), ("head", report(head)));
    assert_eq!(told(&comparison), expected);
}

#[test]
fn findings_are_new_fixed_or_unchanged() {
    check(
        vec![
            finding("a", "one", "x.yaml", 1),
            finding("b", "two", "x.yaml", 2),
        ],
        vec![
            finding("b", "two", "moved.yaml", 9),
            finding("c", "one", "x.yaml", 3),
        ],
        &[
            ("new", "c", "x.yaml"),
            ("fixed", "a", "x.yaml"),
            ("unchanged", "b", "moved.yaml"),
        ],
    );
}

#[test]
fn a_file_more_with_the_same_resource_is_what_is_new() {
    let in_file = |fingerprint: &str, file: &str| finding(fingerprint, "one", file, 1);
    check(
        vec![in_file("#0", "b.yaml")],
        vec![in_file("#0", "a.yaml"), in_file("#1", "b.yaml")],
        &[("new", "#0", "a.yaml"), ("unchanged", "#1", "b.yaml")],
    );
    check(
        vec![in_file("#0", "a.yaml"), in_file("#1", "b.yaml")],
        vec![in_file("#0", "b.yaml")],
        &[("fixed", "#0", "a.yaml"), ("unchanged", "#0", "b.yaml")],
    );
}

#[test]
fn exceptions_that_come_and_go_are_told() {
    let one = || finding("a", "one", "x.yaml", 1);
    let accepted = compare(
        ("base", report(vec![one()])),
        ("head", report(vec![excepted(one())])),
    );
    assert_eq!(told(&accepted), [("unchanged", "a", "x.yaml")]);
    assert!(accepted.findings[0].is_accepted_now());
    let back = compare(
        ("base", report(vec![excepted(one())])),
        ("head", report(vec![one()])),
    );
    assert!(back.findings[0].is_worse());
    let still = compare(
        ("base", report(vec![excepted(one())])),
        ("head", report(vec![excepted(one())])),
    );
    assert!(!still.findings[0].is_accepted_now());
    let at_once = compare(
        ("base", report(Vec::new())),
        ("head", report(vec![excepted(one())])),
    );
    assert!(at_once.findings[0].is_accepted_now() && !at_once.findings[0].is_worse());
}

#[test]
fn what_was_not_looked_for_is_not_fixed() {
    let base = report(vec![
        finding("a", "one", "broken.yaml", 1),
        finding("b", "two", "fine.yaml", 1),
        finding("c", "one", "fine.yaml", 1),
    ]);
    let mut head = report(Vec::new());
    head.controls.pop();
    head.problems.push(ProblemRecord {
        level: ProblemLevel::Error,
        kind: "yaml-syntax".to_owned(),
        file: "broken.yaml".to_owned(),
        line: None,
        message: String::new(),
        hint: None,
    });
    let comparison = compare(("base", base), ("head", head));
    let expected = [
        ("fixed", "c", "fine.yaml"),
        ("not-evaluated", "a", "broken.yaml"),
        ("not-evaluated", "b", "fine.yaml"),
    ];
    assert_eq!(told(&comparison), expected);
    assert_eq!(
        comparison.notes,
        ["control two ran for the base only: what they found was not looked for again"]
    );
}

#[test]
fn equal_fingerprints_are_paired_once_each() {
    let one = |line| finding("a", "one", "x.yaml", line);
    check(
        vec![one(1)],
        vec![one(1), one(2)],
        &[("new", "a", "x.yaml"), ("unchanged", "a", "x.yaml")],
    );
    check(
        vec![one(1), one(2), one(3)],
        vec![one(1)],
        &[
            ("fixed", "a", "x.yaml"),
            ("fixed", "a", "x.yaml"),
            ("unchanged", "a", "x.yaml"),
        ],
    );
}

#[test]
fn a_finding_stands_for_another_with_the_same_change_only() {
    let folded = |fingerprint: &str| FindingRecord {
        superseded_by: Some(1),
        ..finding(fingerprint, "two", "x.yaml", 1)
    };
    let leader = || finding("leader", "one", "x.yaml", 1);
    let both_new = compare(
        ("base", report(vec![finding("z", "one", "x.yaml", 1)])),
        ("head", report(vec![folded("a"), leader()])),
    );
    assert_eq!(both_new.findings[0].finding.superseded_by, Some(1));
    let one_new = compare(
        ("base", report(vec![leader()])),
        ("head", report(vec![folded("a"), leader()])),
    );
    assert_eq!(one_new.findings[0].finding.superseded_by, None);
}

/// A finding of several renderings: `fingerprint@entry` each.
fn shared(instances: &[&str], control: &str) -> FindingRecord {
    let instance = |text: &&str| {
        let (fingerprint, entry) = text.split_once('@').unwrap();
        model::InstanceRecord {
            entry: entry.to_owned(),
            resource: ResourceName::default(),
            fingerprint: fingerprint.to_owned(),
        }
    };
    let all: Vec<_> = instances.iter().map(instance).collect();
    let (fingerprint, entry) = (all[0].fingerprint.clone(), all[0].entry.clone());
    FindingRecord {
        rendered: Some(Box::new(model::RenderedRecord {
            entry,
            instances: if all.len() > 1 { all } else { Vec::new() },
            ..model::RenderedRecord::default()
        })),
        ..finding(&fingerprint, control, "base.yaml", 3)
    }
}

#[test]
fn what_renderings_share_is_compared_rendering_by_rendering() {
    let base = report(vec![
        shared(&["a@dev", "b@prod"], "one"),
        shared(&["c@dev", "d@prod"], "two"),
    ]);
    let head = report(vec![
        shared(&["b@prod", "e@new", "f@newer"], "one"),
        shared(&["c@dev", "d@prod"], "two"),
    ]);
    let comparison = compare(("base", base), ("head", head));
    let told: Vec<_> = comparison
        .findings
        .iter()
        .map(|compared| {
            let finding = &compared.finding;
            let rendered = finding.rendered.as_ref().unwrap();
            (
                compared.change.as_str(),
                finding.control.as_str(),
                rendered.entries().join(" "),
            )
        })
        .collect();
    let expected = [
        ("new", "one", "new newer"),
        ("fixed", "one", "dev"),
        ("unchanged", "one", "prod"),
        ("unchanged", "two", "dev prod"),
    ];
    assert_eq!(
        told,
        expected.map(|(change, control, entries)| (change, control, entries.to_owned()))
    );
}
