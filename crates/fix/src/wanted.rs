//! Findings that are to be fixed, and what their fixes do to the resources.

use std::collections::BTreeMap;
use std::sync::Arc;

use document::edit::NewValue;
use document::{Keys, Limits, Path, Source};
use model::{Detail, Finding, Fix, FixOperation, Report, Resource, State};

use crate::Choice;

/// One thing to do to a resource.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Operation {
    /// From the root of the resource.
    pub(crate) path: Path,
    pub(crate) kind: OperationKind,
}

/// What to do.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum OperationKind {
    Set(NewValue),
    Append(NewValue),
    Remove,
}

impl Operation {
    /// `None` for a path or a value that cannot be read.
    fn new(fix: &Fix) -> Option<Self> {
        let path: Path = fix.path.parse().ok()?;
        let value = || json(fix.value.as_deref()?);
        Some(Operation {
            path,
            kind: match fix.operation {
                FixOperation::Set => OperationKind::Set(value()?),
                FixOperation::Append => OperationKind::Append(value()?),
                FixOperation::Remove => OperationKind::Remove,
            },
        })
    }
}

fn json(text: &str) -> Option<NewValue> {
    let keys = Arc::new(Keys::new([]));
    let parsed = document::parse_json(Source::new("fix", text), &keys, &Limits::default());
    let root = parsed.document.root(0)?;
    parsed.errors.is_empty().then(|| NewValue::of(root))
}

/// A finding that is to be fixed.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    /// The same in every scan.
    pub(crate) id: String,
    /// Position in the report.
    pub(crate) finding: usize,
    pub(crate) operations: Vec<Operation>,
    /// Positions of the resources: several where renderings share the finding.
    pub(crate) resources: Vec<u32>,
}

/// Why a finding of a report is not even tried.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Untried {
    /// Its control has no fix that is right everywhere.
    NoFix,
    /// Nobody allowed it.
    NotAllowed,
}

/// The findings of a report that count, parted by whether they are to be fixed.
pub(crate) fn wanted(report: &Report, choice: &dyn Choice) -> (Vec<Wanted>, Vec<(usize, Untried)>) {
    let mut wanted = Vec::new();
    let mut untried = Vec::new();
    let mut counted: BTreeMap<String, usize> = BTreeMap::new();
    for (index, finding) in report.findings.iter().enumerate() {
        let Some(detail) = finding.detail.as_deref().filter(|_| counts(finding)) else {
            continue;
        };
        let control = &report.controls[finding.control as usize].info;
        let operations = detail.fixes.iter().map(Operation::new);
        let operations: Option<Vec<Operation>> = operations.collect();
        let Some(operations) = operations.filter(|all| !all.is_empty()) else {
            untried.push((index, Untried::NoFix));
            continue;
        };
        if !detail.fixes.iter().all(|fix| choice.allows(control, fix)) {
            untried.push((index, Untried::NotAllowed));
            continue;
        }
        let mut id = identity(report, finding, detail);
        for fix in &detail.fixes {
            id.push_str(&format!(" {} {}", fix.operation.as_str(), fix.path));
        }
        let ordinal = counted.entry(id.clone()).or_default();
        *ordinal += 1;
        wanted.push(Wanted {
            id: format!("{id} {ordinal}"),
            finding: index,
            operations,
            resources: resources_of(finding, detail),
        });
    }
    (wanted, untried)
}

/// Whether a finding is there to be fixed: what somebody accepted stays.
fn counts(finding: &Finding) -> bool {
    finding.state == State::New
}

/// The resources that share a finding.
pub(crate) fn resources_of(finding: &Finding, detail: &Detail) -> Vec<u32> {
    if detail.instances.is_empty() {
        return vec![finding.resource];
    }
    let instances = detail.instances.iter();
    instances.map(|instance| instance.resource).collect()
}

fn identity(report: &Report, finding: &Finding, detail: &Detail) -> String {
    format!(
        "{} {} {}",
        report.controls[finding.control as usize].info.id,
        group_of(report, finding.resource),
        resource_words(&report.inventory.resources[finding.resource as usize]),
    ) + &detail
        .container
        .as_ref()
        .map_or(String::new(), |name| format!(" {name}"))
}

/// What a resource is a part of: the rendering, or the file.
pub(crate) fn group_of(report: &Report, resource: u32) -> String {
    let Some(resource) = report.inventory.resources.get(resource as usize) else {
        return String::new();
    };
    match resource.rendered {
        Some(rendered) => {
            let entry = report.inventory.entries.get(rendered.entry as usize);
            entry.map_or(String::new(), |entry| format!("entry {}", entry.name()))
        }
        None => format!("file {}", resource.object().place().source.name()),
    }
}

/// A resource, as people name it: `Deployment shop/web`.
pub fn resource_words(resource: &Resource) -> String {
    let namespace = resource.namespace.as_deref();
    let namespace = namespace.map_or(String::new(), |own| format!("{own}/"));
    let name = match resource.generate_name.as_deref() {
        Some(name) if resource.name.is_empty() => name,
        _ => &resource.name,
    };
    format!("{} {namespace}{name}", resource.kind)
}
