//! Where files are. The crate does no I/O: callers give it a disk, an archive or a test's map.

use std::sync::Arc;

use document::Source;

/// Files and folders by their paths, which use `/`.
///
/// What [`resolve`](Folder::resolve) gives is what every other path is built on.
pub trait Folder {
    /// Follows links; `None` when nothing is there. The result has no `.`, no `..` and no link in it.
    fn resolve(&self, path: &str) -> Option<Resolved>;

    /// The bytes of a resolved file, or why there are none.
    fn read(&self, path: &str) -> Result<Vec<u8>, String>;

    /// What lies in a resolved folder, in any order, or why that cannot be known.
    fn entries(&self, path: &str) -> Result<Vec<Entry>, String>;

    /// What sources and errors call a resolved path.
    fn name(&self, path: &str) -> String {
        path.to_owned()
    }

    /// Resolved files whose [texts](Self::text) will be asked for, in this order, but not at once. Whoever can may have another
    /// thread read them in the meantime, and show it each path with the text that will be given.
    fn read_ahead(&self, _paths: Vec<String>, _show: ShowText) {}

    /// The text of a resolved file under its name, or why there is none. Whoever keeps files for several renderings
    /// gives all of them the same text.
    fn text(&self, path: &str) -> Result<Arc<Source>, String> {
        let text = document::decode(self.read(path)?).map_err(|error| error.to_string())?;
        Ok(Source::new(self.name(path), text))
    }
}

/// Is shown a path and the text of the file there, by another thread.
pub type ShowText = Box<dyn Fn(&str, &Arc<Source>) + Send>;

/// What a path leads to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Resolved {
    /// The path without links.
    pub path: String,
    /// Whether it is a folder.
    pub is_folder: bool,
}

/// Something in a folder.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Entry {
    /// Its name in the folder.
    pub name: String,
    /// What it is, links not followed.
    pub kind: EntryKind,
}

/// What lies in a folder.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A link to anything.
    Link,
    /// A device, a socket, a pipe.
    Other,
}

/// A path below a folder.
pub(crate) fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() || folder.ends_with('/') {
        format!("{folder}{name}")
    } else {
        format!("{folder}/{name}")
    }
}

/// The last part of a path.
pub(crate) fn base_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
