//! A control's own test files: `fail.yaml` says by `# finding` on which lines it must report,
//! `pass.yaml` that it must not. In `fail.Dockerfile` the mark stands alone above the line.

mod header;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use catalog::{Builder, Catalog, ControlTexts, Diagnostic};
use document::{Limits, Source, parse_yaml};
use model::{Inventory, Resource, recognise};

use self::header::TestHeader;
use crate::engine::{Engine, Settings};
use crate::place::location_of;
use crate::selection::Selection;

/// What is wrong at one place of a test file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TestFailure {
    /// The file.
    pub file: String,
    /// The line, from 1; 0 for the whole file.
    pub line: u32,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for TestFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.message)
    }
}

/// How a control did on its own test files.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TestReport {
    /// What is wrong; empty when the control does what its files say.
    pub failures: Vec<TestFailure>,
    /// Number of findings in `fail.yaml`.
    pub findings: usize,
    /// The messages of those findings, with their lines: for people to read.
    pub messages: Vec<String>,
}

/// Runs a control over its own test files. An error when the control itself is wrong.
pub fn test_control(texts: &ControlTexts) -> Result<TestReport, Vec<Diagnostic>> {
    let definition = catalog::parse_control(texts)?;
    let mut builder = Builder::default();
    builder.control(texts);
    // Mistakes that are left concern other controls, which are not here.
    let (bytes, _) = builder.finish();
    let catalog = Catalog::from_bytes(bytes).unwrap_or_default();
    let folder = &definition.texts.folder;
    let mut report = TestReport::default();
    let files = [
        ("fail.yaml", &texts.fail_yaml),
        ("pass.yaml", &texts.pass_yaml),
        ("fail.Dockerfile", &texts.fail_dockerfile),
        ("pass.Dockerfile", &texts.pass_dockerfile),
    ];
    let has_dockerfiles = files[2..].iter().any(|(_, text)| text.is_some());
    let has_manifests = files[..2].iter().any(|(_, text)| text.is_some());
    for (name, text) in files {
        let path = format!("{folder}/{name}");
        let is_dockerfile = name.ends_with(".Dockerfile");
        // One pair is enough.
        let is_needed = if is_dockerfile {
            has_dockerfiles
        } else {
            has_manifests || !has_dockerfiles
        };
        match text {
            None if is_needed => report.failures.push(TestFailure {
                file: path,
                line: 0,
                message: "the file is missing".to_owned(),
            }),
            None => {}
            Some(text) => {
                let mut file = FileTest {
                    source: Source::new(path, text.as_str()),
                    must_fail: name.starts_with("fail."),
                    is_dockerfile,
                    report: &mut report,
                };
                file.run(&catalog);
            }
        }
    }
    Ok(report)
}

struct FileTest<'t> {
    source: Arc<Source>,
    must_fail: bool,
    is_dockerfile: bool,
    report: &'t mut TestReport,
}

