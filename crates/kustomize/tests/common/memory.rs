//! Folders for tests: a map of texts, and the disk.

use std::collections::BTreeMap;

use kustomize::{Folder, Resolved};

/// Files by their paths.
pub(crate) struct Memory(BTreeMap<String, Vec<u8>>);

impl Memory {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let files = files.iter();
        Memory(
            files
                .map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()))
                .collect(),
        )
    }
}

impl Folder for Memory {
    fn resolve(&self, path: &str) -> Option<Resolved> {
        let mut parts: Vec<&str> = Vec::new();
        for part in path.split('/') {
            match part {
                "" | "." => {}
                ".." => drop(parts.pop()?),
                part => parts.push(part),
            }
        }
        let path = parts.join("/");
        let below = format!("{path}/");
        let is_folder = self.0.keys().any(|file| file.starts_with(&below));
        (is_folder || self.0.contains_key(&path)).then_some(Resolved { path, is_folder })
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        self.0
            .get(path)
            .cloned()
            .ok_or_else(|| "not there".to_owned())
    }
}

/// The disk.
pub(crate) struct Disk;

impl Folder for Disk {
    fn resolve(&self, path: &str) -> Option<Resolved> {
        let real = fs_err::canonicalize(path).ok()?;
        Some(Resolved {
            is_folder: real.is_dir(),
            path: real.to_str()?.to_owned(),
        })
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        fs_err::read(path).map_err(|error| error.to_string())
    }
}
