//! One chart, rendered.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use document::Document;
use helm::{Chart, Error, Given, Options, Rendering};
use model::{Entry, Problem};
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::{Built, Outputs, Renderer};
use crate::disk::list;
use crate::problems;

/// The folder with values for tests of a chart.
const CI: &str = "ci";

/// A chart, and what it is rendered with.
pub(crate) struct Release<'r> {
    /// Its folder or archive, links followed.
    pub(crate) path: &'r Path,
    pub(crate) entry: Entry,
    pub(crate) options: Options<'r>,
    /// The namespace of objects that name none.
    pub(crate) namespace: Option<&'r str>,
    /// What is done to the rendered objects.
    pub(crate) edits: Option<&'r Document>,
}

impl Renderer<'_> {
    /// Renders charts by themselves, with what the command line gives them.
    pub(crate) fn charts(&self, charts: &[PathBuf]) -> Outputs {
        let runs = charts.iter().flat_map(|path| self.variants(path));
        let runs: Vec<_> = runs.collect();
        let done: Vec<_> = runs
            .into_par_iter()
            .map(|(path, variant)| self.variant(path, variant))
            .collect();
        let mut outputs = Outputs::default();
        for result in done {
            match result {
                Ok(Some(built)) => outputs.take(built),
                Ok(None) => {}
                Err(problem) => outputs.problems.push(*problem),
            }
        }
        outputs
    }

    /// The renderings of a chart: with its own values, and with those for its tests.
    fn variants<'p>(&self, path: &'p PathBuf) -> Vec<(&'p Path, Option<String>)> {
        let mut variants = vec![(&**path, None)];
        if self.charts.options.with_ci_values {
            let names = ci_values(path).into_iter();
            variants.extend(names.map(|name| (&**path, Some(name))));
        }
        variants
    }

    fn variant(&self, path: &Path, ci: Option<String>) -> Result<Option<Built>, Box<Problem>> {
        let mut options = self.charts.release(self.keys, self.limits);
        let entry = Entry {
            path: self.disk.name_of(path).into(),
            variant: ci
                .iter()
                .map(|name| format!("{CI}/{name}"))
                .collect::<String>()
                .into(),
        };
        if let Some(name) = ci {
            let file = path.join(CI).join(name);
            let text = file.to_str().ok_or("it is not UTF-8".to_owned());
            let text = text.and_then(|file| self.disk.source(file));
            let name = self.disk.name_of(&file);
            let text = text.map_err(|why| Box::new(problems::values_file(&name, &why)))?;
            options.values.insert(0, Given::File(text));
        }
        let namespace = self.charts.options.namespace.as_deref();
        self.release(&Release {
            path,
            entry,
            options,
            namespace,
            edits: None,
        })
    }

    /// Renders a chart; `None` for a library, which cannot be.
    pub(crate) fn release(&self, release: &Release<'_>) -> Result<Option<Built>, Box<Problem>> {
        let wrong = |error| Box::new(self.chart_problem(release, error));
        let chart = self.load_chart(release.path).map_err(wrong)?;
        if chart.is_library() {
            return Ok(None);
        }
        let rendering = helm::render(&chart, &release.options).map_err(wrong)?;
        let mut problems = Vec::new();
        for notice in &rendering.notices {
            problems.extend(problems::notice(notice));
        }
        let files = rendering.files.iter().map(PathBuf::from).collect();
        let Some(document) = numbered(rendering) else {
            return Ok(None);
        };
        let document = self.edited(document, release)?;
        let mut output = self.objects(document, release.entry.clone(), release.namespace, 1);
        output.problems.extend(problems);
        Ok(Some(Built {
            output,
            roots: vec![release.path.to_owned()],
            files,
            manifests: Vec::new(),
        }))
    }

    /// The objects after what is done to them.
    fn edited(&self, document: Document, release: &Release<'_>) -> Result<Document, Box<Problem>> {
        let Some(edits) = release.edits.and_then(|edits| edits.root(0)) else {
            return Ok(document);
        };
        let options = kustomize::Options {
            keys: Arc::clone(self.keys),
            limits: *self.limits,
            edits: Some(edits),
            ..kustomize::Options::default()
        };
        let root = release.path.to_string_lossy();
        let built = kustomize::build_objects(&document, self.disk, &root, &options);
        let built =
            built.map_err(|error| Box::new(problems::kustomization(&release.entry.path, error)))?;
        let mut document = built.document;
        let lines = document.sorted_lines();
        document.set_rendered_lines(lines);
        Ok(document)
    }

    /// The chart in a folder or an archive.
    pub(crate) fn load_chart(&self, path: &Path) -> Result<Chart<'_>, Error> {
        load(
            self.disk,
            path,
            &self.charts.plain(self.keys, self.limits).limits,
        )
    }

    fn chart_problem(&self, release: &Release<'_>, error: Error) -> Problem {
        let file = &release.entry.path;
        let offers_values = release.entry.variant.is_empty()
            && !self.charts.options.with_ci_values
            && !ci_values(release.path).is_empty();
        problems::chart(file, &release.entry.variant, error, offers_values)
    }
}

/// The chart in a folder or an archive.
pub(crate) fn load<'d>(
    disk: &'d crate::disk::Disk<'_>,
    path: &Path,
    limits: &helm::Limits,
) -> Result<Chart<'d>, Error> {
    let text = path.to_string_lossy();
    if path.is_dir() {
        return Chart::load(disk, &text, limits);
    }
    let name = disk.name_of(path);
    let bytes = disk.bytes(&text).map_err(|reason| Error {
        kind: helm::ErrorKind::Unreadable {
            path: name.clone(),
            reason,
        },
        place: None,
        through: Vec::new(),
        hint: None,
    })?;
    Chart::from_archive(&name, &bytes, limits)
}

/// The objects of a rendering, each node with its line in the text.
pub(crate) fn numbered(rendering: Rendering) -> Option<Document> {
    let mut document = rendering.document?;
    let lines = document.made_lines();
    document.set_rendered_lines(lines);
    Some(document)
}

/// The names of the files of values for tests.
fn ci_values(chart: &Path) -> Vec<String> {
    let entries = chart.join(CI).to_str().map(list);
    let entries = entries.and_then(Result::ok).unwrap_or_default();
    let names = entries.into_iter().map(|entry| entry.name);
    names
        .filter(|name| name.ends_with("-values.yaml"))
        .collect()
}
