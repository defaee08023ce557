//! A folder as it lies on the disk: the root of a system, or a project.

use std::collections::BTreeMap;
use std::fs::Metadata;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use fs_err::File;
use packages::Told;
use packages::maven::{Surroundings, read_project};

use crate::credentials::{self, Exposed};
use crate::layer::{Contents, Item, Kind, NIX, Reading, Work, readings, too_large, wanted};
use crate::merge::Tree;

/// What a folder holds, and what of it could not be read.
pub(crate) struct Walked {
    pub(crate) tree: Tree,
    pub(crate) contents: Contents,
    pub(crate) exposed: Vec<Exposed>,
}

/// A file that some reader wants.
struct Wanted {
    path: String,
    size: u64,
    is_executable: bool,
}

#[derive(Default)]
struct Walk {
    wanted: Vec<Wanted>,
    links: BTreeMap<String, String>,
    contents: Contents,
    /// Folders of Nix's store, and what their names say.
    stores: BTreeMap<String, Vec<Reading>>,
}

/// Reads a folder. It must be one.
pub(crate) fn read(root: &Path, work: &Work<'_>, threads: usize) -> io::Result<Walked> {
    // A root that cannot be listed is an error, not a problem.
    fs_err::read_dir(root)?;
    let mut walk = Walk::default();
    walk.folder(root, work);
    walk.wanted.sort_by(|one, other| one.path.cmp(&other.path));
    let next = AtomicUsize::new(0);
    let all = Mutex::new((Vec::new(), walk.contents));
    std::thread::scope(|scope| {
        for _ in 0..threads.clamp(1, walk.wanted.len().max(1)) {
            scope.spawn(|| {
                let mut found = Vec::new();
                let mut contents = Contents::default();
                while let Some(file) = walk.wanted.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let mut readings = read_file(root, file, work, &mut contents);
                    project(root, file, &walk.wanted, work, &mut readings);
                    found.push((file.path.clone(), readings));
                }
                let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
                all.0.append(&mut found);
                all.1.take_troubles(contents);
            });
        }
    });
    let (mut files, mut contents) = all.into_inner().unwrap_or_else(PoisonError::into_inner);
    files.extend(walk.stores);
    files.sort_by(|one, other| one.0.cmp(&other.0));
    contents.sort_troubles();
    let mut exposed = Vec::new();
    let readings = files
        .iter()
        .map(|(path, readings)| (path.as_str(), readings.as_slice()));
    credentials::of_files(0, readings, &mut exposed);
    let tree = Tree::of_folder(walk.links, files);
    Ok(Walked {
        tree,
        contents,
        exposed,
    })
}

impl Walk {
    fn folder(&mut self, root: &Path, work: &Work<'_>) {
        let mut folders: Vec<PathBuf> = vec![root.to_owned()];
        while let Some(folder) = folders.pop() {
            let entries = match fs_err::read_dir(&folder) {
                Ok(entries) => entries,
                Err(error) => {
                    self.unreadable(root, &folder, &error);
                    continue;
                }
            };
            for entry in entries {
                let entry = match entry {
                    Ok(entry) => entry,
                    Err(error) => {
                        self.unreadable(root, &folder, &error);
                        continue;
                    }
                };
                let path = entry.path();
                // The type of the entry itself: links are not followed, so that the walk stays inside and ends.
                match entry.metadata() {
                    Ok(metadata) if metadata.is_dir() => {
                        if self.enters(root, &path) {
                            folders.push(path);
                        }
                    }
                    Ok(metadata) if metadata.is_symlink() => self.link(root, &path),
                    Ok(metadata) if metadata.is_file() => self.file(root, &path, &metadata, work),
                    Ok(_) => {}
                    Err(error) => self.unreadable(root, &path, &error),
                }
            }
            if self.wanted.len() > work.limits.entries {
                let message = format!(
                    "there are more than {} files of packages",
                    work.limits.entries
                );
                self.contents.trouble("", None, message);
                return;
            }
        }
    }

