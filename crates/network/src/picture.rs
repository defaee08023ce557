//! A network as a graph for people: namespaces with their workloads, what policies let through between them, and what is
//! reached from outside.
//!
//! Between n pods there may be n² flows, and mostly they are the same: what all pods, all pods of a namespace, or all that no
//! policy keeps from sending have in common is one flow. Workloads that no policy tells apart are one node when there are
//! many.

mod around;
mod exposed;
mod flows;
mod ways;
mod workloads;

use std::collections::{BTreeMap, BTreeSet};

use model::graph::{Edge, EdgeStyle, Group, GroupIndex, Kind, Node, NodeIndex, Outline};
use model::{Graph, Inventory};

use crate::classes::TooManyClasses;
use crate::network::Network;
use crate::port::{PortRange, PortSet};

use self::flows::{End, Flow, Flows, Passage};
use self::ways::{OUTSIDE, is_exposed, ways};
use self::workloads::Workloads;

const fn kind(one: &'static str, many: &'static str, outline: Outline) -> Kind {
    Kind { one, many, outline }
}

const NAMESPACE: Kind = kind("namespace", "namespaces", Outline::Octagon);
const WORKLOAD: Kind = kind("workload", "workloads", Outline::Box);
const PODS: Kind = kind("pods", "pods", Outline::Pill);
const OUTSIDE_KIND: Kind = kind("outside", "outside", Outline::Double);

/// Edges between single workloads, at most; where there would be more, workloads that no policy tells apart are one node.
const SINGLE_EDGES: usize = 2_000;

/// Names of workloads that a tooltip lists.
const LISTED: usize = 60;

impl Network {
    /// The network as a graph, the same for the same inventory, which has to be that of the network.
    ///
    /// Ids: `workload/NAMESPACE/KIND/NAME`; `from/every` and `to/every` are all pods, with `/NAMESPACE` those of one;
    /// `from/free` are those that no policy keeps from sending; `outside/internet` and `outside/node` are where traffic
    /// from outside begins.
    pub fn picture(&self, inventory: &Inventory) -> Result<Graph, TooManyClasses> {
        let classes = self.classes()?;
        let workloads = Workloads::new(self, inventory, &classes);
        let flows = Flows::new(self, &classes, &workloads);
        let mut graph = Graph::new(
            "Who can talk to whom",
            "Namespaces with their workloads, the traffic that network policies let through, and what is reached from outside.",
        );
        graph.notes = notes(&workloads, &flows);
        let is_alone = |pod| is_exposed(self, pod);
        let units = workloads.units(flows.edges() > SINGLE_EDGES, &is_alone);
        let mut drawing = Drawing::new(&workloads, graph, units);
        drawing.add_workloads();
        drawing.add_outside(self, inventory);
        if !flows.is_open_everywhere() {
            for flow in &flows.list {
                drawing.add_flow(flow, &flows.passages[flow.passage]);
            }
        }
        Ok(drawing.graph)
    }
}

/// What the picture does not show by itself.
fn notes(workloads: &Workloads, flows: &Flows<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    let count = workloads.list.len();
    let open = workloads
        .list
        .iter()
        .filter(|workload| workload.is_open)
        .count();
    if count > 1 && flows.is_open_everywhere() {
        notes.push("No policy keeps any pod from any other.".to_owned());
    } else if open > 0 {
        notes.push(format!("No policy isolates {open} of {count} workloads."));
    }
    let unknown = flows.unknown();
    match unknown {
        0 => {}
        1 => notes
            .push("Dotted: one flow of which it is not known whether it gets through.".to_owned()),
        _ => notes.push(format!(
            "Dotted: {unknown} flows of which it is not known whether they get through."
        )),
    }
    notes
}

struct Drawing<'a> {
    workloads: &'a Workloads,
    graph: Graph,
    groups: BTreeMap<usize, GroupIndex>,
    /// Workloads that are drawn as one node.
    units: Vec<Vec<usize>>,
    /// By workload, the position of its unit.
    unit_of: Vec<usize>,
    /// The nodes of units, as far as they are drawn.
    drawn: Vec<Option<NodeIndex>>,
    /// The ends of flows that are drawn.
    edges: BTreeSet<(NodeIndex, NodeIndex)>,
}

impl<'a> Drawing<'a> {
    fn new(workloads: &'a Workloads, graph: Graph, units: Vec<Vec<usize>>) -> Self {
        let mut unit_of = vec![0; workloads.list.len()];
        for (position, unit) in units.iter().enumerate() {
            for &member in unit {
                unit_of[member] = position;
            }
        }
        Drawing {
            workloads,
            graph,
            groups: BTreeMap::new(),
            drawn: vec![None; units.len()],
            units,
            unit_of,
            edges: BTreeSet::new(),
        }
    }

    fn group(&mut self, namespace: usize) -> GroupIndex {
        let name = &self.workloads.namespaces[namespace];
        let graph = &mut self.graph;
        *self.groups.entry(namespace).or_insert_with(|| {
            graph.add_group(Group::new(
                format!("namespace/{name}"),
                NAMESPACE,
                name.clone(),
            ))
        })
    }

    fn add_workloads(&mut self) {
        for position in 0..self.units.len() {
            self.unit(position);
        }
    }

    /// The node of a workload.
    fn workload(&mut self, workload: usize) -> NodeIndex {
        self.unit(self.unit_of[workload])
    }

