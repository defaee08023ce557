//! What an object of Argo CD or Flux deploys, rendered as that object says.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use document::{Document, NodeRef};
use globset::{GlobBuilder, GlobMatcher};
use kustomize::Options;
use model::{Entry, Location, Problem};

use super::chart::Release;
use super::{Built, HelmCharts, Output, Renderer};
use crate::disk::list;
use crate::gitops::{self, Change, Deployment, Directory, What, edits};
use crate::looks;
use crate::problems;

/// The most files that stand in for a kustomization, or are deployed as they are.
const MOST_FILES: usize = 10_000;

impl Renderer<'_> {
    /// Renders what is deployed; `None` where there is nothing.
    pub(super) fn deployment(
        &self,
        deployment: &Deployment,
    ) -> Result<Option<Built>, Box<Problem>> {
        let entry = Entry {
            path: self.disk.name_of(&deployment.folder).into(),
            variant: deployment.name.as_str().into(),
        };
        match &deployment.what {
            What::Chart(release) => self.release(&self.deployed_chart(deployment, release, entry)),
            What::Kustomization(change) => self
                .deployed_kustomization(deployment, change, entry)
                .map(Some),
            What::Directory(directory) => Ok(Some(self.directory(deployment, directory, &entry))),
        }
    }

    fn deployed_chart<'d>(
        &'d self,
        deployment: &'d Deployment,
        release: &'d gitops::Release,
        entry: Entry,
    ) -> Release<'d> {
        let mut options = self.charts.given(self.keys, self.limits);
        options.release_name.clone_from(&release.name);
        if let Some(namespace) = &release.namespace {
            options.namespace.clone_from(namespace);
        }
        if let Some(version) = &release.kubernetes_version {
            options.kubernetes_version.clone_from(version);
        }
        options
            .api_versions
            .extend(release.api_versions.iter().cloned());
        options.values.clone_from(&release.values);
        options.flags.clone_from(&release.flags);
        options.include_crds = !release.skips_crds;
        options.skip_tests = release.skips_tests;
        options.skip_schema_validation = release.skips_schema;
        Release {
            path: &deployment.folder,
            entry,
            options,
            namespace: deployment.namespace.as_deref(),
            edits: release.edits.as_ref(),
        }
    }

    fn deployed_kustomization(
        &self,
        deployment: &Deployment,
        change: &Change,
        entry: Entry,
    ) -> Result<Built, Box<Problem>> {
        let folder = &deployment.folder;
        let charts = HelmCharts::new(self.disk, self.charts, self.limits);
        let stand_in = change.takes_all.then(|| {
            let resources = self.manifests_below(folder);
            edits::of_resources(&deployment.at, &resources, self.limits)
        });
        let stand_in = stand_in.flatten();
        let options = Options {
            keys: Arc::clone(self.keys),
            limits: *self.limits,
            charts: Some(&charts),
            edits: root_of(change.edits.as_ref()),
            stand_in: root_of(stand_in.as_ref()),
            ..Options::default()
        };
        let built = kustomize::build(self.disk, &folder.to_string_lossy(), &options);
        let mut rendering =
            built.map_err(|error| Box::new(deployment_problem(deployment, error)))?;
        if let Some(substitution) = &change.substitution {
            let replaced = substitution.apply(&rendering.document, self.keys, self.limits);
            rendering.document = replaced.map_err(|limit| {
                Box::new(problems::deployment(&deployment.at, limit.to_string()))
            })?;
        }
        let namespace = deployment.namespace.as_deref();
        Ok(self.kustomized(rendering, entry, namespace, &charts))
    }

    /// The manifests below a folder and the kustomizations in it, relative to it: what Flux takes where there is no
    /// kustomization.
    fn manifests_below(&self, folder: &Path) -> Vec<String> {
        let mut found = Vec::new();
        let mut waiting = vec![String::new()];
        while let Some(inner) = waiting.pop() {
            let path = folder.join(&inner);
            let has_file = |name: &&'static str| path.join(name).is_file();
            if !inner.is_empty() && kustomize::FILE_NAMES.iter().any(has_file) {
                found.push(inner);
                continue;
            }
            for (name, is_folder) in below(&path) {
                let name = if inner.is_empty() {
                    name
                } else {
                    format!("{inner}/{name}")
                };
                if is_folder {
                    waiting.push(name);
                } else if is_yaml(&name) && self.has_objects(&folder.join(&name)) {
                    found.push(name);
                }
            }
            if found.len() > MOST_FILES {
                break;
            }
        }
        found.sort();
        found
    }

    fn has_objects(&self, file: &Path) -> bool {
        let source = file.to_str().map(|file| self.disk.source(file));
        let source = source.and_then(Result::ok);
        source.is_some_and(|source| looks::looks_like_kubernetes(source.text().as_bytes()))
    }

    /// The manifests of a folder, as they are.
    fn directory(&self, deployment: &Deployment, directory: &Directory, entry: &Entry) -> Built {
        let include = globs(&directory.include);
        let exclude = globs(&directory.exclude);
        let mut output = Output {
            entry: entry.clone(),
            resources: Vec::new(),
            problems: Vec::new(),
        };
        let mut files = Vec::new();
        let mut number = 1;
        for inner in manifest_files(&deployment.folder, directory.recurses) {
            let is_in = |globs: &[GlobMatcher]| globs.iter().any(|glob| glob.is_match(&inner));
            if (!include.is_empty() && !is_in(&include)) || is_in(&exclude) {
                continue;
            }
            let file = deployment.folder.join(&inner);
            let Some(source) = file.to_str().map(|file| self.disk.source(file)) else {
                continue;
            };
            let source = match source {
                Ok(source) => source,
                Err(why) => {
                    let name = self.disk.name_of(&file);
                    output.problems.push(problems::values_file(&name, &why));
                    continue;
                }
            };
            files.push(file);
            if !looks::looks_like_kubernetes(source.text().as_bytes()) {
                continue;
            }
            let parsed = document::parse_yaml(Arc::clone(&source), self.keys, self.limits);
            let errors = parsed.errors.into_iter();
            output
                .problems
                .extend(errors.map(|error| problems::syntax(&source, error)));
            let mut document = parsed.document;
            let lines = own_lines(&document);
            document.set_rendered_lines(lines);
            let namespace = deployment.namespace.as_deref();
            let found = self.objects(document, entry.clone(), namespace, number);
            number += found.resources.len() as u32;
            output.resources.extend(found.resources);
            output.problems.extend(found.problems);
        }
        Built {
            output,
            roots: Vec::new(),
            files: files.clone(),
            manifests: files,
        }
    }
}

