//! What Kubernetes ships in each cluster is accepted, all of it and nothing else.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use document::{Keys, Limits, NodeRef, Source, parse_yaml};
use engine::funnel::{Evaluated, FunnelSettings, InlinePolicy, KnownControls, funnel};
use engine::{Engine, Selection, Settings, embedded_catalog};
use model::{ControlResult, Finding, Inventory, Profile, Report, State, Target, recognise};

const TABLE: &str = include_str!("../data/bootstrap-exceptions.yaml");
const ROLES: &str = include_str!("../../rbac/data/default-roles.yaml");
const OTHERS: &str = include_str!("../../rbac/data/bootstrap.yaml");

struct Nobody;

impl KnownControls for Nobody {
    fn named(&self, _: &str) -> Vec<String> {
        Vec::new()
    }

    fn nearest(&self, _: &str) -> Option<String> {
        None
    }
}

/// What Kubernetes ships, with the rules that the roles `edit` and `admin` are given.
fn shipped() -> String {
    let mut text = format!("{ROLES}---\n{OTHERS}");
    let documents: Vec<&str> = ROLES.split("---\n").collect();
    let rules = |name: &str| -> &str {
        let metadata = format!("metadata: {{name: \"system:aggregate-to-{name}\"");
        let mut found = documents.iter().filter(|one| one.contains(&metadata));
        let role = found.next().unwrap();
        role.split_once("rules:\n").unwrap().1
    };
    for (name, parts) in [("edit", vec!["edit"]), ("admin", vec!["edit", "admin"])] {
        let rules: String = parts.into_iter().map(rules).collect();
        write!(
            text,
            "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {{name: {name}}}\nrules:\n{rules}"
        )
        .unwrap();
    }
    text
}

fn report(text: &str, is_cluster: bool) -> Report {
    let catalog = embedded_catalog().unwrap();
    let selection = Selection {
        profile: Profile::All,
        ..Selection::default()
    };
    let engine = Engine::new(&catalog, &selection, &Settings::default()).unwrap();
    let source = Source::new("shipped.yaml", text);
    let parsed = parse_yaml(source, engine.keys(), &Limits::default());
    assert_eq!(parsed.errors, []);
    let document = Arc::new(parsed.document);
    let fields = engine.views().fields();
    let found = document
        .roots()
        .flat_map(|root| recognise(&document, root, fields).resources);
    let inventory = Arc::new(Inventory::new(found.collect()));
    let relations = engine.relations(&inventory);
    let evaluation = engine.evaluate(&relations);
    let infos = engine.infos().unwrap().into_iter();
    let controls = infos.zip(&evaluation.counts).map(|(info, counts)| {
        ControlResult::new(info, counts.passed, counts.failed, counts.unknown)
    });
    let evaluated = Evaluated {
        target: Target {
            kind: "cluster",
            root: ".".to_owned(),
            paths: Vec::new(),
            kubernetes_version: engine.kubernetes_version(),
            input: None,
            cluster: None,
        },
        controls: controls.collect(),
        findings: evaluation.findings,
        problems: Vec::new(),
        skipped_files: Vec::new(),
        inventory: Arc::clone(&inventory),
    };
    let settings = FunnelSettings {
        date: "2026-11-24".to_owned(),
        severities: Vec::new(),
        exceptions: Vec::new(),
        inline: InlinePolicy::Deny,
        locked: Vec::new(),
        is_cluster,
        baseline: None,
        min_severity: None,
        needs_detail: true,
        is_part: false,
        frameworks: Vec::new(),
        known: &Nobody,
    };
    let describe = |evaluated: &Evaluated, indices: &[usize]| {
        let pairs = indices
            .iter()
            .map(|&at| (evaluated.findings[at], evaluation.anchors[at]));
        engine.details(&relations, &pairs.collect::<Vec<_>>())
    };
    funnel(evaluated, &settings, &describe)
}

/// Control and object of a finding.
fn told(report: &Report, finding: &Finding) -> (String, String) {
    let resource = &report.inventory.resources[finding.resource as usize];
    let id = &report.controls[finding.control as usize].info.id;
    (id.clone(), format!("{}/{}", resource.kind, resource.name))
}

