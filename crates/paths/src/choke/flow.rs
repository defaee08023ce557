//! Which starts still reach which goals when edges are gone: for many sets of edges over one graph.
//!
//! What each node reaches is a set of bits, found once along the strongly connected components. When edges go, the
//! components that they start in are looked at again, and those that lead to what has lost something: in the order in
//! which nothing after a component is open. What changes in a large component its [hub](hub) tells quickly.

mod again;
mod hub;
mod lists;

use self::hub::{Hub, Ways};
use self::lists::{Components, Lists};

/// A plain graph with starts and goals.
#[derive(Debug)]
pub(super) struct Flow {
    /// For each node the edges that leave it, as (head, edge).
    outgoing: Lists,
    /// For each node the edges that lead to it, as (tail, edge).
    incoming: Lists,
    /// By edge, its ends.
    ends: Vec<(u32, u32)>,
    /// How much each node counts as a start; zero when it is none.
    weights: Vec<u64>,
    /// The goal that each node is.
    goal_of: Vec<Option<u32>>,
    /// The node of each goal.
    goals: Vec<u32>,
    words: usize,
    /// By component, its nodes; each comes after all that it leads to.
    components: Vec<Vec<u32>>,
    component_of: Vec<u32>,
    /// By component, the sum of its weights, and the components that lead to it.
    weight_of: Vec<u64>,
    before: Vec<Vec<u32>>,
    /// By component, the goals that it reaches.
    reached: Vec<u64>,
    /// By component with more than one node.
    hubs: Vec<Option<Hub>>,
    ways: Ways,
}

/// What questions need again and again.
pub(super) struct Scratch {
    dead: Vec<bool>,
    /// By component what its nodes reach now, where that is not what it was.
    sets: Vec<u64>,
    is_changed: Vec<bool>,
    changed: Vec<u32>,
    /// By node the same, where it is not what the others of its component reach.
    own_sets: Vec<u64>,
    has_own: Vec<bool>,
    owners: Vec<u32>,
    /// Room for one set.
    set: Vec<u64>,
    /// Room for marks on nodes.
    seen: Vec<bool>,
    components: Components,
}

impl Scratch {
    /// Whether anything has changed so far.
    fn has_changed(&self) -> bool {
        !self.changed.is_empty() || !self.owners.is_empty()
    }
}

impl Flow {
    /// `edges` are (tail, head); `weights` and `goals` are by node and of nodes.
    pub(super) fn new(edges: Vec<(u32, u32)>, weights: Vec<u64>, goals: &[u32]) -> Self {
        let nodes = weights.len();
        let numbered = || (0_u32..).zip(&edges);
        let mut goal_of = vec![None; nodes];
        for (number, &goal) in (0..).zip(goals) {
            goal_of[goal as usize] = Some(number);
        }
        let by_tail = numbered().map(|(edge, &(tail, head))| (tail, (head, edge)));
        let by_head = numbered().map(|(edge, &(tail, head))| (head, (tail, edge)));
        let mut flow = Flow {
            outgoing: Lists::new(nodes, by_tail),
            incoming: Lists::new(nodes, by_head),
            ways: Ways::new(nodes),
            ends: edges,
            weights,
            goal_of,
            goals: goals.to_vec(),
            words: goals.len().div_ceil(64).max(1),
            components: Vec::new(),
            component_of: vec![0; nodes],
            weight_of: Vec::new(),
            before: Vec::new(),
            reached: Vec::new(),
            hubs: Vec::new(),
        };
        flow.find_components();
        flow.find_hubs();
        flow
    }

    pub(super) fn scratch(&self) -> Scratch {
        let (nodes, components) = (self.weights.len(), self.components.len());
        Scratch {
            dead: vec![false; self.ends.len()],
            sets: vec![0; components * self.words],
            is_changed: vec![false; components],
            changed: Vec::new(),
            own_sets: vec![0; nodes * self.words],
            has_own: vec![false; nodes],
            owners: Vec::new(),
            set: Vec::new(),
            seen: vec![false; nodes],
            components: Components::new(nodes),
        }
    }

