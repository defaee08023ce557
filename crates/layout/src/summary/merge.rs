//! A graph in which several nodes have become one, and their edges with them.

use std::collections::{BTreeMap, BTreeSet};

use model::Graph;
use model::graph::{Arrows, Edge, EdgeStyle, GroupIndex, Node, NodeIndex};

/// Names that are listed in a tooltip.
const LISTED: usize = 60;

/// Different texts that one edge may have.
const TEXTS: usize = 2;

/// Builds the graph in which the nodes with the same number are one, which `make` describes. The groups around
/// those nodes are kept; nodes come in the order of their first member.
pub(super) fn merged(
    graph: &Graph,
    number: &[usize],
    make: &dyn Fn(&[NodeIndex]) -> Node,
) -> Graph {
    let mut members: BTreeMap<usize, Vec<NodeIndex>> = BTreeMap::new();
    let mut order = Vec::new();
    for index in graph.node_indexes() {
        let list = members.entry(number[index.index()]).or_default();
        if list.is_empty() {
            order.push(number[index.index()]);
        }
        list.push(index);
    }
    let nodes: Vec<(usize, Node)> = order
        .into_iter()
        .map(|number| (number, make(&members[&number])))
        .collect();
    let mut small = graph.emptied();
    let groups = kept_groups(graph, nodes.iter().map(|(_, node)| node.group), &mut small);
    let mut new: BTreeMap<usize, NodeIndex> = BTreeMap::new();
    for (number, node) in nodes {
        let group = node.group.map(|group| groups[&group]);
        new.insert(number, small.add_node(Node { group, ..node }));
    }
    let is_several = |index: NodeIndex| members[&number[index.index()]].len() > 1;
    add_edges(graph, &mut small, &is_several, &|index| {
        new[&number[index.index()]]
    });
    small
}

/// Adds the groups that are in use, and those around them, in their order.
fn kept_groups(
    graph: &Graph,
    used: impl Iterator<Item = Option<GroupIndex>>,
    small: &mut Graph,
) -> BTreeMap<GroupIndex, GroupIndex> {
    let used: BTreeSet<GroupIndex> = used.flat_map(|group| graph.enclosing(group)).collect();
    let mut kept: BTreeMap<GroupIndex, GroupIndex> = BTreeMap::new();
    for group in used {
        let mut own = graph.group(group).clone();
        own.parent = own.parent.map(|parent| kept[&parent]);
        kept.insert(group, small.add_group(own));
    }
    kept
}

/// Adds the edges: those of merged nodes are one for each pair of nodes and style. Edges that are then inside of one
/// node are left out.
fn add_edges(
    graph: &Graph,
    small: &mut Graph,
    is_several: &dyn Fn(NodeIndex) -> bool,
    new: &dyn Fn(NodeIndex) -> NodeIndex,
) {
    let mut bundles: BTreeMap<(NodeIndex, NodeIndex, EdgeStyle), Bundle> = BTreeMap::new();
    for (place, edge) in graph.edges().iter().enumerate() {
        let (from, to) = (new(edge.from), new(edge.to));
        let is_merged = is_several(edge.from) || is_several(edge.to);
        if is_merged && from == to {
            continue;
        }
        let own = Edge {
            from,
            to,
            ..edge.clone()
        };
        if is_merged {
            let bundle = bundles
                .entry((from, to, edge.style))
                .or_insert_with(|| Bundle {
                    place,
                    edge: Edge {
                        stands_for: 0,
                        label: String::new(),
                        ..own.clone()
                    },
                    texts: Vec::new(),
                });
            bundle.add(own);
        } else {
            small.add_edge(own);
        }
    }
    let mut bundles: Vec<Bundle> = bundles.into_values().collect();
    bundles.sort_by_key(|bundle| bundle.place);
    for bundle in bundles {
        small.add_edge(bundle.finish());
    }
}

/// Edges that become one.
struct Bundle {
    /// Of the first of them.
    place: usize,
    edge: Edge,
    texts: Vec<String>,
}

