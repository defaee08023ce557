//! Where the globs of a configuration begin: in its own folder, wherever the scan runs.

use std::path::Path;

use anyhow::Context as _;
use engine::funnel::{PathBase, Patterns};

/// The base of a configuration file, given by its whole path, for a scan in a folder.
pub(super) fn of(file: &Path, root: &Path) -> anyhow::Result<PathBase> {
    let here = fs_err::canonicalize(root).context("there is no folder to scan in")?;
    let text = |path: &Path| path.to_string_lossy().replace('\\', "/");
    let folder = file.parent().unwrap_or(Path::new("/"));
    Ok(PathBase {
        folder: text(folder),
        root: text(&here),
    })
}

/// A glob in the style of `.gitignore`, relative to the configuration, as one relative to the root of
/// the scan; `None` when nothing below the root can match.
pub(super) fn exclude(base: &PathBase, glob: &str) -> Option<String> {
    let inner = glob.trim_end_matches('/');
    let is_anchored = inner.contains('/');
    let below = |inner: &str, outer: &str| {
        let rest = inner.strip_prefix(outer)?;
        (rest.is_empty() || rest.starts_with('/')).then(|| rest.trim_matches('/').to_owned())
    };
    if let Some(down) = below(&base.folder, &base.root) {
        return Some(match (down.is_empty(), is_anchored) {
            (true, _) => glob.to_owned(),
            (false, true) => format!("/{down}/{}", glob.trim_start_matches('/')),
            (false, false) => format!("/{down}/**/{glob}"),
        });
    }
    let up = below(&base.root, &base.folder)?;
    if is_anchored {
        without(glob, &up)
    } else {
        Some(glob.to_owned())
    }
}

/// An anchored glob seen from a folder further down: the glob without its first steps.
fn without(glob: &str, folder: &str) -> Option<String> {
    let mut rest = glob.trim_start_matches('/');
    for name in folder.split('/') {
        let (step, below) = rest.split_once('/').unwrap_or((rest, ""));
        if step == "**" {
            break;
        }
        if !Patterns::new([step]).is_ok_and(|step| step.matches(name)) {
            return None;
        }
        // The glob names the folder itself or one above: everything in it.
        if below.is_empty() {
            return Some("**".to_owned());
        }
        rest = below;
    }
    Some(format!("/{rest}"))
}

#[cfg(test)]
mod tests {
    use engine::funnel::PathBase;

    use super::exclude;

    fn check(folder: &str, root: &str, glob: &str, expected: Option<&str>) {
        let base = PathBase {
            folder: folder.to_owned(),
            root: root.to_owned(),
        };
        assert_eq!(
            exclude(&base, glob).as_deref(),
            expected,
            "{folder} {root} {glob}"
        );
    }

    #[test]
    fn globs_of_the_root_stay() {
        check("/w", "/w", "legacy/a", Some("legacy/a"));
        check("/w", "/w", "*.json", Some("*.json"));
    }

    #[test]
    fn globs_of_a_folder_below_get_its_name() {
        check("/w/sub", "/w", "legacy/a", Some("/sub/legacy/a"));
        check("/w/sub", "/w", "/legacy", Some("/sub/legacy"));
        check("/w/sub", "/w", "legacy/", Some("/sub/**/legacy/"));
        check("/w/sub", "/w", "*.json", Some("/sub/**/*.json"));
    }

    #[test]
    fn globs_of_a_folder_above_lose_the_way_down() {
        check("/w", "/w/sub", "sub/legacy", Some("/legacy"));
        check("/w", "/w/sub", "s*/legacy/**", Some("/legacy/**"));
        check("/w", "/w/sub", "**/legacy/a", Some("/**/legacy/a"));
        check("/w", "/w/sub/er", "sub/", Some("sub/"));
        check("/w", "/w/sub/er", "/sub/", Some("**"));
        check("/w", "/w/sub", "other/legacy", None);
        check("/w", "/w/sub", "*.json", Some("*.json"));
    }

    #[test]
    fn globs_of_a_folder_elsewhere_mean_nothing() {
        check("/x", "/w", "a/b", None);
        check("/w", "/wide", "a/b", None);
    }
}
