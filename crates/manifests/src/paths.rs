//! Paths as text: normal forms, and the names that reports show.

use std::borrow::Cow;
use std::path::{Component, Path, PathBuf};

/// The name of a path in reports: relative to the root where it lies below it, with `/`.
pub(crate) fn name_of(path: &Path, root: &Path) -> String {
    let shown = path.strip_prefix(root).unwrap_or(path);
    let text = shown.to_string_lossy();
    let text = if std::path::MAIN_SEPARATOR == '/' {
        text
    } else {
        Cow::Owned(text.replace(std::path::MAIN_SEPARATOR, "/"))
    };
    if text.is_empty() {
        ".".to_owned()
    } else {
        text.into_owned()
    }
}

/// A path without `.` and `..`, when it then still means the same in spite of links.
pub(crate) fn tidied(path: &Path) -> PathBuf {
    let tidy = normalised(path);
    let is_same = || match (fs_err::canonicalize(path), fs_err::canonicalize(&tidy)) {
        (Ok(path), Ok(tidy)) => path == tidy,
        _ => false,
    };
    let has_parent = path.components().any(|part| part == Component::ParentDir);
    if !has_parent || is_same() {
        tidy
    } else {
        path.to_owned()
    }
}

/// A path without `.` and `..`, by its text alone.
pub(crate) fn normalised(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if clean.file_name().is_some() => {
                clean.pop();
            }
            part => clean.push(part),
        }
    }
    clean
}