impl Bundle {
    fn add(&mut self, edge: Edge) {
        self.edge.stands_for += edge.stands_for;
        self.edge.risk = self.edge.risk.max(edge.risk);
        if edge.arrows == Arrows::Both {
            self.edge.arrows = Arrows::Both;
        }
        if !edge.label.is_empty() && !self.texts.contains(&edge.label) {
            self.texts.push(edge.label);
        }
    }

    fn finish(self) -> Edge {
        let count = self.texts.len();
        let label = if count <= TEXTS {
            self.texts.join(", ")
        } else {
            format!("{}, and {} more", self.texts[0], count - 1)
        };
        let tooltip = (count > TEXTS).then(|| listed(self.texts.iter().cloned()));
        Edge {
            label,
            tooltip: tooltip.or(self.edge.tooltip),
            ..self.edge
        }
    }
}

/// The node for several that are alike: named by the first of them.
pub(super) fn several(graph: &Graph, members: &[NodeIndex]) -> Node {
    let first = graph.node(members[0]);
    if members.len() == 1 {
        return first.clone();
    }
    let nodes = || members.iter().map(|&member| graph.node(member));
    let count: u32 = nodes().map(things).sum();
    let mut all: Vec<String> = nodes().flat_map(names).collect();
    let mut seen = BTreeSet::new();
    all.retain(|name| seen.insert(name.clone()));
    let label = match &all[..] {
        [one] => vec![one.clone()],
        [one, other] if count == 2 => vec![one.clone(), other.clone()],
        [one, ..] => vec![one.clone(), format!("and {} more", count - 1)],
        [] => Vec::new(),
    };
    let details: BTreeSet<&str> = nodes().map(|node| &*node.detail).collect();
    Node {
        id: format!("{} and {} more", first.id, count - things(first)),
        label,
        // What lies in a closed group is not what lies in all of them.
        detail: if details.len() == 1 && first.kind.one != first.kind.many {
            first.detail.clone()
        } else {
            String::new()
        },
        risk: nodes().filter_map(|node| node.risk).max(),
        link: None,
        tooltip: Some(listed(all.into_iter())),
        stands_for: nodes().map(|node| node.stands_for).sum(),
        ..first.clone()
    }
}

/// The names that a node stands for: its own, or those in the list of a node that is a summary already.
pub(super) fn names(node: &Node) -> Vec<String> {
    match &node.tooltip {
        Some(tooltip) if is_summary(node) => tooltip
            .lines()
            .filter(|line| !line.starts_with('…'))
            .map(str::to_owned)
            .collect(),
        _ => vec![node.label.join(" ").replace('\n', " ")],
    }
}

/// How many things a node is: a closed group is one, however many are in it.
pub(super) fn things(node: &Node) -> u32 {
    if node.kind.one != node.kind.many {
        return node.stands_for;
    }
    let listed = node.tooltip.as_deref().filter(|_| is_summary(node));
    listed.map_or(1, |listed| {
        let cut = listed.lines().filter_map(|line| {
            let count = line.strip_prefix("… and ")?.strip_suffix(" more")?;
            count.parse::<u32>().ok()
        });
        names(node).len() as u32 + cut.sum::<u32>()
    })
}

/// Whether a node is several things, whose names are in its tooltip. A closed group has a name of its own.
fn is_summary(node: &Node) -> bool {
    let is_named = node.kind.one == node.kind.many && node.label.len() == 1;
    node.stands_for > 1 && (!is_named || node.label[0].starts_with('…'))
}

/// One name a line, as many as anybody reads.
pub(super) fn listed(names: impl Iterator<Item = String>) -> String {
    let names: Vec<String> = names.collect();
    let rest = names.len().saturating_sub(LISTED);
    let mut list = names.into_iter().take(LISTED).collect::<Vec<_>>();
    list.extend((rest > 0).then(|| format!("… and {rest} more")));
    list.join("\n")
}
