//! The walk over the entries of a layer.

use std::collections::HashMap;
use std::io::Read;

use packages::os::store_path;
use packages::{Entry, File, Reader, Told};

use super::contents::{Contents, Node, Reading};
use super::tar::{Entries, Item, Kind};
use super::{LayerError, Work};
use crate::budget::Share;

/// Hard links that a reader wants, though the file that they name was not read for it: by that file, their places and paths.
pub(super) type Missed = HashMap<String, Vec<(usize, String, bool)>>;

/// A path relative to the root: without `.`, empty parts and a leading `/`; none if it is the root, or leads out of it.
pub(crate) fn inside(path: &str) -> Result<Option<String>, ()> {
    let mut clean = String::with_capacity(path.len());
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => return Err(()),
            part => {
                if !clean.is_empty() {
                    clean.push('/');
                }
                clean.push_str(part);
            }
        }
    }
    Ok(Some(clean).filter(|clean| !clean.is_empty()))
}

/// All entries of a layer.
pub(super) fn walk(
    entries: &mut Entries<impl Read>,
    work: &Work<'_>,
) -> Result<(Contents, Missed), LayerError> {
    let mut contents = Contents::default();
    let mut links = Vec::new();
    let mut buffer = Vec::new();
    while let Some(item) = next(entries)? {
        if contents.len() >= work.limits.entries {
            return Err(LayerError::Entries(work.limits.entries));
        }
        let Ok(path) = inside(&item.path) else {
            let message = "its path leaves the root, so that it was left out".to_owned();
            contents.trouble(&item.path, None, message);
            continue;
        };
        let path = path.unwrap_or_default();
        if let Some((path, node)) = whiteout(&path) {
            contents.push(&path, node);
        } else if item.kind == Kind::File {
            let readings = file(&item, &path, entries, work, &mut buffer, &mut contents)?;
            contents.push(&path, Node::File(readings));
        } else if let Some(told) = store_folder(&item, &path) {
            contents.push(&path, told);
        } else if let Some(node) = node(&item) {
            if let Node::Hardlink(target) = &node
                && wanted(work.readers, &path, 1, item.is_executable)
                    .next()
                    .is_some()
            {
                links.push((
                    contents.len(),
                    target.clone(),
                    path.clone(),
                    item.is_executable,
                ));
            }
            contents.push(&path, node);
        }
    }
    let missed = missed(&contents, links, work);
    Ok((contents, missed))
}

/// Reads the files that hard links name, for these links.
pub(super) fn walk_again(
    entries: &mut Entries<impl Read>,
    mut missed: Missed,
    contents: &mut Contents,
    work: &Work<'_>,
) -> Result<(), LayerError> {
    let mut buffer = Vec::new();
    while !missed.is_empty()
        && let Some(item) = next(entries)?
    {
        let Ok(Some(path)) = inside(&item.path) else {
            continue;
        };
        if item.kind != Kind::File {
            continue;
        }
        let Some(links) = missed.remove(&path) else {
            continue;
        };
        let share = content(&item, &path, entries, work, &mut buffer, contents)?;
        for (place, link, is_executable) in links {
            let item = Item {
                is_executable,
                path: String::new(),
                kind: Kind::File,
                ..item
            };
            if share.is_some() {
                let readings = readings(&item, &link, &buffer, work.readers, contents);
                contents.replace(place, Node::File(readings));
            }
        }
        release(share, &mut buffer);
    }
    Ok(())
}

fn next(entries: &mut Entries<impl Read>) -> Result<Option<Item>, LayerError> {
    entries.next().map_err(LayerError::from_read)
}

/// What a file named `.wh.…` says of layers below.
fn whiteout(path: &str) -> Option<(String, Node)> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let hidden = name.strip_prefix(".wh.")?;
    Some(match hidden {
        ".wh..opq" => (folder.to_owned(), Node::Opaque),
        // What AUFS kept for itself is nothing to anyone.
        hidden if hidden.starts_with(".wh.") => (path.to_owned(), Node::Other),
        hidden if folder.is_empty() => (hidden.to_owned(), Node::Whiteout),
        hidden => (format!("{folder}/{hidden}"), Node::Whiteout),
    })
}

/// A folder of Nix's store is what its name says, and a file that says so is made up for it.
fn store_folder(item: &Item, path: &str) -> Option<Node> {
    let (folder, package) = store_path(path).filter(|_| item.kind == Kind::Folder)?;
    let told = Told {
        packages: vec![package],
        ..Told::default()
    };
    (folder == path).then(|| Node::Told(vec![Reading { reader: NIX, told }]))
}

