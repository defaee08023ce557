//! Whole chains that are alike become one: twelve accounts, each with a binding of its own to the same role, are twelve
//! accounts, twelve bindings and the role.
//!
//! Nodes with few edges are told apart only by what they are and by which of the others they lead to, over any number of
//! steps: the partition is refined until it is stable. Nodes with many edges stay themselves, since they are what a reader
//! looks for.

use std::collections::{BTreeMap, BTreeSet};

use model::Graph;
use model::graph::EdgeStyle;

use super::alike::Sort;
use super::merge::{merged, several};

/// Merges chains between nodes that have at least `hub` edges.
pub(super) fn chains(graph: &Graph, hub: usize) -> Graph {
    let mut degree = vec![0; graph.nodes().len()];
    for edge in graph.edges() {
        degree[edge.from.index()] += 1;
        degree[edge.to.index()] += 1;
    }
    stable(graph, &|index| degree[index] >= hub, true)
}

/// Merges what leads to the same ends over the same kinds of steps, wherever it comes from. Ends stay themselves; at a
/// pinch only those with a risk do.
pub(super) fn same_ends(graph: &Graph, is_pinch: bool) -> Graph {
    let mut leads_on = vec![false; graph.nodes().len()];
    for edge in graph.edges() {
        leads_on[edge.from.index()] = true;
    }
    let is_end =
        |index: usize| !leads_on[index] && (!is_pinch || graph.nodes()[index].risk.is_some());
    stable(graph, &is_end, false)
}

/// Merges by the coarsest partition in which nodes of one part are of one sort and lead to the same parts, and, when
/// `with_incoming`, are led to by the same.
fn stable(graph: &Graph, stays: &dyn Fn(usize) -> bool, with_incoming: bool) -> Graph {
    let mut ties: Vec<Vec<(bool, usize, EdgeStyle)>> = vec![Vec::new(); graph.nodes().len()];
    for edge in graph.edges() {
        let (from, to) = (edge.from.index(), edge.to.index());
        ties[from].push((true, to, edge.style));
        if with_incoming {
            ties[to].push((false, from, edge.style));
        }
    }
    let sorts = graph.node_indexes().map(|index| {
        let own = index.index();
        (Sort::of(graph, index), stays(own).then_some(own))
    });
    let mut color = numbered(sorts);
    loop {
        let around = ties.iter().zip(&color).map(|(ties, &own)| {
            let ties = ties.iter();
            let ties: BTreeSet<_> = ties
                .map(|&(is_outgoing, other, style)| (is_outgoing, color[other], style))
                .collect();
            (own, ties)
        });
        let finer = numbered(around);
        let is_stable = colors(&finer) == colors(&color);
        color = finer;
        if is_stable {
            break;
        }
    }
    merged(graph, &color, &|members| several(graph, members))
}

fn colors(color: &[usize]) -> usize {
    color.iter().max().map_or(0, |last| last + 1)
}

/// The same number for what is equal.
fn numbered<T: Ord>(values: impl Iterator<Item = T>) -> Vec<usize> {
    let mut numbers = BTreeMap::new();
    values
        .map(|value| {
            let next = numbers.len();
            *numbers.entry(value).or_insert(next)
        })
        .collect()
}
