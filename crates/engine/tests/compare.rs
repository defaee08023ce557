//! Moving, reordering and writing differently gives no new finding, and takes none away.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use document::{Keys, Kind, Limits, NodeRef, Source, parse_json, parse_yaml};
use engine::funnel::{Evaluated, FunnelSettings, InlinePolicy, KnownControls, funnel};
use engine::{Engine, Selection, Settings, compare, embedded_catalog};
use model::{
    Change, Comparison, ControlRecord, ControlResult, FindingRecord, Inventory, Place, Profile,
    Report, ReportRecord, Resource, ResourceName, Target, recognise,
};
use proptest::prelude::*;
use proptest::sample::subsequence;

use common::folders;

struct Nobody;

impl KnownControls for Nobody {
    fn named(&self, _: &str) -> Vec<String> {
        Vec::new()
    }

    fn nearest(&self, _: &str) -> Option<String> {
        None
    }
}

static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let selection = Selection {
        profile: Profile::All,
        ..Selection::default()
    };
    Engine::new(
        &embedded_catalog().unwrap(),
        &selection,
        &Settings::default(),
    )
    .unwrap()
});

/// Every object that some control reports in its own test, in a form that loses comments.
static OBJECTS: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let controls = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../controls");
    let mut objects = BTreeSet::new();
    for group in folders(&controls) {
        for control in folders(&group) {
            // The objects of some controls are Dockerfiles.
            let Ok(text) = fs_err::read_to_string(control.join("fail.yaml")) else {
                continue;
            };
            let keys = Arc::new(Keys::new([]));
            let parsed = parse_yaml(Source::new("a.yaml", text), &keys, &Limits::default());
            objects.extend(parsed.document.roots().map(value));
        }
    }
    objects.into_iter().collect()
});

/// What a document says.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Value {
    /// As JSON writes it.
    Scalar(String),
    List(Vec<Value>),
    Map(Vec<(String, Value)>),
}

fn value(node: NodeRef<'_>) -> Value {
    match node.kind() {
        Kind::Mapping => Value::Map(
            node.entries()
                .map(|entry| (entry.name().to_owned(), value(entry.value)))
                .collect(),
        ),
        Kind::Sequence => Value::List(node.items().map(value).collect()),
        Kind::String => Value::Scalar(quoted(node.as_str().unwrap())),
        Kind::Bool => Value::Scalar(node.as_bool().unwrap().to_string()),
        Kind::Int => Value::Scalar(node.as_i64().unwrap().to_string()),
        Kind::Uint => Value::Scalar(node.as_u64().unwrap().to_string()),
        Kind::Float => Value::Scalar(format!("{:?}", node.as_f64().unwrap())),
        Kind::Null => Value::Scalar("null".to_owned()),
    }
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for char in text.chars() {
        match char {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(char);
            }
            char if char.is_control() => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(char));
            }
            char => quoted.push(char),
        }
    }
    quoted + "\""
}

/// A way to write an object.
#[derive(Clone, Copy, Debug)]
enum Style {
    Block,
    Flow,
    Json,
}

/// Choices, one after the other, from a number that a test case drew.
struct Choices(u64);

