//! Revisions of a git repository as folders, read from the object database: neither the index nor the working tree is
//! touched, no filter and no hook runs, and nothing is fetched.

mod changes;
mod copier;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};

use crate::errors::Hinted;
pub(crate) use changes::Changes;
pub(crate) use copier::Copier;

/// The repository that the current folder is in.
pub(crate) struct Repository {
    /// The way from its top to the current folder.
    pub(crate) prefix: PathBuf,
}

/// A commit, and the name that it was asked for by.
#[derive(Debug)]
pub(crate) struct Revision {
    pub(crate) name: String,
    pub(crate) commit: String,
}

/// What is compared.
#[derive(Debug)]
pub(crate) struct Revisions {
    pub(crate) base: Revision,
    /// None: the working tree.
    pub(crate) head: Option<Revision>,
}

impl Repository {
    /// Finds it.
    pub(crate) fn open() -> anyhow::Result<Self> {
        let prefix = place("--show-prefix")?;
        Ok(Repository { prefix })
    }

    /// The revisions of `A..B`, `A...B` or `A`.
    pub(crate) fn revisions(range: &str) -> anyhow::Result<Revisions> {
        let (base, head, parted) = match (range.split_once("..."), range.split_once("..")) {
            (Some((base, head)), _) => (base, Some(head), true),
            (None, Some((base, head))) => (base, Some(head), false),
            (None, None) => (range, None, false),
        };
        // As git does it: what is left out is HEAD.
        let named = |word: &str| {
            if word.is_empty() {
                "HEAD".to_owned()
            } else {
                word.to_owned()
            }
        };
        let head = head.map(|word| revision(named(word))).transpose()?;
        let mut base = revision(named(base))?;
        if let (true, Some(head)) = (parted, &head) {
            base.commit = base.parting(head)?;
        }
        Ok(Revisions { base, head })
    }
}

impl Revision {
    /// The commit where another revision and this one parted.
    fn parting(&self, other: &Revision) -> anyhow::Result<String> {
        let common = answer(&["merge-base", &self.commit, &other.commit]).with_context(|| {
            format!(
                "`{}` and `{}` have no commit in common",
                self.name, other.name
            )
        })?;
        Ok(common.trim().to_owned())
    }
}

/// Where the repository of the current folder has something, such as its top.
fn place(asked: &str) -> anyhow::Result<PathBuf> {
    let told = answer(&["rev-parse", asked])
        .context("the current folder is in no git repository that can be read")?;
    Ok(PathBuf::from(told.trim_end_matches('\n')))
}

fn revision(name: String) -> anyhow::Result<Revision> {
    let asked = format!("{name}^{{commit}}");
    let found = answer(&[
        "rev-parse",
        "--verify",
        "--quiet",
        "--end-of-options",
        &asked,
    ]);
    let commit = found.map_err(|_| {
        let hint = "a branch, a tag or a commit; a shallow clone has only what was fetched";
        Hinted::new(format!("git knows no revision `{name}`"), hint)
    })?;
    Ok(Revision {
        name,
        commit: commit.trim().to_owned(),
    })
}

/// A git command that changes nothing and fetches nothing.
fn git<S: AsRef<OsStr>>(arguments: &[S]) -> Command {
    let mut command = Command::new("git");
    command
        .args(arguments)
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_NO_REPLACE_OBJECTS", "1")
        .stdin(Stdio::null())
        .stderr(Stdio::piped());
    command
}

/// What a git command prints.
fn answer(arguments: &[&str]) -> anyhow::Result<String> {
    let bytes = bytes(arguments)?;
    String::from_utf8(bytes).context("git answered with something other than text")
}

fn bytes(arguments: &[&str]) -> anyhow::Result<Vec<u8>> {
    let output = git(arguments).output().map_err(not_started)?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("git {}: {}", arguments[0], said.trim());
    }
    Ok(output.stdout)
}

fn not_started(error: std::io::Error) -> anyhow::Error {
    let hint = "asking for revisions needs git on the PATH";
    anyhow::Error::new(error).context(Hinted::new("cannot start git", hint))
}

/// Whether a path of a tree stays below the folder that it is copied to.
fn is_inside(path: &Path) -> bool {
    let mut parts = path.components().peekable();
    parts.peek().is_some() && parts.all(|part| matches!(part, std::path::Component::Normal(_)))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::is_inside;

    #[test]
    fn paths_that_leave_the_folder_are_told() {
        let check =
            |path: &str, expected: bool| assert_eq!(is_inside(Path::new(path)), expected, "{path}");
        check("a/b.yaml", true);
        check("a..b", true);
        check("../a", false);
        check("a/../b", false);
        check("/a", false);
        check("", false);
    }
}
