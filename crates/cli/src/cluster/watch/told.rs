//! What was told of each object, and what that makes of another look at it.

use std::collections::{BTreeMap, BTreeSet};

use model::{Report, State};

use crate::answers;

/// The findings of each object by what it is called: by fingerprint.
pub(super) type Known = BTreeMap<String, BTreeMap<String, Told>>;

/// A finding that was told.
pub(super) struct Told {
    control: u32,
    line: String,
}

/// The findings that count, by object.
pub(super) fn told(report: &Report) -> Known {
    let mut known = Known::new();
    for finding in &report.findings {
        let Some(detail) = &finding.detail else {
            continue;
        };
        if finding.state != State::New || finding.superseded_by.is_some() {
            continue;
        }
        let resource = &report.inventory.resources[finding.resource as usize];
        let control = &report.controls[finding.control as usize].info;
        let name = detail.location.file();
        let namespace = resource
            .namespace
            .as_deref()
            .map_or(String::new(), |it| format!("{it}/"));
        let line = format!(
            "{name}: {} {}: {} ({} {namespace}{})",
            finding.severity.as_str(),
            control.id,
            detail.message,
            resource.kind,
            resource.name
        );
        let of_object = known.entry(name.to_owned()).or_default();
        let told = Told {
            control: finding.control,
            line: answers::clean(&line),
        };
        of_object.insert(detail.fingerprint.clone(), told);
    }
    known
}

/// What appeared and went of some controls, a line each; from then on that is known.
pub(super) fn differences(
    report: &Report,
    changed: &BTreeSet<String>,
    known: &mut Known,
    is_told: &dyn Fn(u32) -> bool,
) -> String {
    let mut now = told(report);
    let mut lines = String::new();
    for name in changed {
        let (before, kept): (BTreeMap<String, Told>, BTreeMap<String, Told>) = known
            .remove(name)
            .unwrap_or_default()
            .into_iter()
            .partition(|(_, told)| is_told(told.control));
        let mut after = now.remove(name).unwrap_or_default();
        let gone = before.iter().filter(|(id, _)| !after.contains_key(*id));
        let new = after.iter().filter(|(id, _)| !before.contains_key(*id));
        gone.for_each(|(_, told)| lines += &format!("- {}\n", told.line));
        new.for_each(|(_, told)| lines += &format!("+ {}\n", told.line));
        after.extend(kept);
        if !after.is_empty() {
            known.insert(name.clone(), after);
        }
    }
    lines
}
