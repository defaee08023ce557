//! Words of the command line that may be a name or a path.

use std::path::Path;

/// Whether a word is meant as a path: it looks like one, or there is a file or folder of that name.
pub(crate) fn is_path(word: &str) -> bool {
    let is_glob = word.contains(['*', '?', '[', '{']);
    let looks_like_one = word.contains(['/', '\\']) || matches!(word, "." | ".." | "-");
    let is_manifest = [".yaml", ".yml", ".json"]
        .iter()
        .any(|end| word.ends_with(end));
    is_glob || looks_like_one || is_manifest || Path::new(word).exists()
}

/// The paths, or the current folder where there are none.
pub(crate) fn paths_or_here(paths: &[String]) -> Vec<String> {
    match paths {
        [] => vec![".".to_owned()],
        paths => paths.to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::is_path;

    #[test]
    fn paths_are_told_from_names() {
        for path in [".", "-", "deploy/", "a/b", "x.yaml", "**/*", "src"] {
            assert!(is_path(path), "{path}");
        }
        for name in ["web", "db-password", "widgets.example.com", "sa:x"] {
            assert!(!is_path(name), "{name}");
        }
    }
}
