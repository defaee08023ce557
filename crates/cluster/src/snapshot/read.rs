//! Reading a snapshot, which anybody may have written.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read};
use std::sync::Arc;

use document::{Keys, Limits, Source};
use model::{Inventory, KubernetesVersion, Problem, Resource};
use rayon::prelude::{IntoParallelRefIterator, ParallelIterator};

use super::wire::{About, Header, SCHEMA};
use crate::api::one_line;
use crate::collect::Collected;
use crate::discovery::is_word;
use crate::naming::Naming;
use crate::object::Maker;
use crate::problems::damaged;
use crate::served::Served;

/// Bytes of the text of a whole snapshot. What a large cluster has is a tenth of it.
const LARGEST: u64 = 4 << 30;

/// Bytes of a line. The API server keeps objects below 3 MiB.
const LONGEST_LINE: u64 = 32 << 20;

/// Lines, and bytes of them, that are parsed at the same time, so that not all of the text is held.
const LINES_AT_ONCE: usize = 512;
const BYTES_AT_ONCE: usize = 32 << 20;

/// Broken lines that are told one by one.
const TOLD: usize = 20;

/// A mistake in each line must not cost more than the lines.
const LIMITS: Limits = Limits {
    bytes: 32 << 20,
    depth: 128,
    nodes: 8 << 20,
    alias_factor: 0,
    alias_bytes: 0,
};

const ZSTD_MAGIC: [u8; 4] = [0x28, 0xB5, 0x2F, 0xFD];
const HEADER_BEGINS: &[u8] = br#"{"schema":"seawall.dev/snapshot/"#;

/// Why a file is no snapshot that can be read.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// It cannot be read or uncompressed.
    #[error("cannot be read: {0}")]
    Io(#[from] io::Error),
    /// The first line says something else.
    #[error("line 1: not the header of a snapshot: {0}")]
    Header(String),
    /// A later version wrote it.
    #[error("line 1: this version of Seawall reads snapshots of schema `{SCHEMA}`, not `{0}`")]
    Schema(String),
}

/// Whether a file that begins so is meant as a snapshot: it is compressed as they are, or begins as their text does.
pub fn is_snapshot(beginning: &[u8]) -> bool {
    beginning.starts_with(&ZSTD_MAGIC) || beginning.starts_with(HEADER_BEGINS)
}

/// A snapshot whose header was read.
pub struct Snapshot {
    file: String,
    header: Header,
    lines: Lines,
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut text = f.debug_struct("Snapshot");
        text.field("file", &self.file).finish_non_exhaustive()
    }
}

impl Snapshot {
    /// Reads the header. `file` is what messages call it.
    pub fn open(file: &str, input: impl Read + Send + 'static) -> Result<Self, SnapshotError> {
        let mut input = BufReader::new(input);
        let is_compressed = input.fill_buf()?.starts_with(&ZSTD_MAGIC);
        let text: Box<dyn BufRead + Send> = if is_compressed {
            Box::new(BufReader::new(zstd::stream::read::Decoder::with_buffer(
                input,
            )?))
        } else {
            Box::new(input)
        };
        let mut lines = Lines {
            text: text.take(LARGEST),
            number: 0,
        };
        let first = lines.next()?.unwrap_or_default();
        let invalid =
            |error: serde_json::Error| SnapshotError::Header(one_line(&error.to_string()));
        let value: serde_json::Value = serde_json::from_slice(&first).map_err(invalid)?;
        let schema = value
            .get("schema")
            .and_then(serde_json::Value::as_str)
            .unwrap_or_default();
        if schema != SCHEMA {
            return Err(SnapshotError::Schema(one_line(schema)));
        }
        let header = serde_json::from_value(value).map_err(invalid)?;
        Ok(Snapshot {
            file: file.to_owned(),
            header,
            lines,
        })
    }

    /// What it is of.
    pub fn about(&self) -> About {
        About {
            tool_version: self.header.tool.version.clone(),
            context: self.header.context.clone(),
            server_version: self.header.server_version.clone(),
            time: self.header.time.clone(),
        }
    }

    /// The version of Kubernetes; `None` where the server said something else.
    pub fn kubernetes_version(&self) -> Option<KubernetesVersion> {
        self.header.server_version.parse().ok()
    }

