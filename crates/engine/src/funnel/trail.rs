//! The way from a resource's root down to a node, with the nodes passed on it.
//!
//! References (YAML aliases) are followed when the node is not written below the root itself.

use document::{Keys, Kind, NodeId, NodeRef};

/// One step of a trail.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Hop<'a> {
    /// Into a mapping, by key.
    Key(&'a str),
    /// Into a sequence: the index and the item stepped on.
    Item(usize, NodeRef<'a>),
}

/// The steps from `root` to the node `target`; `None` when it does not lie below `root`.
pub(crate) fn trail(root: NodeRef<'_>, target: NodeId) -> Option<Vec<Hop<'_>>> {
    let mut hops = Vec::new();
    (descend(root, target, &mut hops) || through_references(root, target, &mut hops))
        .then_some(hops)
}

/// Follows the ids: what lies below a node are the ids right after it, so at each level only the last
/// child that does not come after the target can hold it.
fn descend<'a>(root: NodeRef<'a>, target: NodeId, hops: &mut Vec<Hop<'a>>) -> bool {
    let begin = hops.len();
    let mut node = root;
    while node.id() != target {
        match child_towards(node, target) {
            Some((hop, child)) => {
                hops.extend(hop);
                node = child;
            }
            None => {
                hops.truncate(begin);
                return false;
            }
        }
    }
    true
}

fn child_towards(node: NodeRef<'_>, target: NodeId) -> Option<(Option<Hop<'_>>, NodeRef<'_>)> {
    if node.is_reference() {
        return None;
    }
    match node.kind() {
        Kind::Sequence => {
            let (index, item) = node
                .items()
                .enumerate()
                .rev()
                .find(|(_, item)| item.id() <= target)?;
            Some((Some(Hop::Item(index, item)), item))
        }
        Kind::Mapping => {
            let entry = node
                .written_entries()
                .filter(|entry| entry.value.id() <= target)
                .max_by_key(|entry| entry.value.id())?;
            let hop = (entry.key != Keys::MERGE).then(|| Hop::Key(entry.name()));
            Some((hop, entry.value))
        }
        _ => None,
    }
}

/// Looks behind every reference below `root`. References name only earlier nodes, so this ends; the
/// limits on alias expansion bound what it costs.
fn through_references<'a>(root: NodeRef<'a>, target: NodeId, hops: &mut Vec<Hop<'a>>) -> bool {
    if root.is_reference() {
        let aim = root.resolved();
        return descend(aim, target, hops) || through_references(aim, target, hops);
    }
    let children: Vec<(Option<Hop<'a>>, NodeRef<'a>)> = match root.kind() {
        Kind::Sequence => root
            .items()
            .enumerate()
            .map(|(index, item)| (Some(Hop::Item(index, item)), item))
            .collect(),
        Kind::Mapping => root
            .written_entries()
            .map(|entry| {
                let hop = (entry.key != Keys::MERGE).then(|| Hop::Key(entry.name()));
                (hop, entry.value)
            })
            .collect(),
        _ => return false,
    };
    children.into_iter().any(|(hop, child)| {
        let begin = hops.len();
        hops.extend(hop);
        let found = through_references(child, target, hops);
        if !found {
            hops.truncate(begin);
        }
        found
    })
}
