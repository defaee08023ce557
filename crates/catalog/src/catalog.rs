//! A set of controls and frameworks in byte form, decoded part by part when somebody asks.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use document::{Path, Source, Span, Step};
use sha2::{Digest as _, Sha256};

use crate::bytes::{DecodeError, Reader, Write};
use crate::control::{Condition, ControlDefinition, Header, MessagePart, Rendering, Texts};
use crate::diagnostic::Diagnostic;
use crate::framework::{FrameworkDefinition, LocatedFramework};
use crate::parse::{ControlTexts, parse_control};
use crate::suggest::nearest;

/// First bytes of every catalogue; changes with the format.
const MAGIC: &str = "seawall-catalog-2";

/// Controls in order of their ids, and frameworks in order of theirs.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    controls: Vec<Control>,
    frameworks: BTreeMap<String, Part>,
    key_names: Vec<String>,
}

/// A control whose header is decoded and whose other parts still are bytes.
#[derive(Clone, Debug)]
pub struct Control {
    /// For selection.
    pub header: Header,
    condition: Part,
    rendering: Part,
    texts: Part,
}

impl Control {
    /// What evaluation needs.
    pub fn condition(&self) -> Result<Condition, DecodeError> {
        Condition::read(&mut self.condition.reader())
    }

    /// What the texts of findings need.
    pub fn rendering(&self) -> Result<Rendering, DecodeError> {
        Rendering::read(&mut self.rendering.reader())
    }

    /// What people read.
    pub fn texts(&self) -> Result<Texts, DecodeError> {
        Texts::read(&mut self.texts.reader())
    }

    /// SHA-256 over the whole definition as this program writes it: equal for two controls that say the same.
    pub fn digest(&self) -> [u8; 32] {
        let mut header = Vec::new();
        self.header.write(&mut header);
        let parts = [&self.condition, &self.rendering, &self.texts].map(Part::bytes);
        let mut text = Vec::new();
        for bytes in [header.as_slice()].into_iter().chain(parts) {
            text.section(|out| out.extend_from_slice(bytes));
        }
        Sha256::digest(&text).into()
    }

    /// What reports say about it.
    pub fn info(&self) -> Result<model::ControlInfo, DecodeError> {
        let texts = self.texts()?;
        let header = &self.header;
        Ok(model::ControlInfo {
            id: header.id.clone(),
            title: header.title.clone(),
            severity: header.severity,
            profile: header.profile,
            scope: header.scope.as_str().to_owned(),
            since: header.kubernetes.since,
            until: header.kubernetes.until,
            tags: header.tags.clone(),
            why: texts.why,
            remediation: texts.remediation,
            references: texts.references,
            aliases: header.aliases.clone(),
            partial: header.partial.clone(),
            supersedes: header.supersedes.clone(),
        })
    }
}

impl Catalog {
    /// Reads bytes that live as long as the program: nothing is copied.
    pub fn from_static(bytes: &'static [u8]) -> Result<Self, DecodeError> {
        Catalog::read(&Blob::Static(bytes))
    }