impl Choices {
    fn below(&mut self, limit: usize) -> usize {
        // A linear congruential generator (Knuth's constants): what matters is that it repeats.
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

/// Lists whose order says nothing.
const UNORDERED: [&str; 6] = [
    "containers",
    "volumes",
    "volumeMounts",
    "ports",
    "imagePullSecrets",
    "subjects",
];

/// The same object with its keys, and the items of some lists, in another order.
fn reordered(value: &Value, choices: &mut Choices) -> Value {
    match value {
        Value::Scalar(text) => Value::Scalar(text.clone()),
        Value::List(items) => Value::List(items.iter().map(|it| reordered(it, choices)).collect()),
        Value::Map(entries) => {
            let mut entries: Vec<(String, Value)> = entries
                .iter()
                .map(|(key, value)| (key.clone(), reordered(value, choices)))
                .collect();
            for (key, value) in &mut entries {
                if let (true, Value::List(items)) = (UNORDERED.contains(&key.as_str()), value) {
                    choices.shuffle(items);
                }
            }
            choices.shuffle(&mut entries);
            Value::Map(entries)
        }
    }
}

fn flow(value: &Value, space: &str) -> String {
    match value {
        Value::Scalar(text) => text.clone(),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(|item| flow(item, space)).collect();
            format!("[{space}{}{space}]", items.join(&format!(",{space}")))
        }
        Value::Map(entries) => {
            let entries: Vec<String> = entries
                .iter()
                .map(|(key, value)| format!("{}: {}", quoted(key), flow(value, space)))
                .collect();
            format!("{{{space}{}{space}}}", entries.join(&format!(",{space}")))
        }
    }
}

/// Block style, with comments and empty lines where the choices want them.
fn block(value: &Value, indent: usize, choices: &mut Choices, out: &mut String) {
    let pad = " ".repeat(indent);
    let width = 1 + choices.below(4);
    match value {
        Value::Map(entries) if !entries.is_empty() => {
            for (key, value) in entries {
                if choices.below(6) == 0 {
                    let _ = write!(out, "\n{pad}# about {}", key.replace('\n', " "));
                }
                let _ = write!(out, "\n{pad}{}:", quoted(key));
                block(value, indent + width, choices, out);
            }
        }
        Value::List(items) if !items.is_empty() => {
            for item in items {
                let _ = write!(out, "\n{pad}-");
                block(item, indent + 1 + width, choices, out);
            }
        }
        other => {
            let _ = write!(out, " {}", flow(other, " "));
        }
    }
}

fn written(object: &Value, style: Style, choices: &mut Choices) -> String {
    match style {
        Style::Block => {
            let mut text = String::new();
            block(object, 0, choices, &mut text);
            text + "\n"
        }
        Style::Flow => format!("\n{}\n", flow(object, " ")),
        Style::Json => format!("{}\n", flow(object, "\n")),
    }
}

/// Files by name.
type Files = BTreeMap<String, String>;

/// Each object, in some order, in one of a few files.
fn files(objects: &[Value], choices: &mut Choices) -> Files {
    let mut files = Files::new();
    let count = 1 + choices.below(4);
    for (number, object) in objects.iter().enumerate() {
        let style = [Style::Block, Style::Flow, Style::Json][choices.below(3)];
        let text = written(object, style, choices);
        if let Style::Json = style {
            files.insert(format!("{}-{number}.json", choices.below(10)), text);
        } else {
            let file = files
                .entry(format!("dir/{}.yaml", choices.below(count)))
                .or_default();
            let comment = ["", "# moved\n", "\n\n"][choices.below(3)];
            file.push_str(&format!("{comment}---{text}"));
        }
    }
    files
}

fn resources(files: &Files) -> Vec<Resource> {
    let mut resources = Vec::new();
    for (name, text) in files {
        let source = Source::new(name.as_str(), text.as_str());
        let is_json = Path::new(name).extension().is_some_and(|it| it == "json");
        let parse = if is_json { parse_json } else { parse_yaml };
        let parsed = parse(source, ENGINE.keys(), &Limits::default());
        assert!(parsed.errors.is_empty(), "{text}\n{:?}", parsed.errors);
        let document = Arc::new(parsed.document);
        let fields = ENGINE.views().fields();
        for root in document.roots() {
            resources.extend(recognise(&document, root, fields).resources);
        }
    }
    resources
}

fn record(files: &Files) -> ReportRecord {
    let inventory = Arc::new(Inventory::new(resources(files)));
    let relations = ENGINE.relations(&inventory);
    let evaluation = ENGINE.evaluate(&relations);
    let infos = ENGINE.infos().unwrap().into_iter();
    let controls = infos.zip(&evaluation.counts).map(|(info, counts)| {
        ControlResult::new(info, counts.passed, counts.failed, counts.unknown)
    });
    let evaluated = Evaluated {
        target: Target {
            kind: "files",
            root: ".".to_owned(),
            paths: Vec::new(),
            kubernetes_version: ENGINE.kubernetes_version(),
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
        is_cluster: false,
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
        ENGINE.details(&relations, &pairs.collect::<Vec<_>>())
    };
    recorded(&funnel(evaluated, &settings, &describe))
}

/// What a comparison looks at.
fn recorded(report: &Report) -> ReportRecord {
    let findings = report.findings.iter().map(|finding| {
        let resource = &report.inventory.resources[finding.resource as usize];
        let detail = finding.detail.as_deref().unwrap();
        FindingRecord {
            control: report.controls[finding.control as usize].info.id.clone(),
            severity: finding.severity,
            state: finding.state,
            fingerprint: detail.fingerprint.clone(),
            resource: ResourceName {
                api_version: resource.api_version.to_string(),
                kind: resource.kind.to_string(),
                namespace: resource.namespace.as_deref().map(str::to_owned),
                name: resource.name.to_string(),
                generate_name: None,
            },
            container: detail.container.clone(),
            message: detail.message.clone(),
            path: detail.path.clone(),
            place: Place {
                file: detail.location.file().to_owned(),
                line: detail.location.start().line,
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
    });
    let controls = report.controls.iter().map(|control| ControlRecord {
        id: control.info.id.clone(),
        title: String::new(),
        severity: control.info.severity,
        why: String::new(),
        remediation: String::new(),
        references: Vec::new(),
        aliases: Vec::new(),
    });
    ReportRecord {
        controls: controls.collect(),
        findings: findings.collect(),
        ..ReportRecord::default()
    }
}

fn compared(base: &Files, head: &Files) -> Comparison {
    compare(("base", record(base)), ("head", record(head)))
}

/// Kind, namespace and name: a cluster has one object of each. Where a folder has several, the first one in the
/// order of the files is what others refer to, so that their order says something.
fn identity(object: &Value) -> [String; 3] {
    let field = |value: &Value, name: &str| match value {
        Value::Map(entries) => entries
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.clone()),
        _ => None,
    };
    let text = |value: Option<Value>| match value {
        Some(Value::Scalar(text)) => text,
        _ => String::new(),
    };
    let metadata = field(object, "metadata").unwrap_or(Value::List(Vec::new()));
    [
        text(field(object, "kind")),
        text(field(&metadata, "namespace")),
        text(field(&metadata, "name")),
    ]
}

/// Some objects, and a number that choices come from.
fn objects() -> impl Strategy<Value = (Vec<Value>, u64)> {
    let count = OBJECTS.len();
    let picked = subsequence((0..count).collect::<Vec<_>>(), 2..14);
    (picked, any::<u64>()).prop_map(|(picked, seed)| {
        let mut seen = BTreeSet::new();
        let objects = picked.into_iter().map(|at| OBJECTS[at].clone());
        let once = objects.filter(|object| seen.insert(identity(object)));
        (once.collect(), seed)
    })
}

fn list(comparison: &Comparison, change: Change) -> Vec<String> {
    let findings = comparison.of(change);
    findings
        .map(|it| {
            let finding = &it.finding;
            format!(
                "{} {} {:?} {}",
                finding.control, finding.path, finding.resource, finding.place.file
            )
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_moved_reordered_or_reformatted_is_unchanged((objects, seed) in objects()) {
        let choices = &mut Choices(seed);
        let base = files(&objects, choices);
        let mut turned: Vec<Value> = objects.iter().map(|it| reordered(it, choices)).collect();
        choices.shuffle(&mut turned);
        let head = files(&turned, choices);
        let comparison = compared(&base, &head);
        let nothing: Vec<String> = Vec::new();
        prop_assert_eq!(list(&comparison, Change::New), nothing.clone(), "{:#?}\n{:#?}", base, head);
        prop_assert_eq!(list(&comparison, Change::Fixed), nothing);
    }
}

#[test]
fn the_property_can_fail() {
    let pod = |privileged: bool| {
        let text = format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec:\n  containers:\n  - name: c\n    image: x\n    securityContext: {{privileged: {privileged}}}\n"
        );
        Files::from([("a.yaml".to_owned(), text)])
    };
    let worse = compared(&pod(false), &pod(true));
    let found = list(&worse, Change::New);
    assert!(
        found
            .iter()
            .any(|it| it.starts_with("privileged-container ")),
        "{found:?}"
    );
    assert!(!list(&compared(&pod(true), &pod(false)), Change::Fixed).is_empty());
}
