//! One control over some manifests.

use std::sync::Arc;

use catalog::{Builder, Catalog, ControlTexts};
use document::{Limits, Source, parse_yaml};
use engine::{Engine, Selection, Settings, location_of};
use model::{Inventory, Profile, RelatedObject, recognise};

/// What a control said.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// `line: message`, with ` (role Kind/name)` for each related resource.
    pub(crate) findings: Vec<String>,
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    pub(crate) unknown: usize,
    /// `kind: message`.
    pub(crate) problems: Vec<String>,
}

/// Evaluates a control, given by the fields beyond title, severity and the like, over manifests that are
/// a part of a cluster.
pub(crate) fn evaluate(control: &str, manifests: &str) -> Outcome {
    run(control, manifests, false)
}

/// The same over manifests that are all that a cluster has.
pub(crate) fn evaluate_complete(control: &str, manifests: &str) -> Outcome {
    run(control, manifests, true)
}

fn run(control: &str, manifests: &str, is_complete: bool) -> Outcome {
    let catalog = catalog(control);
    let selection = Selection {
        profile: Profile::All,
        ..Selection::default()
    };
    let engine = Engine::new(&catalog, &selection, &Settings::default()).unwrap();
    let mut inventory = inventory(&engine, manifests);
    inventory.is_complete = is_complete;
    let relations = engine.relations(&inventory);
    let evaluation = engine.evaluate(&relations);
    let pairs: Vec<_> = evaluation
        .findings
        .iter()
        .copied()
        .zip(evaluation.anchors.iter().copied())
        .collect();
    let details = engine.details(&relations, &pairs);
    let findings = pairs.iter().zip(&details).map(|((finding, _), detail)| {
        let resource = &inventory.resources[finding.resource as usize];
        let line = location_of(resource, finding.node).start().line;
        let mut text = format!("{line}: {}", detail.message);
        for related in &detail.related {
            let (kind, name) = match &related.object {
                RelatedObject::Resource(index) => {
                    let resource = &inventory.resources[*index];
                    (&*resource.kind, &*resource.name)
                }
                RelatedObject::Subject { kind, name, .. } => (kind.as_str(), name.as_str()),
            };
            text += &format!(" ({} {kind}/{name})", related.role);
        }
        text
    });
    let findings = findings.collect();
    let counts = evaluation.counts[0];
    let problems = evaluation.problems.iter();
    Outcome {
        findings,
        passed: counts.passed,
        failed: counts.failed,
        unknown: counts.unknown,
        problems: problems
            .map(|it| format!("{}: {}", it.kind, it.message))
            .collect(),
    }
}

fn catalog(control: &str) -> Catalog {
    let head = "id: x\ntitle: T\nseverity: low\nprofile: default\ntags: [x]\nwhy: W\n\
                remediation: R\nreferences: [r]\n";
    let mut builder = Builder::default();
    builder.control(&ControlTexts {
        control: Source::new("controls/g/x/control.yaml", format!("{head}{control}\n")),
        fail_yaml: None,
        pass_yaml: None,
        fail_dockerfile: None,
        pass_dockerfile: None,
    });
    let (bytes, diagnostics) = builder.finish();
    let texts: Vec<_> = diagnostics.iter().map(ToString::to_string).collect();
    assert_eq!(texts, Vec::<String>::new());
    Catalog::from_bytes(bytes).unwrap()
}

fn inventory(engine: &Engine, text: &str) -> Inventory {
    let source = Source::new("a.yaml", text);
    let parsed = parse_yaml(source, engine.keys(), &Limits::default());
    assert!(parsed.errors.is_empty(), "{:?}", parsed.errors);
    let document = Arc::new(parsed.document);
    let fields = engine.views().fields();
    let found = document
        .roots()
        .map(|root| recognise(&document, root, fields).resources);
    Inventory::new(found.flatten().collect())
}
