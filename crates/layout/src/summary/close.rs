//! Groups are closed: one node is left of each.

use std::collections::{BTreeMap, BTreeSet};

use model::graph::{GroupIndex, Kind, Node, NodeIndex};
use model::{Graph, Severity};

use super::Budget;
use super::merge::{listed, merged, names, several};

/// Closes groups until a graph fits: innermost first, then those with less at risk, then the large ones.
pub(super) fn close_groups(graph: &Graph, budget: Budget) -> Graph {
    let mut small = graph.clone();
    while !budget.allows(&small) {
        let mut open = closable(&small);
        if open.is_empty() {
            break;
        }
        // As many as have to be; where that is most of them all, because a few open ones would only puzzle.
        let excess = (small.nodes().len().saturating_sub(budget.nodes)).max(1);
        let mut gained = 0;
        let needed = open.iter().take_while(|(_, _, size, _)| {
            let is_needed = gained < excess;
            gained += size - 1;
            is_needed
        });
        let needed = needed.count();
        if needed * 2 <= open.len() {
            open.truncate(needed);
        }
        small = closed(&small, &open.iter().map(|&(.., group)| group).collect());
    }
    small
}

/// Groups without groups inside, by what they are closed by.
fn closable(graph: &Graph) -> Vec<(Option<Severity>, usize, usize, GroupIndex)> {
    let mut sizes: BTreeMap<GroupIndex, (Option<Severity>, usize)> = BTreeMap::new();
    for node in graph.nodes() {
        if let Some(group) = node.group {
            let entry = sizes.entry(group).or_default();
            entry.0 = entry.0.max(node.risk);
            entry.1 += 1;
        }
    }
    let parents: BTreeSet<GroupIndex> = graph
        .groups()
        .iter()
        .filter_map(|group| group.parent)
        .collect();
    let innermost = sizes
        .into_iter()
        .filter(|(group, _)| !parents.contains(group));
    let mut open: Vec<_> = innermost
        .map(|(group, (risk, size))| (risk, usize::MAX - size, size, group))
        .collect();
    open.sort_unstable();
    open
}

/// Closes some groups without groups inside.
fn closed(graph: &Graph, groups: &BTreeSet<GroupIndex>) -> Graph {
    let count = graph.nodes().len();
    let is_closed = |index: NodeIndex| {
        graph
            .node(index)
            .group
            .filter(|group| groups.contains(group))
    };
    let number: Vec<usize> = graph
        .node_indexes()
        .map(|index| is_closed(index).map_or(index.index(), |group| count + group.index()))
        .collect();
    merged(graph, &number, &|members| match is_closed(members[0]) {
        Some(group) => of_group(graph, group, members),
        None => several(graph, members),
    })
}

/// The node that is left of a group.
fn of_group(graph: &Graph, group: GroupIndex, members: &[NodeIndex]) -> Node {
    let own = graph.group(group);
    let nodes = || members.iter().map(|&member| graph.node(member));
    let mut counts: BTreeMap<Kind, u32> = BTreeMap::new();
    // What has no plural is not counted: it stands for others that are.
    for node in nodes().filter(|node| node.kind.one != node.kind.many) {
        *counts.entry(node.kind).or_default() += node.stands_for;
    }
    let detail: Vec<String> = counts
        .iter()
        .map(|(kind, &count)| format!("{count} {}", if count == 1 { kind.one } else { kind.many }))
        .collect();
    Node {
        detail: detail.join(", "),
        risk: own.risk.max(nodes().filter_map(|node| node.risk).max()),
        group: own.parent,
        tooltip: Some(listed(nodes().flat_map(names))),
        stands_for: nodes().map(|node| node.stands_for).sum(),
        // It is one group, however many nodes are in it.
        ..Node::new(
            own.id.clone(),
            Kind {
                many: own.kind.one,
                ..own.kind
            },
            own.label.clone(),
        )
    }
}
