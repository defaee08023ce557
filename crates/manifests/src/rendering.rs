//! What a scan renders: which charts and kustomizations are entries of their own, and what comes out of them.

mod chart;
mod deployment;
mod helm_charts;
mod kustomization;
mod rounds;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use document::{Document, Keys, Limits};
use model::{Entry, Problem, Rendered, Resource};
use rayon::iter::{IntoParallelIterator, IntoParallelRefIterator, ParallelIterator};

use crate::charts::ChartSettings;
use crate::disk::Disk;
use crate::kustomization::{Kustomizations, Named};
use crate::read::{Reader, is_namespaced};

pub(crate) use chart::load as load_chart;
pub(crate) use helm_charts::HelmCharts;

/// What renderings share.
pub(crate) struct Renderer<'r> {
    pub(crate) disk: &'r Disk<'r>,
    pub(crate) keys: &'r Arc<Keys>,
    pub(crate) limits: &'r Limits,
    pub(crate) reader: &'r Reader<'r>,
    pub(crate) charts: &'r ChartSettings<'r>,
}

/// What came of one entry.
pub(crate) struct Output {
    pub(crate) entry: Entry,
    /// Their entries are numbered when all are known.
    pub(crate) resources: Vec<Resource>,
    pub(crate) problems: Vec<Problem>,
}

/// What was rendered for one entry, and what of.
pub(crate) struct Built {
    pub(crate) output: Output,
    /// The folders of all charts and kustomizations that took part, the archives too.
    pub(crate) roots: Vec<PathBuf>,
    /// The files that were read.
    pub(crate) files: Vec<PathBuf>,
    /// Those that are no manifests of their own any more.
    pub(crate) manifests: Vec<PathBuf>,
}

/// All that was rendered.
#[derive(Default)]
pub(crate) struct Outputs {
    pub(crate) entries: Vec<Output>,
    /// What could not be rendered.
    pub(crate) problems: Vec<Problem>,
    /// The folders and archives of what was rendered.
    pub(crate) roots: BTreeSet<PathBuf>,
    /// The files that were read on the way: they are not scanned again.
    pub(crate) files: BTreeSet<PathBuf>,
    /// Manifests that were rendered, also those that nothing but a deployment names.
    pub(crate) manifests: BTreeSet<PathBuf>,
}

/// What there is to render.
pub(crate) struct Sources<'s> {
    pub(crate) kustomizations: &'s Kustomizations,
    /// Folders and archives of charts, without links.
    pub(crate) charts: BTreeSet<PathBuf>,
}

impl Outputs {
    /// Nothing, for a reason.
    pub(crate) fn of_problem(problem: Problem) -> Self {
        Outputs {
            problems: vec![problem],
            ..Outputs::default()
        }
    }

    pub(crate) fn take(&mut self, built: Built) {
        self.entries.push(built.output);
        self.roots.extend(built.roots);
        self.files.extend(built.files);
        self.manifests.extend(built.manifests);
    }

    pub(crate) fn append(&mut self, other: Outputs) {
        self.entries.extend(other.entries);
        self.problems.extend(other.problems);
        self.roots.extend(other.roots);
        self.files.extend(other.files);
        self.manifests.extend(other.manifests);
    }

    /// Puts the entries in their order.
    pub(crate) fn sort(&mut self) {
        self.entries.sort_by(|left, right| {
            let name = |output: &Output| (output.entry.path.clone(), output.entry.variant.clone());
            name(left).cmp(&name(right))
        });
    }
}

/// Reads the kustomization files of folders.
pub(crate) fn read_kustomizations(
    found: &BTreeMap<PathBuf, PathBuf>,
    disk: &Disk<'_>,
    limits: &Limits,
) -> Kustomizations {
    let keys = Arc::new(Keys::new([]));
    found
        .par_iter()
        .map(|(folder, file)| {
            let named = Named::read(&disk.real(file), disk, &keys, limits);
            (disk.real(folder), named)
        })
        .collect()
}

