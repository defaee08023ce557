//! Frameworks: a benchmark's requirements in its own numbering and order.

use std::collections::{BTreeSet, HashSet};
use std::fmt;
use std::sync::Arc;

use document::{NodeRef, Source, Span};
use model::{KubernetesVersion, in_groups};

use crate::bytes::{DecodeError, Reader, Write};
use crate::control::VersionRange;
use crate::date::is_date;
use crate::diagnostic::Diagnostic;
use crate::encode::read_version;
use crate::fields::{Fields, Sink, parse_yaml, span_of};
use crate::parse::read_versions;

/// A published benchmark.
#[derive(Clone, PartialEq, Debug)]
pub struct FrameworkDefinition {
    /// The file's name.
    pub id: String,
    /// Our title.
    pub title: String,
    /// The benchmark's version.
    pub version: String,
    /// Where it is published.
    pub source: String,
    /// The day of the edition, or on which the source was read: `YYYY-MM-DD`.
    pub date: Option<String>,
    /// Why the file leaves out a part of the publication.
    pub partial: Option<String>,
    /// The version of Kubernetes that it assumes when nobody says otherwise.
    pub kubernetes: Option<KubernetesVersion>,
    /// In the benchmark's order.
    pub requirements: Vec<Requirement>,
}

/// One item of a framework.
#[derive(Clone, PartialEq, Debug)]
pub struct Requirement {
    /// The benchmark's number.
    pub id: String,
    /// Our title.
    pub title: String,
    /// The section or tactic that it belongs to.
    pub group: Option<String>,
    /// Where it applies.
    pub kubernetes: VersionRange,
    /// Controls that evidence it.
    pub controls: Vec<String>,
    /// What an auditor does; beside controls, what these leave open.
    pub manual: Option<String>,
}

/// How much of a requirement controls decide.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Evidence {
    /// All of it.
    Automated,
    /// A part; the rest is for an auditor.
    Partly,
    /// Nothing.
    Manual,
}

impl Evidence {
    /// The word that stands in lists and pages.
    pub fn as_str(self) -> &'static str {
        match self {
            Evidence::Automated => "automated",
            Evidence::Partly => "partly",
            Evidence::Manual => "manual",
        }
    }
}

impl Requirement {
    /// How much of it controls decide.
    pub fn evidence(&self) -> Evidence {
        match (self.controls.is_empty(), &self.manual) {
            (true, _) => Evidence::Manual,
            (false, Some(_)) => Evidence::Partly,
            (false, None) => Evidence::Automated,
        }
    }
}

/// How much of a framework controls decide.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Coverage {
    /// Number of requirements.
    pub requirements: usize,
    /// Of them, decided by controls.
    pub automated: usize,
    /// Decided in part, the rest is for an auditor.
    pub partly: usize,
    /// For an auditor.
    pub manual: usize,
    /// Number of different controls that are named.
    pub controls: usize,
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} requirements: {} automated, {} partly, {} manual; {} controls",
            self.requirements, self.automated, self.partly, self.manual, self.controls
        )
    }
}

/// A framework, and where its file names controls.
#[derive(Debug)]
pub(crate) struct LocatedFramework {
    pub(crate) definition: FrameworkDefinition,
    pub(crate) control_names: Vec<(String, Span)>,
}

impl FrameworkDefinition {
    /// Reads a framework file. Whether its controls exist is for [`crate::Builder`] to say.
    pub fn parse(source: &Arc<Source>) -> Result<Self, Vec<Diagnostic>> {
        Ok(FrameworkDefinition::parse_located(source)?.definition)
    }

    pub(crate) fn parse_located(source: &Arc<Source>) -> Result<LocatedFramework, Vec<Diagnostic>> {
        let document = parse_yaml(source)?;
        let mut sink = Sink::new(source);
        let framework = sink.root(&document).map(|fields| LocatedFramework {
            definition: read_framework(fields, source.name(), &mut sink),
            control_names: control_names(fields),
        });
        match framework {
            Some(framework) if sink.found.is_empty() => Ok(framework),
            _ => Err(sink.found),
        }
    }

    /// The ids of all the controls that its requirements name, each once, in order.
    pub fn control_ids(&self) -> BTreeSet<&str> {
        let requirements = self.requirements.iter();
        requirements
            .flat_map(|item| item.controls.iter().map(String::as_str))
            .collect()
    }

    /// How much of it controls decide.
    pub fn coverage(&self) -> Coverage {
        let count = |evidence| {
            let requirements = self.requirements.iter();
            requirements
                .filter(|item| item.evidence() == evidence)
                .count()
        };
        Coverage {
            requirements: self.requirements.len(),
            automated: count(Evidence::Automated),
            partly: count(Evidence::Partly),
            manual: count(Evidence::Manual),
            controls: self.control_ids().len(),
        }
    }

