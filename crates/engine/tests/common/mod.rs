//! The folders of the library's controls.

use std::path::{Path, PathBuf};

/// The folders directly in a folder, by name.
pub(crate) fn folders(path: &Path) -> Vec<PathBuf> {
    let entries = fs_err::read_dir(path).unwrap();
    let mut folders: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    folders.retain(|path| path.is_dir());
    folders.sort();
    folders
}
