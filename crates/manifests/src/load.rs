//! From what was asked for to an inventory.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use document::{Keys, Limits};
use model::{FieldKeys, InputDigest, Inventory, Problem, ReadFile, Rendered, Resource};
use rayon::iter::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};
use sha2::{Digest as _, Sha256};

use crate::disk::Disk;
use crate::inputs::{self, Inputs, InvalidExclude};
use crate::kustomization::Kustomizations;
use crate::problems;
use crate::read::{Outcome, Reader};
use crate::rendering::{self, Outputs, Renderer};
use crate::walk::{self, Candidate, Origin};

/// What came of all inputs.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The objects, sorted by file and place.
    pub inventory: Inventory,
    /// What could not be read or understood, sorted by file and place.
    pub problems: Vec<Problem>,
    /// Files that were walked and are not Kubernetes, sorted.
    pub skipped: Vec<String>,
    /// Number of files read, the skipped ones included.
    pub files: usize,
    /// Bytes read, those of skipped files included.
    pub bytes: u64,
    /// The digest of the files read that are not skipped, where it was asked for.
    pub digest: Option<InputDigest>,
    /// Time spent finding files.
    pub walking: Duration,
    /// Time spent rendering, as it passed.
    pub rendering: Duration,
    /// Time spent reading, summed over threads.
    pub reading: Duration,
    /// Time spent recognising and parsing, summed over threads.
    pub parsing: Duration,
}

/// Walks, reads, renders and parses what was asked for, in parallel on rayon's current pool. The result does not
/// depend on the number of threads.
pub fn load(inputs: &Inputs, keys: &Arc<Keys>, limits: &Limits) -> Result<Loaded, InvalidExclude> {
    let start = Instant::now();
    let root = inputs.absolute_root();
    let excludes = inputs::excludes(inputs, &root)?;
    let found = walk::find(inputs, &root, excludes);
    let fields = FieldKeys::new(keys);
    let reader = Reader {
        keys,
        fields: &fields,
        limits,
        stdin: &inputs.stdin,
        takes_digest: inputs.takes_digest,
    };
    let disk = Disk::new(&root, limits, inputs.takes_digest);
    let mut loading = Loading {
        reader: &reader,
        loaded: Loaded {
            problems: found.problems,
            skipped: found.skipped,
            walking: start.elapsed(),
            ..Loaded::default()
        },
        resources: Vec::new(),
        read: Vec::new(),
    };
    if found.kustomizations.is_empty() {
        loading.read(&found.candidates);
        return Ok(loading.finish());
    }

    let kustomizations = rendering::read_kustomizations(&found.kustomizations, &disk, limits);
    let named = Candidates::split(found.candidates, &kustomizations, &disk);
    loading.read(&named.free);
    let renderer = Renderer {
        disk: &disk,
        keys,
        limits,
        reader: &reader,
    };
    let start = Instant::now();
    let outputs = renderer.kustomizations(&kustomizations);
    loading.loaded.rendering = start.elapsed();
    loading.read(&named.left(&outputs.files));
    loading
        .loaded
        .skipped
        .extend(named.parts(&outputs.files).map(|part| part.name.clone()));
    loading.take(outputs);
    let read = disk.into_read();
    loading.loaded.files += read.len();
    for file in read {
        loading.loaded.bytes += file.bytes;
        let (name, sha256) = (file.name, file.sha256);
        loading
            .read
            .extend(sha256.map(|sha256| ReadFile { name, sha256 }));
    }
    Ok(loading.finish())
}

/// What is loaded so far.
struct Loading<'l> {
    reader: &'l Reader<'l>,
    loaded: Loaded,
    resources: Vec<Resource>,
    /// The files that are not skipped, where their digest is asked for.
    read: Vec<ReadFile>,
}