impl FileTest<'_> {
    fn fail(&mut self, line: u32, message: String) {
        let file = self.source.name().to_owned();
        let failure = TestFailure {
            file,
            line,
            message,
        };
        self.report.failures.push(failure);
    }

    fn run(&mut self, catalog: &Catalog) {
        let (engine, is_complete) = match engine_for(catalog, self.source.text()) {
            Ok(made) => made,
            Err(message) => return self.fail(1, message),
        };
        let mut inventory = self.inventory(&engine);
        inventory.is_complete = is_complete;
        let relations = engine.relations(&inventory);
        let evaluation = engine.evaluate(&relations);
        for problem in &evaluation.problems {
            let line = problem.location.as_ref().map_or(0, |it| it.start().line);
            self.fail(line, format!("{}: {}", problem.kind, problem.message));
        }
        let mut found: BTreeMap<u32, usize> = BTreeMap::new();
        for (finding, anchor) in evaluation.findings.iter().zip(&evaluation.anchors) {
            let resource = &inventory.resources[finding.resource as usize];
            let line = location_of(resource, finding.node).start().line;
            *found.entry(line).or_default() += 1;
            if self.must_fail {
                self.report.findings += 1;
                let details = engine.details(&relations, &[(*finding, *anchor)]);
                let messages = details
                    .iter()
                    .map(|detail| format!("{line}: {}", detail.message));
                self.report.messages.extend(messages);
            }
        }
        self.compare(&found);
    }

    /// The one object that a Dockerfile is.
    fn dockerfile(&mut self, engine: &Engine) -> Inventory {
        let read = dockerfile::read((&self.source, None), engine.keys(), &Limits::default());
        let (document, mistakes) = match read {
            Ok(read) => (Arc::new(read.document), read.mistakes),
            Err(error) => {
                self.fail(0, error.to_string());
                return Inventory::default();
            }
        };
        for mistake in mistakes {
            let line = self.source.line_column(mistake.span.start).line;
            self.fail(line, mistake.message);
        }
        let fields = engine.views().fields();
        let roots = document.roots();
        let resources = roots.filter_map(|root| Resource::from_root(&document, root, fields));
        Inventory::new(resources.collect())
    }

    fn inventory(&mut self, engine: &Engine) -> Inventory {
        if self.is_dockerfile {
            return self.dockerfile(engine);
        }
        let source = Arc::clone(&self.source);
        let parsed = parse_yaml(source, engine.keys(), &Limits::default());
        for error in &parsed.errors {
            let line = self.source.line_column(error.span.start).line;
            self.fail(line, error.message.clone());
        }
        let document = Arc::new(parsed.document);
        let fields = engine.views().fields();
        let mut resources = Vec::new();
        for root in document.roots() {
            let recognised = recognise(&document, root, fields);
            for (node, _) in &recognised.incomplete {
                let line = self.source.line_column(node.place().span.start).line;
                self.fail(line, "an object without apiVersion or kind".to_owned());
            }
            resources.extend(recognised.resources);
        }
        if resources.is_empty() {
            self.fail(0, "the file holds no manifest".to_owned());
        }
        Inventory::new(resources)
    }

    fn compare(&mut self, found: &BTreeMap<u32, usize>) {
        let expected = if self.is_dockerfile {
            markers_above(self.source.text())
        } else {
            markers(self.source.text())
        };
        if self.must_fail && expected.is_empty() {
            self.fail(0, "no line is marked with `# finding`".to_owned());
        }
        if !self.must_fail && !expected.is_empty() {
            self.fail(
                0,
                "`# finding` has no place in a file that passes".to_owned(),
            );
        }
        let lines: std::collections::BTreeSet<u32> =
            expected.keys().chain(found.keys()).copied().collect();
        for line in lines {
            let (expected, found) = (count(&expected, line), count(found, line));
            if expected != found {
                let text = self.line(line);
                self.fail(
                    line,
                    format!("expected {expected}, found {found} here: {text}"),
                );
            }
        }
    }

    fn line(&self, line: u32) -> String {
        let span = self.source.line_span(line).unwrap_or_default();
        self.source.slice(&span).trim().to_owned()
    }
}

fn count(lines: &BTreeMap<u32, usize>, line: u32) -> usize {
    lines.get(&line).copied().unwrap_or_default()
}

/// The engine that a test file asks for, and whether the file holds all that a cluster has.
fn engine_for(catalog: &Catalog, text: &str) -> Result<(Engine, bool), String> {
    let control = catalog.controls().first().ok_or("the control is damaged")?;
    let header = TestHeader::parse(text, &control.header)?;
    let settings = Settings {
        kubernetes_version: header.kubernetes_version,
        params: header.params,
        ..Settings::default()
    };
    let selection = Selection {
        controls: vec![control.header.id.clone()],
        ..Selection::default()
    };
    let engine = Engine::new(catalog, &selection, &settings).map_err(|error| error.to_string())?;
    Ok((engine, header.is_complete))
}

/// Line → number of findings that its `# finding` says.
fn markers(text: &str) -> BTreeMap<u32, usize> {
    let marker = |(line, text): (u32, &str)| Some((line, marker(text)?));
    (1..).zip(text.lines()).filter_map(marker).collect()
}

/// The same where the mark stands alone above the line, with other comments perhaps.
fn markers_above(text: &str) -> BTreeMap<u32, usize> {
    let mut found = BTreeMap::new();
    let mut open = 0;
    for (line, text) in (1..).zip(text.lines()) {
        if text.trim_start().starts_with('#') {
            open += marker(text).unwrap_or_default();
        } else if open > 0 {
            found.insert(line, std::mem::take(&mut open));
        }
    }
    found
}

/// How many findings a line is marked with.
fn marker(line: &str) -> Option<usize> {
    let (_, rest) = line.rsplit_once("# finding")?;
    let rest = rest.trim();
    if rest.is_empty() {
        Some(1)
    } else {
        rest.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::{markers, markers_above};

    #[test]
    fn markers_stand_at_the_end_of_lines() {
        let text = "a: 1 # finding\nb: 2\nc: 3 # finding 2\nd: 4 # finding here\n";
        let found: Vec<_> = markers(text).into_iter().collect();
        assert_eq!(found, [(1, 1), (3, 2)]);
    }

    #[test]
    fn markers_of_dockerfiles_stand_above() {
        let text = "# finding\n# why\nRUN a \\\n  # finding 2\n  && b\n";
        let found: Vec<_> = markers_above(text).into_iter().collect();
        assert_eq!(found, [(3, 1), (5, 2)]);
    }
}
