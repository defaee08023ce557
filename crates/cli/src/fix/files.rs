//! The author's files on disk, and which of them are to be edited: those that the paths name or lead to, as regular files of UTF-8.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use manifests::{Inputs, STDIN_NAME};

/// Files below a folder.
pub(super) struct OnDisk {
    root: PathBuf,
    /// What may be edited, links resolved: these, and what lies below.
    inputs: Vec<PathBuf>,
}

impl OnDisk {
    pub(super) fn new(root: &Path, inputs: &Inputs) -> Self {
        let named = inputs.paths.iter().chain(&inputs.charts.values);
        let folders = named.map(|path| root.join(without_glob(path)));
        OnDisk {
            root: root.to_owned(),
            inputs: folders
                .filter_map(|path| fs_err::canonicalize(path).ok())
                .collect(),
        }
    }
}

impl fix::Files for OnDisk {
    fn text(&self, name: &str) -> Result<Arc<str>, String> {
        if name == STDIN_NAME {
            return Err("it was read from standard input, which cannot be edited".to_owned());
        }
        let path = self.root.join(name);
        let Ok(metadata) = fs_err::symlink_metadata(&path) else {
            return Err(missing(&self.root, name));
        };
        if metadata.is_symlink() {
            return Err(format!("{name} is a link: fix what it leads to"));
        }
        let real = fs_err::canonicalize(&path).map_err(|error| error.to_string())?;
        if !self.inputs.iter().any(|input| real.starts_with(input)) {
            return Err(format!("{name} lies outside of the paths: name it, too"));
        }
        if !metadata.is_file() {
            return Err(format!("{name} is not a regular file"));
        }
        if metadata.permissions().readonly() {
            return Err(format!("{name} is read-only"));
        }
        let bytes = fs_err::read(&path).map_err(|error| error.to_string())?;
        let text = String::from_utf8(bytes).map_err(|_| format!("{name} is not UTF-8"))?;
        Ok(text.into())
    }
}

/// Why a name of reports is no file.
fn missing(root: &Path, name: &str) -> String {
    let mut above = Path::new(name).ancestors().skip(1);
    let archive = above.find(|path| root.join(path).is_file());
    match archive {
        Some(archive) => format!("{name} lies in the archive {}", archive.display()),
        None => format!("{name} is no file"),
    }
}

/// The folder that a glob begins in; the path itself where it is none.
fn without_glob(path: &Path) -> PathBuf {
    let is_plain = |part: &&std::ffi::OsStr| !part.to_string_lossy().contains(['*', '?', '[', '{']);
    path.iter().take_while(is_plain).collect()
}
