//! The bytes of files, within limits, without blocking.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use document::Source;

/// Texts that are read instead of files that are there, by the names of the files in reports.
pub type Texts = BTreeMap<Box<str>, Arc<str>>;

/// What came of reading a file as text.
pub(crate) type Text = Result<Arc<Source>, String>;

/// A panic of another thread leaves the table as it is: whole.
pub(crate) fn lock<T>(table: &Mutex<T>) -> MutexGuard<'_, T> {
    table.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Why a file gave no bytes.
pub(crate) enum ReadError {
    /// It is a pipe, a socket or a device.
    NotAFile,
    /// The operating system refused.
    Io(io::ErrorKind),
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        ReadError::Io(error.kind())
    }
}

/// The bytes of a regular file and its size; of a file above the limit only the size.
pub(crate) fn read_file(path: &Path, limit: u32) -> Result<(Vec<u8>, u64), ReadError> {
    // Opening a FIFO would block, and opening a device can do anything: look first.
    let metadata = fs_err::metadata(path)?;
    if !metadata.is_file() {
        return Err(ReadError::NotAFile);
    }
    if metadata.len() > u64::from(limit) {
        return Ok((Vec::new(), metadata.len()));
    }
    // The standard file reads into memory as it is; that of `fs_err` would have it zeroed first.
    let file = fs_err::File::open(path)?;
    read_up_to(file.file(), metadata.len(), limit)
}

/// Reads one byte more than the limit at most: the file may have grown, or may not know its size.
pub(crate) fn read_up_to(
    source: impl Read,
    expected: u64,
    limit: u32,
) -> Result<(Vec<u8>, u64), ReadError> {
    let mut bytes = Vec::with_capacity(expected as usize);
    source.take(u64::from(limit) + 1).read_to_end(&mut bytes)?;
    let size = bytes.len() as u64;
    Ok((bytes, size))
}