    /// Reads bytes that were made at run time.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, DecodeError> {
        Catalog::read(&Blob::Shared(bytes.into()))
    }

    /// The controls in order of their ids.
    pub fn controls(&self) -> &[Control] {
        &self.controls
    }

    /// The control with an id.
    pub fn control(&self, id: &str) -> Option<&Control> {
        let by_id = |control: &Control| control.header.id.as_str().cmp(id);
        let index = self.controls.binary_search_by(by_id).ok()?;
        self.controls.get(index)
    }

    /// The controls that carry a peer's id as an alias, or decide a part of it, in any letter case.
    pub fn by_alias<'c>(&'c self, alias: &'c str) -> impl Iterator<Item = &'c Control> {
        self.controls.iter().filter(move |control| {
            let (aliases, partial) = (&control.header.aliases, &control.header.partial);
            let mut ids = aliases.values().chain(partial.values()).flatten();
            ids.any(|id| id.eq_ignore_ascii_case(alias))
        })
    }

    /// The ids of the frameworks, in order.
    pub fn framework_ids(&self) -> impl Iterator<Item = &str> {
        self.frameworks.keys().map(String::as_str)
    }

    /// The framework with an id.
    pub fn framework(&self, id: &str) -> Option<Result<FrameworkDefinition, DecodeError>> {
        let part = self.frameworks.get(id)?;
        Some(FrameworkDefinition::read(&mut part.reader()))
    }

    /// The field names that the controls mention: for the [`document::Keys`] of a scan.
    pub fn key_names(&self) -> impl Iterator<Item = &str> {
        self.key_names.iter().map(String::as_str)
    }

    /// Adds the contents of another catalogue, which win over those with the same id.
    pub fn extend(&mut self, other: Catalog) {
        for control in other.controls {
            let by_id = |own: &Control| own.header.id.cmp(&control.header.id);
            match self.controls.binary_search_by(by_id) {
                Ok(index) => self.controls[index] = control,
                Err(index) => self.controls.insert(index, control),
            }
        }
        self.frameworks.extend(other.frameworks);
        self.key_names.extend(other.key_names);
    }

    fn read(blob: &Blob) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(blob.bytes());
        if reader.str()? != MAGIC {
            return Err(DecodeError);
        }
        let key_names = reader.texts()?;
        let controls = reader.list(|reader| {
            Ok(Control {
                header: Header::read(&mut Reader::new(reader.section()?))?,
                condition: Part::next(blob, reader)?,
                rendering: Part::next(blob, reader)?,
                texts: Part::next(blob, reader)?,
            })
        })?;
        let frameworks = reader.list(|reader| {
            let id = reader.text()?;
            Ok((id, Part::next(blob, reader)?))
        })?;
        Ok(Catalog {
            controls,
            frameworks: frameworks.into_iter().collect(),
            key_names,
        })
    }
}

#[derive(Clone, Debug)]
enum Blob {
    Static(&'static [u8]),
    Shared(Arc<[u8]>),
}

impl Blob {
    fn bytes(&self) -> &[u8] {
        match self {
            Blob::Static(bytes) => bytes,
            Blob::Shared(bytes) => bytes,
        }
    }
}

/// A section that is not decoded yet.
#[derive(Clone, Debug)]
struct Part {
    blob: Blob,
    range: Range<usize>,
}

impl Part {
    fn next(blob: &Blob, reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let length = reader.section()?.len();
        let end = blob.bytes().len() - reader.rest.len();
        Ok(Part {
            blob: blob.clone(),
            range: end - length..end,
        })
    }

    fn bytes(&self) -> &[u8] {
        &self.blob.bytes()[self.range.clone()]
    }

    fn reader(&self) -> Reader<'_> {
        Reader::new(self.bytes())
    }
}

/// Collects definitions and turns them into the bytes of a [`Catalog`].
#[derive(Debug, Default)]
pub struct Builder {
    controls: BTreeMap<String, (ControlDefinition, Arc<Source>)>,
    frameworks: BTreeMap<String, (LocatedFramework, Arc<Source>)>,
    /// Ids of controls that exist elsewhere.
    known: BTreeSet<String>,
    diagnostics: Vec<Diagnostic>,
}

impl Builder {
    /// An empty set whose frameworks can also name the controls of a catalogue.
    pub fn on(catalog: &Catalog) -> Self {
        let ids = catalog
            .controls
            .iter()
            .map(|control| control.header.id.clone());
        Builder {
            known: ids.collect(),
            ..Builder::default()
        }
    }

    /// Adds a control folder; its mistakes are kept for [`Builder::finish`].
    pub fn control(&mut self, texts: &ControlTexts) {
        match parse_control(texts) {
            Err(mut diagnostics) => {
                // What names it is not to blame as well.
                self.known.insert(texts.folder_name().to_owned());
                self.diagnostics.append(&mut diagnostics);
            }
            Ok(definition) => {
                let id = definition.header.id.clone();
                let source = Arc::clone(&texts.control);
                if let Some((_, other)) = self.controls.insert(id, (definition, source)) {
                    self.report_same_id(&texts.control, &other);
                }
            }
        }
    }

