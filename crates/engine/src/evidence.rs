//! One line of what stands at a finding, with secrets hidden.

use document::{Kind, NodeId, NodeRef, StepRef};
use model::Resource;
use model::redact::{REDACTED, is_secret_along};

/// Longest evidence, in characters.
const LENGTH: usize = 160;

/// The first line of a node, to which some steps lead, with its key; `None` where nothing is written.
pub(crate) fn evidence(
    resource: &Resource,
    node: NodeId,
    steps: &[(StepRef<'_>, NodeRef<'_>)],
) -> Option<String> {
    let node = resource.document.at(node);
    // The parts of what an image is built by have names that nobody wrote.
    if model::is_build(resource) && matches!(node.kind(), Kind::Mapping | Kind::Sequence) {
        return None;
    }
    let key = steps.iter().rev().find_map(|(step, _)| match step {
        StepRef::Key(key) => Some(*key),
        StepRef::Index(_) => None,
    })?;
    let place = resource.document.place(node.origin());
    // What stands at the origin of something rendered is a template, or a part of the value.
    let printed;
    let written = if resource.rendered.is_some() {
        printed = document::print::to_yaml(node);
        &printed
    } else {
        place.source.slice(&place.span)
    };
    let line = written.lines().next().unwrap_or("").trim_end();
    let line = match node.kind() {
        // A flow collection is one line with all that is in it: names without values say nothing.
        Kind::Mapping | Kind::Sequence if line.starts_with(['{', '[']) => "…",
        _ if is_secret_along(resource, steps) => REDACTED,
        _ => line,
    };
    let text = match steps.last() {
        Some((StepRef::Key(_), _)) if !matches!(node.kind(), Kind::Mapping | Kind::Sequence) => {
            format!("{key}: {line}")
        }
        Some((StepRef::Key(_), _)) => format!("{key}:"),
        _ => format!("- {line}"),
    };
    Some(text.chars().take(LENGTH).collect())
}
