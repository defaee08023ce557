//! The files that renderings read: each once, whichever rendering asks, and under the name that reports show.

use std::collections::{BTreeMap, HashMap};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use document::{Limits, Source};
use helm::{Entry, EntryKind, ShowText};
use kustomize::Resolved;
use sha2::{Digest as _, Sha256};

use crate::ahead::Ahead;
use crate::file::{self, ReadError, Text, Texts, lock};
use crate::paths::{name_of, normalised};

/// The disk below and around the root of a scan. Shared by all renderings.
pub(crate) struct Disk<'d> {
    root: &'d Path,
    /// The root without links.
    real_root: PathBuf,
    limits: &'d Limits,
    takes_digest: bool,
    instead: Option<&'d Texts>,
    ahead: Option<Ahead>,
    resolved: Mutex<HashMap<String, Option<Resolved>>>,
    texts: Mutex<HashMap<String, Text>>,
    read: Mutex<BTreeMap<String, FileRead>>,
}

/// A file that was read.
pub(crate) struct FileRead {
    pub(crate) name: String,
    pub(crate) bytes: u64,
    /// Of its bytes, where it was asked for.
    pub(crate) sha256: Option<[u8; 32]>,
}

impl<'d> Disk<'d> {
    pub(crate) fn new(root: &'d Path, limits: &'d Limits, takes_digest: bool) -> Self {
        Disk {
            root,
            real_root: fs_err::canonicalize(root).unwrap_or_else(|_| root.to_owned()),
            limits,
            takes_digest,
            instead: None,
            ahead: None,
            resolved: Mutex::default(),
            texts: Mutex::default(),
            read: Mutex::default(),
        }
    }

    /// The same with texts that are read instead of files.
    pub(crate) fn with(self, texts: &'d Texts) -> Self {
        Disk {
            instead: (!texts.is_empty()).then_some(texts),
            ..self
        }
    }

    /// The same for one rendering by itself: another thread reads what it will need, and nobody asks what was read.
    pub(crate) fn for_one(self) -> Self {
        Disk {
            ahead: Some(Ahead::default()),
            ..self
        }
    }

    fn is_for_one(&self) -> bool {
        self.ahead.is_some()
    }

    /// The path of a file that a walk found, without links: a walk follows none below the root.
    pub(crate) fn real(&self, path: &Path) -> PathBuf {
        match path.strip_prefix(self.root) {
            Ok(below) => self.real_root.join(below),
            Err(_) => fs_err::canonicalize(path).unwrap_or_else(|_| path.to_owned()),
        }
    }

    /// What reports call a file or folder.
    pub(crate) fn name_of(&self, path: &Path) -> String {
        name_below(path, self.root, &self.real_root)
    }

    /// The path behind the name of a file or folder in reports.
    pub(crate) fn path_of(&self, name: &str) -> String {
        self.root.join(name).to_string_lossy().into_owned()
    }

    /// The files that were read.
    pub(crate) fn into_read(self) -> Vec<FileRead> {
        let read = self.read.into_inner();
        read.unwrap_or_else(PoisonError::into_inner)
            .into_values()
            .collect()
    }

    fn note(&self, path: &str, bytes: &[u8]) {
        if self.is_for_one() {
            return;
        }
        let read = FileRead {
            name: self.name_of(Path::new(path)),
            bytes: bytes.len() as u64,
            sha256: self.takes_digest.then(|| Sha256::digest(bytes).into()),
        };
        lock(&self.read).insert(path.to_owned(), read);
    }
}

/// What lies at the end of a path.
enum Beside {
    /// A file or folder.
    Found(Resolved),
    Nothing,
    /// There are links or dots to follow.
    Elsewhere,
}

