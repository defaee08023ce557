//! Frameworks: a benchmark's requirements in its own numbering and order.

use std::sync::Arc;

use document::Source;
use model::KubernetesVersion;

use crate::bytes::{DecodeError, Reader, Write};
use crate::control::VersionRange;
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
    /// Where it applies.
    pub kubernetes: VersionRange,
    /// Controls that evidence it.
    pub controls: Vec<String>,
    /// What an auditor does where no control can.
    pub manual: Option<String>,
}

impl FrameworkDefinition {
    /// Reads a framework file. Whether its controls exist is for [`crate::Builder`] to say.
    pub fn parse(source: &Arc<Source>) -> Result<Self, Vec<Diagnostic>> {
        let document = parse_yaml(source)?;
        let mut sink = Sink::new(source);
        let framework = sink
            .root(&document)
            .map(|fields| read_framework(fields, source.name(), &mut sink));
        match framework {
            Some(framework) if sink.found.is_empty() => Ok(framework),
            _ => Err(sink.found),
        }
    }

    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        for text in [&self.id, &self.title, &self.version, &self.source] {
            out.text(text);
        }
        out.option(self.kubernetes.as_ref(), |out, it| {
            out.number(it.minor.into());
        });
        out.list(&self.requirements, |out, requirement| {
            out.text(&requirement.id);
            out.text(&requirement.title);
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
            kubernetes: reader.option(read_version)?,
            requirements: reader.list(|reader| {
                Ok(Requirement {
                    id: reader.text()?,
                    title: reader.text()?,
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
        "kubernetes",
        "requirements",
    ];
    fields.expect_only(&known, sink);
    let id = fields.required_text("id", sink).to_owned();
    let stem = file
        .rsplit('/')
        .next()
        .and_then(|name| name.split_once(".yaml"));
    if let (Some((stem, _)), Some(node)) = (stem, fields.get("id"))
        && stem != id
    {
        sink.error(
            span_of(node),
            format!("`id` must be the file's name, `{stem}`"),
        );
    }
    let kubernetes = fields.text("kubernetes", sink).and_then(|text| {
        let parsed = text.parse();
        if let (Err(_), Some(node)) = (&parsed, fields.get("kubernetes")) {
            sink.error(
                span_of(node),
                "`kubernetes` must be a version such as \"1.25\"",
            );
        }
        parsed.ok()
    });
    let items = fields.list("requirements", sink);
    if items.is_empty() {
        fields.missing("requirements", sink);
    }
    FrameworkDefinition {
        id,
        title: fields.required_text("title", sink).to_owned(),
        version: fields.required_text("version", sink).to_owned(),
        source: fields.required_text("source", sink).to_owned(),
        kubernetes,
        requirements: items
            .into_iter()
            .map(|item| read_requirement(Fields::new(item), sink))
            .collect(),
    }
}

fn read_requirement(fields: Fields<'_>, sink: &mut Sink) -> Requirement {
    fields.expect_only(&["id", "title", "controls", "manual", "kubernetes"], sink);
    let controls = fields.texts("controls", sink);
    let manual = fields
        .text("manual", sink)
        .map(|text| text.trim().to_owned());
    if controls.is_empty() == manual.is_none() {
        let span = span_of(fields.node);
        sink.error(span, "a requirement has either `controls` or `manual`");
    }
    Requirement {
        id: fields.required_text("id", sink).to_owned(),
        title: fields.required_text("title", sink).to_owned(),
        kubernetes: read_versions(fields, sink),
        controls,
        manual,
    }
}
