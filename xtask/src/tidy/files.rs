//! File lengths, header comments, skipped tests, and the lists that nobody may keep.

use anyhow::Result;
use fs_err as fs;

use crate::workspace::{files, relative, root};

/// A file this long has a seam somewhere.
const MAX_LINES: usize = 1_000;

pub(super) fn run() -> Result<Vec<String>> {
    let mut complaints = Vec::new();
    for folder in ["crates", "xtask", "fuzz/fuzz_targets"] {
        let folder = root().join(folder);
        if !folder.is_dir() {
            continue;
        }
        for path in files(&folder, "rs")? {
            let text = fs::read_to_string(&path)?;
            let name = relative(&path);
            complaints.extend(
                look(&text)
                    .into_iter()
                    .map(|what| format!("{name}: {what}")),
            );
        }
    }
    Ok(complaints)
}

fn look(text: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    let lines = text.lines().count();
    if lines > MAX_LINES {
        complaints.push(format!("{lines} lines, more than {MAX_LINES}"));
    }
    if !text.starts_with("//!") && !text.starts_with("#!") {
        complaints.push("does not begin with `//!` and a sentence on what it is for".to_owned());
    }
    for (number, line) in text.lines().enumerate() {
        let line_number = number + 1;
        if line.trim() == "#[ignore]" {
            complaints.push(format!(
                "line {line_number}: a skipped test without a reason"
            ));
        }
        if line.trim_start().starts_with("#[allow(") {
            complaints.push(format!(
                "line {line_number}: `allow`; use `expect` with a reason"
            ));
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::look;

    #[test]
    fn what_the_style_forbids_is_found() {
        let text = "fn x() {}\n#[ignore]\nfn y() {}\n";
        assert_eq!(look(text).len(), 2);
        assert!(look("//! Fine.\n\nfn x() {}\n").is_empty());
    }
}
