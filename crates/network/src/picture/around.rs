//! The network around some pods: who reaches them, and whom they reach, over some steps.

use std::collections::{BTreeMap, BTreeSet};

use model::graph::EdgeStyle;
use model::{Graph, Inventory};

use crate::answer::Direction;
use crate::classes::TooManyClasses;
use crate::network::Network;
use crate::pod::PodId;

use super::flows::{End, Flows};
use super::ways::is_exposed;
use super::workloads::Workloads;
use super::{Drawing, SINGLE_EDGES};

/// More steps than this are no picture.
const MOST_STEPS: u32 = 8;

impl Network {
    /// Who reaches some pods, and whom they reach: in one step, and over others in some more. Ids are those of
    /// [`Network::picture`], and the inventory has to be that of the network.
    ///
    /// Steps go on from workloads that are reached (or reach) by themselves; what is common to all pods, or to all of a
    /// namespace, is where they end.
    pub fn picture_around(
        &self,
        inventory: &Inventory,
        title: &str,
        pods: &[PodId],
        depth: u32,
    ) -> Result<Graph, TooManyClasses> {
        let classes = self.classes()?;
        let workloads = Workloads::new(self, inventory, &classes);
        let flows = Flows::new(self, &classes, &workloads);
        let graph = Graph::new(
            title,
            "Who reaches a workload on the left, whom it reaches on the right, and what is reached from outside.",
        );
        let is_alone = |pod| pods.contains(&pod) || is_exposed(self, pod);
        let units = workloads.units(flows.edges() > SINGLE_EDGES, &is_alone);
        let mut around = Around {
            drawing: Drawing::new(&workloads, graph, units),
            flows: &flows,
            is_cut: false,
        };
        let all = 0..workloads.list.len();
        let own: Vec<usize> = all
            .filter(|&one| pods.contains(&workloads.list[one].pod))
            .collect();
        for &one in &own {
            around.drawing.workload(one);
        }
        for direction in Direction::ALL {
            around.follow(direction, &own, depth.min(MOST_STEPS));
        }
        around.drawing.add_outside(self, inventory);
        let mut graph = around.drawing.graph;
        graph.notes = notes(&graph, around.is_cut);
        Ok(graph)
    }
}

struct Around<'a> {
    drawing: Drawing<'a>,
    flows: &'a Flows<'a>,
    /// Whether steps ended at what many have in common.
    is_cut: bool,
}

impl Around<'_> {
    /// Follows flows away from some workloads; against their direction for who gets in.
    fn follow(&mut self, direction: Direction, own: &[usize], depth: u32) {
        let flows = self.flows;
        let mut by_near: BTreeMap<End, Vec<(End, usize)>> = BTreeMap::new();
        for flow in &flows.list {
            let (near, far) = match direction {
                Direction::Egress => (flow.from, flow.to),
                Direction::Ingress => (flow.to, flow.from),
            };
            by_near.entry(near).or_default().push((far, flow.passage));
        }
        let mut known: BTreeSet<usize> = own.iter().copied().collect();
        let mut frontier = own.to_vec();
        for step in 1..=depth {
            let mut next = BTreeSet::new();
            for workload in frontier {
                let ends = flows.ends_of(workload);
                for &(far, passage) in ends.filter_map(|near| by_near.get(&near)).flatten() {
                    self.step(direction, workload, far, passage);
                    match far {
                        End::Cell(cell) => next.extend(&self.drawing.workloads.cells[cell].members),
                        _ => self.is_cut |= step < depth,
                    }
                }
            }
            next.retain(|&one| known.insert(one));
            frontier = next.into_iter().collect();
        }
    }

    fn step(&mut self, direction: Direction, workload: usize, far: End, passage: usize) {
        let here = self.drawing.workload(workload);
        let passage = &self.flows.passages[passage];
        let is_ingress = direction == Direction::Ingress;
        for there in self.drawing.nodes(far, is_ingress) {
            let (from, to) = match direction {
                Direction::Egress => (here, there),
                Direction::Ingress => (there, here),
            };
            self.drawing.add_passage(from, to, passage);
        }
    }
}

fn notes(graph: &Graph, is_cut: bool) -> Vec<String> {
    let mut notes = Vec::new();
    let mut edges = graph.edges().iter();
    if edges.any(|edge| edge.style == EdgeStyle::Unknown) {
        notes.push("Dotted: it is not known whether it gets through.".to_owned());
    }
    if is_cut {
        notes.push(
            "Steps end where all pods, or all of a namespace, have something in common.".to_owned(),
        );
    }
    notes
}