    /// Adds a framework file; its mistakes are kept for [`Builder::finish`].
    pub fn framework(&mut self, source: &Arc<Source>) {
        match FrameworkDefinition::parse_located(source) {
            Err(mut diagnostics) => self.diagnostics.append(&mut diagnostics),
            Ok(framework) => {
                let id = framework.definition.id.clone();
                let framework = (framework, Arc::clone(source));
                if let Some((_, other)) = self.frameworks.insert(id, framework) {
                    self.report_same_id(source, &other);
                }
            }
        }
    }

    fn report_same_id(&mut self, source: &Arc<Source>, other: &Source) {
        self.diagnostics.push(Diagnostic {
            source: Arc::clone(source),
            span: 0..1,
            message: format!("`{}` has the same id", other.name()),
            hint: None,
        });
    }

    /// The bytes of everything that is right, and what is wrong with the rest.
    pub fn finish(mut self) -> (Vec<u8>, Vec<Diagnostic>) {
        self.report_unknown_controls();
        let mut out = Vec::new();
        out.text(MAGIC);
        let key_names: Vec<String> = self.key_names().into_iter().collect();
        out.texts(&key_names);
        out.number(self.controls.len() as u64);
        for (definition, _) in self.controls.values() {
            out.section(|out| definition.header.write(out));
            out.section(|out| definition.condition.write(out));
            out.section(|out| definition.rendering.write(out));
            out.section(|out| definition.texts.write(out));
        }
        out.number(self.frameworks.len() as u64);
        for (id, (framework, _)) in &self.frameworks {
            out.text(id);
            out.section(|out| framework.definition.write(out));
        }
        (out, self.diagnostics)
    }

    fn key_names(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for (definition, _) in self.controls.values() {
            let condition = &definition.condition;
            let rendering = &definition.rendering;
            let expressions = [&condition.when, &condition.each, &condition.fail];
            let holes = rendering.message.iter().filter_map(|part| match part {
                MessagePart::Hole(checked) => Some(checked),
                MessagePart::Text(_) => None,
            });
            let related = rendering.related.iter().map(|related| &related.of);
            let fixes = rendering.fixes.iter();
            let fixes = fixes.flat_map(|fix| fix.when.iter().chain(&fix.of));
            for checked in expressions
                .into_iter()
                .flatten()
                .chain(holes)
                .chain(related)
                .chain(fixes)
            {
                names.extend(checked.key_names().into_iter().map(str::to_owned));
            }
            let fixes = rendering.fixes.iter().map(|fix| &fix.path);
            names.extend(condition.at.iter().chain(fixes).flat_map(path_keys));
        }
        names
    }

    fn report_unknown_controls(&mut self) {
        let exists = |id: &String| self.controls.contains_key(id) || self.known.contains(id);
        let mut missing: Vec<(&str, Span, &Arc<Source>)> = Vec::new();
        for (definition, source) in self.controls.values() {
            let ids = definition.header.supersedes.iter();
            missing.extend(ids.filter(|id| !exists(id)).map(|id| {
                let start = source.text().find(id.as_str()).unwrap_or(0) as u32;
                (id.as_str(), start..start + id.len() as u32, source)
            }));
        }
        for (framework, source) in self.frameworks.values() {
            let names = framework.control_names.iter();
            missing.extend(
                names
                    .filter(|(id, _)| !exists(id))
                    .map(|(id, span)| (id.as_str(), span.clone(), source)),
            );
        }
        let diagnostics = missing.into_iter().map(|(id, span, source)| {
            let known = self.controls.keys().chain(&self.known).map(String::as_str);
            Diagnostic {
                span,
                source: Arc::clone(source),
                message: format!("there is no control `{id}`"),
                hint: nearest(id, known).map(|near| format!("did you mean `{near}`?")),
            }
        });
        let mut diagnostics = diagnostics.collect();
        self.diagnostics.append(&mut diagnostics);
    }
}

fn path_keys(path: &Path) -> impl Iterator<Item = String> {
    path.0.iter().filter_map(|step| match step {
        Step::Key(key) => Some(key.to_string()),
        Step::Index(_) => None,
    })
}

#[cfg(test)]
mod tests;
