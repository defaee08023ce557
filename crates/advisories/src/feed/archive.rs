//! Archives of feeds: tar, zip, and what gzip or Zstandard compressed. In memory: what is in them is small.

use std::io::{self, Read};

use super::FeedError;

/// What an archive may hold when it is unpacked; the largest feeds are a few GiB.
const MAX_BYTES: u64 = 8 << 30;

/// The files of an archive, by name.
pub type Archive = Vec<(String, Vec<u8>)>;

/// Unpacks tar, zip, gzip and Zstandard, one in the other; anything else is a file of its own.
pub fn unpack(name: &str, bytes: Vec<u8>) -> Result<Archive, FeedError> {
    match bytes.as_slice() {
        [0x28, 0xb5, 0x2f, 0xfd, ..] => {
            let decoder =
                zstd::stream::read::Decoder::new(bytes.as_slice()).map_err(FeedError::Archive)?;
            unpack(name.trim_end_matches(".zst"), read_limited(decoder)?)
        }
        [0x1f, 0x8b, ..] => unpack(
            name.trim_end_matches(".gz"),
            read_limited(flate2::read::MultiGzDecoder::new(bytes.as_slice()))?,
        ),
        [b'P', b'K', 3, 4, ..] => unzip(&bytes),
        _ if bytes.get(257..262) == Some(b"ustar") => untar(&bytes),
        _ => Ok(vec![(name.to_owned(), bytes)]),
    }
}

fn read_limited(reader: impl Read) -> Result<Vec<u8>, FeedError> {
    let mut bytes = Vec::new();
    reader
        .take(MAX_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(FeedError::Archive)?;
    if bytes.len() as u64 > MAX_BYTES {
        Err(FeedError::TooLarge(MAX_BYTES))
    } else {
        Ok(bytes)
    }
}

fn untar(bytes: &[u8]) -> Result<Archive, FeedError> {
    let mut files = Vec::new();
    let mut archive = tar::Archive::new(bytes);
    for entry in archive.entries().map_err(FeedError::Archive)? {
        let entry = entry.map_err(FeedError::Archive)?;
        if entry.header().entry_type().is_file() {
            let name = entry
                .path()
                .map_err(FeedError::Archive)?
                .to_string_lossy()
                .into_owned();
            files.push((name, read_limited(entry)?));
        }
    }
    Ok(files)
}

fn unzip(bytes: &[u8]) -> Result<Archive, FeedError> {
    let error = |error: zip::result::ZipError| FeedError::Archive(io::Error::other(error));
    let mut archive = zip::ZipArchive::new(io::Cursor::new(bytes)).map_err(error)?;
    let mut files = Vec::new();
    let mut left = MAX_BYTES;
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(error)?;
        if !entry.is_file() {
            continue;
        }
        let mut content = Vec::new();
        entry
            .by_ref()
            .take(left + 1)
            .read_to_end(&mut content)
            .map_err(FeedError::Archive)?;
        left = left
            .checked_sub(content.len() as u64)
            .ok_or(FeedError::TooLarge(MAX_BYTES))?;
        files.push((entry.name().map_err(error)?.into_owned(), content));
    }
    Ok(files)
}
