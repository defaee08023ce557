//! What a scan renders: which kustomizations are entries of their own, and what comes out of them.

mod kustomization;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use document::{Document, Keys, Limits};
use model::{Entry, Problem, Rendered, Resource};
use rayon::iter::{IntoParallelIterator, IntoParallelRefIterator, ParallelIterator};

use crate::disk::Disk;
use crate::kustomization::{Kustomizations, Named};
use crate::read::Reader;

/// What renderings share.
pub(crate) struct Renderer<'r> {
    pub(crate) disk: &'r Disk<'r>,
    pub(crate) keys: &'r Arc<Keys>,
    pub(crate) limits: &'r Limits,
    pub(crate) reader: &'r Reader<'r>,
}

/// What came of one entry.
pub(crate) struct Output {
    pub(crate) entry: Entry,
    /// Their entries are numbered when all are known.
    pub(crate) resources: Vec<Resource>,
    pub(crate) problems: Vec<Problem>,
}

/// All that was rendered.
#[derive(Default)]
pub(crate) struct Outputs {
    /// Sorted by entry.
    pub(crate) entries: Vec<Output>,
    /// What could not be rendered.
    pub(crate) problems: Vec<Problem>,
    /// The files that were read on the way: they are not scanned again.
    pub(crate) files: BTreeSet<PathBuf>,
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
    /// Renders the kustomizations that no other one takes in. Of one that cannot be built, its bases are built
    /// instead.
    pub(crate) fn kustomizations(&self, kustomizations: &Kustomizations) -> Outputs {
        let mut outputs = Outputs::default();
        let mut built: BTreeSet<PathBuf> = BTreeSet::new();
        let mut next = entries(kustomizations);
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
                    Ok((output, roots, files)) => {
                        outputs.entries.push(output);
                        outputs.files.extend(files);
                        built.extend(roots);
                    }
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
                    && !built.contains(**folder)
                    && !tried.contains(**folder)
            };
            let open: BTreeSet<PathBuf> = instead
                .iter()
                .filter(is_open)
                .map(|it| (*it).clone())
                .collect();
            next = open.into_iter().collect();
        }
        outputs.entries.sort_by(|left, right| {
            let name = |output: &Output| (output.entry.path.clone(), output.entry.variant.clone());
            name(left).cmp(&name(right))
        });
        outputs
    }

    /// The objects of a rendered document, and what is wrong with them.
    fn objects(&self, document: Document, entry: Entry) -> Output {
        let document = Arc::new(document);
        let mut output = Output {
            entry,
            resources: Vec::new(),
            problems: Vec::new(),
        };
        for (number, root) in (1..).zip(document.roots()) {
            let found = self.reader.objects_of(&document, root);
            output.problems.extend(found.problems);
            let resources = found.resources.into_iter();
            output.resources.extend(resources.map(|resource| Resource {
                rendered: Some(Rendered {
                    entry: 0,
                    document: number,
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
