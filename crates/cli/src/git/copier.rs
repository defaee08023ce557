//! The files of a commit, written into a folder.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
#[cfg(unix)]
use std::path::Component;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Stdio};

use anyhow::{Context as _, bail};
use document::Limits;

use super::{bytes, git, is_inside, not_started};

/// More files than these are no repository of manifests.
const MAX_FILES: usize = 500_000;

/// What links that lead out of the tree are made to: nothing.
const NOWHERE: &str = ".outside-of-the-tree";

/// Copies trees; a file that two of them share is written once.
#[derive(Default)]
pub(crate) struct Copier {
    /// Where the bytes of an object were written first.
    written: HashMap<String, PathBuf>,
}

/// A file of a tree.
struct Entry {
    object: String,
    size: u64,
    is_link: bool,
    path: PathBuf,
}

impl Copier {
    /// Writes the files of a commit below a folder that does not exist yet.
    pub(crate) fn copy(&mut self, commit: &str, folder: &Path) -> anyhow::Result<()> {
        let listing = bytes(&["ls-tree", "-r", "-z", "-l", "--full-tree", commit])?;
        let entries: Vec<Entry> = listing
            .split(|&byte| byte == 0)
            .filter(|line| !line.is_empty())
            .filter_map(entry)
            .collect();
        if entries.len() > MAX_FILES {
            bail!(
                "{commit} has {} files, more than {MAX_FILES}",
                entries.len()
            );
        }
        fs_err::create_dir_all(folder)?;
        let limit = u64::from(Limits::default().bytes);
        let mut wanted = Vec::new();
        for entry in entries {
            let to = folder.join(&entry.path);
            if let Some(parent) = to.parent() {
                fs_err::create_dir_all(parent)?;
            }
            if entry.size > limit {
                // A scan says that it is too large; nothing of it is needed for that.
                fs_err::File::create(&to)?.set_len(entry.size)?;
            } else if !self.link_to_known(&entry, &to) {
                wanted.push((entry, to));
            }
        }
        self.write(wanted, folder)
    }

    /// Makes a second name of a file that is there already. Where the system has none, it is written again.
    fn link_to_known(&self, entry: &Entry, to: &Path) -> bool {
        let known = self.written.get(&entry.object);
        known.is_some_and(|known| !entry.is_link && fs_err::hard_link(known, to).is_ok())
    }

