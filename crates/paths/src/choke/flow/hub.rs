//! Large components: what shows quickly how little the loss of some edges changes in one.
//!
//! A component has a hub, a way from every node to the hub, and several ways from the hub to what leads to each goal, with
//! as few edges in common as may be. Nodes that still get to the hub reach what it reaches; and the hub reaches a goal
//! while one of its ways is whole. Only the others are searched.

use std::collections::VecDeque;

use foldhash::fast::FixedState;
use hashbrown::{HashMap, HashSet};

use super::lists::Lists;
use super::{Flow, Scratch};

/// Bundles of ways from a hub to all goals.
const BUNDLES: usize = 3;
/// Nodes that are looked at for another way to the hub: few in tests, so that they meet the limit.
const NEAR: usize = if cfg!(test) { 5 } else { 128 };
/// Nodes that may be cut off from the hub before everything is looked at again.
const CUT_OFF: usize = if cfg!(test) { 8 } else { 1024 };

pub(super) const NONE: u32 = u32::MAX;

/// What is known of a component with more than one node.
#[derive(Debug)]
pub(super) struct Hub {
    pub(super) node: u32,
    /// For each bundle and goal the node that its way ends at: outside of the component, or the goal itself.
    ends: [Vec<u32>; BUNDLES],
    /// The goals whose ways use an edge, for each bundle.
    used: HashMap<u32, Vec<(u8, u32)>, FixedState>,
    /// The nodes outside of the component that edges lead to from it.
    pub(super) heads: Vec<u32>,
}

/// The ways from all nodes of such components to their hubs.
#[derive(Debug)]
pub(super) struct Ways {
    /// By node the edge towards its hub.
    to_hub: Vec<u32>,
    /// By node those whose edge towards the hub leads to it.
    children: Option<Lists>,
}

impl Ways {
    pub(super) fn new(nodes: usize) -> Self {
        Ways {
            to_hub: vec![NONE; nodes],
            children: None,
        }
    }

    /// To be called once all hubs are there.
    pub(super) fn finish(&mut self, flow: &Flow) {
        let edges = (0..).zip(&self.to_hub).filter(|(_, edge)| **edge != NONE);
        let children = edges.map(|(node, edge)| (flow.ends[*edge as usize].1, (node, *edge)));
        self.children = Some(Lists::new(self.to_hub.len(), children));
    }

    /// Whether all edges of a node's way to its hub are there.
    fn is_whole(&self, flow: &Flow, from: u32, hub: u32, is_dead: &[bool]) -> bool {
        let mut node = from;
        while node != hub {
            let edge = self.to_hub[node as usize];
            if edge == NONE || is_dead[edge as usize] {
                return false;
            }
            node = flow.ends[edge as usize].1;
        }
        true
    }
}

impl Hub {
    /// Finds the ways of a component; the first of its nodes is the hub.
    pub(super) fn new(flow: &Flow, members: &[u32], ways: &mut Ways) -> Self {
        let node = members[0];
        let component = flow.component_of[node as usize];
        let is_inside = |other: u32| flow.component_of[other as usize] == component;
        let mut open = VecDeque::from([node]);
        while let Some(next) = open.pop_front() {
            for &(tail, edge) in flow.incoming.of(next) {
                if is_inside(tail) && tail != node && ways.to_hub[tail as usize] == NONE {
                    ways.to_hub[tail as usize] = edge;
                    open.push_back(tail);
                }
            }
        }
        let out = members.iter().flat_map(|node| flow.outgoing.of(*node));
        let mut heads: Vec<u32> = out
            .map(|(head, _)| *head)
            .filter(|head| !is_inside(*head))
            .collect();
        heads.sort_unstable();
        heads.dedup();
        let mut hub = Hub {
            node,
            ends: Default::default(),
            used: HashMap::default(),
            heads,
        };
        for bundle in 0..BUNDLES {
            hub.bundle(flow, component, bundle);
        }
        hub
    }

