//! One kustomization, built.

use std::path::{Path, PathBuf};

use kustomize::Options;
use model::{Entry, Problem};

use super::{Output, Renderer};
use crate::problems;

/// What was built: the objects, the folders of all kustomizations that took part, and the files that were read.
type Built = (Output, Vec<PathBuf>, Vec<PathBuf>);

impl Renderer<'_> {
    /// Builds the kustomization of a folder; `file` is what stands in it.
    pub(super) fn kustomization(
        &self,
        folder: &Path,
        file: Option<&Path>,
    ) -> Result<Built, Box<Problem>> {
        let name = self.disk.name_of(folder);
        let options = Options {
            keys: std::sync::Arc::clone(self.keys),
            limits: *self.limits,
            ..Options::default()
        };
        let root = folder.to_string_lossy();
        let rendering = kustomize::build(self.disk, &root, &options).map_err(|error| {
            let file = self.disk.name_of(file.unwrap_or(folder));
            Box::new(problems::kustomization(&file, error))
        })?;
        let mut document = rendering.document;
        let lines = document.sorted_lines();
        document.set_rendered_lines(lines);
        let entry = Entry {
            path: name.into(),
            variant: "".into(),
        };
        let output = self.objects(document, entry);
        let paths = |names: Vec<String>| names.into_iter().map(PathBuf::from).collect();
        Ok((output, paths(rendering.roots), paths(rendering.files)))
    }
}
