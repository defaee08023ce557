//! Finds the files of a chart in its folder, as Helm does: in the order of names, links followed, without what
//! `.helmignore` names.

use super::file::{File, Reader};
use super::ignore::Rules;
use crate::error::{ErrorKind, Result};
use crate::folder::{EntryKind, Folder, join};

/// The files of the chart in a folder.
pub(crate) fn files(folder: &dyn Folder, root: &str, reader: &Reader<'_>) -> Result<Vec<File>> {
    let found = folder.resolve(root).filter(|found| found.is_folder);
    let root = found
        .ok_or_else(|| ErrorKind::Missing(reader.name(root)))?
        .path;
    let mut walk = Walk {
        folder,
        rules: Rules::default(),
        reader,
        files: Vec::new(),
        open: Vec::new(),
    };
    let file = join(&root, ".helmignore");
    if folder.resolve(&file).is_some_and(|found| !found.is_folder) {
        let rules = File::unread(".helmignore", &file);
        walk.rules = Rules::parse(rules.source(reader)?)?;
    }
    walk.folder(&root, "")?;
    Ok(walk.files)
}

struct Walk<'w> {
    folder: &'w dyn Folder,
    rules: Rules,
    reader: &'w Reader<'w>,
    files: Vec<File>,
    /// The resolved folders that the walk is in.
    open: Vec<String>,
}

impl Walk<'_> {
    /// Walks a resolved folder; `prefix` is its path in the chart, with a slash at the end.
    fn folder(&mut self, path: &str, prefix: &str) -> Result<()> {
        if self.open.iter().any(|open| open == path) {
            let name = self.reader.name(path);
            let message = format!("a link in the chart leads back to '{name}', which it lies in");
            return Err(ErrorKind::Folder(message).into());
        }
        if self.open.len() >= self.reader.limits.depth {
            let message = format!("'{}' lies too deep in the chart", self.reader.name(path));
            return Err(ErrorKind::TooLarge(message).into());
        }
        let entries = self.folder.entries(path);
        let mut entries = entries.map_err(|reason| self.reader.unreadable(path, reason))?;
        entries.sort();
        self.open.push(path.to_owned());
        for entry in entries {
            let name = format!("{prefix}{}", entry.name);
            let path = join(path, &entry.name);
            self.entry(entry.kind, &path, &name)?;
        }
        self.open.pop();
        Ok(())
    }

    fn entry(&mut self, kind: EntryKind, path: &str, name: &str) -> Result<()> {
        let (is_folder, path) = match kind {
            EntryKind::File | EntryKind::Other => (false, path.to_owned()),
            EntryKind::Folder => (true, path.to_owned()),
            EntryKind::Link => {
                let found = self.folder.resolve(path);
                let shown = || self.reader.name(path);
                let message = || format!("the link '{}' in the chart leads nowhere", shown());
                let found = found.ok_or_else(|| ErrorKind::Folder(message()))?;
                (found.is_folder, found.path)
            }
        };
        if self.rules.ignores(name, is_folder) {
            return Ok(());
        }
        if is_folder {
            return self.folder(&path, &format!("{name}/"));
        }
        if kind == EntryKind::Other {
            let path = self.reader.name(&path);
            let message = format!("'{path}' in the chart is no regular file");
            return Err(ErrorKind::Folder(message).into());
        }
        self.reader.file()?;
        self.files.push(File::unread(name, &path));
        Ok(())
    }
}
