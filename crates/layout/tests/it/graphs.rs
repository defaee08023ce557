//! Graphs of every kind, at random.

use model::graph::{Arrows, Edge, EdgeStyle, Group, Kind, Node, Outline};
use model::{Graph, Severity};

use super::samples::random::Random;

const OUTLINES: [Outline; 8] = [
    Outline::Box,
    Outline::Pill,
    Outline::Hexagon,
    Outline::Slanted,
    Outline::Note,
    Outline::Cylinder,
    Outline::Octagon,
    Outline::Double,
];

const WORDS: [&str; 8] = [
    "a",
    "web",
    "payment-gateway",
    "argocd-application-controller",
    "system:serviceaccount:kube-system:generic-garbage-collector",
    "x.y.z",
    "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW",
    "get, list and watch secrets everywhere",
];

/// How a graph is made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    pub(crate) seed: u64,
    pub(crate) nodes: usize,
    pub(crate) edges: usize,
    pub(crate) groups: usize,
    /// How many layers; none when 0.
    pub(crate) layers: usize,
}

/// A graph of a shape; the same for the same.
pub(crate) fn graph(shape: Shape) -> Graph {
    let mut random = Random::new(shape.seed);
    let mut graph = Graph::new("A graph", "Made at random.");
    graph.layers = (0..shape.layers)
        .map(|layer| format!("Layer {layer}"))
        .collect();
    let mut groups = Vec::new();
    for index in 0..shape.groups {
        let parent = (!groups.is_empty() && random.chance(40)).then(|| *random.pick(&groups));
        groups.push(graph.add_group(Group {
            parent,
            risk: risk(&mut random),
            ..Group::new(
                format!("group/{index}"),
                kind(&mut random),
                *random.pick(&WORDS),
            )
        }));
    }
    for index in 0..shape.nodes {
        let group = (!groups.is_empty() && random.chance(80)).then(|| *random.pick(&groups));
        let layer =
            (shape.layers > 0 && random.chance(90)).then(|| random.below(shape.layers) as u32);
        let node = Node::new(
            format!("node/{index}"),
            kind(&mut random),
            *random.pick(&WORDS),
        );
        graph.add_node(Node {
            group,
            layer,
            risk: risk(&mut random),
            detail: if random.chance(50) {
                (*random.pick(&WORDS)).to_owned()
            } else {
                String::new()
            },
            stands_for: if random.chance(20) { 12 } else { 1 },
            ..node
        });
    }
    let nodes: Vec<_> = graph.node_indexes().collect();
    let styles = EdgeStyle::ALL;
    let arrows = [
        Arrows::Forward,
        Arrows::Forward,
        Arrows::Both,
        Arrows::Neither,
    ];
    for _ in 0..if nodes.is_empty() { 0 } else { shape.edges } {
        let from = *random.pick(&nodes);
        let to = *random.pick(&nodes);
        graph.add_edge(Edge {
            label: if random.chance(40) {
                (*random.pick(&WORDS)).to_owned()
            } else {
                String::new()
            },
            risk: risk(&mut random),
            arrows: *random.pick(&arrows),
            ..Edge::new(from, to, *random.pick(&styles))
        });
    }
    graph
}

fn risk(random: &mut Random) -> Option<Severity> {
    random.chance(30).then(|| *random.pick(&Severity::ALL))
}

fn kind(random: &mut Random) -> Kind {
    Kind {
        one: "thing",
        many: "things",
        outline: *random.pick(&OUTLINES),
    }
}
