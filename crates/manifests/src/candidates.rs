//! The files to read, by what charts and kustomizations say of them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::disk::Disk;
use crate::kustomization::Kustomizations;
use crate::walk::{Candidate, Origin};

/// The files to read.
pub(crate) struct Candidates {
    /// No chart or kustomization names them, or they were asked for by name.
    pub(crate) free: Vec<Candidate>,
    /// Manifests of charts and kustomizations.
    pub(crate) resources: Waiting,
    /// What charts and kustomizations read other than as manifests.
    pub(crate) parts: Waiting,
}

/// Files that are only read as they are if no rendering reads them, with their paths without links.
#[derive(Default)]
pub(crate) struct Waiting(Vec<(PathBuf, Candidate)>);

impl Waiting {
    /// Those that no rendering read: their kustomization could not be built, or is a component that nobody uses.
    pub(crate) fn left(&self, read: &BTreeSet<PathBuf>) -> Vec<Candidate> {
        let left = self.0.iter().filter(|(real, _)| !read.contains(real));
        left.map(|(_, candidate)| candidate.clone()).collect()
    }
}

impl Candidates {
    pub(crate) fn split(
        all: Vec<Candidate>,
        kustomizations: &Kustomizations,
        charts: &BTreeSet<PathBuf>,
        disk: &Disk<'_>,
    ) -> Self {
        let named = kustomizations.values();
        let resources: BTreeSet<&PathBuf> = named.clone().flat_map(|it| &it.resources).collect();
        let parts: BTreeSet<&PathBuf> = named.flat_map(|it| &it.parts).collect();
        let mut split = Candidates {
            free: Vec::new(),
            resources: Waiting::default(),
            parts: Waiting::default(),
        };
        for candidate in all {
            let in_chart = candidate.is_in_chart.then(|| {
                let mut around = candidate.path.ancestors().skip(1);
                around.find(|folder| charts.contains(*folder))
            });
            let of_chart = in_chart.flatten().map(|chart| part(chart, &candidate.path));
            if candidate.origin != Origin::Walked {
                split.free.push(candidate);
                continue;
            }
            let real = disk.real(&candidate.path);
            if parts.contains(&real) || of_chart == Some(Part::Setting) {
                split.parts.0.push((real, candidate));
            } else if resources.contains(&real) || of_chart == Some(Part::CustomResource) {
                split.resources.0.push((real, candidate));
            } else {
                split.free.push(candidate);
            }
        }
        split
    }
}

/// What a file is to the chart that it lies in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Values, a schema, metadata: no manifest.
    Setting,
    /// A file of `crds/`, which is a part of every rendering.
    CustomResource,
    /// Anything.
    Other,
}

fn part(chart: &Path, file: &Path) -> Part {
    let Ok(inner) = file.strip_prefix(chart) else {
        return Part::Other;
    };
    let inner = inner.to_string_lossy();
    let is_setting = match inner.split_once('/') {
        None => {
            inner.starts_with("values")
                || inner.starts_with("requirements.")
                || inner.starts_with("Chart.")
        }
        Some((folder, _)) => folder == "ci",
    };
    if is_setting {
        Part::Setting
    } else if inner.starts_with("crds/") {
        Part::CustomResource
    } else {
        Part::Other
    }
}
