//! Every format over one small report: complete output, and SARIF against its schema.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::sync::Arc;

use document::{Keys, Limits, NodeId, NodeRef, Source};
use model::{
    AppliedException, ControlInfo, ControlResult, Detail, Finding, Fix, FixOperation,
    FrameworkResult, Inventory, KubernetesVersion, LeftOpen, Location, Problem, ProblemKind,
    ProblemLevel, Profile, Report, RequirementResult, Resource, Severity, State, Status, Tally,
    Target,
};
use report::{Format, Options, render};

const MANIFEST: &str = "\
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
spec:
  containers:
    - name: nginx
      image: nginx
      env:
        - name: DB_PASSWORD
          value: hunter2-hunter2
      securityContext:
        privileged: true
";

fn options() -> Options {
    Options {
        tool_version: "0.0.0",
        color: false,
        width: 100,
        verbose: false,
    }
}

fn control(id: &str, severity: Severity, failed: usize) -> ControlResult {
    ControlResult {
        info: ControlInfo {
            id: id.to_owned(),
            title: format!("Title of {id}"),
            severity,
            profile: Profile::Default,
            scope: "container".to_owned(),
            since: None,
            until: None,
            tags: vec!["pod-security".to_owned()],
            why: "It matters.".to_owned(),
            remediation: "Change it.".to_owned(),
            references: vec!["https://kubernetes.io/docs/".to_owned()],
            aliases: BTreeMap::from([("trivy".to_owned(), vec!["KSV-0001".to_owned()])]),
            partial: BTreeMap::new(),
            supersedes: Vec::new(),
        },
        passed: 1,
        failed,
        excepted: 0,
        unknown: 0,
        reason: None,
        digest: None,
    }
}

/// A finding at the node that a path of keys and indices leads to.
fn finding(
    resource: &Resource,
    index: u32,
    control: u32,
    severity: Severity,
    path: &[&str],
) -> Finding {
    let node = path
        .iter()
        .fold(resource.object(), |node, step| step_into(node, step));
    Finding {
        control,
        resource: index,
        node: node.id(),
        severity,
        state: State::New,
        superseded_by: None,
        detail: Some(Box::new(detail(resource, node.id(), path))),
    }
}

fn step_into<'a>(node: NodeRef<'a>, step: &str) -> NodeRef<'a> {
    match step.parse() {
        Ok(index) => node.item(index).unwrap(),
        Err(_) => node.get_str(step).unwrap(),
    }
}

fn detail(resource: &Resource, node: NodeId, path: &[&str]) -> Detail {
    Detail {
        message: format!(
            "something, \"quoted\" & <marked>, at {}",
            path[path.len() - 1]
        ),
        path: path.join("."),
        location: resource.location(node),
        origins: Vec::new(),
        rendered: None,
        instances: Vec::new(),
        container: Some("nginx".to_owned()),
        evidence: None,
        fingerprint: format!("v1:{}", "ab".repeat(32)),
        fixes: vec![Fix {
            operation: FixOperation::Set,
            path: "spec.containers[0].securityContext.privileged".to_owned(),
            value: Some("false".to_owned()),
            safe: false,
        }],
        related: Vec::new(),
        exception: None,
    }
}

fn sample() -> Report {
    let source = Source::new("deploy/web.yaml", MANIFEST);
    let keys = Arc::new(Keys::new([]));
    let parsed = document::parse_yaml(Arc::clone(&source), &keys, &Limits::default());
    let document = Arc::new(parsed.document);
    let root = document.roots().next().unwrap().id();
    let resource = Resource {
        document,
        root,
        api_version: "v1".into(),
        kind: "Pod".into(),
        namespace: Some("shop".into()),
        name: "web".into(),
        generate_name: None,
        rendered: None,
    };
    let image = ["spec", "containers", "0", "image"];
    let env = ["spec", "containers", "0", "env", "0", "value"];
    let privileged = ["spec", "containers", "0", "securityContext", "privileged"];
    let mut findings = vec![
        finding(&resource, 0, 1, Severity::Medium, &image),
        finding(&resource, 0, 2, Severity::High, &env),
        finding(&resource, 0, 0, Severity::Critical, &privileged),
        finding(&resource, 0, 1, Severity::Medium, &privileged),
        finding(&resource, 0, 2, Severity::High, &privileged),
    ];
    findings[3].superseded_by = Some(2);
    findings[4].state = State::Excepted;
    if let Some(detail) = &mut findings[4].detail {
        detail.exception = Some(AppliedException {
            reason: "accepted until the move".to_owned(),
            owner: Some("team-web".to_owned()),
            expires: Some("2027-01-01".to_owned()),
            at: "seawall.yaml:3".to_owned(),
        });
    }
    Report {
        date: "2026-11-23".to_owned(),
        target: Target {
            kind: "files",
            root: ".".to_owned(),
            paths: vec!["deploy".to_owned()],
            kubernetes_version: KubernetesVersion { minor: 34 },
            input: None,
            cluster: None,
        },
        inventory: Arc::new(Inventory::new(vec![resource])),
        controls: vec![
            control("a-privileged", Severity::Critical, 1),
            control("b-image", Severity::Medium, 2),
            control("c-credential", Severity::High, 1),
            control("d-fine", Severity::Low, 0),
        ],
        findings,
        frameworks: vec![framework()],
        problems: vec![Problem {
            level: ProblemLevel::Error,
            kind: ProblemKind::YamlSyntax,
            file: "deploy/web.yaml".to_owned(),
            location: Some(Location { source, span: 3..5 }),
            message: "a value was expected".to_owned(),
            hint: Some("close the quote".to_owned()),
        }],
        skipped_files: vec!["notes.yaml".to_owned()],
    }
}

