//! Which files a scan reads: named ones, and those that walks and globs find.

mod glob;
mod links;

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use ignore::overrides::Override;
use ignore::{DirEntry, WalkBuilder};
use model::{Problem, ProblemKind};

use crate::inputs::{Inputs, STDIN_NAME};
use crate::paths::{name_of, tidied};
use crate::problems;

/// How an input came to be read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Origin {
    /// A walk or a glob found it.
    Walked,
    /// It was named on the command line.
    Named,
    /// Standard input.
    Stdin,
}

/// One input to read.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    pub(crate) path: PathBuf,
    pub(crate) name: String,
    pub(crate) origin: Origin,
    /// Whether it lies in the folder of a chart.
    pub(crate) is_in_chart: bool,
}

/// What there is to read, sorted by name, each file once.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) candidates: Vec<Candidate>,
    /// Kustomization files by their folder.
    pub(crate) kustomizations: BTreeMap<PathBuf, PathBuf>,
    /// Folders of charts.
    pub(crate) charts: BTreeSet<PathBuf>,
    /// Archives of charts that were named.
    pub(crate) archives: BTreeSet<PathBuf>,
    pub(crate) problems: Vec<Problem>,
    pub(crate) skipped: Vec<String>,
}

pub(crate) const CHART_FILE: &str = "Chart.yaml";
const IGNORE_FILE: &str = ".seawallignore";

/// Finds what was asked for. Reads no file.
pub(crate) fn find(inputs: &Inputs, root: &Path, excludes: Override) -> Found {
    let mut finder = Finder {
        excludes,
        ..Finder::new(inputs, root)
    };
    for path in &inputs.paths {
        finder.take(path);
    }
    finder.finish()
}

struct Finder<'a> {
    inputs: &'a Inputs,
    root: &'a Path,
    excludes: Override,
    files: BTreeMap<PathBuf, Origin>,
    charts: BTreeSet<PathBuf>,
    archives: BTreeSet<PathBuf>,
    /// Kustomization files by their folder.
    kustomizations: BTreeMap<PathBuf, PathBuf>,
    skipped: BTreeSet<PathBuf>,
    /// Problems by path and kind: overlapping inputs meet the same thing twice.
    problems: BTreeMap<(PathBuf, ProblemKind), Problem>,
}

impl<'a> Finder<'a> {
    fn new(inputs: &'a Inputs, root: &'a Path) -> Self {
        Finder {
            inputs,
            root,
            excludes: Override::empty(),
            files: BTreeMap::new(),
            charts: BTreeSet::new(),
            archives: BTreeSet::new(),
            kustomizations: BTreeMap::new(),
            skipped: BTreeSet::new(),
            problems: BTreeMap::new(),
        }
    }