/// The findings that count.
fn new(text: &str, is_cluster: bool) -> BTreeSet<(String, String)> {
    let report = report(text, is_cluster);
    let new = report.findings.iter();
    new.filter(|finding| finding.state == State::New)
        .map(|finding| told(&report, finding))
        .collect()
}

#[test]
fn nothing_that_kubernetes_ships_counts_in_a_cluster() {
    let text = shipped();
    // About the scan as a whole, and not about a role or binding.
    let mut left = new(&text, true);
    left.retain(|(control, _)| control != "metrics-server-missing");
    assert_eq!(left, BTreeSet::new());
    assert!(new(&text, false).len() > 200, "files have what they have");
}

#[test]
fn each_row_of_the_table_is_needed() {
    let report = report(&shipped(), true);
    let accepted: BTreeSet<(String, String)> = report
        .findings
        .iter()
        .filter(|finding| finding.state == State::Excepted)
        .map(|finding| told(&report, finding))
        .collect();
    let keys = Arc::new(Keys::new([]));
    let source = Source::new("table.yaml", TABLE);
    let parsed = parse_yaml(source, &keys, &Limits::default());
    assert_eq!(parsed.errors, []);
    let texts = |row: NodeRef<'_>, field| -> Vec<String> {
        let items = row.get_str(field).unwrap().items();
        items
            .map(|item| item.as_str().unwrap().to_owned())
            .collect()
    };
    let is_meant = |name: &str, other: &str| match name.strip_suffix('*') {
        Some(beginning) => other.starts_with(beginning),
        None => name == other,
    };
    let mut rows = 0;
    for row in parsed.document.root(0).unwrap().items() {
        let (names, controls) = (texts(row, "resources"), texts(row, "controls"));
        for name in &names {
            let is_used = accepted.iter().any(|(_, object)| is_meant(name, object));
            assert!(is_used, "nothing is found in `{name}`");
        }
        for control in &controls {
            let of_control = accepted.iter().filter(|(id, _)| id == control);
            let mut objects = of_control.map(|(_, object)| object);
            let is_used = objects.any(|object| names.iter().any(|name| is_meant(name, object)));
            assert!(is_used, "`{control}` finds nothing in {names:?}");
        }
        let reason = row.get_str("reason").and_then(NodeRef::as_str);
        assert!(reason.is_some_and(|reason| !reason.is_empty()), "{names:?}");
        rows += 1;
    }
    assert!(rows > 15, "{rows}");
    let reasons = report.findings.iter().filter_map(|finding| {
        let detail = finding.detail.as_ref()?;
        detail.exception.as_ref()
    });
    assert!(reasons.clone().count() > 200);
    for applied in reasons {
        assert_eq!(applied.at, "built in");
    }
}

#[test]
fn what_somebody_added_counts() {
    let text = format!(
        "{}---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {{name: 'system:kube-scheduler'}}
rules:
- {{apiGroups: [''], resources: [pods], verbs: [delete, get, list, watch]}}
- {{apiGroups: [''], resources: [secrets], verbs: [get]}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {{name: 'system:controller:certificate-controller', annotations: {{rbac.authorization.kubernetes.io/autoupdate: 'false'}}}}
rules:
- {{apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests/approval], verbs: [update]}}
- {{apiGroups: [certificates.k8s.io], resources: [signers], resourceNames: [kubernetes.io/kube-apiserver-client-kubelet], verbs: [approve]}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {{name: 'system:public-info-viewer'}}
roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: 'system:public-info-viewer'}}
subjects:
- {{kind: Group, apiGroup: rbac.authorization.k8s.io, name: 'system:unauthenticated'}}
- {{kind: User, apiGroup: rbac.authorization.k8s.io, name: 'system:anonymous'}}
",
        shipped()
    );
    let mut left = new(&text, true);
    left.retain(|(control, _)| control != "metrics-server-missing");
    let left: Vec<(&str, &str)> = left.iter().map(|(a, b)| (&**a, &**b)).collect();
    assert_eq!(
        left,
        [
            (
                "anonymous-binding",
                "ClusterRoleBinding/system:public-info-viewer"
            ),
            (
                "role-approves-certificates",
                "ClusterRole/system:controller:certificate-controller"
            ),
            ("role-reads-secrets", "ClusterRole/system:kube-scheduler"),
        ]
    );
}
