//! One kustomization, built.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use kustomize::{Error, Options, Rendering};
use model::{Entry, Problem};

use super::{Built, HelmCharts, Renderer};
use crate::problems;

impl Renderer<'_> {
    /// Builds the kustomization of a folder; `file` is what stands in it.
    pub(super) fn kustomization(
        &self,
        folder: &Path,
        file: Option<&Path>,
    ) -> Result<Built, Box<Problem>> {
        let name = self.disk.name_of(folder);
        let charts = HelmCharts::new(self.disk, self.charts, self.limits);
        let options = Options {
            keys: Arc::clone(self.keys),
            limits: *self.limits,
            charts: Some(&charts),
            ..Options::default()
        };
        let entry = Entry {
            path: name.into(),
            variant: "".into(),
        };
        let built = kustomize::build(self.disk, &folder.to_string_lossy(), &options);
        let rendering = built.map_err(|error: Error| {
            let file = self.disk.name_of(file.unwrap_or(folder));
            Box::new(problems::kustomization(&file, error))
        })?;
        Ok(self.kustomized(rendering, entry, None, &charts))
    }

    /// What a rendering of a kustomization is for a scan.
    pub(crate) fn kustomized(
        &self,
        rendering: Rendering,
        entry: Entry,
        namespace: Option<&str>,
        charts: &HelmCharts<'_>,
    ) -> Built {
        let mut document = rendering.document;
        let lines = document.sorted_lines();
        document.set_rendered_lines(lines);
        let (chart_roots, chart_files) = charts.used();
        let paths = |names: Vec<String>| names.into_iter().map(PathBuf::from);
        let files: Vec<PathBuf> = paths(rendering.files).collect();
        Built {
            output: self.objects(document, entry, namespace, 1),
            roots: paths(rendering.roots).chain(chart_roots).collect(),
            manifests: files.clone(),
            files: files.into_iter().chain(chart_files).collect(),
        }
    }
}
