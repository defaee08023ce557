//! Where a finding is: the first path that exists, else the nearest parent of the first.

use document::{NodeId, NodeRef};
use expr::Value;

use crate::compiled::{AtPath, AtStep};
use crate::scene::Scene;

/// The node that a finding is about. An item that is a text made by the expression (a key of a
/// mapping) stands for the entry of that name, where the path leads to a mapping that has it.
pub(crate) fn locate(paths: &[AtPath], scene: &Scene<'_>) -> NodeId {
    let mut nearest = None;
    for path in paths {
        if let (Some(flag), Some(process)) = (&path.flag, scene.process) {
            // The first flag that is written; else where the first one belongs.
            if process.is_written(flag) {
                return process.place_of(flag).id();
            }
            nearest = nearest.or_else(|| Some(process.place_of(flag)));
            continue;
        }
        let start = if path.in_metadata {
            scene.metadata
        } else {
            Some(scene.base)
        };
        let Some(start) = start else {
            continue;
        };
        match walk(start, &path.steps) {
            Ok(node) => return named_entry(node, scene).unwrap_or(node).id(),
            Err(parent) => nearest = nearest.or(Some(parent)),
        }
    }
    nearest.unwrap_or(scene.base).id()
}

fn named_entry<'a>(map: NodeRef<'a>, scene: &Scene<'a>) -> Option<NodeRef<'a>> {
    match scene.item() {
        Value::String(name) => map.get_str(name),
        _ => None,
    }
}

/// The node at the end of the steps, or the last one before the way ends.
fn walk<'a>(start: NodeRef<'a>, steps: &[AtStep]) -> Result<NodeRef<'a>, NodeRef<'a>> {
    let mut node = start;
    for step in steps {
        let next = match *step {
            AtStep::Key(key) => node.get(key),
            AtStep::Index(index) => node.item(index),
            AtStep::Nothing => None,
        };
        node = next.ok_or(node)?;
    }
    Ok(node)
}