/// For each node its line in its file.
fn own_lines(document: &Document) -> Vec<u32> {
    let nodes = (0..document.size()).map(|index| document.nth(index));
    nodes
        .map(|node| {
            let place = node.place();
            place.source.line_column(place.span.start).line
        })
        .collect()
}

fn root_of(document: Option<&Document>) -> Option<NodeRef<'_>> {
    document?.root(0)
}

fn deployment_problem(deployment: &Deployment, error: kustomize::Error) -> Problem {
    let Location { source, span } = &deployment.at;
    let mut error = error;
    let place = error.place.take();
    error.place = place.or_else(|| Some((Arc::clone(source), span.clone())));
    let mut problem = problems::kustomization(deployment.at.file(), error);
    problem.message = format!("{}: {}", deployment.name, problem.message);
    problem
}

/// Names of what lies in a folder, and whether each is a folder, in the order of names; hidden ones left out.
fn below(folder: &Path) -> Vec<(String, bool)> {
    let entries = folder.to_str().map(list).and_then(Result::ok);
    let entries = entries.unwrap_or_default().into_iter();
    entries
        .filter(|entry| !entry.name.starts_with('.'))
        .filter_map(|entry| match entry.kind {
            helm::EntryKind::Folder => Some((entry.name, true)),
            helm::EntryKind::File => Some((entry.name, false)),
            _ => None,
        })
        .collect()
}

fn is_manifest(name: &str) -> bool {
    let extension = Path::new(name).extension().unwrap_or_default();
    is_yaml(name) || extension == "json"
}

fn is_yaml(name: &str) -> bool {
    let extension = Path::new(name).extension().unwrap_or_default();
    extension == "yaml" || extension == "yml"
}

/// Paths of the manifests of a folder, sorted.
fn manifest_files(folder: &Path, recurses: bool) -> Vec<String> {
    let mut found = Vec::new();
    let mut waiting = vec![PathBuf::new()];
    while let Some(inner) = waiting.pop() {
        for (name, is_folder) in below(&folder.join(&inner)) {
            let path = inner.join(&name);
            if is_folder && recurses {
                waiting.push(path);
            } else if !is_folder && is_manifest(&name) {
                found.extend(path.to_str().map(str::to_owned));
            }
        }
        if found.len() > MOST_FILES {
            break;
        }
    }
    found.sort();
    found
}

/// One glob, or several as `{a,b}`.
fn globs(text: &str) -> Vec<GlobMatcher> {
    if text.is_empty() {
        return Vec::new();
    }
    let glob = GlobBuilder::new(text).literal_separator(true).build();
    glob.ok()
        .map(|glob| glob.compile_matcher())
        .into_iter()
        .collect()
}
