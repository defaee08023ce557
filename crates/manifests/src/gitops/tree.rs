//! Where sources of deployments lie, if they lie in the tree that is scanned.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::disk::{Disk, list};
use crate::paths::normalised;

/// The most folders that generators look at.
const MOST_FOLDERS: usize = 20_000;

/// The repository that is scanned, as far as it can be told.
pub(crate) struct Tree<'t> {
    disk: &'t Disk<'t>,
    root: &'t Path,
    /// Folders that paths of sources may be relative to, the likeliest first.
    roots: Vec<PathBuf>,
    /// The names of repositories that the tree was cloned from; empty where that is not known.
    remotes: BTreeSet<String>,
}

impl<'t> Tree<'t> {
    /// The tree around the root of a scan; `named` are the paths that it was asked for.
    pub(crate) fn new(disk: &'t Disk<'t>, root: &'t Path, named: &[PathBuf]) -> Self {
        let mut roots: Vec<PathBuf> = Vec::new();
        let mut remotes = BTreeSet::new();
        let real = |path: &Path| Some(PathBuf::from(disk.find(path.to_str()?)?.path));
        let named = named.iter().map(|path| root.join(path));
        let scanned: Vec<PathBuf> = std::iter::once(root.to_owned())
            .chain(named)
            .filter_map(|path| real(&path))
            .filter(|path| path.is_dir())
            .collect();
        for folder in &scanned {
            if let Some(names) = remotes_of(folder) {
                remotes.extend(names);
                roots.push(folder.clone());
            }
        }
        if roots.is_empty() {
            // The tree may be a part of a repository.
            let start = scanned.first().map_or(root, |folder| folder);
            let around = start.ancestors().find(|it| it.join(".git").exists());
            roots.extend(around.map(Path::to_owned));
        }
        for folder in scanned {
            if !roots.contains(&folder) {
                roots.push(folder);
            }
        }
        Tree {
            disk,
            root,
            roots,
            remotes,
        }
    }

    pub(crate) fn disk(&self) -> &'t Disk<'t> {
        self.disk
    }

    /// Whether a repository can be the one that is scanned. A clone knows what it was cloned from; forks and mirrors
    /// tend to keep the name.
    pub(super) fn is_this(&self, url: &str) -> bool {
        url.is_empty() || self.remotes.is_empty() || self.remotes.contains(&name_of(url))
    }

    /// What lies at a path of the repository, and the folder that the path is relative to. `file` names the object
    /// that asks.
    pub(super) fn find(&self, url: &str, path: &str, file: &str) -> Option<(PathBuf, PathBuf)> {
        if !self.is_this(url) {
            return None;
        }
        let around = self.root.join(file);
        let around = around
            .ancestors()
            .skip(1)
            .filter(|it| it.starts_with(self.root));
        let mut around: Vec<PathBuf> = around.filter_map(|it| self.real(it)).collect();
        around.reverse();
        let roots = self.roots.iter().cloned().chain(around);
        roots.into_iter().find_map(|root| {
            let found = self.below(&root, path)?;
            Some((root, found))
        })
    }

    /// What lies at a path below a folder, and not outside of it.
    pub(super) fn below(&self, root: &Path, path: &str) -> Option<PathBuf> {
        let inner = normalised(Path::new(path.trim_start_matches('/')));
        if inner.starts_with("..") {
            return None;
        }
        let found = self.real(&root.join(inner))?;
        found.starts_with(root).then_some(found)
    }

    fn real(&self, path: &Path) -> Option<PathBuf> {
        Some(PathBuf::from(self.disk.find(path.to_str()?)?.path))
    }

    /// The folder that globs of generators are relative to.
    pub(super) fn main_root(&self) -> Option<&Path> {
        self.roots.first().map(PathBuf::as_path)
    }
}

/// All folders or files below a folder, hidden ones left out, by their paths relative to it, sorted.
pub(super) fn all_below(root: &Path, wants_files: bool) -> Vec<String> {
    let mut found = Vec::new();
    let mut waiting = vec![String::new()];
    let mut seen = 0;
    while let Some(folder) = waiting.pop() {
        seen += 1;
        if seen > MOST_FOLDERS {
            break;
        }
        let path = root.join(&folder);
        for entry in path
            .to_str()
            .map(list)
            .and_then(Result::ok)
            .unwrap_or_default()
        {
            if entry.name.starts_with('.') {
                continue;
            }
            let inner = if folder.is_empty() {
                entry.name
            } else {
                format!("{folder}/{}", entry.name)
            };
            match entry.kind {
                helm::EntryKind::Folder => {
                    if !wants_files {
                        found.push(inner.clone());
                    }
                    waiting.push(inner);
                }
                helm::EntryKind::File if wants_files => found.push(inner),
                _ => {}
            }
        }
    }
    found.sort();
    found
}

/// The names of the repositories that a clone in a folder knows; `None` where there is no clone.
fn remotes_of(folder: &Path) -> Option<BTreeSet<String>> {
    let git = folder.join(".git");
    if !git.exists() {
        return None;
    }
    let config = Disk::peek(&git.join("config")).unwrap_or_default();
    let urls = config.lines().filter_map(|line| {
        let (key, url) = line.split_once('=')?;
        (key.trim() == "url").then(|| name_of(url.trim()))
    });
    Some(urls.collect())
}

/// The last part of an address, which is what a repository is called.
fn name_of(url: &str) -> String {
    let path = url.trim_end_matches('/');
    let name = path.rsplit(['/', ':']).next().unwrap_or(path);
    name.strip_suffix(".git").unwrap_or(name).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::name_of;

    #[test]
    fn repositories_have_names() {
        for url in [
            "https://github.com/a/Shop.git",
            "git@github.com:b/shop.git",
            "ssh://git@example.com:22/x/shop/",
            "shop",
        ] {
            assert_eq!(name_of(url), "shop", "{url}");
        }
    }
}