    fn unit(&mut self, position: usize) -> NodeIndex {
        if let Some(drawn) = self.drawn[position] {
            return drawn;
        }
        let all = &self.workloads.list;
        let unit = &self.units[position];
        let first = &all[unit[0]];
        let policy = if first.is_open { ", no policy" } else { "" };
        let mut node = Node {
            detail: format!("{}{policy}", first.kind),
            ..Node::new(first.id.clone(), WORKLOAD, first.name.clone())
        };
        if unit.len() > 1 {
            let names = unit.iter().take(LISTED).map(|&one| &*all[one].name);
            node.label.push(format!("and {} more", unit.len() - 1));
            node.tooltip = Some(names.collect::<Vec<_>>().join("\n"));
            node.stands_for = u32::try_from(unit.len()).unwrap_or(u32::MAX);
        }
        node.group = Some(self.group(self.workloads.cells[first.cell].namespace));
        let node = self.graph.add_node(node);
        self.drawn[position] = Some(node);
        node
    }

    /// Where traffic from outside begins, and the ways from there.
    fn add_outside(&mut self, network: &Network, inventory: &Inventory) {
        for (level, id, name, risk) in OUTSIDE {
            for (index, workload) in self.workloads.list.iter().enumerate() {
                let Some(to) = self.drawn[self.unit_of[index]] else {
                    continue;
                };
                for way in ways(network, inventory, workload.pod) {
                    if way.level != level {
                        continue;
                    }
                    let from = self.graph.add_node(Node::new(id, OUTSIDE_KIND, name));
                    self.graph.add_edge(Edge {
                        label: way.label,
                        tooltip: Some(way.tooltip),
                        risk: Some(risk),
                        ..Edge::new(from, to, way.style)
                    });
                }
            }
        }
    }

    fn add_flow(&mut self, flow: &Flow, passage: &Passage) {
        let from = self.nodes(flow.from, true);
        let to = self.nodes(flow.to, false);
        for &from in &from {
            for &to in &to {
                self.add_passage(from, to, passage);
            }
        }
    }

    fn add_passage(&mut self, from: NodeIndex, to: NodeIndex, passage: &Passage) {
        // A workload's pods among themselves are of no interest.
        if from == to || !self.edges.insert((from, to)) {
            return;
        }
        let style = if passage.is_only_unknown() {
            EdgeStyle::Unknown
        } else {
            EdgeStyle::Allowed
        };
        let open = passage.ports.as_ref();
        self.graph.add_edge(Edge {
            label: open.map_or("some ports".to_owned(), ports),
            tooltip: passage
                .is_unknown
                .then(|| "There are ports of which it is not known.".to_owned()),
            ..Edge::new(from, to, style)
        });
    }

    /// The nodes of an end.
    fn nodes(&mut self, end: End, is_source: bool) -> Vec<NodeIndex> {
        let side = if is_source { "from" } else { "to" };
        let every = if is_source { "Any pod" } else { "Every pod" };
        let free = "no policy on sending";
        let (id, namespace, detail) = match end {
            End::Cell(cell) => {
                let members = &self.workloads.cells[cell].members;
                let mut nodes: Vec<NodeIndex> = members
                    .iter()
                    .map(|&member| self.workload(member))
                    .collect();
                nodes.dedup();
                return nodes;
            }
            End::Every => (format!("{side}/every"), None, "of any namespace"),
            End::Free => (format!("{side}/free"), None, free),
            End::EveryOf(own) => {
                let name = &self.workloads.namespaces[own];
                (
                    format!("{side}/every/{name}"),
                    Some(own),
                    "of this namespace",
                )
            }
            End::FreeOf(own) => {
                let name = &self.workloads.namespaces[own];
                (format!("{side}/free/{name}"), Some(own), free)
            }
        };
        let group = namespace.map(|namespace| self.group(namespace));
        let node = Node {
            detail: detail.to_owned(),
            group,
            ..Node::new(id, PODS, every)
        };
        vec![self.graph.add_node(node)]
    }
}

/// `80, 443/TCP; 53/UDP`, and nothing for every port.
fn ports(ports: &PortSet) -> String {
    if *ports == PortSet::full() || ports.is_empty() {
        return String::new();
    }
    let mut text = String::new();
    let mut ranges = ports.ranges().peekable();
    while let Some(range) = ranges.next() {
        let every = PortRange::every(range.protocol);
        text += &match (range.first, range.last) {
            _ if range == every => "every".to_owned(),
            (first, last) if first == last => first.to_string(),
            (first, last) => format!("{first}-{last}"),
        };
        let is_same = ranges
            .peek()
            .is_some_and(|next| next.protocol == range.protocol);
        text += if is_same { ", " } else { "/" };
        if !is_same {
            text += range.protocol.as_str();
            text += if ranges.peek().is_some() { "; " } else { "" };
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use crate::port::{PortMatch, PortRange, PortSet, Protocol};

    #[test]
    fn ports_are_listed_by_protocol() {
        assert_eq!(super::ports(&PortSet::full()), "");
        let range = |protocol, first, last| {
            PortMatch::Range(PortRange {
                protocol,
                first,
                last,
            })
        };
        let some = [
            range(Protocol::Tcp, 80, 80),
            range(Protocol::Tcp, 8080, 8090),
            range(Protocol::Udp, 1, u16::MAX),
        ];
        let some = PortSet::of(&some, &[]);
        assert_eq!(super::ports(&some), "80, 8080-8090/TCP; every/UDP");
    }
}
