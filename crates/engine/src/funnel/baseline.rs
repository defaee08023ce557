//! The findings that a scan knows from before.

use std::collections::BTreeSet;

use model::{Finding, Report, Resource, State};

/// Fingerprints that do not count as new.
pub type Baseline = BTreeSet<String>;

/// A finding as a baseline remembers it: the fingerprint decides, the rest is for people.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct BaselineEntry {
    /// Id of the control.
    pub control: String,
    /// Kind, namespace and name.
    pub resource: String,
    /// Path inside the resource.
    pub path: String,
    /// What makes it the same finding.
    pub fingerprint: String,
}

impl BaselineEntry {
    /// What a new baseline holds: all findings that are not excepted, in every rendering that has them, sorted. The
    /// findings must carry their details.
    pub fn all(report: &Report) -> Vec<BaselineEntry> {
        let findings = report.findings.iter();
        let kept = findings.filter(|finding| finding.state != State::Excepted);
        let mut entries: Vec<_> = kept.flat_map(|finding| of(report, finding)).collect();
        entries.sort();
        entries
    }
}

/// What a baseline holds of one finding.
fn of(report: &Report, finding: &Finding) -> Vec<BaselineEntry> {
    let Some(detail) = finding.detail.as_deref() else {
        return Vec::new();
    };
    let entry = |(resource, fingerprint): (u32, &String)| BaselineEntry {
        control: report.controls[finding.control as usize].info.id.clone(),
        resource: name_of(&report.inventory.resources[resource as usize]),
        path: detail.path.clone(),
        fingerprint: fingerprint.clone(),
    };
    if detail.instances.is_empty() {
        return vec![entry((finding.resource, &detail.fingerprint))];
    }
    let instances = detail.instances.iter();
    instances
        .map(|instance| entry((instance.resource, &instance.fingerprint)))
        .collect()
}

/// Kind, namespace and name.
fn name_of(resource: &Resource) -> String {
    let name = match &resource.generate_name {
        Some(prefix) if resource.name.is_empty() => prefix,
        _ => &resource.name,
    };
    let namespace = resource
        .namespace
        .as_deref()
        .map_or(String::new(), |namespace| format!("{namespace}/"));
    format!("{} {namespace}{name}", resource.kind)
}
