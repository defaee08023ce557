//! Unpacks `.tgz` archives of charts in memory. They are hostile until proven otherwise: what leads out of the
//! chart, or does not end, is refused.

use std::io::{self, Read};

use flate2::read::MultiGzDecoder;

use super::file::{File, Reader};
use crate::error::{Error, ErrorKind, Result};

/// The files of an archive, in its order, without the folder that they all lie in.
pub(crate) fn unpack(name: &str, bytes: &[u8], reader: &Reader<'_>) -> Result<Vec<File>> {
    if !bytes.starts_with(b"\x1F\x8B\x08") {
        let message = format!("'{name}' is no archive: a chart is a folder or a .tgz");
        return Err(ErrorKind::Archive(message).into());
    }
    let limited = Limited {
        inner: MultiGzDecoder::new(bytes),
        // Headers and padding come on top of the files.
        left: reader
            .bytes_left()
            .saturating_mul(2)
            .saturating_add(1 << 20),
    };
    let mut archive = tar::Archive::new(limited);
    let unreadable = |error: &io::Error| match error.get_ref() {
        Some(inner) if inner.is::<TooLong>() => Error::from(reader.too_large()),
        _ => ErrorKind::Archive(format!("'{name}' cannot be unpacked: {error}")).into(),
    };
    let mut files = Vec::new();
    let entries = archive.entries().map_err(|error| unreadable(&error))?;
    for entry in entries {
        let mut entry = entry.map_err(|error| unreadable(&error))?;
        let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let kind = entry.header().entry_type();
        if kind.is_dir() || path.ends_with('/') || kind.is_pax_global_extensions() {
            continue;
        }
        let inner = inner_path(name, &path)?;
        reader.file()?;
        if entry.size() > reader.bytes_left() {
            return Err(reader.too_large().into());
        }
        let mut content = Vec::new();
        let read = entry.read_to_end(&mut content);
        read.map_err(|error| unreadable(&error))?;
        reader.spend(content.len() as u64)?;
        let path = format!("{name}/{}", path.trim_start_matches("./"));
        files.push(File::read(&inner, &path, &content));
    }
    if files.is_empty() {
        let message = format!("'{name}' has no files in it");
        return Err(ErrorKind::Archive(message).into());
    }
    Ok(files)
}

/// The path of an entry in the chart.
fn inner_path(archive: &str, path: &str) -> Result<String> {
    let refuse = |reason: &str| {
        let message = format!("'{archive}' is refused: '{path}' {reason}");
        Error::from(ErrorKind::Archive(message))
    };
    let delimiter = if path.contains('\\') { '\\' } else { '/' };
    let (outer, inner) = path.split_once(delimiter).unwrap_or((path, ""));
    let inner = inner.replace(delimiter, "/");
    if inner.starts_with('/') {
        return Err(refuse("is an absolute path"));
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in inner.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.pop().is_some() => {}
            ".." => return Err(refuse("leads out of the chart")),
            part => parts.push(part),
        }
    }
    let inner = parts.join("/");
    if inner.is_empty() {
        return Err(refuse("lies beside the chart's folder, not in it"));
    }
    if inner.starts_with("..") {
        return Err(refuse("begins with `..`"));
    }
    let drive = inner.as_bytes();
    if drive.len() > 2 && drive[0].is_ascii_alphabetic() && &drive[1..3] == b":/" {
        return Err(refuse("names a drive"));
    }
    if outer == "Chart.yaml" {
        return Err(refuse("lies in a folder called Chart.yaml"));
    }
    Ok(inner)
}

/// A reader that ends with an error instead of giving more than was agreed.
struct Limited<R> {
    inner: R,
    left: u64,
}

/// The error of [`Limited`].
#[derive(Debug)]
struct TooLong;

impl std::fmt::Display for TooLong {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("too long")
    }
}

impl std::error::Error for TooLong {}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        let left = self.left.checked_sub(count as u64);
        self.left = left.ok_or_else(|| io::Error::other(TooLong))?;
        Ok(count)
    }
}
