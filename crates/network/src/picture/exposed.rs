//! The ways in from outside as a graph, in layers: from where, through which gateway, route and service, to which workload.

use std::collections::HashMap;

use foldhash::fast::FixedState;
use model::graph::{Edge, EdgeStyle, Kind, Node, NodeIndex, Outline};
use model::{Graph, Inventory, Severity};

use crate::answer::Level;
use crate::exposure::{Chain, Hop, Step};
use crate::network::Network;
use crate::pod::PodId;

use super::ways::OUTSIDE;
use super::{OUTSIDE_KIND, WORKLOAD, kind};

/// The layers, in the direction of reading.
const LAYERS: [&str; 5] = ["From", "Gateways", "Routes", "Services", "Workloads"];

const GATEWAY: Kind = kind("gateway", "gateways", Outline::Hexagon);
const ROUTE: Kind = kind("route", "routes", Outline::Slanted);
const SERVICE: Kind = kind("service", "services", Outline::Pill);

impl Network {
    /// The ways to workloads from at least so far away, the same for the same inventory, which has to be that of the network.
    pub fn picture_of_exposure(&self, inventory: &Inventory, least: Level) -> Graph {
        let mut graph = Graph::new(
            "What is reached from outside",
            "From where workloads are reached, and through which gateways, routes and services. Network policies are not looked at.",
        );
        graph.layers = LAYERS.map(str::to_owned).to_vec();
        let mut drawing = Drawing {
            network: self,
            inventory,
            graph,
            edges: HashMap::default(),
            found: Vec::new(),
        };
        for pod in self.pods() {
            let chains = &self.exposure(pod).chains;
            for chain in chains.iter().filter(|chain| chain.level >= least) {
                drawing.chain(pod, chain);
            }
        }
        drawing.finish()
    }
}

/// Two ends and a text.
type Found = (NodeIndex, NodeIndex, String);

struct Drawing<'a> {
    network: &'a Network,
    inventory: &'a Inventory,
    graph: Graph,
    /// Positions in `found`.
    edges: HashMap<Found, usize, FixedState>,
    /// Edges with their risk, and whether it is sure that they are a way.
    found: Vec<(Found, Option<Severity>, bool)>,
}

impl Drawing<'_> {
    fn chain(&mut self, pod: PodId, chain: &Chain) {
        let (id, name, risk) = outside(chain.level);
        let mut from = self.graph.add_node(Node {
            layer: Some(0),
            ..Node::new(id, OUTSIDE_KIND, name)
        });
        let mut risk_of_edge = risk;
        let is_sure = chain.unknown.is_none();
        for step in &chain.steps {
            let Some(to) = self.stage(*step) else {
                continue;
            };
            if to != from {
                self.edge((from, to, String::new()), risk_of_edge.take(), is_sure);
            }
            from = to;
        }
        let to = self.workload(pod, risk);
        self.edge((from, to, label(chain)), risk_of_edge, is_sure);
    }

    fn edge(&mut self, found: Found, risk: Option<Severity>, is_sure: bool) {
        let next = self.found.len();
        let position = *self.edges.entry(found.clone()).or_insert(next);
        match self.found.get_mut(position) {
            Some(known) => known.2 |= is_sure,
            None => self.found.push((found, risk, is_sure)),
        }
    }

    /// What stands between the outside and the workload.
    fn stage(&mut self, step: Step) -> Option<NodeIndex> {
        let (layer, kind, word) = match step.hop {
            Hop::Gateway => (1, GATEWAY, "gateway"),
            Hop::Route => (2, ROUTE, "route"),
            Hop::Service | Hop::ServicePort => (3, SERVICE, "service"),
            Hop::ContainerPort | Hop::HostPort | Hop::HostNetwork | Hop::Pod => return None,
        };
        let resource = self.inventory.resources.get(step.place.resource as usize)?;
        let namespace = resource.namespace.as_deref().unwrap_or_default();
        let detail = match (layer, namespace) {
            (3, _) | (_, "") => namespace.to_owned(),
            _ => format!("{} · {namespace}", resource.kind),
        };
        Some(self.graph.add_node(Node {
            detail,
            layer: Some(layer),
            ..Node::new(
                format!("{word}/{namespace}/{}/{}", resource.kind, resource.name),
                kind,
                &*resource.name,
            )
        }))
    }

    fn workload(&mut self, pod: PodId, risk: Option<Severity>) -> NodeIndex {
        let index = self.network.place(pod).resource;
        let namespace = self.network.namespace(pod);
        let resource = self.inventory.resources.get(index as usize);
        let kind = resource.map_or("", |resource| &*resource.kind);
        let name = resource.map_or("", |resource| &*resource.name);
        // Ways come the farthest first, and so the first risk is the highest.
        self.graph.add_node(Node {
            detail: format!("{kind} · {namespace}"),
            layer: Some(4),
            risk,
            ..Node::new(
                format!("workload/{namespace}/{kind}/{name}"),
                WORKLOAD,
                name,
            )
        })
    }

    fn finish(mut self) -> Graph {
        if self.found.iter().any(|(.., is_sure)| !is_sure) {
            let note = "Dotted: it is not known whether the way is open.";
            self.graph.notes.push(note.to_owned());
        }
        if self.found.is_empty() {
            let note = "Nothing is reached from outside.";
            self.graph.notes.push(note.to_owned());
        }
        for ((from, to, label), risk, is_sure) in self.found {
            let style = if is_sure {
                EdgeStyle::Allowed
            } else {
                EdgeStyle::Unknown
            };
            self.graph.add_edge(Edge {
                label,
                risk,
                ..Edge::new(from, to, style)
            });
        }
        self.graph
    }
}

/// The node that ways begin at, and how bad it is that they do.
fn outside(level: Level) -> (&'static str, &'static str, Option<Severity>) {
    let mut known = OUTSIDE.iter();
    match known.find(|(of, ..)| *of == level) {
        Some((_, id, name, risk)) => (id, name, Some(*risk)),
        None => ("outside/cluster", "Inside of the cluster", None),
    }
}

/// The port of the pod, and whether it is one of the node too.
fn label(chain: &Chain) -> String {
    let hop = chain.steps.last().map(|step| step.hop);
    let words = match hop {
        Some(Hop::HostPort) => "host port ",
        Some(Hop::HostNetwork) => "host network ",
        _ => "",
    };
    let port = chain.port.map(|port| port.to_string());
    format!("{words}{}", port.unwrap_or_default())
        .trim_end()
        .to_owned()
}
