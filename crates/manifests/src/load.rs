//! From what was asked for to an inventory.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use document::{Keys, Limits};
use model::{FieldKeys, InputDigest, Inventory, Problem, ReadFile, Rendered, Resource};
use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};
use sha2::{Digest as _, Sha256};

use crate::candidates::Candidates;
use crate::charts::ChartSettings;
use crate::disk::Disk;
use crate::gitops::Tree;
use crate::inputs::{self, Inputs, InvalidExclude};
use crate::problems;
use crate::read::{Outcome, Reader};
use crate::rendering::{self, Outputs, Renderer, Sources};
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
    let reader = Reader::new(inputs, keys, &fields, limits);
    let disk = Disk::new(&root, limits, inputs.takes_digest).with(&inputs.texts);
    let mut loading = Loading::new(&reader);
    loading.loaded.problems = found.problems;
    loading.loaded.skipped = found.skipped;
    loading.loaded.walking = start.elapsed();
    let kustomizations = rendering::read_kustomizations(&found.kustomizations, &disk, limits);
    let candidates = Candidates::split(found.candidates, &kustomizations, &found.charts, &disk);
    let plain = loading.outcomes(candidates.free);
    let start = Instant::now();
    let charts = found.charts.iter().chain(&found.archives);
    let sources = Sources {
        kustomizations: &kustomizations,
        charts: charts.map(|path| disk.real(path)).collect(),
    };
    let settings = ChartSettings::read(&inputs.charts, &root, &disk);
    let outputs = match &settings {
        Ok(settings) => {
            let renderer = Renderer {
                disk: &disk,
                keys,
                limits,
                reader: &reader,
                charts: settings,
            };
            let tree = Tree::new(&disk, &root, &inputs.paths);
            let objects = plain.iter().flat_map(|(_, outcome)| &outcome.resources);
            renderer.all(&sources, &tree, &objects.collect::<Vec<_>>())
        }
        Err(problem) => Outputs::of_problem(Problem::clone(problem)),
    };
    drop(settings);
    loading.loaded.rendering = start.elapsed();
    loading.take_plain(without(plain, &outputs.manifests, &disk));
    let left = candidates.resources.left(&outputs.files);
    let left = loading.outcomes(left);
    loading.take_plain(left);
    let parts = candidates.parts.left(&outputs.files).into_iter();
    loading.loaded.skipped.extend(parts.map(|part| part.name));
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

/// Reads the Dockerfiles alone of what was asked for.
pub fn load_dockerfiles(
    inputs: &Inputs,
    keys: &Arc<Keys>,
    limits: &Limits,
) -> Result<Loaded, InvalidExclude> {
    let root = inputs.absolute_root();
    let excludes = inputs::excludes(inputs, &root)?;
    let found = walk::find(inputs, &root, excludes);
    let fields = FieldKeys::new(keys);
    let reader = Reader {
        takes_digest: false,
        ..Reader::new(inputs, keys, &fields, limits)
    };
    let mut loading = Loading::new(&reader);
    let candidates = found.candidates.into_iter();
    let dockerfiles = candidates.filter(|candidate| walk::is_dockerfile(&candidate.path));
    let plain = loading.outcomes(dockerfiles.collect());
    loading.take_plain(plain);
    Ok(loading.finish())
}

/// What was read as it is, without the files that something deploys: they were rendered as that says.
fn without(plain: Vec<Plain>, rendered: &BTreeSet<PathBuf>, disk: &Disk<'_>) -> Vec<Plain> {
    let is_left = |(candidate, _): &Plain| {
        candidate.origin != Origin::Walked || !rendered.contains(&disk.real(&candidate.path))
    };
    if rendered.is_empty() {
        return plain;
    }
    plain.into_iter().filter(is_left).collect()
}

/// What is loaded so far.
struct Loading<'l> {
    reader: &'l Reader<'l>,
    loaded: Loaded,
    resources: Vec<Resource>,
    /// The files that are not skipped, where their digest is asked for.
    read: Vec<ReadFile>,
}

/// A file that was read as it is.
type Plain = (Candidate, Outcome);

impl<'l> Loading<'l> {
    fn new(reader: &'l Reader<'l>) -> Self {
        Loading {
            reader,
            loaded: Loaded::default(),
            resources: Vec::new(),
            read: Vec::new(),
        }
    }

    /// Reads files as they are.
    fn outcomes(&self, candidates: Vec<Candidate>) -> Vec<Plain> {
        candidates
            .into_par_iter()
            .with_max_len(8)
            .map(|candidate| {
                let outcome = self.reader.take(&candidate);
                (candidate, outcome)
            })
            .collect()
    }

    /// Takes what was read as it is.
    fn take_plain(&mut self, plain: Vec<Plain>) {
        let loaded = &mut self.loaded;
        for (candidate, outcome) in plain {
            self.resources.extend(outcome.resources);
            loaded.problems.extend(outcome.problems);
            let sha256 = outcome.sha256.filter(|_| !outcome.is_skipped);
            self.read.extend(sha256.map(|sha256| ReadFile {
                name: candidate.name.clone(),
                sha256,
            }));
            if outcome.is_skipped {
                loaded.skipped.push(candidate.name);
            }
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
