//! One chart or kustomization by itself, as text.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use document::{Document, Keys, Limits, Source};
use model::Problem;

use crate::charts::ChartSettings;
use crate::disk::Disk;
use crate::inputs::Inputs;
use crate::problems;
use crate::rendering::{HelmCharts, load_chart};
use crate::walk::{CHART_FILE, is_archive};

/// What a path renders to.
#[derive(Debug)]
pub struct Printed {
    /// What `helm template` or `kustomize build` prints.
    pub text: Arc<Source>,
    /// The objects, each value with its origin; of a chart only where origins are asked for.
    pub document: Document,
    /// Whether the text has the keys of every object sorted.
    pub is_sorted: bool,
    /// What is worth knowing beside: what Helm logs.
    pub notices: Vec<String>,
}

/// What a path names.
enum Named {
    /// The folder or the archive.
    Chart(PathBuf),
    /// The folder.
    Kustomization(PathBuf),
}

/// Renders the chart or kustomization at the only path of some inputs. Nothing is rendered by halves.
pub fn render(inputs: &Inputs, limits: &Limits) -> Result<Printed, Box<Problem>> {
    let root = inputs.absolute_root();
    let disk = Disk::new(&root, limits, false).for_one();
    let path = inputs.paths.first().map_or(Path::new("."), |path| path);
    let name = disk.name_of(&root.join(path));
    let Ok(path) = fs_err::canonicalize(root.join(path)) else {
        return Err(Box::new(problems::not_found(&name, false)));
    };
    let settings = ChartSettings::read(&inputs.charts, &root, &disk)?;
    match named(path) {
        Some(Named::Chart(path)) => chart(&disk, &path, &name, &settings, limits),
        Some(Named::Kustomization(folder)) => {
            kustomization(&disk, &folder, &name, &settings, limits)
        }
        None => Err(Box::new(problems::nothing_to_render(&name))),
    }
}

/// What is at a path, or what the file at it makes of its folder.
fn named(path: PathBuf) -> Option<Named> {
    let has_kustomization = |folder: &Path| {
        let mut names = kustomize::FILE_NAMES.iter();
        names.any(|marker| folder.join(marker).is_file())
    };
    if path.is_dir() {
        if path.join(CHART_FILE).is_file() {
            return Some(Named::Chart(path));
        }
        return has_kustomization(&path).then_some(Named::Kustomization(path));
    }
    if is_archive(&path) {
        return Some(Named::Chart(path));
    }
    let file = path.file_name()?;
    let folder = path.parent()?.to_owned();
    if file == CHART_FILE {
        return Some(Named::Chart(folder));
    }
    let is_marker = kustomize::FILE_NAMES.iter().any(|marker| file == *marker);
    is_marker.then_some(Named::Kustomization(folder))
}

fn chart(
    disk: &Disk<'_>,
    path: &Path,
    name: &str,
    settings: &ChartSettings<'_>,
    limits: &Limits,
) -> Result<Printed, Box<Problem>> {
    let options = helm::Options {
        leaks: true,
        ..settings.release(&Arc::new(Keys::new([])), limits)
    };
    let wrong = |error| Box::new(problems::chart(name, "", error, false));
    let chart = load_chart(disk, path, &options.limits).map_err(wrong)?;
    if chart.is_library() {
        return Err(Box::new(problems::library(name)));
    }
    let rendering = helm::render(&chart, &options).map_err(wrong)?;
    let notices = rendering.notices.into_iter().map(|notice| notice.message);
    let empty = || document::Builder::new(&options.keys, limits).finish();
    Ok(Printed {
        text: rendering.text,
        document: rendering.document.unwrap_or_else(empty),
        is_sorted: false,
        notices: notices.collect(),
    })
}

fn kustomization(
    disk: &Disk<'_>,
    folder: &Path,
    name: &str,
    settings: &ChartSettings<'_>,
    limits: &Limits,
) -> Result<Printed, Box<Problem>> {
    let charts = HelmCharts::new(disk, settings, limits);
    let options = kustomize::Options {
        keys: Arc::new(Keys::new([])),
        limits: *limits,
        charts: Some(&charts),
        ..kustomize::Options::default()
    };
    let built = kustomize::build(disk, &folder.to_string_lossy(), &options);
    let built = built.map_err(|error| Box::new(problems::kustomization(name, error)))?;
    Ok(Printed {
        text: Source::new(name, kustomize::to_yaml(&built.document)),
        document: built.document,
        is_sorted: true,
        notices: Vec::new(),
    })
}
