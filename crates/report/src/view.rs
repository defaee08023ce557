//! A finding with everything that renderers say of it, and counts over a report.

use std::collections::BTreeMap;

use model::{ControlResult, Detail, Finding, Report, Resource, ResourceName, Severity, State};

/// A finding with its control, resource and texts.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    /// The finding's place in the report.
    pub(crate) index: u32,
    pub(crate) finding: &'a Finding,
    pub(crate) detail: &'a Detail,
    pub(crate) control: &'a ControlResult,
    pub(crate) resource: &'a Resource,
}

impl<'a> View<'a> {
    /// `Deployment shop/web`, or without the namespace when the manifest names none.
    pub(crate) fn resource_name(&self) -> String {
        resource_name(self.resource)
    }

    pub(crate) fn id(&self) -> &'a str {
        &self.control.info.id
    }
}

/// `Deployment shop/web`, or without the namespace when the manifest names none.
pub(crate) fn resource_name(resource: &Resource) -> String {
    told(
        &resource.kind,
        resource.namespace.as_deref(),
        &resource.name,
        resource.generate_name.as_deref(),
    )
}

/// The same of a resource whose name is all that is known.
pub(crate) fn name_text(resource: &ResourceName) -> String {
    told(
        &resource.kind,
        resource.namespace.as_deref(),
        &resource.name,
        resource.generate_name.as_deref(),
    )
}

fn told(kind: &str, namespace: Option<&str>, name: &str, generate_name: Option<&str>) -> String {
    let name = match (name, generate_name) {
        ("", Some(prefix)) => format!("{prefix}*"),
        ("", None) => "(no name)".to_owned(),
        (name, _) => name.to_owned(),
    };
    match namespace {
        Some(namespace) => format!("{kind} {namespace}/{name}"),
        None => format!("{kind} {name}"),
    }
}

/// All findings with their texts, in the order of the report.
pub(crate) fn views(report: &Report) -> impl Iterator<Item = View<'_>> {
    (0..).zip(&report.findings).map(|(index, finding)| View {
        index,
        finding,
        detail: finding
            .detail
            .as_deref()
            .expect("invariant: every format but the summary is given detailed findings"),
        control: &report.controls[finding.control as usize],
        resource: &report.inventory.resources[finding.resource as usize],
    })
}

/// The findings that count and are not folded under another one.
pub(crate) fn shown(report: &Report) -> impl Iterator<Item = View<'_>> {
    views(report)
        .filter(|view| view.finding.state == State::New && view.finding.superseded_by.is_none())
}

/// Ids of the controls whose findings are folded under a finding, by the finding's index.
pub(crate) fn folded(report: &Report) -> BTreeMap<u32, Vec<&str>> {
    let mut by_leader: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
    for finding in &report.findings {
        if let (Some(leader), State::New) = (finding.superseded_by, finding.state) {
            let id = report.controls[finding.control as usize].info.id.as_str();
            by_leader.entry(leader).or_default().push(id);
        }
    }
    by_leader
}

/// How many findings count, worst severity first, and how many do not.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) by_severity: [usize; 4],
    /// Of those that count, how many another one at the same place stands for.
    pub(crate) folded: usize,
    pub(crate) baselined: usize,
    pub(crate) excepted: usize,
}

impl Counts {
    pub(crate) fn of(report: &Report) -> Self {
        let mut counts = Counts::default();
        for finding in &report.findings {
            counts.folded +=
                usize::from(finding.state == State::New && finding.superseded_by.is_some());
            match finding.state {
                State::New => counts.by_severity[severity_index(finding.severity)] += 1,
                State::Baselined => counts.baselined += 1,
                State::Excepted => counts.excepted += 1,
            }
        }
        counts
    }

    pub(crate) fn new_findings(&self) -> usize {
        self.by_severity.iter().sum()
    }

    /// `1 critical, 4 high`; only what there is.
    pub(crate) fn words(&self) -> String {
        severity_words(self.by_severity)
    }
}

/// `1 critical, 4 high`; only what there is.
pub(crate) fn severity_words(counts: [usize; 4]) -> String {
    let words: Vec<String> = Severity::ALL
        .iter()
        .zip(counts)
        .filter(|&(_, count)| count > 0)
        .map(|(severity, count)| format!("{count} {severity}"))
        .collect();
    words.join(", ")
}

pub(crate) fn severity_index(severity: Severity) -> usize {
    match severity {
        Severity::Critical => 0,
        Severity::High => 1,
        Severity::Medium => 2,
        Severity::Low => 3,
    }
}

/// `1 finding`, `2 findings`.
pub(crate) fn plural(count: usize, word: &str) -> String {
    if count == 1 {
        format!("1 {word}")
    } else {
        format!("{count} {word}s")
    }
}
