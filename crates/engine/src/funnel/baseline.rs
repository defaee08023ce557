//! The findings that a scan knows from before.

use std::collections::BTreeSet;

use model::{Report, State};

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
    /// What a new baseline holds: all findings that are not excepted, sorted. The findings must carry
    /// their details.
    pub fn all(report: &Report) -> Vec<BaselineEntry> {
        let mut entries: Vec<_> = report
            .findings
            .iter()
            .filter(|finding| finding.state != State::Excepted)
            .filter_map(|finding| {
                let resource = &report.inventory.resources[finding.resource as usize];
                let detail = finding.detail.as_deref()?;
                let name = match &resource.generate_name {
                    Some(prefix) if resource.name.is_empty() => prefix,
                    _ => &resource.name,
                };
                let namespace = resource
                    .namespace
                    .as_deref()
                    .map_or(String::new(), |namespace| format!("{namespace}/"));
                Some(BaselineEntry {
                    control: report.controls[finding.control as usize].info.id.clone(),
                    resource: format!("{} {namespace}{name}", resource.kind),
                    path: detail.path.clone(),
                    fingerprint: detail.fingerprint.clone(),
                })
            })
            .collect();
        entries.sort();
        entries
    }
}
