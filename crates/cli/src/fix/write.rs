//! New texts of files, written all or none: each beside its file, and then in its place.

use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;
use document::Source;
use fix::Outcome;
use tempfile::NamedTempFile;

/// Writes the files that were proven.
pub(super) fn write(root: &Path, outcome: &Outcome) -> anyhow::Result<()> {
    let mut ready = Vec::new();
    for before in &outcome.before {
        let Some(text) = outcome.texts.get(before.name()) else {
            continue;
        };
        let path = root.join(before.name());
        let now = fs_err::read(&path)?;
        let is_same = now == before.text().as_bytes();
        anyhow::ensure!(
            is_same,
            "{} changed while it was fixed: nothing was written",
            before.name()
        );
        ready.push((beside(&path, text)?, path, before));
    }
    let mut written: Vec<(&Path, &Source)> = Vec::new();
    let mut failed = None;
    for (file, path, before) in &ready {
        match fs_err::rename(file.path(), path) {
            Ok(()) => written.push((path, before)),
            Err(error) => {
                failed = Some(error);
                break;
            }
        }
    }
    let Some(error) = failed else {
        return Ok(());
    };
    // What was proven was all of it: a part is taken back.
    for (path, before) in written {
        fs_err::write(path, before.text())
            .with_context(|| format!("cannot take back what was written to {}", before.name()))?;
    }
    Err(error).context("nothing was changed")
}

/// A file in the same folder with the same permissions.
fn beside(path: &Path, text: &str) -> anyhow::Result<NamedTempFile> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let mut file = NamedTempFile::with_prefix_in(".seawall-fix-", folder.unwrap_or(Path::new(".")))
        .with_context(|| format!("cannot write beside {}", path.display()))?;
    file.write_all(text.as_bytes())
        .and_then(|()| file.flush())
        .with_context(|| format!("cannot write beside {}", path.display()))?;
    let permissions = fs_err::metadata(path)?.permissions();
    fs_err::set_permissions(file.path(), permissions)?;
    Ok(file)
}
