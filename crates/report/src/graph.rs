//! A graph as JSON, for commands that answer with one.

use std::io::{self, Write};

use model::Graph;
use model::graph::{Arrows, Edge, Group, Node, NodeIndex};
use serde::Serialize;

/// The version of this shape. Fields are only ever added.
const SCHEMA: &str = "seawall.dev/graph/v1";

/// Writes a graph as JSON: nodes and groups in their order, each edge with the ids of its nodes.
///
/// # Errors
/// Whatever the writer gives.
pub fn render_graph(graph: &Graph, out: &mut dyn Write) -> io::Result<()> {
    let whole = Whole {
        schema: SCHEMA,
        title: &graph.title,
        description: &graph.description,
        notes: &graph.notes,
        groups: graph
            .groups()
            .iter()
            .map(|group| WireGroup::new(graph, group))
            .collect(),
        nodes: graph
            .nodes()
            .iter()
            .map(|node| WireNode::new(graph, node))
            .collect(),
        edges: graph
            .edges()
            .iter()
            .map(|edge| WireEdge::new(graph, edge))
            .collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &whole)?;
    writeln!(out)
}

#[derive(Serialize)]
struct Whole<'a> {
    schema: &'a str,
    title: &'a str,
    description: &'a str,
    notes: &'a [String],
    groups: Vec<WireGroup<'a>>,
    nodes: Vec<WireNode<'a>>,
    edges: Vec<WireEdge<'a>>,
}

#[derive(Serialize)]
struct WireGroup<'a> {
    id: &'a str,
    kind: &'a str,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    risk: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WireNode<'a> {
    id: &'a str,
    kind: &'a str,
    name: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    detail: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    layer: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    risk: Option<&'a str>,
    #[serde(skip_serializing_if = "is_one")]
    stands_for: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    more: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WireEdge<'a> {
    from: &'a str,
    to: &'a str,
    style: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    label: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    risk: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    arrows: Option<&'a str>,
    #[serde(skip_serializing_if = "is_one")]
    stands_for: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    more: Option<&'a str>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_one(count: &u32) -> bool {
    *count == 1
}

impl<'a> WireGroup<'a> {
    fn new(graph: &'a Graph, group: &'a Group) -> Self {
        WireGroup {
            id: &group.id,
            kind: group.kind.one,
            name: &group.label,
            parent: group.parent.map(|parent| &*graph.group(parent).id),
            risk: group.risk.map(model::Severity::as_str),
        }
    }
}

impl<'a> WireNode<'a> {
    fn new(graph: &'a Graph, node: &'a Node) -> Self {
        let layer = node
            .layer
            .and_then(|layer| graph.layers.get(layer as usize));
        WireNode {
            id: &node.id,
            kind: node.kind.one,
            name: node.label.join(" "),
            detail: &node.detail,
            group: node.group.map(|group| &*graph.group(group).id),
            layer: layer.map(String::as_str),
            risk: node.risk.map(model::Severity::as_str),
            stands_for: node.stands_for,
            more: node.tooltip.as_deref(),
        }
    }
}

impl<'a> WireEdge<'a> {
    fn new(graph: &'a Graph, edge: &'a Edge) -> Self {
        let id = |index: NodeIndex| &*graph.node(index).id;
        WireEdge {
            from: id(edge.from),
            to: id(edge.to),
            style: edge.style.as_str(),
            label: &edge.label,
            risk: edge.risk.map(model::Severity::as_str),
            arrows: match edge.arrows {
                Arrows::Forward => None,
                Arrows::Both => Some("both"),
                Arrows::Neither => Some("neither"),
            },
            stands_for: edge.stands_for,
            more: edge.tooltip.as_deref(),
        }
    }
}
