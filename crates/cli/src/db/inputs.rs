//! Files of feeds: what folders and archives hold, read in parallel.

use std::path::{Path, PathBuf};

use advisories::feed::{self, Fact, FeedError};
use anyhow::Context as _;
use rayon::prelude::{
    IntoParallelIterator as _, IntoParallelRefIterator as _, ParallelIterator as _,
};

/// Endings of names that feeds have.
const ENDINGS: [&str; 6] = [".json", ".yaml", ".yml", ".xml", ".csv", ".osv"];

/// What an input gave.
#[derive(Default)]
pub(super) struct Input {
    pub(super) facts: Vec<Fact>,
    /// Files that are no feeds.
    pub(super) skipped: usize,
}

/// Reads a file, an archive or a folder of them. A file that looks like a feed and is broken is an error.
pub(super) fn read(path: &Path) -> anyhow::Result<Input> {
    let metadata = fs_err::metadata(path)?;
    let files = if metadata.is_dir() {
        walk(path)?
    } else {
        vec![path.to_owned()]
    };
    let is_alone = !metadata.is_dir();
    let inputs = files
        .par_iter()
        .map(|file| read_file(file, is_alone))
        .collect::<anyhow::Result<Vec<_>>>()?;
    Ok(inputs.into_iter().fold(Input::default(), |mut all, input| {
        all.facts.extend(input.facts);
        all.skipped += input.skipped;
        all
    }))
}

fn read_file(path: &Path, is_alone: bool) -> anyhow::Result<Input> {
    let name = path.display().to_string();
    let bytes = fs_err::read(path)?;
    let files = feed::unpack(&name, bytes).with_context(|| format!("reading {name}"))?;
    let is_archive = files.len() != 1;
    let read = |(file, bytes): (String, Vec<u8>)| {
        let counts = is_alone && !is_archive
            || ENDINGS
                .iter()
                .any(|ending| file.to_ascii_lowercase().ends_with(ending));
        match feed::read(&bytes) {
            _ if !counts => Ok(Input {
                skipped: 1,
                ..Input::default()
            }),
            Ok(facts) => Ok(Input { facts, skipped: 0 }),
            Err(FeedError::Unknown) if is_archive || !is_alone => Ok(Input {
                skipped: 1,
                ..Input::default()
            }),
            Err(error) => Err(anyhow::Error::new(error).context(format!("reading {file}"))),
        }
    };
    let inputs = files
        .into_par_iter()
        .map(read)
        .collect::<anyhow::Result<Vec<_>>>()?;
    Ok(inputs.into_iter().fold(Input::default(), |mut all, input| {
        all.facts.extend(input.facts);
        all.skipped += input.skipped;
        all
    }))
}

/// All files below a folder, in order. Links are not followed.
fn walk(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs_err::read_dir(&folder)? {
            let entry = entry?;
            let kind = entry.file_type()?;
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() {
                files.push(entry.path());
            }
        }
    }
    files.sort();
    Ok(files)
}
