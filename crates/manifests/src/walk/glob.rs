//! Globs on the command line that the shell left to us.

use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};

use super::{Finder, is_manifest_name};
use crate::problems;

impl Finder<'_> {
    /// A path that does not exist: perhaps a glob.
    pub(super) fn glob_or_missing(&mut self, written: &Path, absolute: &Path) {
        let Some(glob) = Glob::parse(absolute) else {
            self.problem(absolute, |name| problems::not_found(name, false));
            return;
        };
        let takes_all_names = written.to_string_lossy().ends_with('*');
        let mut has_match = false;
        for entry in self
            .walker(&glob.base)
            .max_depth(glob.depth)
            .build()
            .flatten()
        {
            if !glob.matcher.is_match(entry.path()) || entry.depth() == 0 {
                continue;
            }
            has_match = true;
            let kind = entry.file_type();
            if kind.is_some_and(|kind| kind.is_dir()) {
                self.walk(entry.path());
            } else if is_manifest_name(entry.path()) || takes_all_names {
                self.walked(&entry);
            } else if super::is_archive(entry.path()) {
                self.archives.insert(entry.into_path());
            } else if !self.take_marker(entry.path()) {
                self.files
                    .entry(entry.into_path())
                    .or_insert(super::Origin::Walked);
            }
        }
        if !has_match {
            self.problem(absolute, |name| problems::not_found(name, true));
        }
    }
}

struct Glob {
    /// The deepest folder that the pattern names without wildcards.
    base: PathBuf,
    matcher: GlobMatcher,
    depth: Option<usize>,
}

impl Glob {
    /// `None` for a path without wildcards, or with a malformed one.
    fn parse(path: &Path) -> Option<Self> {
        let is_wild = |part: &str| part.contains(['*', '?', '[', '{']);
        let text = path.to_str()?;
        let parts: Vec<&str> = text.split(std::path::is_separator).collect();
        let first = parts.iter().position(|part| is_wild(part))?;
        let (base, rest) = (parts[..first].join("/"), parts[first..].join("/"));
        let pattern = format!("{}/{rest}", globset::escape(&base));
        let glob = GlobBuilder::new(&pattern)
            .literal_separator(true)
            .build()
            .ok()?;
        let depth = (!rest.contains("**")).then(|| parts.len() - first);
        let base = if base.is_empty() {
            PathBuf::from("/")
        } else {
            PathBuf::from(base)
        };
        Some(Glob {
            base,
            matcher: glob.compile_matcher(),
            depth,
        })
    }
}