impl Disk<'_> {
    /// What a path leads to, links followed.
    pub(crate) fn find(&self, path: &str) -> Option<Resolved> {
        if let Some(known) = lock(&self.resolved).get(path) {
            return known.clone();
        }
        let found = match self.beside(path) {
            Beside::Found(found) => Some(found),
            Beside::Nothing => None,
            Beside::Elsewhere => fs_err::canonicalize(path).ok().and_then(|real| {
                Some(Resolved {
                    is_folder: real.is_dir(),
                    path: real.to_str()?.to_owned(),
                })
            }),
        };
        lock(&self.resolved).insert(path.to_owned(), found.clone());
        found
    }

    /// Looks beside the other files of a folder: they have the way there in common.
    fn beside(&self, path: &str) -> Beside {
        let Some((folder, name)) = path.rsplit_once('/') else {
            return Beside::Elsewhere;
        };
        if folder.is_empty() || matches!(name, "" | "." | "..") {
            return Beside::Elsewhere;
        }
        let Some(folder) = self.find(folder) else {
            return Beside::Nothing;
        };
        let path = format!("{}/{name}", folder.path);
        match fs_err::symlink_metadata(&path) {
            Ok(found) if !found.is_symlink() => Beside::Found(Resolved {
                is_folder: found.is_dir(),
                path,
            }),
            Err(error) if error.kind() == ErrorKind::NotFound => Beside::Nothing,
            _ => Beside::Elsewhere,
        }
    }

    /// The bytes of a file, within the limit.
    pub(crate) fn bytes(&self, path: &str) -> Result<Vec<u8>, String> {
        if let Some(bytes) = self.bytes_instead(path) {
            self.note(path, &bytes);
            return Ok(bytes);
        }
        let bytes = bytes_of(path, self.limits.bytes)?;
        self.note(path, &bytes);
        Ok(bytes)
    }

    fn bytes_instead(&self, path: &str) -> Option<Vec<u8>> {
        let instead = self.instead?;
        let text = instead.get(self.name_of(Path::new(path)).as_str())?;
        Some(text.as_bytes().to_vec())
    }

    /// The text of a small file that is no part of what is scanned.
    pub(crate) fn peek(path: &Path) -> Option<String> {
        const MOST: u32 = 1 << 20;
        let (bytes, _) = file::read_file(path, MOST).ok()?;
        String::from_utf8(bytes).ok()
    }

    /// The text of a file, read once.
    pub(crate) fn source(&self, path: &str) -> Text {
        if let Some(known) = lock(&self.texts).get(path) {
            return known.clone();
        }
        let ahead = self.ahead.as_ref().and_then(|ahead| ahead.take(path));
        let text = ahead.unwrap_or_else(|| {
            let name = || self.name_of(Path::new(path));
            text_of(self.bytes(path)?, name)
        });
        lock(&self.texts)
            .entry(path.to_owned())
            .or_insert(text)
            .clone()
    }
}

/// What reports call a file or folder, for a root and the same without links.
fn name_below(path: &Path, root: &Path, real_root: &Path) -> String {
    let path = normalised(path);
    let root = if path.starts_with(real_root) {
        real_root
    } else {
        root
    };
    name_of(&path, root)
}

/// The bytes of a file, within a limit.
fn bytes_of(path: &str, limit: u32) -> Result<Vec<u8>, String> {
    match file::read_file(Path::new(path), limit) {
        Ok((_, size)) if size > u64::from(limit) => {
            Err(format!("it has {size} bytes, the limit is {limit}"))
        }
        Ok((bytes, _)) => Ok(bytes),
        Err(ReadError::NotAFile) => Err("it is not a regular file".to_owned()),
        Err(ReadError::Io(cause)) => Err(cause.to_string()),
    }
}

/// The text that bytes are.
fn text_of(bytes: Vec<u8>, name: impl FnOnce() -> String) -> Text {
    let text = document::decode(bytes).map_err(|error| error.to_string())?;
    Ok(Source::new(name(), text))
}

/// What lies in a folder, sorted by name.
pub(crate) fn list(path: &str) -> Result<Vec<Entry>, String> {
    let mut entries = Vec::new();
    let found = fs_err::read_dir(path).map_err(|error| error.kind().to_string())?;
    for entry in found {
        let entry = entry.map_err(|error| error.kind().to_string())?;
        let kind = entry.file_type();
        let kind = kind.map_err(|error| error.kind().to_string())?;
        entries.push(Entry {
            name: entry.file_name().to_string_lossy().into_owned(),
            kind: if kind.is_symlink() {
                EntryKind::Link
            } else if kind.is_dir() {
                EntryKind::Folder
            } else if kind.is_file() {
                EntryKind::File
            } else {
                EntryKind::Other
            },
        });
    }
    entries.sort();
    Ok(entries)
}

impl kustomize::Folder for Disk<'_> {
    fn resolve(&self, path: &str) -> Option<Resolved> {
        self.find(path)
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        self.bytes(path)
    }

    fn name(&self, path: &str) -> String {
        self.name_of(Path::new(path))
    }

    fn text(&self, path: &str) -> Text {
        self.source(path)
    }
}

impl helm::Folder for Disk<'_> {
    fn resolve(&self, path: &str) -> Option<helm::Resolved> {
        let Resolved { path, is_folder } = self.find(path)?;
        Some(helm::Resolved { path, is_folder })
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        self.bytes(path)
    }

    fn entries(&self, path: &str) -> Result<Vec<Entry>, String> {
        list(path)
    }

    fn read_ahead(&self, paths: Vec<String>, show: ShowText) {
        let Some(ahead) = &self.ahead else {
            return;
        };
        let (root, real_root) = (self.root.to_owned(), self.real_root.clone());
        let limit = self.limits.bytes;
        let read = move |path: &str| {
            let name = || name_below(Path::new(path), &root, &real_root);
            text_of(bytes_of(path, limit)?, name)
        };
        ahead.read(paths, read, show);
    }

    fn name(&self, path: &str) -> String {
        self.name_of(Path::new(path))
    }

    fn text(&self, path: &str) -> Text {
        self.source(path)
    }
}
