//! What gets from one end to another.

use model::Graph;
use model::graph::{Edge, EdgeStyle, Group, Kind, Node, NodeIndex, Outline};
use network::{Endpoint, Outcome, Port, PortSet};
use serde::Serialize;

use super::View;
use super::wire::{Peer, Ports, Reason, firsts, outcome_word, ranges};

const NAMESPACE: Kind = kind("namespace", "namespaces", Outline::Octagon);
const WORKLOAD: Kind = kind("workload", "workloads", Outline::Box);
const ADDRESS: Kind = kind("address", "addresses", Outline::Double);

const fn kind(one: &'static str, many: &'static str, outline: Outline) -> Kind {
    Kind { one, many, outline }
}

/// What gets from one end to another.
#[derive(Serialize, Debug)]
#[serde(rename_all = "camelCase")]
pub(super) struct Flow {
    pub(super) from: Peer,
    pub(super) to: Peer,
    /// `allowed` when some port that was asked for is, else `unknown` when one may be, else `denied`.
    outcome: &'static str,
    /// The ports that are open for sure.
    allowed: Vec<Ports>,
    /// The ports of which it is not known.
    unknown: Vec<Ports>,
    /// What decides, where both ends were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) because: Option<Vec<Reason>>,
    #[serde(skip)]
    pub(super) result: Outcome,
    /// The same ports, for people.
    #[serde(skip)]
    pub(super) open: String,
    #[serde(skip)]
    pub(super) perhaps: String,
}

impl Flow {
    /// Asks for one port, or for all.
    pub(super) fn ask(view: View<'_>, from: Endpoint, to: Endpoint, port: Option<Port>) -> Self {
        let ports = view.network.ports(from, to);
        let has = |set: &PortSet| port.map_or(!set.is_empty(), |port| set.contains(port));
        let result = match () {
            () if has(&ports.allowed) => Outcome::Allowed,
            () if has(&ports.unknown) => Outcome::Unknown,
            () => Outcome::Denied,
        };
        Flow {
            from: view.peer(from),
            to: view.peer(to),
            outcome: outcome_word(result),
            allowed: ranges(&ports.allowed),
            unknown: ranges(&ports.unknown),
            because: None,
            result,
            open: text(&ports.allowed),
            perhaps: text(&ports.unknown),
        }
    }

    /// With what decides: for each range of ports that fares differently, the policies that take part.
    pub(super) fn explained(
        mut self,
        view: View<'_>,
        (from, to): (Endpoint, Endpoint),
        port: Option<Port>,
    ) -> Self {
        let ports = view.network.ports(from, to);
        let all = [&ports.allowed, &ports.unknown, &ports.denied];
        let asked: Vec<Port> = match port {
            Some(port) => vec![port],
            None => all.into_iter().flat_map(firsts).collect(),
        };
        let mut reasons: Vec<Reason> = Vec::new();
        for port in asked {
            for because in view.network.reach(from, to, port).by {
                let reason = view.reason(&because);
                if !reasons.contains(&reason) {
                    reasons.push(reason);
                }
            }
        }
        self.because = Some(reasons);
        self
    }
}

fn text(ports: &PortSet) -> String {
    if ports.is_empty() {
        String::new()
    } else {
        ports.to_string()
    }
}

/// Flows as a graph.
pub(super) fn picture(title: &str, flows: &[Flow]) -> Graph {
    let mut graph = Graph::new(title, "Who sends on the left, who receives on the right.");
    for flow in flows {
        let from = node(&mut graph, &flow.from);
        let to = node(&mut graph, &flow.to);
        if from == to {
            continue;
        }
        let (style, label) = match flow.result {
            Outcome::Allowed => (EdgeStyle::Allowed, &flow.open),
            Outcome::Unknown => (EdgeStyle::Unknown, &flow.perhaps),
            Outcome::Denied => (EdgeStyle::Denied, &flow.open),
        };
        graph.add_edge(Edge {
            label: if label == "all" {
                String::new()
            } else {
                label.clone()
            },
            ..Edge::new(from, to, style)
        });
    }
    graph
}

fn node(graph: &mut Graph, peer: &Peer) -> NodeIndex {
    let Some(workload) = &peer.workload else {
        return graph.add_node(Node::new(
            format!("address/{}", peer.end),
            ADDRESS,
            peer.end.as_str(),
        ));
    };
    let namespace = workload.namespace.as_str();
    let group = graph.add_group(Group::new(
        format!("namespace/{namespace}"),
        NAMESPACE,
        namespace,
    ));
    let id = format!("workload/{}", peer.end);
    graph.add_node(Node {
        detail: workload.kind.clone(),
        group: Some(group),
        ..Node::new(id, WORKLOAD, workload.name.as_str())
    })
}
