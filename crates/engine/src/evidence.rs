//! One line of what stands at a finding, with secrets hidden.

use document::{Kind, NodeId, Step};
use model::Resource;
use model::redact::{REDACTED, is_secret_kind, shown};

/// Longest evidence, in characters.
const LENGTH: usize = 160;

/// The first line of a node with its key; `None` where nothing is written.
pub(crate) fn evidence(resource: &Resource, node: NodeId) -> Option<String> {
    let node = resource.document.at(node);
    let path = resource.document.path_of(resource.object(), node)?;
    let key = path.0.iter().rev().find_map(|step| match step {
        Step::Key(key) => Some(&**key),
        Step::Index(_) => None,
    })?;
    let place = resource.document.place(node.origin());
    let written = place.source.slice(&place.span);
    let line = written.lines().next().unwrap_or("").trim_end();
    let in_secret = is_secret_kind(resource.group(), &resource.kind)
        && matches!(path.0.first(), Some(Step::Key(key)) if &**key == "data" || &**key == "stringData");
    let line = match in_secret {
        true => REDACTED,
        false => shown(key, line),
    };
    let text = match path.0.last() {
        Some(Step::Key(_)) if !matches!(node.kind(), Kind::Mapping | Kind::Sequence) => format!("{key}: {line}"),
        Some(Step::Key(_)) => format!("{key}:"),
        _ => format!("- {line}"),
    };
    Some(text.chars().take(LENGTH).collect())
}