    /// One path as it was asked for.
    fn take(&mut self, path: &Path) {
        if path.as_os_str() == "-" {
            self.files.insert(PathBuf::from("-"), Origin::Stdin);
            return;
        }
        let absolute = tidied(&self.root.join(path));
        match fs_err::metadata(&absolute) {
            Ok(metadata) if metadata.is_dir() => self.walk(&absolute),
            Ok(_) => self.name(absolute),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                self.glob_or_missing(path, &absolute);
            }
            Err(error) => self.problem(&absolute, |name| problems::unreadable(name, error.kind())),
        }
    }

    /// A file named on the command line. Whether it is regular is seen when it is read.
    fn name(&mut self, path: PathBuf) {
        if is_archive(&path) {
            self.archives.insert(path);
        } else if !self.take_marker(&path) {
            self.files.insert(path, Origin::Named);
        }
    }

    /// Notes the chart or kustomization that a file makes of its folder.
    fn take_marker(&mut self, path: &Path) -> bool {
        let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
            return false;
        };
        if name == CHART_FILE {
            self.charts.insert(folder.to_owned());
        } else if kustomize::FILE_NAMES.iter().any(|marker| name == *marker) {
            self.kustomizations
                .insert(folder.to_owned(), path.to_owned());
        } else {
            return false;
        }
        true
    }

    fn walk(&mut self, folder: &Path) {
        let mut builder = self.walker(folder);
        if self.inputs.obey_ignore_files {
            // The same tree must give the same result everywhere: nothing outside of it counts but what
            // lies in the folders above.
            builder
                .git_ignore(true)
                .parents(true)
                .require_git(false)
                .add_custom_ignore_filename(IGNORE_FILE);
        }
        for entry in builder.build() {
            match entry {
                Ok(entry) => self.walked(&entry),
                Err(error) => self.walk_error(folder, &error),
            }
        }
    }

    /// Does what walks and globs share: hidden files and what belongs to a chart are left out, links are
    /// not followed.
    fn walker(&self, folder: &Path) -> WalkBuilder {
        let mut builder = WalkBuilder::new(folder);
        builder
            .standard_filters(false)
            .hidden(true)
            .follow_links(false)
            .overrides(self.excludes.clone())
            .filter_entry(|entry| !is_rendered(entry));
        builder
    }

    fn walked(&mut self, entry: &DirEntry) {
        if let Some(error) = entry.error().filter(|error| names_ignore_file(error)) {
            self.problem(entry.path(), |name| problems::ignore_file(name, error));
        }
        let Some(kind) = entry.file_type() else {
            return;
        };
        let path = entry.path();
        if kind.is_dir() || (kind.is_file() && self.take_marker(path)) || !is_manifest_name(path) {
            return;
        }
        if kind.is_file() {
            self.files.entry(path.to_owned()).or_insert(Origin::Walked);
        } else if kind.is_symlink() {
            self.skipped.insert(path.to_owned());
        } else {
            self.problem(path, problems::not_a_file);
        }
    }

    fn walk_error(&mut self, folder: &Path, error: &ignore::Error) {
        let kind = error
            .io_error()
            .map_or(std::io::ErrorKind::Other, std::io::Error::kind);
        let path = path_of(error).unwrap_or(folder).to_owned();
        self.problem(&path, |name| problems::unreadable(name, kind));
    }

    fn problem(&mut self, path: &Path, make: impl FnOnce(&str) -> Problem) {
        let problem = make(&name_of(path, self.root));
        self.problems
            .entry((path.to_owned(), problem.kind))
            .or_insert(problem);
    }

    fn finish(mut self) -> Found {
        let charts = std::mem::take(&mut self.charts);
        for folder in &charts {
            for (link, what) in links::broken_below(folder) {
                self.problem(&link, |name| problems::link(name, what));
            }
        }
        let root = self.root;
        let candidates = self.files.into_iter().map(|(path, origin)| {
            let name = match origin {
                Origin::Stdin => STDIN_NAME.to_owned(),
                Origin::Named | Origin::Walked => name_of(&path, root),
            };
            let is_in_chart = path.ancestors().skip(1).any(|it| charts.contains(it));
            Candidate {
                path,
                name,
                origin,
                is_in_chart,
            }
        });
        let mut candidates: Vec<_> = candidates.collect();
        candidates.sort_by(|left, right| left.name.cmp(&right.name));
        Found {
            candidates,
            kustomizations: self.kustomizations,
            charts,
            archives: self.archives,
            problems: self.problems.into_values().collect(),
            skipped: self
                .skipped
                .iter()
                .map(|path| name_of(path, root))
                .collect(),
        }
    }
}

/// Whether a file's name says that it is a Dockerfile.
pub(crate) fn is_dockerfile(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    dockerfile::is_name(&name.to_string_lossy())
}

/// Whether a file's name says that it may hold manifests, or that it is a Dockerfile.
fn is_manifest_name(path: &Path) -> bool {
    if is_dockerfile(path) {
        return true;
    }
    let extension = path.extension().unwrap_or_default();
    ["yaml", "yml", "json"]
        .iter()
        .any(|known| extension.eq_ignore_ascii_case(known))
}

/// Whether a file's name says that it is an archive of a chart.
pub(crate) fn is_archive(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    [".tgz", ".tar.gz"]
        .iter()
        .any(|known| name.ends_with(known))
}

/// Whether a folder of a chart holds what Helm renders: templates, and charts inside the chart.
fn is_rendered(entry: &DirEntry) -> bool {
    let is_part =
        entry.file_name() == OsStr::new("templates") || entry.file_name() == OsStr::new("charts");
    is_part
        && entry.depth() > 0
        && entry.file_type().is_some_and(|kind| kind.is_dir())
        && entry
            .path()
            .parent()
            .is_some_and(|parent| parent.join(CHART_FILE).is_file())
}

/// The file that a walk could not read.
fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            path_of(err)
        }
        ignore::Error::Loop { child, .. } => Some(child),
        ignore::Error::Partial(errors) => errors.iter().find_map(path_of),
        _ => None,
    }
}

fn names_ignore_file(error: &ignore::Error) -> bool {
    match error {
        ignore::Error::Partial(errors) => errors.iter().any(names_ignore_file),
        error => path_of(error).is_some_and(|path| path.ends_with(IGNORE_FILE)),
    }
}