/// A framework with a requirement of every outcome.
fn framework() -> FrameworkResult {
    let open = "d-fine: nothing of this kind in the scan";
    FrameworkResult {
        id: "some-benchmark".to_owned(),
        title: "Some benchmark".to_owned(),
        version: "1.2".to_owned(),
        source: "https://example.com/benchmark".to_owned(),
        date: Some("2026-01-31".to_owned()),
        partial: Some("Only its second chapter.".to_owned()),
        requirements: vec![
            requirement("2.1.1", Status::Passed, &["d-fine"], None),
            requirement("2.1.2", Status::Failed, &["a-privileged", "d-fine"], None),
            requirement(
                "2.2.1",
                Status::NotEvaluated,
                &["d-fine"],
                Some("2 of 3 could not be decided"),
            ),
            requirement(
                "2.2.5",
                Status::Failed,
                &["a-privileged", "b-image", "w", "x", "y", "z"],
                Some("w, x, y, z: nothing of this kind in the scan"),
            ),
            manual("3.1.1"),
            manual("3.1.2"),
            manual("3.1.3"),
            manual("3.1.4"),
            RequirementResult {
                manual: Some("Ask who reads the logs.".to_owned()),
                ..requirement("2.1.3", Status::Passed, &["d-fine"], Some(open))
            },
            RequirementResult {
                manual: Some("Look at the door.".to_owned()),
                ..requirement("2.2.2", Status::Manual, &[], None)
            },
            requirement(
                "2.2.3",
                Status::NotApplicable,
                &["gone"],
                Some("nothing of this kind in the scan"),
            ),
            RequirementResult {
                applies: false,
                ..requirement(
                    "2.2.4",
                    Status::NotApplicable,
                    &["gone"],
                    Some("for Kubernetes 1.20 and older"),
                )
            },
        ],
    }
}

fn manual(id: &str) -> RequirementResult {
    RequirementResult {
        manual: Some("Ask.".to_owned()),
        ..requirement(id, Status::Manual, &[], None)
    }
}

fn requirement(
    id: &str,
    status: Status,
    controls: &[&str],
    reason: Option<&str>,
) -> RequirementResult {
    let is_evaluated = matches!(status, Status::Passed | Status::Failed);
    RequirementResult {
        id: id.to_owned(),
        title: format!("Title of {id}"),
        group: Some(format!("Section {}", &id[..3])),
        status,
        applies: true,
        controls: controls.iter().map(|&id| id.to_owned()).collect(),
        tally: Tally {
            passed: usize::from(is_evaluated),
            failed: usize::from(status == Status::Failed),
            excepted: 0,
            unknown: 0,
        },
        score: is_evaluated.then_some(if status == Status::Failed {
            50.0
        } else {
            100.0
        }),
        manual: None,
        left_open: reason.into_iter().map(left_open).collect(),
    }
}

/// `controls: why`, or only `why`.
fn left_open(reason: &str) -> LeftOpen {
    let (controls, why) = reason.split_once(": ").unwrap_or(("", reason));
    let controls = controls.split(", ").filter(|id| !id.is_empty());
    LeftOpen {
        controls: controls.map(str::to_owned).collect(),
        why: why.to_owned(),
    }
}

fn rendered(format: Format) -> String {
    rendered_with(format, &options())
}

fn rendered_with(format: Format, options: &Options) -> String {
    let mut out = Vec::new();
    render(format, &sample(), options, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn verbose_lists_the_controls_of_requirements_and_what_is_manual() {
    let options = Options {
        verbose: true,
        ..options()
    };
    let text = rendered_with(Format::Summary, &options);
    let start = text.find("Some benchmark").unwrap();
    let end = text.find("Could not evaluate").unwrap();
    insta::assert_snapshot!(&text[start..end]);
}

#[test]
fn every_format_writes_what_it_wrote_before() {
    for format in Format::ALL {
        let text = rendered(format);
        let text = match format {
            Format::Html => without_assets(&text),
            _ => text,
        };
        insta::assert_snapshot!(format.as_str(), text);
    }
}

/// A page without its style and its script, which are files of their own, and without their hashes.
fn without_assets(page: &str) -> String {
    let mut text = page.to_owned();
    for (before, after) in [
        ("<style>", "</style>"),
        ("\n<script>", "</script>"),
        ("script-src 'sha256-", "'"),
        ("style-src 'sha256-", "'"),
    ] {
        let start = text.find(before).unwrap() + before.len();
        let end = start + text[start..].find(after).unwrap();
        text.replace_range(start..end, "…");
    }
    text.replace("><", ">\n<")
}

#[test]
fn sarif_is_valid_against_its_schema() {
    // The published schema has a stray bracket in one pattern, which strict validators refuse.
    let schema =
        include_str!("data/sarif-2.1.0.schema.json").replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}$");
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let log: serde_json::Value = serde_json::from_str(&rendered(Format::Sarif)).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&log)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn no_format_shows_a_secret() {
    for format in Format::ALL {
        assert!(
            !rendered(format).contains("hunter2"),
            "{format} shows a secret"
        );
    }
}

#[test]
fn json_parses_and_counts_what_is_there() {
    let json: serde_json::Value = serde_json::from_str(&rendered(Format::Json)).unwrap();
    assert_eq!(json["summary"]["findings"]["critical"], 1);
    assert_eq!(json["summary"]["findings"]["excepted"], 1);
    assert_eq!(json["findings"].as_array().unwrap().len(), 5);
    assert_eq!(json["findings"][2]["location"]["line"], 14);
    assert_eq!(json["findings"][2]["fix"][0]["value"], false);
}