    /// Its requirements by group, in the order in which the groups are first named.
    pub fn groups(&self) -> Vec<(Option<&str>, Vec<&Requirement>)> {
        in_groups(&self.requirements, |item| item.group.as_deref())
    }

    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        for text in [&self.id, &self.title, &self.version, &self.source] {
            out.text(text);
        }
        for text in [&self.date, &self.partial] {
            out.option(text.as_ref(), |out, text| out.text(text));
        }
        out.option(self.kubernetes.as_ref(), |out, it| {
            out.number(it.minor.into());
        });
        out.list(&self.requirements, |out, requirement| {
            out.text(&requirement.id);
            out.text(&requirement.title);
            out.option(requirement.group.as_ref(), |out, group| out.text(group));
            requirement.kubernetes.write(out);
            out.texts(&requirement.controls);
            out.option(requirement.manual.as_ref(), |out, manual| out.text(manual));
        });
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(FrameworkDefinition {
            id: reader.text()?,
            title: reader.text()?,
            version: reader.text()?,
            source: reader.text()?,
            date: reader.option(Reader::text)?,
            partial: reader.option(Reader::text)?,
            kubernetes: reader.option(read_version)?,
            requirements: reader.list(|reader| {
                Ok(Requirement {
                    id: reader.text()?,
                    title: reader.text()?,
                    group: reader.option(Reader::text)?,
                    kubernetes: VersionRange::read(reader)?,
                    controls: reader.texts()?,
                    manual: reader.option(Reader::text)?,
                })
            })?,
        })
    }
}

fn read_framework(fields: Fields<'_>, file: &str, sink: &mut Sink) -> FrameworkDefinition {
    let known = [
        "id",
        "title",
        "version",
        "source",
        "date",
        "partial",
        "kubernetes",
        "requirements",
    ];
    fields.expect_only(&known, sink);
    let items = fields.list("requirements", sink);
    if items.is_empty() {
        fields.missing("requirements", sink);
    }
    repeated_ids(&items, sink);
    FrameworkDefinition {
        id: read_id(fields, file, sink),
        title: fields.required_text("title", sink).to_owned(),
        version: fields.required_text("version", sink).to_owned(),
        source: fields.required_text("source", sink).to_owned(),
        date: read_date(fields, sink),
        partial: optional_text("partial", fields, sink),
        kubernetes: read_minor(fields, sink),
        requirements: items
            .into_iter()
            .map(|item| read_requirement(Fields::new(item), sink))
            .collect(),
    }
}

fn read_id(fields: Fields<'_>, file: &str, sink: &mut Sink) -> String {
    let id = fields.required_text("id", sink).to_owned();
    let stem = file
        .rsplit('/')
        .next()
        .and_then(|name| name.strip_suffix(".yaml").or(name.strip_suffix(".yml")));
    if let (Some(stem), Some(node)) = (stem, fields.get("id"))
        && stem != id
    {
        sink.error(
            span_of(node),
            format!("`id` must be the file's name, `{stem}`"),
        );
    }
    id
}

fn read_date(fields: Fields<'_>, sink: &mut Sink) -> Option<String> {
    let node = fields.get("date")?;
    let text = node.as_str().filter(|text| is_date(text));
    if text.is_none() {
        sink.error(span_of(node), "`date` must be a day such as \"2026-01-31\"");
    }
    text.map(str::to_owned)
}

fn read_minor(fields: Fields<'_>, sink: &mut Sink) -> Option<KubernetesVersion> {
    let node = fields.get("kubernetes")?;
    let version = node.as_str().and_then(|text| text.parse().ok());
    if version.is_none() {
        sink.error(
            span_of(node),
            "`kubernetes` must be a version such as \"1.25\"",
        );
    }
    version
}

fn optional_text(key: &str, fields: Fields<'_>, sink: &mut Sink) -> Option<String> {
    fields.get(key)?;
    Some(fields.required_text(key, sink).to_owned())
}

fn read_requirement(fields: Fields<'_>, sink: &mut Sink) -> Requirement {
    let known = ["id", "title", "group", "controls", "manual", "kubernetes"];
    fields.expect_only(&known, sink);
    let controls = fields.texts("controls", sink);
    let manual = optional_text("manual", fields, sink);
    if controls.is_empty() && manual.is_none() {
        let span = span_of(fields.node);
        sink.error(span, "a requirement needs `controls`, `manual`, or both");
    }
    Requirement {
        id: fields.required_text("id", sink).to_owned(),
        title: fields.required_text("title", sink).to_owned(),
        group: optional_text("group", fields, sink),
        kubernetes: read_versions(fields, sink),
        controls,
        manual,
    }
}

fn repeated_ids(items: &[NodeRef<'_>], sink: &mut Sink) {
    let mut seen = HashSet::new();
    for item in items {
        let Some(node) = item.get_str("id") else {
            continue;
        };
        let id = node.as_str().unwrap_or_default().trim();
        if !seen.insert(id) {
            sink.error(
                span_of(node),
                format!("the requirement `{id}` is given twice"),
            );
        }
    }
}

fn control_names(fields: Fields<'_>) -> Vec<(String, Span)> {
    let requirements = fields.get("requirements").into_iter();
    requirements
        .flat_map(NodeRef::items)
        .filter_map(|item| item.get_str("controls"))
        .flat_map(NodeRef::items)
        .filter_map(|name| Some((name.as_str()?.to_owned(), span_of(name))))
        .collect()
}

#[cfg(test)]
mod tests;
