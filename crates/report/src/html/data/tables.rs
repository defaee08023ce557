//! What many findings share, each thing once, in the order in which findings name them first.

use std::collections::{BTreeMap, HashMap};

use model::{AppliedException, ControlRecord, Excerpt, ResourceName};
use serde::Serialize;

use crate::html::Findings;
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
    /// For each file, lines by their number.
    lines: Vec<BTreeMap<u32, Foreign<'r>>>,
}

#[derive(Serialize)]
struct Control<'r> {
    id: Foreign<'r>,
    title: Foreign<'r>,
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
    findings: &'r Findings<'r>,
    controls: Numbered<&'r str>,
    resources: Numbered<&'r ResourceName>,
    files: Numbered<&'r str>,
    lines: Vec<BTreeMap<u32, Foreign<'r>>>,
    exceptions: Vec<&'r AppliedException>,
}

impl<'r> Tables<'r> {
    pub(super) fn new(findings: &'r Findings<'r>) -> Self {
        Tables {
            findings,
            controls: Numbered::new(),
            resources: Numbered::new(),
            files: Numbered::new(),
            lines: Vec::new(),
            exceptions: Vec::new(),
        }
    }

    pub(super) fn control(&mut self, id: &'r str) -> u32 {
        self.controls.position(id)
    }

    pub(super) fn resource(&mut self, name: &'r ResourceName) -> u32 {
        self.resources.position(name)
    }

    pub(super) fn file(&mut self, name: &'r str) -> u32 {
        let position = self.files.position(name);
        self.lines
            .resize_with(self.files.things.len(), BTreeMap::new);
        position
    }

    /// Adds lines of the file at a position.
    pub(super) fn add_lines(&mut self, file: u32, excerpt: &'r Excerpt) {
        let lines = excerpt.lines.iter().map(|line| Foreign(line));
        self.lines[file as usize].extend((excerpt.first_line..).zip(lines));
    }

    /// There are few: a search from the newest finds those that many findings in a row share.
    pub(super) fn exception(&mut self, exception: &'r AppliedException) -> u32 {
        let mut known = self.exceptions.iter();
        let position = known
            .rposition(|known| *known == exception)
            .unwrap_or_else(|| {
                self.exceptions.push(exception);
                self.exceptions.len() - 1
            });
        position as u32
    }

    pub(super) fn finish(self) -> Shared<'r> {
        let findings = self.findings;
        let controls = self.controls.things.iter();
        let resources = self.resources.things.iter().copied().map(resource);
        let exceptions = self.exceptions.iter().map(|exception| Exception {
            reason: Foreign(&exception.reason),
            owner: exception.owner.as_deref().map(Foreign),
            expires: exception.expires.as_deref().map(Foreign),
            at: Foreign(&exception.at),
        });
        Shared {
            controls: controls
                .map(|&id| control(id, findings.control(id)))
                .collect(),
            frameworks: frameworks(findings, &self.controls),
            files: self.files.things.iter().copied().map(Foreign).collect(),
            resources: resources.collect(),
            exceptions: exceptions.collect(),
            lines: self.lines,
        }
    }
}

fn resource(resource: &ResourceName) -> [Foreign<'_>; 4] {
    let name = match &resource.generate_name {
        Some(prefix) if resource.name.is_empty() => prefix,
        _ => &resource.name,
    };
    let namespace = resource.namespace.as_deref().unwrap_or_default();
    [&resource.kind, namespace, name, &resource.api_version].map(Foreign)
}

fn control<'r>(id: &'r str, known: Option<&'r ControlRecord>) -> Control<'r> {
    let text = |of: fn(&ControlRecord) -> &String| Foreign(known.map_or("", |it| of(it).as_str()));
    let aliases = known.iter().flat_map(|control| &control.aliases);
    Control {
        id: Foreign(id),
        title: text(|it| &it.title),
        why: text(|it| &it.why),
        remediation: text(|it| &it.remediation),
        references: known.map_or(Vec::new(), |it| foreign(&it.references)),
        aliases: aliases
            .map(|(peer, ids)| (Foreign(peer), foreign(ids)))
            .collect(),
    }
}

fn foreign(texts: &[String]) -> Vec<Foreign<'_>> {
    texts.iter().map(|text| Foreign(text)).collect()
}

/// The requirements with findings: what a filter offers.
fn frameworks<'r>(findings: &'r Findings<'r>, controls: &Numbered<&str>) -> Vec<Framework<'r>> {
    let frameworks = findings.frameworks.iter().map(|framework| {
        let requirements = framework.requirements.iter().filter_map(|item| {
            let ids = item.controls.iter();
            let found: Vec<u32> = ids
                .filter_map(|id| controls.positions.get(id.as_str()).copied())
                .collect();
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
