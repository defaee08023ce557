//! Links inside a chart: Helm follows them, so one that leads nowhere or in a circle breaks the chart.

use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

/// The links below a folder that cannot be followed, and what is wrong with each.
pub(super) fn broken_below(folder: &Path) -> Vec<(PathBuf, &'static str)> {
    let mut walk = WalkBuilder::new(folder);
    let entries = walk.standard_filters(false).follow_links(false).build();
    entries
        .flatten()
        .filter(|entry| entry.path_is_symlink() && entry.depth() > 0)
        .filter_map(|entry| Some((entry.path().to_owned(), fault(entry.path())?)))
        .collect()
}

fn fault(link: &Path) -> Option<&'static str> {
    let Ok(target) = fs_err::canonicalize(link) else {
        return Some("leads nowhere, or to itself");
    };
    let folder = fs_err::canonicalize(link.parent()?).ok()?;
    folder
        .starts_with(&target)
        .then_some("leads back to a folder that it lies in")
}