impl Renderer<'_> {
    /// Renders the kustomizations that no other one takes in, but for those that are rendered already. Of one that
    /// cannot be built, its bases are built instead.
    pub(crate) fn kustomizations(
        &self,
        kustomizations: &Kustomizations,
        rendered: &BTreeSet<PathBuf>,
    ) -> Outputs {
        let mut outputs = Outputs::default();
        let mut next = entries(kustomizations);
        next.retain(|folder| !rendered.contains(folder));
        let mut tried: BTreeSet<PathBuf> = BTreeSet::new();
        while !next.is_empty() {
            tried.extend(next.iter().cloned());
            let done: Vec<_> = next
                .into_par_iter()
                .map(|folder| {
                    let file = kustomizations.get(&folder).map(|named| &*named.file);
                    (self.kustomization(&folder, file), folder)
                })
                .collect();
            let mut instead = Vec::new();
            for (result, folder) in done {
                match result {
                    Ok(built) => outputs.take(built),
                    Err(problem) => {
                        outputs.problems.push(*problem);
                        let named = kustomizations.get(&folder);
                        instead.extend(named.iter().flat_map(|named| &named.folders));
                    }
                }
            }
            let is_open = |folder: &&&PathBuf| {
                let named = kustomizations.get(**folder);
                named.is_some_and(|named| !named.is_component)
                    && !outputs.roots.contains(**folder)
                    && !rendered.contains(**folder)
                    && !tried.contains(**folder)
            };
            let open: BTreeSet<PathBuf> = instead
                .iter()
                .filter(is_open)
                .map(|it| (*it).clone())
                .collect();
            next = open.into_iter().collect();
        }
        outputs
    }

    /// The objects of a rendered document, and what is wrong with them. Those that can have a namespace and name none
    /// are put into this one. `first` is the number of the first YAML document.
    pub(crate) fn objects(
        &self,
        document: Document,
        entry: Entry,
        namespace: Option<&str>,
        first: u32,
    ) -> Output {
        let document = Arc::new(document);
        let mut output = Output {
            entry,
            resources: Vec::new(),
            problems: Vec::new(),
        };
        for (number, root) in (first..).zip(document.roots()) {
            let found = self.reader.objects_of(&document, root);
            output.problems.extend(found.problems);
            let resources = found.resources.into_iter();
            output.resources.extend(resources.map(|resource| Resource {
                rendered: Some(Rendered {
                    entry: 0,
                    document: number,
                }),
                namespace: resource.namespace.clone().or_else(|| {
                    let namespace = namespace?;
                    is_namespaced(&resource).then(|| namespace.into())
                }),
                ..resource
            }));
        }
        output
    }
}

/// The kustomizations that no other one takes in. Of some that take each other in, the first.
fn entries(kustomizations: &Kustomizations) -> Vec<PathBuf> {
    let used: BTreeSet<&PathBuf> = kustomizations
        .iter()
        .flat_map(|(own, named)| named.folders.iter().filter(move |folder| *folder != own))
        .collect();
    let whole = || {
        kustomizations
            .iter()
            .filter(|(_, named)| !named.is_component)
    };
    let free = whole().filter(|(folder, _)| !used.contains(folder));
    let mut entries: Vec<PathBuf> = free.map(|(folder, _)| folder.clone()).collect();
    let mut reached = BTreeSet::new();
    for folder in &entries {
        reach(folder, kustomizations, &mut reached);
    }
    for (folder, _) in whole() {
        if !reached.contains(folder) {
            entries.push(folder.clone());
            reach(folder, kustomizations, &mut reached);
        }
    }
    entries
}

/// Notes a kustomization and all that it takes in.
fn reach(folder: &PathBuf, kustomizations: &Kustomizations, reached: &mut BTreeSet<PathBuf>) {
    let mut waiting = vec![folder];
    while let Some(folder) = waiting.pop() {
        if !reached.insert(folder.clone()) {
            continue;
        }
        let named = kustomizations.get(folder);
        waiting.extend(named.into_iter().flat_map(|named| &named.folders));
    }
}
