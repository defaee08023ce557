//! What many findings share, each thing once, in the order in which findings name them first.

use std::collections::HashMap;

use model::{AppliedException, Report};
use serde::Serialize;

use super::source::Lines;
use crate::html::foreign::Foreign;

/// The tables, as the script reads them.
#[derive(Serialize)]
pub(super) struct Shared<'r> {
    controls: Vec<Control<'r>>,
    frameworks: Vec<Framework<'r>>,
    files: Vec<Foreign<'r>>,
    /// Kind, namespace, name, API version.
    resources: Vec<[Foreign<'r>; 4]>,
    exceptions: Vec<Exception<'r>>,
    lines: Vec<Lines>,
}

#[derive(Serialize)]
struct Control<'r> {
    id: Foreign<'r>,
    title: Foreign<'r>,
    severity: &'static str,
    why: Foreign<'r>,
    remediation: Foreign<'r>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    references: Vec<Foreign<'r>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    aliases: Vec<(Foreign<'r>, Vec<Foreign<'r>>)>,
}

#[derive(Serialize)]
struct Framework<'r> {
    id: Foreign<'r>,
    title: Foreign<'r>,
    /// Id, title, positions of controls that have findings.
    requirements: Vec<(Foreign<'r>, Foreign<'r>, Vec<u32>)>,
}

#[derive(Serialize)]
struct Exception<'r> {
    reason: Foreign<'r>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<Foreign<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires: Option<Foreign<'r>>,
    at: Foreign<'r>,
}

/// Things by their position in the order of their first mention.
struct Numbered<T> {
    positions: HashMap<T, u32>,
    things: Vec<T>,
}

impl<T: Copy + Eq + std::hash::Hash> Numbered<T> {
    fn new() -> Self {
        Numbered {
            positions: HashMap::new(),
            things: Vec::new(),
        }
    }

    fn position(&mut self, thing: T) -> u32 {
        *self.positions.entry(thing).or_insert_with(|| {
            self.things.push(thing);
            self.things.len() as u32 - 1
        })
    }
}

/// Collects the tables.
pub(super) struct Tables<'r> {
    pub(super) report: &'r Report,
    controls: Numbered<u32>,
    resources: Numbered<u32>,
    files: Numbered<&'r str>,
    lines: Vec<Lines>,
    exceptions: Vec<&'r AppliedException>,
}

impl<'r> Tables<'r> {
    pub(super) fn new(report: &'r Report) -> Self {
        Tables {
            report,
            controls: Numbered::new(),
            resources: Numbered::new(),
            files: Numbered::new(),
            lines: Vec::new(),
            exceptions: Vec::new(),
        }
    }

    /// The position of a control, given by its index in the report.
    pub(super) fn control(&mut self, index: u32) -> u32 {
        self.controls.position(index)
    }

    /// The position of a resource, given by its index in the inventory.
    pub(super) fn resource(&mut self, index: u32) -> u32 {
        self.resources.position(index)
    }

    pub(super) fn file(&mut self, name: &'r str) -> u32 {
        let position = self.files.position(name);
        self.lines.resize_with(self.files.things.len(), Lines::new);
        position
    }

    /// The lines of the file at a position.
    pub(super) fn lines(&mut self, file: u32) -> &mut Lines {
        &mut self.lines[file as usize]
    }

    /// There are few: a search from the newest finds those that many findings in a row share.
    pub(super) fn exception(&mut self, exception: &'r AppliedException) -> u32 {
        let known = self
            .exceptions
            .iter()
            .rposition(|known| *known == exception);
        let position = known.unwrap_or_else(|| {
            self.exceptions.push(exception);
            self.exceptions.len() - 1
        });
        position as u32
    }

    pub(super) fn finish(self) -> Shared<'r> {
        let report = self.report;
        let resources = self.resources.things.iter().map(|&index| {
            let resource = &report.inventory.resources[index as usize];
            let name = match &resource.generate_name {
                Some(prefix) if resource.name.is_empty() => prefix,
                _ => &resource.name,
            };
            let namespace = resource.namespace.as_deref().unwrap_or_default();
            [&resource.kind, namespace, name, &resource.api_version].map(Foreign)
        });
        let exceptions = self.exceptions.iter().map(|exception| Exception {
            reason: Foreign(&exception.reason),
            owner: exception.owner.as_deref().map(Foreign),
            expires: exception.expires.as_deref().map(Foreign),
            at: Foreign(&exception.at),
        });
        Shared {
            controls: self
                .controls
                .things
                .iter()
                .map(|&index| control(report, index))
                .collect(),
            frameworks: frameworks(report, &self.controls),
            files: self.files.things.iter().copied().map(Foreign).collect(),
            resources: resources.collect(),
            exceptions: exceptions.collect(),
            lines: self.lines,
        }
    }
}

fn control(report: &Report, index: u32) -> Control<'_> {
    let info = &report.controls[index as usize].info;
    Control {
        id: Foreign(&info.id),
        title: Foreign(&info.title),
        severity: info.severity.as_str(),
        why: Foreign(&info.why),
        remediation: Foreign(&info.remediation),
        references: foreign(&info.references),
        aliases: info
            .aliases
            .iter()
            .map(|(peer, ids)| (Foreign(peer), foreign(ids)))
            .collect(),
    }
}

fn foreign(texts: &[String]) -> Vec<Foreign<'_>> {
    texts.iter().map(|text| Foreign(text)).collect()
}

/// The requirements with findings: what a filter offers.
fn frameworks<'r>(report: &'r Report, controls: &Numbered<u32>) -> Vec<Framework<'r>> {
    let by_id: HashMap<&str, u32> = (0..)
        .zip(&controls.things)
        .map(|(position, &index)| (report.controls[index as usize].info.id.as_str(), position))
        .collect();
    let frameworks = report.frameworks.iter().map(|framework| {
        let requirements = framework.requirements.iter().filter_map(|item| {
            let found = item.controls.iter().filter_map(|id| by_id.get(id.as_str()));
            let found: Vec<u32> = found.copied().collect();
            (!found.is_empty()).then(|| (Foreign(&item.id), Foreign(&item.title), found))
        });
        Framework {
            id: Foreign(&framework.id),
            title: Foreign(&framework.title),
            requirements: requirements.collect(),
        }
    });
    frameworks.collect()
}
