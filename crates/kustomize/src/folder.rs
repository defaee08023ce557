//! Reads files for one kustomization: paths, links, and the rule that files come from its own folder.

use std::sync::Arc;

use document::Source;

use crate::error::{ErrorKind, Result};

/// Where the files are. The crate does no I/O: callers give it a disk, an archive or a test's map.
///
/// Paths use `/`. What [`resolve`](Folder::resolve) gives is what every other path is built on.
pub trait Folder {
    /// Follows links; `None` when nothing is there. The result has no `.`, no `..` and no link in it.
    fn resolve(&self, path: &str) -> Option<Resolved>;

    /// The bytes of a resolved file, or why there are none.
    fn read(&self, path: &str) -> std::result::Result<Vec<u8>, String>;

    /// What sources and errors call a resolved path.
    fn name(&self, path: &str) -> String {
        path.to_owned()
    }

    /// The text of a resolved file under its name, or why there is none. Whoever keeps files for several builds
    /// gives all of them the same text.
    fn text(&self, path: &str) -> std::result::Result<Arc<Source>, String> {
        let text = document::decode(self.read(path)?).map_err(|error| error.to_string())?;
        Ok(Source::new(self.name(path), text))
    }
}

/// What a path leads to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Resolved {
    /// The path without links.
    pub path: String,
    /// Whether it is a folder.
    pub is_folder: bool,
}

/// The folders that led to a kustomization, outermost first.
#[derive(Clone)]
pub(crate) struct Loader<'f> {
    folder: &'f dyn Folder,
    roots: Vec<String>,
}

impl<'f> Loader<'f> {
    pub(crate) fn new(folder: &'f dyn Folder, root: &str) -> Result<Self> {
        match folder.resolve(root) {
            Some(found) if found.is_folder => Ok(Loader {
                folder,
                roots: vec![found.path],
            }),
            _ => Err(ErrorKind::Missing(folder.name(root)).into()),
        }
    }

    /// The folder of the kustomization.
    pub(crate) fn root(&self) -> &str {
        self.roots.last().map_or("", String::as_str)
    }

    /// How many kustomizations led here.
    pub(crate) fn depth(&self) -> usize {
        self.roots.len()
    }

    /// What sources and errors call the folder of the kustomization.
    pub(crate) fn root_name(&self) -> String {
        self.folder.name(self.root())
    }

    /// What sources and errors call a resolved path.
    pub(crate) fn name(&self, path: &str) -> String {
        self.folder.name(path)
    }

    /// Whether a file lies in the folder of the kustomization.
    pub(crate) fn has_file(&self, name: &str) -> bool {
        let found = self.folder.resolve(&join(self.root(), name));
        found.is_some_and(|found| !found.is_folder)
    }

    /// The resolved path of a file of the kustomization.
    pub(crate) fn file(&self, path: &str) -> Result<String> {
        if is_remote_file(path) {
            return Err(ErrorKind::Remote(path.to_owned()).into());
        }
        let joined = join(self.root(), path);
        let found = self.folder.resolve(&joined);
        let Some(found) = found.filter(|found| !found.is_folder) else {
            return Err(ErrorKind::Missing(self.folder.name(&joined)).into());
        };
        if !is_below(&found.path, self.root()) {
            return Err(ErrorKind::Restricted {
                path: self.folder.name(&joined),
                root: self.root_name(),
            }
            .into());
        }
        Ok(found.path)
    }

    /// The bytes of a resolved file.
    pub(crate) fn bytes(&self, path: &str) -> Result<Vec<u8>> {
        let bytes = self.folder.read(path);
        bytes.map_err(|reason| self.unreadable(path, reason))
    }

    /// The text of a resolved file.
    pub(crate) fn text(&self, path: &str) -> Result<Arc<Source>> {
        let text = self.folder.text(path);
        text.map_err(|reason| self.unreadable(path, reason))
    }

    fn unreadable(&self, path: &str, reason: String) -> crate::error::Error {
        let path = self.folder.name(path);
        ErrorKind::Unreadable { path, reason }.into()
    }

    /// Whether a path of the kustomization leads to a folder.
    pub(crate) fn is_folder(&self, path: &str) -> bool {
        let found = self.folder.resolve(&join(self.root(), path));
        found.is_some_and(|found| found.is_folder)
    }

    /// The loader of a base or a component.
    pub(crate) fn enter(&self, path: &str) -> Result<Self> {
        if is_remote(path) {
            return Err(ErrorKind::Remote(path.to_owned()).into());
        }
        if path.is_empty() || path.starts_with('/') || has_ambiguous_part(path) {
            return Err(ErrorKind::Missing(path.to_owned()).into());
        }
        let joined = join(self.root(), path);
        let found = self.folder.resolve(&joined);
        let Some(found) = found.filter(|found| found.is_folder) else {
            return Err(ErrorKind::Missing(self.folder.name(&joined)).into());
        };
        if self.roots.iter().any(|root| is_below(root, &found.path)) {
            return Err(ErrorKind::Cycle(self.folder.name(&found.path)).into());
        }
        let mut roots = self.roots.clone();
        roots.push(found.path);
        Ok(Loader {
            folder: self.folder,
            roots,
        })
    }
}

fn join(root: &str, path: &str) -> String {
    if path.starts_with('/') {
        path.to_owned()
    } else if root.ends_with('/') || root.is_empty() {
        format!("{root}{path}")
    } else {
        format!("{root}/{path}")
    }
}

/// Whether a resolved path is a folder or something in it.
fn is_below(path: &str, folder: &str) -> bool {
    let folder = folder.trim_end_matches('/');
    path.strip_prefix(folder)
        .is_some_and(|rest| folder.is_empty() || rest.is_empty() || rest.starts_with('/'))
}

fn is_remote_file(path: &str) -> bool {
    path.starts_with("http://") || path.starts_with("https://")
}

/// Whether a path is what Kustomize would clone or fetch.
fn is_remote(path: &str) -> bool {
    let schemes = [
        "http://",
        "https://",
        "ssh://",
        "file://",
        "git::",
        "git@",
        "github.com/",
        "gh:",
    ];
    is_remote_file(path)
        || schemes.iter().any(|scheme| path.starts_with(scheme))
        || path.contains("?ref=")
        || path.contains("?version=")
        || path.contains(".git//")
}

/// A part such as `...`, which Kustomize refuses as a slip of the pen.
fn has_ambiguous_part(path: &str) -> bool {
    path.split('/')
        .any(|part| part != ".." && part.contains(".."))
}
