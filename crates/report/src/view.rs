//! A finding with everything that renderers say of it, and counts over a report.

use std::collections::{BTreeMap, BTreeSet};

use document::Role;
use model::{
    ControlResult, Detail, Entry, Finding, FindingRecord, Inventory, Origin, OriginRecord, Report,
    Resource, ResourceName, Severity, State,
};

/// A finding with its control, resource and texts.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    /// The finding's place in the report.
    pub(crate) index: u32,
    pub(crate) finding: &'a Finding,
    pub(crate) detail: &'a Detail,
    pub(crate) control: &'a ControlResult,
    pub(crate) resource: &'a Resource,
    inventory: &'a Inventory,
}

impl<'a> View<'a> {
    /// `Deployment shop/web`, or without the namespace when the manifest names none.
    pub(crate) fn resource_name(&self) -> String {
        resource_name(self.resource)
    }

    pub(crate) fn id(&self) -> &'a str {
        &self.control.info.id
    }

    /// The entries whose renderings have the finding, this one's first; none when nothing was rendered.
    pub(crate) fn entries(&self) -> Vec<String> {
        let own = self.detail.rendered.map(|rendered| rendered.entry);
        let shared = self.detail.instances.iter().map(|instance| instance.entry);
        let mut numbers: Vec<u32> = own.into_iter().chain(shared).collect();
        let mut seen = BTreeSet::new();
        numbers.retain(|number| seen.insert(*number));
        let entries = numbers.into_iter();
        entries
            .filter_map(|number| self.inventory.entries.get(number as usize))
            .map(Entry::name)
            .collect()
    }

    /// The places that decided it, nearest first: `value web.privileged at values.yaml:4`. The bases are known from the
    /// entries, the templates from the location.
    pub(crate) fn decided_by(&self) -> Vec<String> {
        let origins = self.detail.origins.iter();
        let decided = origins.filter(|origin| !matches!(origin.role, Role::Base | Role::Template));
        decided.map(Origin::words).collect()
    }

    /// `Deployment shop/web in overlays/prod, by value web.privileged at values.yaml:4`.
    pub(crate) fn story(&self) -> String {
        story(self.resource_name(), &self.entries(), &self.decided_by())
    }
}

/// The same of a finding that is told without its inventory.
pub(crate) fn record_story(finding: &FindingRecord) -> String {
    story(
        name_text(&finding.resource),
        &record_entries(finding),
        &record_decided_by(finding),
    )
}

/// The entries whose renderings have a finding.
pub(crate) fn record_entries(finding: &FindingRecord) -> Vec<&str> {
    let rendered = finding.rendered.iter();
    rendered.flat_map(|rendered| rendered.entries()).collect()
}

/// The places that decided a finding.
pub(crate) fn record_decided_by(finding: &FindingRecord) -> Vec<String> {
    let origins = finding.rendered.iter().flat_map(|it| &it.origins);
    let decided = origins.filter(|origin| !matches!(&*origin.role, "base" | "template"));
    decided.map(OriginRecord::words).collect()
}

fn story(mut story: String, entries: &[impl AsRef<str>], decided_by: &[String]) -> String {
    if let Some(names) = entry_names(entries) {
        story.push_str(&format!(" in {names}"));
    }
    if !decided_by.is_empty() {
        story.push_str(&format!(", by {}", decided_by.join(", ")));
    }
    story
}

/// Names of entries in one text, of many only the first.
pub(crate) fn entry_names(entries: &[impl AsRef<str>]) -> Option<String> {
    const SHOWN: usize = 4;
    let first = entries.iter().take(SHOWN).map(AsRef::as_ref);
    let names = first.collect::<Vec<_>>().join(", ");
    match entries.len() {
        0 => None,
        count if count > SHOWN => Some(format!("{names} and {} more", count - SHOWN)),
        _ => Some(names),
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
        inventory: &report.inventory,
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
