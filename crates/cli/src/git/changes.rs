//! Which files differ from a revision.

use std::collections::HashSet;
use std::path::{Component, Path, PathBuf};

use anyhow::Context as _;

use super::{bytes, place, revision};

/// The files that a branch and the working tree changed.
#[derive(Debug)]
pub(crate) struct Changes {
    /// What the names of a scan are relative to.
    here: PathBuf,
    files: HashSet<PathBuf>,
}

impl Changes {
    /// Everything that differs from where HEAD left a revision: commits, what is staged, what is not, and new files.
    pub(crate) fn since(base: &str) -> anyhow::Result<Self> {
        let here = std::env::current_dir().context("the current folder cannot be read")?;
        let top = place("--show-toplevel")?;
        let base = revision(base.to_owned())?;
        let common = base.parting(&revision("HEAD".to_owned())?)?;
        let differ = bytes(&["diff", "--name-only", "--no-renames", "-z", &common])?;
        let new = bytes(&[
            "ls-files",
            "--others",
            "--exclude-standard",
            "--full-name",
            "-z",
        ])?;
        let names = differ
            .split(|byte| *byte == 0)
            .chain(new.split(|byte| *byte == 0));
        let files = names
            .filter(|name| !name.is_empty())
            .map(|name| top.join(&*String::from_utf8_lossy(name)));
        Ok(Changes {
            here: resolved(&here),
            files: files.collect(),
        })
    }

    /// Whether a file of the scan is among them, or lies in an archive that is.
    pub(crate) fn contain(&self, name: &str) -> bool {
        let path = tidied(&self.here.join(name));
        path.ancestors().any(|path| self.files.contains(path))
    }
}

/// Without symbolic links, as git names its folders.
fn resolved(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// Without `.` and `..`.
fn tidied(path: &Path) -> PathBuf {
    let mut tidied = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                tidied.pop();
            }
            _ => tidied.push(part),
        }
    }
    tidied
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_scan() {
        let changes = Changes {
            here: PathBuf::from("/repository/deploy"),
            files: [
                "/repository/deploy/web.yaml",
                "/repository/charts/web-1.0.0.tgz",
            ]
            .map(PathBuf::from)
            .into(),
        };
        assert!(changes.contain("web.yaml"));
        assert!(changes.contain("./web.yaml"));
        assert!(changes.contain("../deploy/web.yaml"));
        assert!(changes.contain("/repository/deploy/web.yaml"));
        assert!(changes.contain("../charts/web-1.0.0.tgz/templates/pod.yaml"));
        assert!(!changes.contain("other.yaml"));
        assert!(!changes.contain("../web.yaml"));
    }
}