    fn write(&mut self, wanted: Vec<(Entry, PathBuf)>, folder: &Path) -> anyhow::Result<()> {
        let mut child = git(&["cat-file", "--batch", "--buffer"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(not_started)?;
        let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            bail!("git cat-file cannot be spoken with");
        };
        let objects: String = wanted
            .iter()
            .map(|(entry, _)| format!("{}\n", entry.object))
            .collect();
        // Asked from a thread of its own: git answers while it is still being asked. When it ended early, its
        // answers are too few, which is seen below.
        let asking = std::thread::spawn(move || {
            let _ = input.write_all(objects.as_bytes());
        });
        let done = self.take_answers(wanted, folder, &mut BufReader::new(output));
        if done.is_err() {
            let _ = child.kill();
        }
        let _ = asking.join();
        finish(child, done)
    }

    fn take_answers(
        &mut self,
        wanted: Vec<(Entry, PathBuf)>,
        folder: &Path,
        answers: &mut BufReader<ChildStdout>,
    ) -> anyhow::Result<()> {
        for (entry, to) in wanted {
            let content = object(answers)
                .with_context(|| format!("git does not give {}", entry.path.display()))?;
            if entry.is_link {
                link(&content, &entry.path, &to, folder)?;
            } else {
                fs_err::write(&to, &content)?;
                self.written.entry(entry.object).or_insert(to);
            }
        }
        Ok(())
    }
}

fn finish(mut child: Child, done: anyhow::Result<()>) -> anyhow::Result<()> {
    let mut said = String::new();
    if let Some(mut stderr) = child.stderr.take() {
        let _ = stderr.read_to_string(&mut said);
    }
    let status = child.wait()?;
    let done = done.with_context(|| format!("git cat-file: {}", said.trim()));
    done?;
    anyhow::ensure!(status.success(), "git cat-file: {}", said.trim());
    Ok(())
}

/// A line of `git ls-tree -l`: mode, type, object, size and path. None for what is no file or link of the tree, and
/// for names that would lead out of it.
fn entry(line: &[u8]) -> Option<Entry> {
    let tab = line.iter().position(|&byte| byte == b'\t')?;
    let head = std::str::from_utf8(&line[..tab]).ok()?;
    let mut words = head.split_ascii_whitespace();
    let (mode, kind, object, size) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let path = path(&line[tab + 1..])?;
    (kind == "blob" && is_inside(&path)).then(|| Entry {
        object: object.to_owned(),
        size: size.parse().unwrap_or_default(),
        is_link: mode == "120000",
        path,
    })
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere there may be none")]
fn path(bytes: &[u8]) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStrExt as _;
    Some(PathBuf::from(std::ffi::OsStr::from_bytes(bytes)))
}

#[cfg(not(unix))]
fn path(bytes: &[u8]) -> Option<PathBuf> {
    std::str::from_utf8(bytes).ok().map(PathBuf::from)
}

/// The next object of `git cat-file --batch`: a line with its size, its bytes, a line feed.
fn object(answers: &mut BufReader<ChildStdout>) -> anyhow::Result<Vec<u8>> {
    let mut line = String::new();
    answers.read_line(&mut line)?;
    let size = line
        .trim_end()
        .rsplit(' ')
        .next()
        .and_then(|size| size.parse::<usize>().ok());
    let Some(size) = size else {
        bail!("it is missing");
    };
    let mut content = vec![0; size];
    answers.read_exact(&mut content)?;
    let mut end = [0];
    answers.read_exact(&mut end)?;
    Ok(content)
}

/// Makes a link when it stays in the tree; else one that leads nowhere, so that whoever follows it is told.
#[cfg(unix)]
fn link(content: &[u8], path: &Path, to: &Path, folder: &Path) -> anyhow::Result<()> {
    let target = self::path(content).unwrap_or_default();
    let target = if stays(path, &target) {
        target
    } else {
        folder.join(NOWHERE)
    };
    fs_err::os::unix::fs::symlink(target, to)?;
    Ok(())
}

/// Whether a link stays in the tree, whatever else is a link there: it goes up first, not above the top, then down.
#[cfg(unix)]
fn stays(path: &Path, target: &Path) -> bool {
    let mut parts = target.components().peekable();
    let mut depth = path.components().count().saturating_sub(1);
    while parts
        .next_if(|part| *part == Component::ParentDir)
        .is_some()
    {
        match depth.checked_sub(1) {
            Some(above) => depth = above,
            None => return false,
        }
    }
    parts.all(|part| matches!(part, Component::Normal(_)))
}

/// Where making links takes rights that people do not have, they become what git makes of them: their text.
#[cfg(not(unix))]
fn link(content: &[u8], _path: &Path, to: &Path, _folder: &Path) -> anyhow::Result<()> {
    Ok(fs_err::write(to, content)?)
}

#[cfg(all(test, unix))]
mod tests {
    use std::path::Path;

    use super::stays;

    #[test]
    fn links_stay_in_the_tree() {
        let check = |path: &str, target: &str, expected: bool| {
            assert_eq!(
                stays(Path::new(path), Path::new(target)),
                expected,
                "{path} {target}"
            );
        };
        check("a/b/link", "../c/x.yaml", true);
        check("a/b/link", "../../x.yaml", true);
        check("a/b/link", "../../../x.yaml", false);
        check("link", "x", true);
        check("link", "../x", false);
        check("a/b/link", "c/../../../../x", false);
        check("link", "/etc/passwd", false);
    }
}
