//! Archives of images: an index of what is where, or, where one cannot go back, everything that may be a layer read as it
//! comes by.

use std::collections::HashMap;
use std::io::{self, Read, Seek};
use std::sync::{Mutex, PoisonError};

use super::ImageError;
use crate::layer::{self, Contents, Digests, Entries, Kind, LayerError, Unpacked, Work, inside};

/// Links that are followed.
const MAX_LINKS: usize = 16;

/// Files of an archive.
const MAX_FILES: usize = 100_000;

/// All small files of a stream together.
const MAX_SMALL: u64 = 64 << 20;

/// Whether the bytes begin something compressed.
pub(super) fn is_packed(start: &[u8]) -> bool {
    start.starts_with(&[0x1f, 0x8b]) || start.starts_with(&[0x28, 0xb5, 0x2f, 0xfd])
}

/// What is at a path: the thing itself, or a link to it.
enum At<T> {
    Here(T),
    Link(String),
}

/// Files by path.
pub(crate) struct Files<T>(HashMap<String, At<T>>);

/// Where files begin, and how long they are.
pub(crate) type Index = Files<(u64, u64)>;

impl<T> Files<T> {
    fn add(&mut self, path: &str, kind: &Kind, here: impl FnOnce() -> T) -> Result<(), ImageError> {
        let Ok(Some(path)) = inside(path) else {
            return Ok(());
        };
        let at = match kind {
            Kind::File => At::Here(here()),
            // `docker save` wrote a layer once, and links from where it would be again.
            Kind::Symlink(target) => {
                let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
                match beside(folder, target) {
                    Some(target) => At::Link(target),
                    None => return Ok(()),
                }
            }
            Kind::Hardlink(target) => match inside(target) {
                Ok(Some(target)) => At::Link(target),
                _ => return Ok(()),
            },
            Kind::Folder | Kind::Other => return Ok(()),
        };
        self.0.insert(path, at);
        if self.0.len() > MAX_FILES {
            let message = format!("it has more than {MAX_FILES} files");
            return Err(ImageError::Archive(message));
        }
        Ok(())
    }

    pub(super) fn find(&self, path: &str) -> Option<&T> {
        let mut path = path.strip_prefix("./").unwrap_or(path);
        for _ in 0..MAX_LINKS {
            match self.0.get(path)? {
                At::Here(here) => return Some(here),
                At::Link(target) => path = target,
            }
        }
        None
    }
}

/// The path that a link in a folder leads to; none if it leaves the archive.
fn beside(folder: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

fn damaged(error: &io::Error) -> ImageError {
    ImageError::Archive(match error.kind() {
        io::ErrorKind::UnexpectedEof => "it ends in the middle".to_owned(),
        _ => error.to_string(),
    })
}

/// Where each file is.
pub(super) fn index(file: impl Read + Seek) -> Result<Index, ImageError> {
    let mut index = Files(HashMap::new());
    let mut entries = Entries::new(file);
    while let Some(item) = entries.next_by_seeking().map_err(|error| damaged(&error))? {
        let place = (entries.position(), item.size);
        index.add(&item.path, &item.kind, || place)?;
    }
    Ok(index)
}

/// An archive that came as a stream.
pub(crate) struct Streamed(Files<Part>);

enum Part {
    Small(Vec<u8>),
    /// What was read as a layer; taken when it is asked for, which is once for each layer of an image but for copies.
    Layer(Mutex<Option<Result<(Contents, Digests), LayerError>>>),
}

/// Reads all files of an archive: small ones are kept, others are read as layers.
pub(super) fn read_stream(stream: impl Read, work: &Work<'_>) -> Result<Streamed, ImageError> {
    let mut files = Files(HashMap::new());
    let mut small = MAX_SMALL;
    let unpacked = Unpacked::new(stream)?;
    let mut entries = Entries::new(unpacked);
    while let Some(item) = entries.next().map_err(|error| damaged(&error))? {
        if item.kind != Kind::File {
            files.add(&item.path, &item.kind, || Part::Small(Vec::new()))?;
            continue;
        }
        let mut start = [0; 262];
        let length = read_start(&mut entries, &mut start).map_err(|error| damaged(&error))?;
        let start = &start[..length];
        let is_layer = is_packed(start) || start.get(257..) == Some(b"ustar");
        let part = if is_layer || item.size > work.limits.manifest_bytes {
            let stream = start.chain((&mut entries).take(item.size));
            Part::Layer(Mutex::new(Some(layer::read_stream(stream, work))))
        } else if item.size <= small {
            small -= item.size;
            let mut bytes = start.to_vec();
            entries
                .read_to_end(&mut bytes)
                .map_err(|error| damaged(&error))?;
            Part::Small(bytes)
        } else {
            continue;
        };
        files.add(&item.path, &item.kind, || part)?;
    }
    Ok(Streamed(files))
}

fn read_start(stream: &mut impl Read, start: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while length < start.len() {
        match stream.read(&mut start[length..])? {
            0 => break,
            read => length += read,
        }
    }
    Ok(length)
}

impl Streamed {
    pub(super) fn has(&self, path: &str) -> bool {
        self.0.find(path).is_some()
    }

    pub(super) fn small(&self, path: &str) -> Option<&[u8]> {
        match self.0.find(path)? {
            Part::Small(bytes) => Some(bytes),
            Part::Layer(_) => None,
        }
    }

    pub(super) fn layer(
        &self,
        path: &str,
        work: &Work<'_>,
    ) -> Result<(Contents, Digests), LayerError> {
        let layer = match self.0.find(path) {
            Some(Part::Layer(layer)) => layer,
            Some(Part::Small(bytes)) => return layer::read_stream(bytes.as_slice(), work),
            _ => {
                let message = format!("{path} is no layer");
                return Err(io::Error::new(io::ErrorKind::InvalidData, message).into());
            }
        };
        let mut layer = layer.lock().unwrap_or_else(PoisonError::into_inner);
        match layer.take() {
            Some(Ok((contents, digests))) => {
                *layer = Some(Ok((contents.clone(), digests.clone())));
                Ok((contents, digests))
            }
            Some(Err(error)) => Err(error),
            None => {
                let message = format!("{path} is damaged");
                Err(io::Error::new(io::ErrorKind::InvalidData, message).into())
            }
        }
    }
}
