//! Reads files for one kustomization: paths, links, and the rule that files come from its own folder.

use crate::error::{ErrorKind, Result};

/// Where the files are. The crate does no I/O: callers give it a disk, an archive or a test's map.
///
/// Paths use `/`. What [`resolve`](Folder::resolve) gives is what every other path is built on, and what sources are
/// named after.
pub trait Folder {
    /// Follows links; `None` when nothing is there. The result has no `.`, no `..` and no link in it.
    fn resolve(&self, path: &str) -> Option<Resolved>;

    /// The bytes of a resolved file.
    fn read(&self, path: &str) -> Option<Vec<u8>>;
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
            _ => Err(ErrorKind::Missing(root.to_owned()).into()),
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

    /// Reads a file of the kustomization: its resolved path and its bytes.
    pub(crate) fn load(&self, path: &str) -> Result<(String, Vec<u8>)> {
        if is_remote_file(path) {
            return Err(ErrorKind::Remote(path.to_owned()).into());
        }
        let joined = join(self.root(), path);
        let missing = || ErrorKind::Missing(joined.clone());
        let found = self.folder.resolve(&joined).ok_or_else(missing)?;
        if found.is_folder {
            return Err(missing().into());
        }
        if !is_below(&found.path, self.root()) {
            return Err(ErrorKind::Restricted {
                path: joined,
                root: self.root().to_owned(),
            }
            .into());
        }
        let bytes = self.folder.read(&found.path).ok_or_else(missing)?;
        Ok((found.path, bytes))
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
            return Err(ErrorKind::Missing(joined).into());
        };
        if self.roots.iter().any(|root| is_below(root, &found.path)) {
            return Err(ErrorKind::Cycle(found.path).into());
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