    /// Finds ways from the hub to each goal, along edges that earlier bundles use as little as may be.
    fn bundle(&mut self, flow: &Flow, component: u32, bundle: usize) {
        self.ends[bundle] = vec![NONE; flow.goals.len()];
        let mut missing = flow.goals_of(self.node).len();
        let mut came_by: HashMap<u32, u32, FixedState> = HashMap::default();
        let mut open = VecDeque::from([(self.node, NONE)]);
        while let Some((node, edge)) = open.pop_front() {
            if missing == 0 {
                break;
            }
            if came_by.contains_key(&node) {
                continue;
            }
            came_by.insert(node, edge);
            let is_inside = flow.component_of[node as usize] == component;
            let found = match (is_inside, flow.goal_of[node as usize]) {
                (true, goal) => goal.into_iter().collect(),
                (false, _) => flow.goals_of(node),
            };
            for goal in found {
                if self.ends[bundle][goal as usize] == NONE {
                    self.ends[bundle][goal as usize] = node;
                    missing -= 1;
                    self.mark(flow, node, &came_by, (bundle as u8, goal));
                }
            }
            if !is_inside {
                continue;
            }
            for &(head, edge) in flow.outgoing.of(node) {
                if self.used.contains_key(&edge) {
                    open.push_back((head, edge));
                } else {
                    open.push_front((head, edge));
                }
            }
        }
    }

    /// Marks the way that was found to a node.
    fn mark(
        &mut self,
        flow: &Flow,
        node: u32,
        came_by: &HashMap<u32, u32, FixedState>,
        user: (u8, u32),
    ) {
        let mut node = node;
        while node != self.node {
            let Some(&edge) = came_by.get(&node).filter(|edge| **edge != NONE) else {
                return;
            };
            self.used.entry(edge).or_default().push(user);
            node = flow.ends[edge as usize].0;
        }
    }

    /// The goals to which no way of the hub is whole, when these edges of the component are dead.
    pub(super) fn doubtful(&self, flow: &Flow, scratch: &Scratch, dead: &[u32]) -> Vec<u32> {
        let mut broken: HashMap<u32, u8, FixedState> = HashMap::default();
        for edge in dead {
            for &(bundle, goal) in self.used.get(edge).into_iter().flatten() {
                *broken.entry(goal).or_default() |= 1 << bundle;
            }
        }
        if scratch.has_changed() {
            for (bundle, ends) in self.ends.iter().enumerate() {
                for (goal, end) in (0..).zip(ends).filter(|(_, end)| **end != NONE) {
                    if !super::has(flow.current(scratch, *end), goal) {
                        *broken.entry(goal).or_default() |= 1 << bundle;
                    }
                }
            }
        }
        let all = (1 << BUNDLES) - 1;
        let doubtful = broken.into_iter().filter(|(_, bundles)| *bundles == all);
        let mut goals: Vec<u32> = doubtful.map(|(goal, _)| goal).collect();
        goals.sort_unstable();
        goals
    }

    /// The nodes that do not get to the hub any more; `None` when they are too many to be looked for one by one.
    pub(super) fn cut_off(
        &self,
        flow: &Flow,
        is_dead: &[bool],
        dead: &[u32],
    ) -> Option<HashSet<u32, FixedState>> {
        let mut cut: HashSet<u32, FixedState> = HashSet::default();
        let mut open: Vec<u32> = dead
            .iter()
            .map(|edge| flow.ends[*edge as usize].0)
            .collect();
        let children = flow.ways.children.as_ref()?;
        while let Some(node) = open.pop() {
            if cut.contains(&node) {
                continue;
            }
            let closure = self.closure(flow, is_dead, node, &cut)?;
            for &node in &closure {
                cut.insert(node);
                open.extend(children.of(node).iter().map(|(child, _)| *child));
            }
            if cut.len() > CUT_OFF {
                return None;
            }
        }
        Some(cut)
    }

    /// All nodes that one leads to, when none of them gets to the hub; empty when one does; `None` when it is not
    /// known.
    fn closure(
        &self,
        flow: &Flow,
        is_dead: &[bool],
        from: u32,
        cut: &HashSet<u32, FixedState>,
    ) -> Option<Vec<u32>> {
        let component = flow.component_of[from as usize];
        let mut near = vec![from];
        let mut next = 0;
        while let Some(&node) = near.get(next) {
            next += 1;
            if flow.ways.is_whole(flow, node, self.node, is_dead) {
                return Some(Vec::new());
            }
            for &(head, edge) in flow.outgoing.of(node) {
                let is_inside = flow.component_of[head as usize] == component;
                let counts = is_inside && !is_dead[edge as usize] && !cut.contains(&head);
                if counts && !near.contains(&head) {
                    if near.len() == NEAR {
                        return None;
                    }
                    near.push(head);
                }
            }
        }
        Some(near)
    }
}
