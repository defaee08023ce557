//! A baseline knows the same findings whether or not an output needs their texts.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use document::{Limits, Source, parse_yaml};
use engine::funnel::{Baseline, Evaluated, FunnelSettings, InlinePolicy, KnownControls, funnel};
use engine::{Engine, Selection, Settings, embedded_catalog};
use model::{ControlResult, Inventory, Report, State, Target, recognise};

struct Nobody;

impl KnownControls for Nobody {
    fn named(&self, _: &str) -> Vec<String> {
        Vec::new()
    }

    fn nearest(&self, _: &str) -> Option<String> {
        None
    }
}

/// The report, and how many findings were described for it.
fn report(text: &str, baseline: Option<Baseline>, needs_detail: bool) -> (Report, usize) {
    let catalog = embedded_catalog().unwrap();
    let controls = vec!["privileged-container".to_owned(), "host-network".to_owned()];
    let selection = Selection {
        controls,
        ..Selection::default()
    };
    let engine = Engine::new(&catalog, &selection, &Settings::default()).unwrap();
    let source = Source::new("a.yaml", text);
    let document = Arc::new(parse_yaml(source, engine.keys(), &Limits::default()).document);
    let fields = engine.views().fields();
    let roots = document.roots();
    let found = roots.flat_map(|root| recognise(&document, root, fields).resources);
    let inventory = Arc::new(Inventory::new(found.collect()));
    let relations = engine.relations(&inventory);
    let evaluation = engine.evaluate(&relations);
    let infos = engine.infos().unwrap().into_iter();
    let controls = infos.zip(&evaluation.counts).map(|(info, counts)| {
        ControlResult::new(info, counts.passed, counts.failed, counts.unknown)
    });
    let evaluated = Evaluated {
        target: Target {
            kind: "files",
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
        inline: InlinePolicy::Allow,
        locked: Vec::new(),
        is_cluster: false,
        baseline,
        min_severity: None,
        needs_detail,
        is_part: false,
        frameworks: Vec::new(),
        known: &Nobody,
    };
    let count = AtomicUsize::new(0);
    let describe = |evaluated: &Evaluated, indices: &[usize]| {
        count.fetch_add(indices.len(), Ordering::Relaxed);
        let pairs = indices
            .iter()
            .map(|&at| (evaluated.findings[at], evaluation.anchors[at]));
        engine.details(&relations, &pairs.collect::<Vec<_>>())
    };
    let report = funnel(evaluated, &settings, &describe);
    (report, count.into_inner())
}

/// Each finding's resource, control and state, in an order of their own.
fn states(report: &Report) -> BTreeSet<(u32, u32, String, bool)> {
    let state = |finding: &model::Finding| {
        let node = format!("{:?}", finding.node);
        let is_new = finding.state == State::New;
        (finding.resource, finding.control, node, is_new)
    };
    report.findings.iter().map(state).collect()
}

/// Pods; the containers of each second one have the same name, so that their fingerprints need numbers.
fn pods(count: usize) -> String {
    let mut text = String::new();
    for index in 0..count {
        let second = if index % 2 == 0 { "b" } else { "a" };
        let _ = write!(
            text,
            "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: p{index}}}\nspec:\n  hostNetwork: true\n  containers:\n  - {{name: a, image: x, securityContext: {{privileged: true}}}}\n  - {{name: {second}, image: x, securityContext: {{privileged: true}}}}\n",
        );
    }
    text
}

#[test]
fn the_same_findings_are_known_with_and_without_texts() {
    let text = pods(8);
    let (all, _) = report(&text, None, true);
    let fingerprints = all.findings.iter().map(|finding| {
        let detail = finding.detail.as_deref().unwrap();
        detail.fingerprint.clone()
    });
    let fingerprints: Vec<String> = fingerprints.collect();
    assert_eq!(fingerprints.len(), 24);
    for step in 1..5 {
        let baseline: Baseline = fingerprints.iter().step_by(step).cloned().collect();
        let (with, _) = report(&text, Some(baseline.clone()), true);
        let (without, described) = report(&text, Some(baseline), false);
        assert_eq!(states(&with), states(&without), "{step}");
        assert_eq!(described, 8, "only those that would be equal");
    }
}
