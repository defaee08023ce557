//! Every format over one small comparison, SARIF against its schema, and reports read back.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use model::{
    AppliedException, Change, ComparedFinding, Comparison, ControlRecord, Excerpt, FindingRecord,
    Fix, FixOperation, Place, ProblemLevel, ProblemRecord, RelatedName, ResourceName, Severity,
    Side, State,
};
use report::{Format, Options, read, render_comparison};

fn options(verbose: bool) -> Options {
    Options {
        tool_version: "0.0.0",
        color: false,
        width: 100,
        verbose,
    }
}

fn control(id: &str, severity: Severity) -> ControlRecord {
    ControlRecord {
        id: id.to_owned(),
        title: format!("Title of {id}"),
        severity,
        why: "It matters.".to_owned(),
        remediation: "Change it.".to_owned(),
        references: vec!["https://kubernetes.io/docs/".to_owned()],
        aliases: vec![("trivy".to_owned(), vec!["KSV-0001".to_owned()])],
    }
}

fn finding(control: &str, severity: Severity, line: u32) -> FindingRecord {
    FindingRecord {
        control: control.to_owned(),
        severity,
        state: State::New,
        fingerprint: format!("v1:{line:064}"),
        resource: ResourceName {
            api_version: "v1".to_owned(),
            kind: "Pod".to_owned(),
            namespace: Some("shop".to_owned()),
            name: "web".to_owned(),
            generate_name: None,
        },
        container: Some("nginx".to_owned()),
        message: format!("something, \"quoted\" | & <marked>, of {control}"),
        path: "spec.hostNetwork".to_owned(),
        place: Place {
            file: "deploy/web.yaml".to_owned(),
            line,
            column: 3,
            end_line: line,
            end_column: 7,
        },
        evidence: Some("host: true".to_owned()),
        rendered: None,
        fixes: vec![Fix {
            operation: FixOperation::Set,
            path: "spec.hostNetwork".to_owned(),
            value: Some("false".to_owned()),
            safe: true,
        }],
        related: vec![RelatedName {
            role: "subject".to_owned(),
            resource: ResourceName {
                kind: "User".to_owned(),
                name: "alice".to_owned(),
                ..ResourceName::default()
            },
        }],
        exception: None,
        superseded_by: None,
        excerpt: None,
    }
}

fn compared(change: Change, finding: FindingRecord, base_state: Option<State>) -> ComparedFinding {
    ComparedFinding {
        change,
        finding,
        base_state,
    }
}

fn side(name: &str) -> Side {
    Side {
        name: name.to_owned(),
        tool_version: "0.0.0".to_owned(),
        date: "2026-11-23".to_owned(),
        kubernetes_version: "1.34".to_owned(),
        resources: 3,
        problems: Vec::new(),
    }
}

fn sample() -> Comparison {
    let drawn = FindingRecord {
        excerpt: Some(Excerpt {
            first_line: 4,
            lines: vec![
                "spec:".to_owned(),
                "  host: true".to_owned(),
                "  x: y".to_owned(),
            ],
            part: None,
        }),
        ..finding("one", Severity::High, 5)
    };
    let accepted = FindingRecord {
        state: State::Excepted,
        exception: Some(AppliedException {
            reason: "until the move".to_owned(),
            owner: Some("team-web".to_owned()),
            expires: None,
            at: "seawall.yaml:3".to_owned(),
        }),
        ..finding("two", Severity::Critical, 7)
    };
    let folded = FindingRecord {
        superseded_by: Some(0),
        ..finding("two", Severity::Low, 5)
    };
    let mut head = side("topic");
    head.problems.push(ProblemRecord {
        level: ProblemLevel::Error,
        kind: "yaml-syntax".to_owned(),
        file: "broken.yaml".to_owned(),
        line: Some(2),
        message: "a value was expected".to_owned(),
        hint: Some("close the quote".to_owned()),
    });
    Comparison {
        base: side("main"),
        head,
        controls: vec![
            control("one", Severity::High),
            control("two", Severity::Low),
        ],
        findings: vec![
            compared(Change::New, drawn, None),
            compared(Change::New, folded, None),
            compared(Change::New, accepted, None),
            compared(
                Change::Fixed,
                finding("two", Severity::Low, 9),
                Some(State::New),
            ),
            compared(
                Change::Unchanged,
                finding("one", Severity::High, 11),
                Some(State::New),
            ),
            compared(
                Change::NotEvaluated,
                finding("one", Severity::High, 13),
                Some(State::New),
            ),
        ],
        notes: vec!["the base assumes Kubernetes 1.33, the head 1.34".to_owned()],
    }
}

