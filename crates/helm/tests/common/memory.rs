//! A folder for tests: a map of files. What lies below `NAME.tgz/` is an archive.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::sync::{Arc, Mutex};

use document::Source;
use flate2::Compression;
use flate2::write::GzEncoder;
use helm::{Entry, EntryKind, Folder, Resolved, ShowText};

/// Files by their paths, and links. What can be read ahead is.
#[derive(Default)]
pub(crate) struct Memory {
    files: BTreeMap<String, Vec<u8>>,
    links: BTreeMap<String, String>,
    ahead: Mutex<BTreeMap<String, Arc<Source>>>,
}

impl Memory {
    pub(crate) fn new<'f>(files: impl IntoIterator<Item = (&'f str, &'f str)>) -> Self {
        let mut memory = Memory::default();
        let mut archives: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
        for (path, text) in files {
            match path.find(".tgz/") {
                Some(at) => {
                    let (archive, inner) = (&path[..at + 4], &path[at + 5..]);
                    archives.entry(archive).or_default().push((inner, text));
                }
                None => memory.put(path, text.as_bytes()),
            }
        }
        for (path, mut files) in archives {
            files.sort_unstable();
            memory.put(path, &pack(&files));
        }
        memory
    }

    pub(crate) fn put(&mut self, path: &str, bytes: &[u8]) {
        self.files.insert(path.to_owned(), bytes.to_vec());
    }

    /// A link from one path to another one, both from the top.
    pub(crate) fn link(mut self, from: &str, to: &str) -> Self {
        self.links.insert(from.to_owned(), to.to_owned());
        self
    }

    /// The path that links lead to.
    fn followed(&self, path: &str) -> Option<String> {
        let mut parts: Vec<String> = Vec::new();
        let mut waiting: Vec<String> = path.split('/').rev().map(str::to_owned).collect();
        let mut followed = 0;
        while let Some(part) = waiting.pop() {
            match &*part {
                "" | "." => {}
                ".." => drop(parts.pop()?),
                _ => parts.push(part),
            }
            if let Some(target) = self.links.get(&parts.join("/")) {
                followed += 1;
                if followed > 20 {
                    return None;
                }
                parts.clear();
                waiting.extend(target.split('/').rev().map(str::to_owned));
            }
        }
        Some(parts.join("/"))
    }
}

/// A `.tgz` of some files, whatever they are called.
pub(crate) fn pack(files: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = GzEncoder::new(Vec::new(), Compression::fast());
    for (path, text) in files {
        let mut header = tar::Header::new_ustar();
        header.as_mut_bytes()[..path.len()].copy_from_slice(path.as_bytes());
        let kind = if path.ends_with('/') {
            tar::EntryType::Directory
        } else {
            tar::EntryType::Regular
        };
        header.set_entry_type(kind);
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        zip.write_all(header.as_bytes()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
        zip.write_all(&vec![0; text.len().next_multiple_of(512) - text.len()])
            .unwrap();
    }
    zip.write_all(&[0; 1024]).unwrap();
    zip.finish().unwrap()
}

impl Folder for Memory {
    fn resolve(&self, path: &str) -> Option<Resolved> {
        let path = self.followed(path)?;
        let below = format!("{path}/");
        let is_below = |known: &String| known.starts_with(&below);
        let is_folder = self.files.keys().chain(self.links.keys()).any(is_below);
        (is_folder || self.files.contains_key(&path)).then_some(Resolved { path, is_folder })
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        let bytes = self.files.get(path).cloned();
        bytes.ok_or_else(|| "it is not there".to_owned())
    }

    fn text(&self, path: &str) -> Result<Arc<Source>, String> {
        if let Some(text) = self.ahead.lock().unwrap().get(path) {
            return Ok(Arc::clone(text));
        }
        let text = document::decode(self.read(path)?).map_err(|error| error.to_string())?;
        Ok(Source::new(self.name(path), text))
    }

    fn read_ahead(&self, paths: Vec<String>, show: ShowText) {
        for path in paths {
            if let Ok(text) = self.text(&path) {
                show(&path, &text);
                self.ahead.lock().unwrap().insert(path, text);
            }
        }
    }

    fn entries(&self, path: &str) -> Result<Vec<Entry>, String> {
        let below = format!("{path}/");
        let mut entries = BTreeSet::new();
        let files = self.files.keys().map(|known| (known, EntryKind::File));
        let links = self.links.keys().map(|known| (known, EntryKind::Link));
        for (known, kind) in files.chain(links) {
            if let Some(rest) = known.strip_prefix(&below) {
                let (name, kind) = match rest.split_once('/') {
                    Some((name, _)) => (name, EntryKind::Folder),
                    None => (rest, kind),
                };
                entries.insert((name.to_owned(), kind));
            }
        }
        let entries = entries.into_iter().map(|(name, kind)| Entry { name, kind });
        Ok(entries.collect())
    }
}