    /// Reads the objects. What is damaged is a problem, and the rest is read.
    pub fn collect(mut self, keys: &Arc<Keys>) -> Collected {
        let naming = Naming::new(&self.header.context);
        let served: Vec<Served> = std::mem::take(&mut self.header.served)
            .into_iter()
            .map(Into::into)
            .collect();
        let is_plain = |one: &&Served| {
            let has_group = one.group.is_empty() || is_word(&one.group);
            has_group && is_word(&one.version) && is_word(&one.plural)
        };
        let plain = served.iter().filter(is_plain);
        let reader = Reader {
            file: &self.file,
            maker: Maker::new(keys, &naming),
            by_kind: plain
                .map(|one| ((one.api_version(), one.kind.clone()), one))
                .collect(),
        };
        let (resources, mut problems) = reader.all(&mut self.lines, self.header.resources);
        let is_damaged = !problems.is_empty();
        problems.extend(
            std::mem::take(&mut self.header.problems)
                .into_iter()
                .map(Into::into),
        );
        Collected {
            inventory: Inventory {
                is_complete: self.header.complete && !is_damaged,
                ..Inventory::new(resources)
            },
            problems,
            feature_gates: self.header.feature_gates,
            served,
            followed: Vec::new(),
        }
    }
}

struct Lines {
    text: io::Take<Box<dyn BufRead + Send>>,
    number: usize,
}

impl Lines {
    /// The next line without its end; `None` after the last one.
    fn next(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut line = Vec::new();
        let text = &mut self.text;
        let read = text
            .by_ref()
            .take(LONGEST_LINE)
            .read_until(b'\n', &mut line)?;
        if read == 0 {
            let is_cut = text.limit() == 0;
            return if is_cut {
                Err(io::Error::other("the snapshot is larger than 4 GiB"))
            } else {
                Ok(None)
            };
        }
        self.number += 1;
        if line.last() == Some(&b'\n') {
            line.pop();
        } else if read as u64 == LONGEST_LINE {
            return Err(io::Error::other("the line is longer than 32 MiB"));
        }
        Ok(Some(line))
    }
}

struct Reader<'s> {
    file: &'s str,
    maker: Maker,
    by_kind: BTreeMap<(String, String), &'s Served>,
}

impl Reader<'_> {
    fn all(&self, lines: &mut Lines, announced: usize) -> (Vec<Resource>, Vec<Problem>) {
        let mut resources = Vec::new();
        let mut mistakes: Vec<(Option<usize>, String)> = Vec::new();
        let mut is_whole = true;
        while is_whole {
            let mut batch = Vec::with_capacity(LINES_AT_ONCE);
            let mut bytes = 0;
            while batch.len() < LINES_AT_ONCE && bytes < BYTES_AT_ONCE {
                match lines.next() {
                    Ok(Some(line)) => {
                        bytes += line.len();
                        batch.push((lines.number, line));
                    }
                    Ok(None) => break,
                    Err(error) => {
                        mistakes.push((Some(lines.number + 1), error.to_string()));
                        is_whole = false;
                        break;
                    }
                }
            }
            is_whole &= !batch.is_empty();
            let read: Vec<_> = batch
                .par_iter()
                .map(|(number, line)| (*number, self.object(line)))
                .collect();
            for (number, object) in read {
                match object {
                    Ok(resource) => resources.push(resource),
                    Err(mistake) => mistakes.push((Some(number), mistake)),
                }
            }
        }
        let seen = lines.number.saturating_sub(1);
        if seen != announced && mistakes.is_empty() {
            mistakes.push((
                None,
                format!("the header announces {announced} objects, and there are {seen}"),
            ));
        }
        let more = mistakes.len().saturating_sub(TOLD);
        let told = mistakes.into_iter().take(TOLD);
        let mut problems: Vec<Problem> = told
            .map(|(line, mistake)| damaged(self.file, line, &mistake))
            .collect();
        if more > 0 {
            problems.push(damaged(
                self.file,
                None,
                &format!("{more} more lines cannot be read"),
            ));
        }
        (resources, problems)
    }

    fn object(&self, line: &[u8]) -> Result<Resource, String> {
        let text = std::str::from_utf8(line).map_err(|_| "not UTF-8".to_owned())?;
        let parsed = document::parse_json(Source::new("", text), &self.maker.keys, &LIMITS);
        if let Some(error) = parsed.errors.first() {
            return Err(format!("not JSON: {error}"));
        }
        let root = parsed.document.root(0).ok_or("there is no object")?;
        if parsed.document.roots().len() > 1 {
            return Err("more than one object".to_owned());
        }
        let word = |key| {
            root.get_str(key)
                .and_then(document::NodeRef::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let named = (word("apiVersion"), word("kind"));
        let served = self.by_kind.get(&named);
        let served = served.ok_or_else(|| {
            format!(
                "the header does not name the kind `{}` of `{}`",
                named.1, named.0
            )
        })?;
        self.maker
            .resource(root, served)
            .ok_or_else(|| "no object with a name".to_owned())
    }
}
