//! Edges go: what is looked at again, and what comes of it.

use std::collections::BTreeSet;

use foldhash::fast::FixedState;
use hashbrown::{HashMap, HashSet};

use super::hub::Hub;
use super::{Flow, Scratch, add, count, has, set};

impl Flow {
    /// How many pairs of a start and a goal are gone with some edges.
    pub(in crate::choke) fn lost(&self, dead: &[u32], scratch: &mut Scratch) -> u64 {
        for &edge in dead {
            scratch.dead[edge as usize] = true;
        }
        let useful = dead.iter().filter(|edge| self.is_useful(**edge));
        let mut open: BTreeSet<u32> = useful.map(|edge| self.component_of_edge(*edge)).collect();
        while let Some(component) = open.pop_first() {
            self.look_again(component, dead, scratch, &mut open);
        }
        for &edge in dead {
            scratch.dead[edge as usize] = false;
        }
        self.sum(scratch)
    }

    /// The component that an edge starts in.
    fn component_of_edge(&self, edge: u32) -> u32 {
        self.component_of[self.ends[edge as usize].0 as usize]
    }

    /// Adds up what was lost, and forgets it.
    fn sum(&self, scratch: &mut Scratch) -> u64 {
        let mut lost = 0;
        // What counts by itself does not count with its component.
        let mut apart: HashMap<u32, u64, FixedState> = HashMap::default();
        for node in scratch.owners.drain(..) {
            let weight = self.weights[node as usize];
            if weight > 0 {
                let own = set(&scratch.own_sets, node, self.words);
                lost += weight * (count(self.reached_by(node)) - count(own));
                *apart.entry(self.component_of[node as usize]).or_default() += weight;
            }
            scratch.has_own[node as usize] = false;
        }
        for component in scratch.changed.drain(..) {
            scratch.is_changed[component as usize] = false;
            let apart = apart.get(&component).copied().unwrap_or_default();
            let weight = self.weight_of[component as usize] - apart;
            if weight > 0 {
                let before = set(&self.reached, component, self.words);
                let after = set(&scratch.sets, component, self.words);
                lost += weight * (count(before) - count(after));
            }
        }
        lost
    }

    /// Looks at a component again, and opens those that lead to what has changed in it.
    fn look_again(
        &self,
        component: u32,
        dead: &[u32],
        scratch: &mut Scratch,
        open: &mut BTreeSet<u32>,
    ) {
        let members = &self.components[component as usize];
        let Some(hub) = &self.hubs[component as usize] else {
            if self.single(component, members[0], scratch) {
                open.extend(&self.before[component as usize]);
            }
            return;
        };
        let is_of = |edge: &&u32| self.component_of_edge(**edge) == component;
        let own: Vec<u32> = dead.iter().filter(is_of).copied().collect();
        let Some(cut) = hub.cut_off(self, &scratch.dead, &own) else {
            let all: HashSet<u32, FixedState> = members.iter().copied().collect();
            self.recompute(members, &all, scratch);
            open.extend(&self.before[component as usize]);
            return;
        };
        let doubtful = hub.doubtful(self, scratch, &own).into_iter();
        let gone: Vec<(u32, Vec<u32>)> = doubtful
            .filter_map(|goal| Some((goal, self.still_there(hub, component, goal, scratch)?)))
            .collect();
        if !gone.is_empty() {
            self.all_but(component, &gone, &cut, scratch);
            open.extend(&self.before[component as usize]);
        }
        let mut nodes: Vec<u32> = cut.iter().copied().collect();
        nodes.sort_unstable();
        self.recompute(&nodes, &cut, scratch);
        for &node in &nodes {
            let tails = self.incoming.of(node).iter();
            let others = tails.map(|(tail, _)| self.component_of[*tail as usize]);
            open.extend(others.filter(|other| *other != component));
        }
    }

    /// Finds what a node alone in its component reaches; whether that is less than it was.
    fn single(&self, component: u32, node: u32, scratch: &mut Scratch) -> bool {
        let before = set(&self.reached, component, self.words);
        let mut all = std::mem::take(&mut scratch.set);
        all.clear();
        all.resize(self.words, 0);
        self.add_goal(node, &mut all);
        for &(head, edge) in self.outgoing.of(node) {
            if all == before {
                break;
            }
            if !scratch.dead[edge as usize] && head != node {
                add(&mut all, self.current(scratch, head));
            }
        }
        let is_less = all != before;
        if is_less {
            self.change(component, &all, scratch);
        }
        scratch.set = all;
        is_less
    }

