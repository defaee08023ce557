//! The least important nodes become "… and 212 more", and the least important edges are left out.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use model::Graph;
use model::graph::{GroupIndex, Kind, Node, NodeIndex};

use super::Budget;
use super::merge::{listed, merged, names, several, things};

/// What becomes one node: a kind, in a group or layer.
type Place = (Kind, Option<GroupIndex>, Option<u32>);

/// Keeps of each kind and place the nodes with the highest risk, that stand for most and have the most edges; the others
/// become one node. Kinds with few nodes keep them all.
pub(super) fn cap_nodes(graph: &Graph, budget: Budget) -> Graph {
    // Fewer nodes where edges would have to be left out: an edge less may hide a way.
    let mut limit = budget.nodes;
    loop {
        let small = with_nodes(graph, limit);
        limit -= limit / 4;
        if small.edges().len() <= budget.edges || limit < FEWEST {
            return small;
        }
    }
}

/// So few nodes say nothing any more.
const FEWEST: usize = 20;

fn with_nodes(graph: &Graph, limit: usize) -> Graph {
    let place = |index: NodeIndex| {
        let node = graph.node(index);
        (node.kind, node.group, node.layer)
    };
    let count = |place: &dyn Fn(NodeIndex) -> Place| {
        let places: BTreeSet<Place> = graph.node_indexes().map(place).collect();
        places.len()
    };
    if count(&place) * 2 <= limit {
        return capped(graph, limit, &place);
    }
    // Groups are given up where there are too many of them.
    capped(graph, limit, &|index| {
        let (kind, _, layer) = place(index);
        (kind, None, layer)
    })
}

fn capped(graph: &Graph, limit: usize, place: &dyn Fn(NodeIndex) -> Place) -> Graph {
    let mut degree = vec![0_usize; graph.nodes().len()];
    for edge in graph.edges() {
        degree[edge.from.index()] += 1;
        degree[edge.to.index()] += 1;
    }
    let mut places: BTreeMap<Place, Vec<NodeIndex>> = BTreeMap::new();
    for index in graph.node_indexes() {
        places.entry(place(index)).or_default().push(index);
    }
    let sizes: Vec<usize> = places.values().map(Vec::len).collect();
    let share = share(&sizes, limit);
    let count = graph.nodes().len();
    let mut number: Vec<usize> = (0..count).collect();
    for (own, members) in (count..).zip(places.values_mut()) {
        if members.len() > share {
            members.sort_by_key(|&index| {
                let node = graph.node(index);
                Reverse((
                    node.risk,
                    node.stands_for,
                    degree[index.index()],
                    Reverse(index),
                ))
            });
            let rest = members.iter().skip(share - 1);
            rest.for_each(|member| number[member.index()] = own);
        }
    }
    merged(graph, &number, &|members| {
        if number[members[0].index()] >= count {
            let (_, group, _) = place(members[0]);
            rest(graph, members, group)
        } else {
            several(graph, members)
        }
    })
}

/// How many each may have, at least one, so that together they have no more than a limit.
fn share(sizes: &[usize], limit: usize) -> usize {
    let most = sizes.iter().copied().max().unwrap_or_default();
    let fits = |share: &usize| sizes.iter().map(|size| size.min(share)).sum::<usize>() <= limit;
    (1..=most).take_while(fits).last().unwrap_or(1)
}

/// The node for all that are not drawn by themselves.
fn rest(graph: &Graph, members: &[NodeIndex], group: Option<GroupIndex>) -> Node {
    let first = graph.node(members[0]);
    if members.len() == 1 {
        return first.clone();
    }
    let several = several(graph, members);
    let count: u32 = members
        .iter()
        .map(|&member| things(graph.node(member)))
        .sum();
    Node {
        id: format!("rest of {} beside {}", first.kind.many, first.id),
        label: vec![format!("… and {count} more")],
        detail: String::new(),
        group,
        tooltip: Some(listed(
            members.iter().flat_map(|&member| names(graph.node(member))),
        )),
        ..several
    }
}

/// Leaves edges out: those with the least risk, and that stand for the fewest.
pub(super) fn cap_edges(graph: &Graph, limit: usize) -> Graph {
    let edges = graph.edges();
    if edges.len() <= limit {
        return graph.clone();
    }
    let mut by_weight: Vec<usize> = (0..edges.len()).collect();
    by_weight.sort_by_key(|&index| {
        let edge = &edges[index];
        Reverse((edge.risk, edge.stands_for, usize::MAX - index))
    });
    let left_out: BTreeSet<usize> = by_weight.split_off(limit).into_iter().collect();
    let mut small = graph.emptied();
    for group in graph.groups() {
        small.add_group(group.clone());
    }
    for node in graph.nodes() {
        small.add_node(node.clone());
    }
    for (_, edge) in edges
        .iter()
        .enumerate()
        .filter(|(index, _)| !left_out.contains(index))
    {
        small.add_edge(edge.clone());
    }
    small.notes.push(format!(
        "{} edges with the least risk are not drawn.",
        left_out.len()
    ));
    small
}
