//! One layer, streamed once: what its files say, and what it does to the layers below it.

mod compression;
mod contents;
mod tar;
mod walk;

use std::io::{self, ErrorKind, Read};

use packages::Reader;

use crate::budget::Budget;
use crate::digest::{Digest, Hashed, Hasher};
use compression::Limited;

pub(crate) use compression::Unpacked;
pub(crate) use contents::{Contents, Node, Reading, Trouble};
pub(crate) use tar::{Entries, Item, Kind};
pub(crate) use walk::{NIX, inside, readings, too_large, wanted};

/// How much is read of what strangers packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of an unpacked layer.
    pub layer_bytes: u64,
    /// Entries of a layer.
    pub entries: usize,
    /// Bytes of a file that a reader wants.
    pub file_bytes: u64,
    /// Bytes of files that are in memory at a time.
    pub memory: u64,
    /// Bytes of a manifest, an index or a configuration.
    pub manifest_bytes: u64,
    /// Layers of an image.
    pub layers: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            layer_bytes: 32 << 30,
            entries: 4_000_000,
            file_bytes: 256 << 20,
            memory: 64 << 20,
            manifest_bytes: 8 << 20,
            layers: 1024,
        }
    }
}

/// What is needed to read files: who reads them, and how much.
pub(crate) struct Work<'a> {
    pub(crate) readers: &'a [Reader],
    pub(crate) limits: Limits,
    pub(crate) budget: Budget,
}

impl<'a> Work<'a> {
    pub(crate) fn new(readers: &'a [Reader], limits: Limits) -> Self {
        Self {
            readers,
            limits,
            budget: Budget::new(limits.memory),
        }
    }
}

/// The digests of a layer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Digests {
    /// Of the layer as it is stored.
    pub(crate) packed: Option<Digest>,
    /// Of the tar stream in it (`diff_id`).
    pub(crate) unpacked: Option<Digest>,
}

/// Why a layer is not read. What it holds is not known then, and neither is what it does to the layers below.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LayerError {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error("it ends in the middle")]
    Truncated,
    #[error("it has more than {0} entries")]
    Entries(usize),
    #[error("its digest is {found}, not {expected}")]
    Digest { expected: Digest, found: Digest },
    #[error("{0}")]
    OutOfReach(&'static str),
    #[error("hard links in it name files that come before them, and it can be read only once")]
    Again,
}

impl LayerError {
    fn from_read(error: io::Error) -> Self {
        match error.kind() {
            ErrorKind::UnexpectedEof => LayerError::Truncated,
            _ => LayerError::Io(error),
        }
    }
}

impl From<LayerError> for io::Error {
    fn from(error: LayerError) -> Self {
        match error {
            LayerError::Io(error) => error,
            error => io::Error::new(ErrorKind::InvalidData, error.to_string()),
        }
    }
}

impl Digests {
    /// Whether none of those that were made differs from what is expected.
    pub(crate) fn check(&self, found: Digests) -> Result<(), LayerError> {
        let packed = (&self.packed, found.packed);
        let unpacked = (&self.unpacked, found.unpacked);
        for (expected, found) in [packed, unpacked] {
            if let (Some(expected), Some(found)) = (expected, found)
                && *expected != found
            {
                let expected = expected.clone();
                return Err(LayerError::Digest { expected, found });
            }
        }
        Ok(())
    }
}

/// Reads a layer to its end, and holds it against the digests that are known of it.
pub(crate) fn read<R: Read>(
    open: impl Fn() -> io::Result<R>,
    expected: &Digests,
    work: &Work<'_>,
) -> Result<Contents, LayerError> {
    let (mut contents, missed, found) = read_once(open()?, expected, work)?;
    expected.check(found)?;
    if !missed.is_empty() {
        expected.check(read_again(open()?, missed, expected, work, &mut contents)?)?;
    }
    Ok(contents)
}

/// Reads for hard links the files that they name; to the end, because what comes the second time may be something else.
fn read_again(
    stored: impl Read,
    missed: walk::Missed,
    expected: &Digests,
    work: &Work<'_>,
    contents: &mut Contents,
) -> Result<Digests, LayerError> {
    let packed = Hashed::new(stored, expected.packed.as_ref().map(Hasher::like));
    let unpacked = Unpacked::new(packed).map_err(LayerError::from_read)?;
    let limited = Limited::new(unpacked, work.limits.layer_bytes);
    let stream = Hashed::new(limited, expected.unpacked.as_ref().map(Hasher::like));
    let mut entries = Entries::new(stream);
    walk::walk_again(&mut entries, missed, contents, work)?;
    finish(entries)
}

/// Reads what follows the last entry, too, and gives the digests of all of it.
fn finish<R: Read>(
    entries: Entries<Hashed<Limited<Unpacked<Hashed<R>>>>>,
) -> Result<Digests, LayerError> {
    let mut rest = entries.into_inner();
    io::copy(&mut rest, &mut io::sink()).map_err(LayerError::from_read)?;
    let (limited, unpacked) = rest.finish();
    let (_, packed) = limited
        .into_inner()
        .finish()
        .map_err(LayerError::from_read)?
        .finish();
    Ok(Digests { packed, unpacked })
}

/// Reads a layer that comes once; makes both digests of it.
pub(crate) fn read_stream(
    stream: impl Read,
    work: &Work<'_>,
) -> Result<(Contents, Digests), LayerError> {
    let both = Digests {
        packed: Some(Hasher::default().finish()),
        unpacked: Some(Hasher::default().finish()),
    };
    let (mut contents, missed, found) = read_once(stream, &both, work)?;
    if let Some(path) = missed.keys().min() {
        contents.trouble(path, None, LayerError::Again.to_string());
    }
    Ok((contents, found))
}

/// The contents, the hard links that are to be read, and digests of the kinds of the given ones.
fn read_once(
    stored: impl Read,
    kinds: &Digests,
    work: &Work<'_>,
) -> Result<(Contents, walk::Missed, Digests), LayerError> {
    let hasher = |kind: &Option<Digest>| kind.as_ref().map(Hasher::like);
    let packed = Hashed::new(stored, hasher(&kinds.packed));
    let unpacked = Unpacked::new(packed).map_err(LayerError::from_read)?;
    // Both digests of a layer that is not compressed are the same.
    let is_plain = unpacked.is_plain() && kinds.packed.is_some();
    let limited = Limited::new(unpacked, work.limits.layer_bytes);
    let stream = Hashed::new(limited, hasher(&kinds.unpacked).filter(|_| !is_plain));
    let mut entries = Entries::new(stream);
    let (contents, missed) = walk::walk(&mut entries, work)?;
    let Digests { packed, unpacked } = finish(entries)?;
    let unpacked = if is_plain { packed.clone() } else { unpacked };
    Ok((contents, missed, Digests { packed, unpacked }))
}