fn node(item: &Item) -> Option<Node> {
    match &item.kind {
        Kind::File => None,
        Kind::Folder => Some(Node::Folder),
        Kind::Symlink(target) => Some(Node::Symlink(target.clone())),
        Kind::Hardlink(target) => Some(
            inside(target)
                .ok()
                .flatten()
                .map_or(Node::Other, Node::Hardlink),
        ),
        Kind::Other => Some(Node::Other),
    }
}

/// The readers that want a file.
pub(crate) fn wanted<'r>(
    readers: &'r [Reader],
    path: &str,
    size: u64,
    is_executable: bool,
) -> impl Iterator<Item = &'r Reader> {
    let entry = Entry {
        path,
        size,
        is_executable,
    };
    readers.iter().filter(move |reader| (reader.wants)(&entry))
}

fn missed(
    contents: &Contents,
    links: Vec<(usize, String, String, bool)>,
    work: &Work<'_>,
) -> Missed {
    let mut missed = Missed::new();
    if links.is_empty() {
        return missed;
    }
    let files: HashMap<&str, &[Reading]> = contents
        .iter()
        .filter_map(|(path, node)| match node {
            Node::File(readings) => Some((path, readings.as_slice())),
            _ => None,
        })
        .collect();
    for (place, target, path, is_executable) in links {
        let Some(known) = files.get(target.as_str()) else {
            continue;
        };
        let is_known = |reader: &Reader| known.iter().any(|reading| reading.reader == reader.id);
        if !wanted(work.readers, &path, 1, is_executable).all(is_known) {
            missed
                .entry(target)
                .or_default()
                .push((place, path, is_executable));
        }
    }
    missed
}

/// What readers say of the file that the stream is at.
fn file(
    item: &Item,
    path: &str,
    entries: &mut Entries<impl Read>,
    work: &Work<'_>,
    buffer: &mut Vec<u8>,
    contents: &mut Contents,
) -> Result<Vec<Reading>, LayerError> {
    if wanted(work.readers, path, item.size, item.is_executable)
        .next()
        .is_none()
    {
        return Ok(Vec::new());
    }
    let share = content(item, path, entries, work, buffer, contents)?;
    let found = if share.is_some() {
        readings(item, path, buffer, work.readers, contents)
    } else {
        Vec::new()
    };
    release(share, buffer);
    Ok(found)
}

/// The content of the file that the stream is at, unless it cannot be had.
fn content<'w>(
    item: &Item,
    path: &str,
    entries: &mut Entries<impl Read>,
    work: &'w Work<'_>,
    buffer: &mut Vec<u8>,
    contents: &mut Contents,
) -> Result<Option<Share<'w>>, LayerError> {
    if item.is_sparse {
        let message = "it is stored with holes, and was not read".to_owned();
        contents.trouble(path, None, message);
        return Ok(None);
    }
    if item.size > work.limits.file_bytes {
        contents.trouble(path, None, too_large(item.size, work));
        return Ok(None);
    }
    let share = work.budget.take(item.size);
    buffer.clear();
    // What is announced is not yet there: memory grows with what comes.
    let mut stream = entries.take(item.size);
    stream.read_to_end(buffer).map_err(LayerError::from_read)?;
    Ok(Some(share))
}

/// Gives back the share, and the memory with it.
fn release(share: Option<Share<'_>>, buffer: &mut Vec<u8>) {
    if buffer.capacity() > KEPT {
        *buffer = Vec::new();
    }
    drop(share);
}

/// The name under which folders of Nix's store are told.
pub(crate) const NIX: &str = "nix";

/// A buffer of so many bytes is kept for the next file.
const KEPT: usize = 1 << 20;

/// Why a file is not read.
pub(crate) fn too_large(size: u64, work: &Work<'_>) -> String {
    let most = work.limits.file_bytes;
    format!("it has {size} bytes, more than the {most} that are read")
}

/// What readers say of a file, and why they cannot.
pub(crate) fn readings(
    item: &Item,
    path: &str,
    bytes: &[u8],
    readers: &[Reader],
    contents: &mut Contents,
) -> Vec<Reading> {
    let mut readings = Vec::new();
    for reader in wanted(readers, path, item.size, item.is_executable) {
        match (reader.read)(&File { path, bytes }) {
            Ok(mut told) => {
                for damage in std::mem::take(&mut told.damage) {
                    contents.trouble(path, damage.at, damage.message);
                }
                readings.push(Reading {
                    reader: reader.id,
                    told,
                });
            }
            Err(error) => contents.trouble(path, error.at, error.message),
        }
    }
    readings
}
