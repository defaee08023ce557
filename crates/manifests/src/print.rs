//! One chart or kustomization by itself, as text.

use std::path::Path;
use std::sync::Arc;

use document::{Document, Keys, Limits};
use model::Problem;

use crate::disk::Disk;
use crate::inputs::Inputs;
use crate::problems;

/// What a path renders to.
#[derive(Debug)]
pub struct Printed {
    /// What `kustomize build` prints.
    pub text: String,
    /// The objects, each value with its origin.
    pub document: Document,
    /// Whether the text has the keys of every object sorted.
    pub is_sorted: bool,
}

/// Renders the chart or kustomization at the only path of some inputs. Nothing is rendered by halves.
pub fn render(inputs: &Inputs, limits: &Limits) -> Result<Printed, Box<Problem>> {
    let root = inputs.absolute_root();
    let disk = Disk::new(&root, limits, false);
    let path = inputs.paths.first().map_or(Path::new("."), |path| path);
    let name = disk.name_of(&root.join(path));
    let Ok(path) = fs_err::canonicalize(root.join(path)) else {
        return Err(Box::new(problems::not_found(&name, false)));
    };
    let is_marker = |path: &Path| {
        let name = path.file_name().unwrap_or_default();
        kustomize::FILE_NAMES.iter().any(|marker| name == *marker)
    };
    let folder = match path.parent() {
        Some(folder) if is_marker(&path) => folder.to_owned(),
        _ => path,
    };
    let is_kustomization = kustomize::FILE_NAMES
        .iter()
        .any(|marker| folder.join(marker).is_file());
    if !is_kustomization {
        return Err(Box::new(problems::nothing_to_render(&name)));
    }
    kustomization(&disk, &folder, &name, limits)
}

fn kustomization(
    disk: &Disk<'_>,
    folder: &Path,
    name: &str,
    limits: &Limits,
) -> Result<Printed, Box<Problem>> {
    let options = kustomize::Options {
        keys: Arc::new(Keys::new([])),
        limits: *limits,
        ..kustomize::Options::default()
    };
    let built = kustomize::build(disk, &folder.to_string_lossy(), &options);
    let built = built.map_err(|error| Box::new(problems::kustomization(name, error)))?;
    Ok(Printed {
        text: kustomize::to_yaml(&built.document),
        document: built.document,
        is_sorted: true,
    })
}
