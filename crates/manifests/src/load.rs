//! From what was asked for to an inventory.

use std::sync::Arc;
use std::time::Duration;

use document::{Keys, Limits};
use model::{FieldKeys, InputDigest, Inventory, Problem, ReadFile};
use rayon::iter::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};
use sha2::{Digest as _, Sha256};

use crate::inputs::{self, Inputs, InvalidExclude};
use crate::problems;
use crate::read::{Outcome, Reader};
use crate::walk;

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
    /// Time spent reading, summed over threads.
    pub reading: Duration,
    /// Time spent recognising and parsing, summed over threads.
    pub parsing: Duration,
}

/// Walks, reads and parses what was asked for, in parallel on rayon's current pool. The result does not
/// depend on the number of threads.
pub fn load(inputs: &Inputs, keys: &Arc<Keys>, limits: &Limits) -> Result<Loaded, InvalidExclude> {
    let start = std::time::Instant::now();
    let root = inputs.absolute_root();
    let excludes = inputs::excludes(inputs, &root)?;
    let found = walk::find(inputs, &root, excludes, keys, limits);
    let reader = Reader {
        keys,
        fields: &FieldKeys::new(keys),
        limits,
        stdin: &inputs.stdin,
        takes_digest: inputs.takes_digest,
    };
    let walking = start.elapsed();
    let outcomes: Vec<Outcome> = found
        .candidates
        .par_iter()
        .with_max_len(8)
        .map(|candidate| reader.take(candidate))
        .collect();

    let mut loaded = Loaded {
        problems: found.problems,
        skipped: found.skipped,
        walking,
        ..Loaded::default()
    };
    let mut resources = Vec::new();
    let mut read = Vec::new();
    for (candidate, outcome) in found.candidates.iter().zip(outcomes) {
        resources.extend(outcome.resources);
        loaded.problems.extend(outcome.problems);
        loaded
            .skipped
            .extend(outcome.is_skipped.then(|| candidate.name.clone()));
        let sha256 = outcome.sha256.filter(|_| !outcome.is_skipped);
        read.extend(sha256.map(|sha256| ReadFile {
            name: candidate.name.clone(),
            sha256,
        }));
        loaded.files += 1;
        loaded.bytes += outcome.bytes;
        loaded.reading += outcome.reading;
        loaded.parsing += outcome.parsing;
    }
    loaded.inventory = Inventory::new(resources);
    let sha256 = |text: &[u8]| Sha256::digest(text).into();
    loaded.digest = inputs.takes_digest.then(|| InputDigest::new(read, sha256));
    problems::sort(&mut loaded.problems);
    loaded.skipped.sort();
    Ok(loaded)
}
