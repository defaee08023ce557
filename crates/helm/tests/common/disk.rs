//! The disk as a folder.

use helm::{Entry, EntryKind, Folder, Resolved};

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

    fn entries(&self, path: &str) -> Result<Vec<Entry>, String> {
        let mut entries = Vec::new();
        for entry in fs_err::read_dir(path).map_err(|error| error.to_string())? {
            let entry = entry.map_err(|error| error.to_string())?;
            let found = entry.file_type().map_err(|error| error.to_string())?;
            let kind = if found.is_symlink() {
                EntryKind::Link
            } else if found.is_dir() {
                EntryKind::Folder
            } else if found.is_file() {
                EntryKind::File
            } else {
                EntryKind::Other
            };
            let name = entry.file_name().to_string_lossy().into_owned();
            entries.push(Entry { name, kind });
        }
        Ok(entries)
    }
}