    /// Whether a folder is looked into, and what its name says.
    fn enters(&mut self, root: &Path, path: &Path) -> bool {
        let relative = relative(root, path);
        if let Some((folder, package)) = packages::os::store_path(&relative) {
            let told = Told {
                packages: vec![package],
                ..Told::default()
            };
            let reading = Reading { reader: NIX, told };
            self.stores.insert(folder.to_owned(), vec![reading]);
        }
        // What the kernel makes up is in no folder of packages, and may not end.
        let is_kernel =
            root == Path::new("/") && matches!(relative.as_str(), "proc" | "sys" | "dev");
        let is_history = relative == ".git" || relative.ends_with("/.git");
        !is_kernel && !is_history
    }

    fn link(&mut self, root: &Path, path: &Path) {
        if let Ok(target) = fs_err::read_link(path) {
            let target = target.to_string_lossy().into_owned();
            self.links.insert(relative(root, path), target);
        }
    }

    fn file(&mut self, root: &Path, path: &Path, metadata: &Metadata, work: &Work<'_>) {
        let (path, size) = (relative(root, path), metadata.len());
        let is_executable = is_executable(metadata);
        if wanted(work.readers, &path, size, is_executable)
            .next()
            .is_some()
        {
            self.wanted.push(Wanted {
                path,
                size,
                is_executable,
            });
        }
    }

    fn unreadable(&mut self, root: &Path, path: &Path, error: &io::Error) {
        let path = relative(root, path);
        self.contents.trouble(&path, None, error.to_string());
    }
}

/// A path relative to the root, with `/`.
fn relative(root: &Path, path: &Path) -> String {
    let path = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = path
        .components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    parts.join("/")
}

#[cfg(unix)]
fn is_executable(metadata: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    metadata.permissions().mode() & 0o111 != 0
}

/// Systems without such a mode tell nobody; the readers look at what is in the file.
#[cfg(not(unix))]
fn is_executable(_: &Metadata) -> bool {
    true
}

fn read_file(root: &Path, file: &Wanted, work: &Work<'_>, contents: &mut Contents) -> Vec<Reading> {
    if file.size > work.limits.file_bytes {
        contents.trouble(&file.path, None, too_large(file.size, work));
        return Vec::new();
    }
    let _share = work.budget.take(file.size);
    let mut bytes = Vec::new();
    let read = File::open(root.join(&file.path))
        .and_then(|opened| opened.take(work.limits.file_bytes).read_to_end(&mut bytes));
    if let Err(error) = read {
        contents.trouble(&file.path, None, error.to_string());
        return Vec::new();
    }
    let item = Item {
        path: String::new(),
        kind: Kind::File,
        size: bytes.len() as u64,
        is_executable: file.is_executable,
        is_sparse: false,
    };
    readings(&item, &file.path, &bytes, work.readers, contents)
}

/// A project of Maven says more with its parents, where they are in the folder. Each module is read as a file of its own.
fn project(
    root: &Path,
    file: &Wanted,
    wanted: &[Wanted],
    work: &Work<'_>,
    readings: &mut [Reading],
) {
    let Some(reading) = readings
        .iter_mut()
        .find(|reading| reading.reader == "maven-pom")
    else {
        return;
    };
    // Only files that were found: no link leads out of the folder.
    let near = |path: &str| {
        let index = wanted
            .binary_search_by(|known| known.path.as_str().cmp(path))
            .ok()?;
        let known = wanted
            .get(index)
            .filter(|known| known.size <= work.limits.file_bytes)?;
        fs_err::read(root.join(&known.path)).ok()
    };
    let surroundings = Surroundings {
        tree: &near,
        with_modules: false,
        repository: &|_| None,
    };
    let Some(bytes) = near(&file.path) else {
        return;
    };
    let file = packages::File {
        path: &file.path,
        bytes: &bytes,
    };
    if let Ok(told) = read_project(&file, &surroundings) {
        reading.told = told;
    }
}