    /// Whether an edge is on a way to any goal.
    pub(super) fn is_useful(&self, edge: u32) -> bool {
        let (_, head) = self.ends[edge as usize];
        self.reached_by(head).iter().any(|word| *word != 0)
    }

    /// How many pairs of a start and a goal that it reaches there are, starts by their weights.
    pub(super) fn pairs(&self) -> u64 {
        let all = (0..).zip(&self.weights);
        let starts = all.filter(|(_, weight)| **weight > 0);
        let pairs = starts.map(|(node, weight)| {
            // To be where one starts is no way.
            let own = u64::from(self.goal_of[node as usize].is_some());
            weight * (count(self.reached_by(node)) - own)
        });
        pairs.sum()
    }

    /// What a node reaches now.
    fn current<'s>(&'s self, scratch: &'s Scratch, node: u32) -> &'s [u64] {
        let component = self.component_of[node as usize];
        if scratch.has_own[node as usize] {
            set(&scratch.own_sets, node, self.words)
        } else if scratch.is_changed[component as usize] {
            set(&scratch.sets, component, self.words)
        } else {
            set(&self.reached, component, self.words)
        }
    }

    fn add_goal(&self, node: u32, set: &mut [u64]) {
        if let Some(goal) = self.goal_of[node as usize] {
            set[goal as usize / 64] |= 1 << (goal % 64);
        }
    }

    /// What a node reached before anything was gone.
    fn reached_by(&self, node: u32) -> &[u64] {
        set(&self.reached, self.component_of[node as usize], self.words)
    }

    /// The goals that a node reaches.
    fn goals_of(&self, node: u32) -> Vec<u32> {
        let set = self.reached_by(node);
        let all = 0..self.goals.len() as u32;
        all.filter(|goal| has(set, *goal)).collect()
    }

    fn find_components(&mut self) {
        let nodes = self.weights.len();
        let mut search = Components::new(nodes);
        let mut components: Vec<Vec<u32>> = Vec::new();
        let mut component_of = vec![0; nodes];
        for root in 0..nodes as u32 {
            let all = |_, _| true;
            search.visit(root, &self.outgoing, all, &mut |members| {
                for &node in members {
                    component_of[node as usize] = components.len() as u32;
                }
                components.push(members.to_vec());
            });
        }
        self.component_of = component_of;
        self.reached = vec![0; components.len() * self.words];
        self.before = vec![Vec::new(); components.len()];
        for (number, members) in (0..).zip(&components) {
            let mut all = vec![0_u64; self.words];
            for &node in members {
                self.add_goal(node, &mut all);
                for &(head, _) in self.outgoing.of(node) {
                    let other = self.component_of[head as usize];
                    if other != number {
                        add(&mut all, set(&self.reached, other, self.words));
                        self.before[other as usize].push(number);
                    }
                }
            }
            let start = number as usize * self.words;
            self.reached[start..start + self.words].copy_from_slice(&all);
        }
        for before in &mut self.before {
            before.dedup();
        }
        let weight = |members: &Vec<u32>| {
            members
                .iter()
                .map(|node| self.weights[*node as usize])
                .sum()
        };
        self.weight_of = components.iter().map(weight).collect();
        self.components = components;
    }

    fn find_hubs(&mut self) {
        let mut ways = Ways::new(self.weights.len());
        let hubs = self.components.iter().map(|members| {
            let is_large = members.len() > 1;
            is_large.then(|| Hub::new(self, members, &mut ways))
        });
        let hubs = hubs.collect();
        ways.finish(self);
        self.hubs = hubs;
        self.ways = ways;
    }
}

fn set(sets: &[u64], position: u32, words: usize) -> &[u64] {
    let start = position as usize * words;
    &sets[start..start + words]
}

fn add(all: &mut [u64], more: &[u64]) {
    for (word, more) in all.iter_mut().zip(more) {
        *word |= more;
    }
}

fn has(set: &[u64], goal: u32) -> bool {
    set[goal as usize / 64] >> (goal % 64) & 1 == 1
}

fn count(set: &[u64]) -> u64 {
    set.iter().map(|word| u64::from(word.count_ones())).sum()
}

#[cfg(test)]
mod tests;
