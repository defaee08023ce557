//! A change of a file, as people review it and as `git apply` takes it.

use similar::TextDiff;

/// Lines around a change.
const CONTEXT: usize = 3;

/// The change of one file as a unified diff.
pub(crate) fn diff(name: &str, before: &str, after: &str) -> String {
    TextDiff::from_lines(before, after)
        .unified_diff()
        .context_radius(CONTEXT)
        .header(&format!("a/{name}"), &format!("b/{name}"))
        .to_string()
}
