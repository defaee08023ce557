//! A report apart from the inventory it was made of: what a report on disk still says, and all that a comparison needs.

use std::ops::Range;

use crate::problem::ProblemLevel;
use crate::provenance::OriginRecord;
use crate::report::{AppliedException, Fix, State};
use crate::severity::Severity;

/// Who a resource is.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct ResourceName {
    /// `group/version`, or the version alone for the core group.
    pub api_version: String,
    /// Kind.
    pub kind: String,
    /// Namespace, when the manifest names one.
    pub namespace: Option<String>,
    /// Its name; empty when it has none.
    pub name: String,
    /// What the API server makes its name from, when it has none.
    pub generate_name: Option<String>,
}

impl ResourceName {
    /// The API group: empty for the core group.
    pub fn group(&self) -> &str {
        self.api_version
            .split_once('/')
            .map_or("", |(group, _)| group)
    }
}

/// A place in a file in numbers from 1, columns in characters; the end is behind the last character.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Place {
    /// The file, relative to the root of the scan.
    pub file: String,
    /// First line.
    pub line: u32,
    /// First column.
    pub column: u32,
    /// Last line.
    pub end_line: u32,
    /// The column behind the last character.
    pub end_column: u32,
}

/// Lines around a place, with secrets masked.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Excerpt {
    /// The number of the first line.
    pub first_line: u32,
    /// The lines.
    pub lines: Vec<String>,
    /// Of a line that is too long only a part is there; the characters of it that are meant.
    pub part: Option<Range<usize>>,
}

/// Another thing in the chain of a finding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RelatedName {
    /// Its part in the chain.
    pub role: String,
    /// Who it is; a subject that no resource describes has no API version.
    pub resource: ResourceName,
}

/// One of several renderings that share a finding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InstanceRecord {
    /// What was rendered.
    pub entry: String,
    /// The resource there.
    pub resource: ResourceName,
    /// What makes it the same finding in this rendering in another scan.
    pub fingerprint: String,
}

/// What a rendering adds to a finding.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct RenderedRecord {
    /// What was rendered.
    pub entry: String,
    /// Which YAML document of the rendering, from 1.
    pub document: u32,
    /// The line in that document, from 1.
    pub line: u32,
    /// How what stands there came to be, nearest cause first.
    pub origins: Vec<OriginRecord>,
    /// All the renderings that share the finding, when there are several.
    pub instances: Vec<InstanceRecord>,
}

impl RenderedRecord {
    /// The entries that have the finding, the first one's own.
    pub fn entries(&self) -> Vec<&str> {
        let mut entries = vec![self.entry.as_str()];
        for instance in &self.instances {
            if !entries.contains(&instance.entry.as_str()) {
                entries.push(&instance.entry);
            }
        }
        entries
    }
}

/// A finding as a report tells it.
#[derive(Clone, PartialEq, Debug)]
pub struct FindingRecord {
    /// The id of its control.
    pub control: String,
    /// After overrides.
    pub severity: Severity,
    /// Whether it counts.
    pub state: State,
    /// What makes it the same finding in another scan.
    pub fingerprint: String,
    /// The resource to change.
    pub resource: ResourceName,
    /// The container, where the scope is inside one.
    pub container: Option<String>,
    /// The control's message for this place.
    pub message: String,
    /// Path from the root of the resource.
    pub path: String,
    /// Where the author changes it.
    pub place: Place,
    /// What stands there, redacted where it may be a secret.
    pub evidence: Option<String>,
    /// What its rendering adds, when it was rendered.
    pub rendered: Option<Box<RenderedRecord>>,
    /// Edits that make it go away.
    pub fixes: Vec<Fix>,
    /// The others in the chain.
    pub related: Vec<RelatedName>,
    /// Who accepted it.
    pub exception: Option<AppliedException>,
    /// Another finding of the report at the same place says more (its position).
    pub superseded_by: Option<u32>,
    /// The lines, where they are at hand.
    pub excerpt: Option<Excerpt>,
}

/// A control as a report tells it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ControlRecord {
    /// Its id.
    pub id: String,
    /// One line.
    pub title: String,
    /// Before overrides that hold in places only.
    pub severity: Severity,
    /// What an attacker could do; empty where the report does not say.
    pub why: String,
    /// What to change; empty where the report does not say.
    pub remediation: String,
    /// Where the facts come from.
    pub references: Vec<String>,
    /// Other scanners and their ids for the same.
    pub aliases: Vec<(String, Vec<String>)>,
}

/// A problem as a report tells it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProblemRecord {
    /// What it does to the outcome.
    pub level: ProblemLevel,
    /// The word for its kind; reports of other versions may have kinds of their own.
    pub kind: String,
    /// The path it is about; empty when it is about no file.
    pub file: String,
    /// The line, when one can be named.
    pub line: Option<u32>,
    /// One sentence.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

/// A report without its inventory.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ReportRecord {
    /// The version of the tool that made it.
    pub tool_version: String,
    /// `YYYY-MM-DD`.
    pub date: String,
    /// The version of Kubernetes that controls assumed.
    pub kubernetes_version: String,
    /// What the names of its files begin with and those of another report do not: `old/`; empty without it.
    pub root: String,
    /// Number of resources.
    pub resources: usize,
    /// Every control that was asked for, in order of the ids.
    pub controls: Vec<ControlRecord>,
    /// All findings, in the order of the report.
    pub findings: Vec<FindingRecord>,
    /// What could not be evaluated.
    pub problems: Vec<ProblemRecord>,
}

impl ReportRecord {
    /// The name of a file as another report may know it too.
    pub fn shared_name<'n>(&self, file: &'n str) -> &'n str {
        file.strip_prefix(self.root.as_str()).unwrap_or(file)
    }

    /// The control with an id.
    pub fn control(&self, id: &str) -> Option<&ControlRecord> {
        let by_id = |control: &ControlRecord| control.id.as_str().cmp(id);
        let index = self.controls.binary_search_by(by_id).ok()?;
        self.controls.get(index)
    }
}