impl Loading<'_> {
    /// Reads files as they are.
    fn read(&mut self, candidates: &[Candidate]) {
        let outcomes: Vec<Outcome> = candidates
            .par_iter()
            .with_max_len(8)
            .map(|candidate| self.reader.take(candidate))
            .collect();
        let loaded = &mut self.loaded;
        for (candidate, outcome) in candidates.iter().zip(outcomes) {
            self.resources.extend(outcome.resources);
            loaded.problems.extend(outcome.problems);
            loaded
                .skipped
                .extend(outcome.is_skipped.then(|| candidate.name.clone()));
            let sha256 = outcome.sha256.filter(|_| !outcome.is_skipped);
            self.read.extend(sha256.map(|sha256| ReadFile {
                name: candidate.name.clone(),
                sha256,
            }));
            loaded.files += 1;
            loaded.bytes += outcome.bytes;
            loaded.reading += outcome.reading;
            loaded.parsing += outcome.parsing;
        }
    }

    /// Takes what was rendered, and numbers the entries.
    fn take(&mut self, outputs: Outputs) {
        self.loaded.problems.extend(outputs.problems);
        for (number, output) in (0..).zip(outputs.entries) {
            self.loaded.problems.extend(output.problems);
            self.loaded.inventory.entries.push(output.entry);
            let numbered = output.resources.into_iter().map(|resource| Resource {
                rendered: resource.rendered.map(|rendered| Rendered {
                    entry: number,
                    ..rendered
                }),
                ..resource
            });
            self.resources.extend(numbered);
        }
    }

    fn finish(self) -> Loaded {
        let mut loaded = self.loaded;
        loaded.inventory = Inventory {
            entries: std::mem::take(&mut loaded.inventory.entries),
            ..Inventory::new(self.resources)
        };
        let sha256 = |text: &[u8]| Sha256::digest(text).into();
        let takes_digest = self.reader.takes_digest;
        loaded.digest = takes_digest.then(|| InputDigest::new(self.read, sha256));
        problems::sort(&mut loaded.problems);
        loaded.skipped.sort();
        loaded
    }
}

/// The files to read, by what kustomizations say of them.
struct Candidates {
    /// No kustomization names them, or they were asked for by name.
    free: Vec<Candidate>,
    /// Manifests of kustomizations.
    resources: Vec<(PathBuf, Candidate)>,
    /// What kustomizations read other than as manifests.
    parts: Vec<(PathBuf, Candidate)>,
}

impl Candidates {
    fn split(all: Vec<Candidate>, kustomizations: &Kustomizations, disk: &Disk<'_>) -> Self {
        let named = kustomizations.values();
        let resources: BTreeSet<&PathBuf> = named.clone().flat_map(|it| &it.resources).collect();
        let parts: BTreeSet<&PathBuf> = named.flat_map(|it| &it.parts).collect();
        let mut split = Candidates {
            free: Vec::new(),
            resources: Vec::new(),
            parts: Vec::new(),
        };
        for candidate in all {
            if candidate.origin != Origin::Walked {
                split.free.push(candidate);
                continue;
            }
            let real = disk.real(&candidate.path);
            if parts.contains(&real) {
                split.parts.push((real, candidate));
            } else if resources.contains(&real) {
                split.resources.push((real, candidate));
            } else {
                split.free.push(candidate);
            }
        }
        split
    }

    /// The manifests that no rendering read: their kustomization could not be built, or is a component that nobody uses.
    fn left(&self, read: &BTreeSet<PathBuf>) -> Vec<Candidate> {
        let left = self
            .resources
            .iter()
            .filter(|(real, _)| !read.contains(real));
        left.map(|(_, candidate)| candidate.clone()).collect()
    }

    /// The parts that no rendering read.
    fn parts(&self, read: &BTreeSet<PathBuf>) -> impl Iterator<Item = &Candidate> {
        let left = self.parts.iter().filter(|(real, _)| !read.contains(real));
        left.map(|(_, candidate)| candidate)
    }
}
