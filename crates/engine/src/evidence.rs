//! One line of what stands at a finding, with secrets hidden.

use document::{Kind, NodeId, Path, Step};
use model::Resource;
use model::redact::{REDACTED, is_secret_at};

/// Longest evidence, in characters.
const LENGTH: usize = 160;

/// The first line of a node, which lies at a path, with its key; `None` where nothing is written.
pub(crate) fn evidence(resource: &Resource, node: NodeId, path: &Path) -> Option<String> {
    let node = resource.document.at(node);
    let key = path.0.iter().rev().find_map(|step| match step {
        Step::Key(key) => Some(&**key),
        Step::Index(_) => None,
    })?;
    let place = resource.document.place(node.origin());
    let written = place.source.slice(&place.span);
    let line = written.lines().next().unwrap_or("").trim_end();
    let line = match node.kind() {
        // A flow collection is one line with all that is in it: names without values say nothing.
        Kind::Mapping | Kind::Sequence if line.starts_with(['{', '[']) => "…",
        _ if is_secret_at(resource, path) => REDACTED,
        _ => line,
    };
    let text = match path.0.last() {
        Some(Step::Key(_)) if !matches!(node.kind(), Kind::Mapping | Kind::Sequence) => {
            format!("{key}: {line}")
        }
        Some(Step::Key(_)) => format!("{key}:"),
        _ => format!("- {line}"),
    };
    Some(text.chars().take(LENGTH).collect())
}