fn rendered(format: Format, verbose: bool) -> String {
    let mut out = Vec::new();
    render_comparison(format, &sample(), &options(verbose), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn every_format_writes_what_it_wrote_before() {
    for format in Format::ALL
        .into_iter()
        .filter(|format| *format != Format::Html)
    {
        insta::assert_snapshot!(format.as_str(), rendered(format, false));
    }
    insta::assert_snapshot!("table_verbose", rendered(Format::Table, true));
    let page = rendered(Format::Html, false);
    let body = page
        .split("<main>")
        .nth(1)
        .unwrap()
        .split("<script>")
        .next()
        .unwrap();
    insta::assert_snapshot!("html", body.replace("><", ">\n<"));
}

#[test]
fn sarif_is_valid_against_its_schema() {
    let schema =
        include_str!("data/sarif-2.1.0.schema.json").replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}$");
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let log: serde_json::Value = serde_json::from_str(&rendered(Format::Sarif, false)).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&log)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn json_is_json_and_counts_what_is_there() {
    let json: serde_json::Value = serde_json::from_str(&rendered(Format::Json, false)).unwrap();
    assert_eq!(json["summary"]["new"]["high"], 1);
    assert_eq!(json["summary"]["new"]["low"], 1);
    assert_eq!(json["summary"]["new"]["critical"], 0, "it is accepted");
    assert_eq!(json["summary"]["accepted"], 1);
    assert_eq!(json["summary"]["fixed"], 1);
    assert_eq!(json["summary"]["notEvaluated"], 1);
    assert_eq!(json["findings"].as_array().unwrap().len(), 6);
    assert_eq!(json["findings"][0]["related"][0]["name"], "alice");
    assert_eq!(json["problems"][0]["side"], "head");
}

#[test]
fn a_comment_stays_below_the_limit_of_github() {
    let mut comparison = sample();
    let many =
        (0..5_000).map(|line| compared(Change::New, finding("one", Severity::High, line), None));
    comparison.findings.extend(many);
    let many =
        (0..5_000).map(|line| compared(Change::Fixed, finding("one", Severity::High, line), None));
    comparison.findings.extend(many);
    let mut out = Vec::new();
    render_comparison(Format::Markdown, &comparison, &options(false), &mut out).unwrap();
    assert!(out.len() < 65_536, "{}", out.len());
}

#[test]
fn reports_of_later_versions_are_read() {
    let text = r#"{
        "schema": "seawall.dev/report/v1", "more": { "than": "now" },
        "tool": { "name": "seawall", "version": "9.0.0" }, "date": "2027-01-01",
        "target": { "kind": "cluster" }, "summary": { "resources": 1 },
        "controls": [{ "id": "b", "title": "B", "severity": "low", "new": 1 }, { "id": "a", "title": "A", "severity": "high" }],
        "findings": [{
            "kind": "vulnerability", "advisory": "CVE-2026-0001", "severity": "high", "state": "new", "fingerprint": "v1:0",
            "package": { "purl": "pkg:deb/debian/openssl@3.0.11" }
        }],
        "problems": [{ "level": "unknown", "kind": "of-the-future", "message": "m" }]
    }"#;
    let record = read(text.as_bytes()).unwrap();
    assert_eq!(record.controls[0].id, "a", "sorted");
    assert_eq!(record.findings[0].control, "CVE-2026-0001");
    assert_eq!(record.problems[0].kind, "of-the-future");
    for broken in ["", "[]", "{}", "{\"schema\": \"other\"}", "\u{0}"] {
        assert!(read(broken.as_bytes()).is_err(), "{broken:?}");
    }
}
