//! What some nodes lead to and what leads to them.

use std::collections::BTreeSet;

use model::Graph;
use model::graph::{Edge, Group, GroupIndex, Node, NodeIndex};

/// The part of a graph that some nodes lead to, or that leads to them, in at most so many steps. What was left out is
/// counted in the notes.
pub fn around(graph: &Graph, roots: &[NodeIndex], steps: usize) -> Graph {
    let (mut forward, mut backward) = (
        vec![Vec::new(); graph.nodes().len()],
        vec![Vec::new(); graph.nodes().len()],
    );
    for edge in graph.edges() {
        forward[edge.from.index()].push(edge.to);
        backward[edge.to.index()].push(edge.from);
    }
    let mut kept = reached(&forward, roots, steps);
    kept.append(&mut reached(&backward, roots, steps));
    let mut part = graph.emptied();
    let groups: BTreeSet<GroupIndex> = kept
        .iter()
        .flat_map(|&index| graph.enclosing(graph.node(index).group))
        .collect();
    let mut new_groups = vec![None; graph.groups().len()];
    for group in groups {
        let own = graph.group(group);
        let parent = own.parent.and_then(|parent| new_groups[parent.index()]);
        new_groups[group.index()] = Some(part.add_group(Group {
            parent,
            ..own.clone()
        }));
    }
    let mut new = vec![None; graph.nodes().len()];
    for &index in &kept {
        let own = graph.node(index);
        let group = own.group.and_then(|group| new_groups[group.index()]);
        new[index.index()] = Some(part.add_node(Node {
            group,
            ..own.clone()
        }));
    }
    for edge in graph.edges() {
        if let (Some(from), Some(to)) = (new[edge.from.index()], new[edge.to.index()]) {
            part.add_edge(Edge {
                from,
                to,
                ..edge.clone()
            });
        }
    }
    let left_out = graph.nodes().len() - kept.len();
    if left_out > 0 {
        let steps = if steps == 1 {
            "one step".to_owned()
        } else {
            format!("{steps} steps")
        };
        part.notes.push(format!(
            "{left_out} nodes are not on a way of at most {steps} and are left out."
        ));
    }
    part
}

fn reached(next: &[Vec<NodeIndex>], roots: &[NodeIndex], steps: usize) -> BTreeSet<NodeIndex> {
    let mut reached: BTreeSet<NodeIndex> = roots.iter().copied().collect();
    let mut border: Vec<NodeIndex> = reached.iter().copied().collect();
    for _ in 0..steps {
        let further = border.iter().flat_map(|index| &next[index.index()]);
        border = further
            .copied()
            .filter(|&index| reached.insert(index))
            .collect();
        if border.is_empty() {
            break;
        }
    }
    reached
}
