//! Nodes of one kind with the same neighbours become one node.

use std::collections::BTreeMap;

use model::graph::{Arrows, EdgeStyle, Kind, NodeIndex};
use model::{Graph, Severity};

use super::merge::{merged, several};

/// Rounds: that two nodes become one may make others alike.
const ROUNDS: usize = 8;

/// What nodes must have in common whatever their neighbours are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Sort {
    kind: Kind,
    risk: Option<Severity>,
    group: Option<model::graph::GroupIndex>,
    layer: Option<u32>,
}

impl Sort {
    pub(super) fn of(graph: &Graph, index: NodeIndex) -> Self {
        let node = graph.node(index);
        Sort {
            kind: node.kind,
            risk: node.risk,
            group: node.group,
            layer: node.layer,
        }
    }
}

/// An edge, seen from one of its ends.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Tie<'a> {
    is_outgoing: bool,
    other: NodeIndex,
    style: EdgeStyle,
    label: &'a str,
    risk: Option<Severity>,
    arrows: Arrows,
}

/// Merges nodes with the same neighbours, when there are at least so many of them.
pub(super) fn twins(graph: &Graph, least: usize) -> Graph {
    let mut small = graph.clone();
    for _ in 0..ROUNDS {
        let number = numbers(&small, least);
        if number
            .iter()
            .enumerate()
            .all(|(index, &number)| index == number)
        {
            break;
        }
        small = merged(&small, &number, &|members| several(&small, members));
    }
    small
}

/// For each node the first of those that it is merged with.
fn numbers(graph: &Graph, least: usize) -> Vec<usize> {
    let mut ties: Vec<Vec<Tie<'_>>> = vec![Vec::new(); graph.nodes().len()];
    for edge in graph.edges() {
        for (end, other, is_outgoing) in [(edge.from, edge.to, true), (edge.to, edge.from, false)] {
            ties[end.index()].push(Tie {
                is_outgoing,
                other,
                style: edge.style,
                label: &edge.label,
                risk: edge.risk,
                arrows: edge.arrows,
            });
        }
    }
    let mut classes: BTreeMap<(Sort, Vec<Tie<'_>>), Vec<usize>> = BTreeMap::new();
    for (index, mut ties) in graph.node_indexes().zip(ties) {
        ties.sort_unstable();
        classes
            .entry((Sort::of(graph, index), ties))
            .or_default()
            .push(index.index());
    }
    let mut number: Vec<usize> = (0..graph.nodes().len()).collect();
    for members in classes.values().filter(|members| members.len() >= least) {
        for &member in members {
            number[member] = members[0];
        }
    }
    number
}
