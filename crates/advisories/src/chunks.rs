//! A database in chunks whose borders depend on its content, so that a new one shares most chunks with the old one and
//! an update fetches the rest alone.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use fastcdc::v2020::FastCDC;
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;

use crate::sign::hexadecimal;

const SMALLEST: usize = 16 << 10;
const AVERAGE: usize = 64 << 10;
const LARGEST: usize = 256 << 10;
const TITLE: &str = "seawall chunks 1";
/// No database has more; a list that is longer is not read.
const MOST: usize = 1 << 20;

/// A part of a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// SHA-256 in hexadecimal digits; the name under which a mirror has it.
    pub name: String,
    /// Its length in bytes.
    pub length: usize,
}

/// The chunks of a database, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChunkIndex {
    /// The chunks.
    pub chunks: Vec<Chunk>,
}

/// A text that is no list of chunks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} is no part of a list of chunks")]
pub struct ChunkIndexError {
    /// Where, from 1.
    pub line: usize,
}

impl ChunkIndex {
    /// Cuts a database into chunks.
    pub fn of(file: &[u8]) -> Self {
        let chunks = ranges(file).map(|range| Chunk {
            name: name(&file[range.clone()]),
            length: range.len(),
        });
        Self {
            chunks: chunks.collect(),
        }
    }

    /// The bytes of a chunk by its name, for those of a database.
    pub fn contents(file: &[u8]) -> HashMap<String, &[u8]> {
        ranges(file)
            .map(|range| (name(&file[range.clone()]), &file[range]))
            .collect()
    }

    /// Puts a database together. `fetch` gives the chunks that the old one does not have.
    ///
    /// Every chunk is held against its name: what a mirror changed is an error that `wrong` makes of the chunk.
    pub fn assemble<E>(
        &self,
        old: &[u8],
        mut fetch: impl FnMut(&Chunk) -> Result<Vec<u8>, E>,
        wrong: impl Fn(&Chunk) -> E,
    ) -> Result<Vec<u8>, E> {
        let known = Self::contents(old);
        let mut file = Vec::new();
        for chunk in &self.chunks {
            if let Some(bytes) = known.get(&chunk.name) {
                file.extend_from_slice(bytes);
                continue;
            }
            let bytes = fetch(chunk)?;
            if bytes.len() != chunk.length || name(&bytes) != chunk.name {
                return Err(wrong(chunk));
            }
            file.extend_from_slice(&bytes);
        }
        Ok(file)
    }
}

fn ranges(file: &[u8]) -> impl Iterator<Item = Range<usize>> + '_ {
    // Less is one chunk, which the cutter would not take.
    let small = (file.len() < SMALLEST && !file.is_empty()).then_some(0..file.len());
    let cutter = (file.len() >= SMALLEST).then(|| FastCDC::new(file, SMALLEST, AVERAGE, LARGEST));
    small.into_iter().chain(
        cutter
            .into_iter()
            .flatten()
            .map(|chunk| chunk.offset..chunk.offset + chunk.length),
    )
}

fn name(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

impl fmt::Display for ChunkIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{TITLE}")?;
        self.chunks
            .iter()
            .try_for_each(|chunk| writeln!(f, "{} {}", chunk.name, chunk.length))
    }
}

impl FromStr for ChunkIndex {
    type Err = ChunkIndexError;

    fn from_str(text: &str) -> Result<Self, ChunkIndexError> {
        let mut lines = text.lines().zip(1..);
        if lines.next().is_none_or(|(title, _)| title != TITLE) {
            return Err(ChunkIndexError { line: 1 });
        }
        let mut chunks = Vec::new();
        for (line, number) in lines {
            let chunk = line.split_once(' ').and_then(|(name, length)| {
                let is_name = name.len() == 64
                    && name.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
                let length = length
                    .parse()
                    .ok()
                    .filter(|length| (1..=LARGEST).contains(length))?;
                is_name.then(|| Chunk {
                    name: name.to_owned(),
                    length,
                })
            });
            chunks.push(
                chunk
                    .filter(|_| chunks.len() < MOST)
                    .ok_or(ChunkIndexError { line: number })?,
            );
        }
        Ok(Self { chunks })
    }
}