    fn change(&self, component: u32, all: &[u64], scratch: &mut Scratch) {
        let start = component as usize * self.words;
        scratch.sets[start..start + self.words].copy_from_slice(all);
        scratch.is_changed[component as usize] = true;
        scratch.changed.push(component);
    }

    fn change_node(&self, node: u32, all: &[u64], scratch: &mut Scratch) {
        let start = node as usize * self.words;
        scratch.own_sets[start..start + self.words].copy_from_slice(all);
        if !std::mem::replace(&mut scratch.has_own[node as usize], true) {
            scratch.owners.push(node);
        }
    }

    /// The nodes of a component lose some goals, but for those that get to one past the hub.
    fn all_but(
        &self,
        component: u32,
        gone: &[(u32, Vec<u32>)],
        cut: &HashSet<u32, FixedState>,
        scratch: &mut Scratch,
    ) {
        let mut all = set(&self.reached, component, self.words).to_vec();
        let mut kept: Vec<(u32, u32)> = Vec::new();
        for (goal, nodes) in gone {
            all[*goal as usize / 64] &= !(1 << (goal % 64));
            kept.extend(nodes.iter().map(|node| (*node, *goal)));
        }
        kept.sort_unstable();
        self.change(component, &all, scratch);
        for own in kept.chunk_by(|left, right| left.0 == right.0) {
            let Some(&(node, _)) = own.first() else {
                continue;
            };
            if cut.contains(&node) {
                continue;
            }
            let mut more = all.clone();
            for &(_, goal) in own {
                more[goal as usize / 64] |= 1 << (goal % 64);
            }
            self.change_node(node, &more, scratch);
        }
    }

    /// The nodes of a component that still get to a goal, in any order; `None` when the hub is one of them.
    fn still_there(
        &self,
        hub: &Hub,
        component: u32,
        goal: u32,
        scratch: &mut Scratch,
    ) -> Option<Vec<u32>> {
        let mut seen = std::mem::take(&mut scratch.seen);
        let is_inside = |node: u32| self.component_of[node as usize] == component;
        let mut found: Vec<u32> = Vec::new();
        let mut find = |node: u32, found: &mut Vec<u32>| {
            if is_inside(node) && !std::mem::replace(&mut seen[node as usize], true) {
                found.push(node);
            }
        };
        find(self.goals[goal as usize], &mut found);
        let alive = |(tail, edge): &(u32, u32)| (!scratch.dead[*edge as usize]).then_some(*tail);
        for &head in &hub.heads {
            if has(self.current(scratch, head), goal) {
                let tails = self.incoming.of(head).iter().filter_map(alive);
                tails.for_each(|tail| find(tail, &mut found));
            }
        }
        let mut next = 0;
        while let Some(&node) = found.get(next).filter(|node| **node != hub.node) {
            let tails = self.incoming.of(node).iter().filter_map(alive);
            tails.for_each(|tail| find(tail, &mut found));
            next += 1;
        }
        for &node in &found {
            seen[node as usize] = false;
        }
        scratch.seen = seen;
        (next == found.len()).then_some(found)
    }

    /// Finds what some nodes of a component reach, from what all others do.
    fn recompute(&self, nodes: &[u32], inside: &HashSet<u32, FixedState>, scratch: &mut Scratch) {
        let mut search = std::mem::take(&mut scratch.components);
        search.forget(nodes);
        let nothing = vec![0_u64; self.words];
        for &node in nodes {
            // What is not finished adds nothing yet.
            self.change_node(node, &nothing, scratch);
        }
        for &root in nodes {
            let mut finished: Vec<Vec<u32>> = Vec::new();
            let counts =
                |head: u32, edge: u32| inside.contains(&head) && !scratch.dead[edge as usize];
            search.visit(root, &self.outgoing, counts, &mut |part| {
                finished.push(part.to_vec());
            });
            for part in finished {
                let mut all = vec![0_u64; self.words];
                for &node in &part {
                    self.add_goal(node, &mut all);
                    for &(head, edge) in self.outgoing.of(node) {
                        if !scratch.dead[edge as usize] {
                            add(&mut all, self.current(scratch, head));
                        }
                    }
                }
                for &node in &part {
                    self.change_node(node, &all, scratch);
                }
            }
        }
        scratch.components = search;
    }
}
