//! Which starts still reach which goals when edges are gone: for many sets of edges over one graph.
//!
//! What each node reaches is a set of bits, found once along the strongly connected components. When edges go, only
//! the nodes that lead to them can lose anything: these alone are looked at again.

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
    words: usize,
    /// By node, the goals that it reaches.
    reached: Vec<u64>,
}

#[derive(Debug)]
struct Lists {
    starts: Vec<u32>,
    items: Vec<(u32, u32)>,
}

impl Lists {
    fn new(nodes: usize, pairs: impl Iterator<Item = (u32, (u32, u32))> + Clone) -> Self {
        let mut starts = vec![0_u32; nodes + 1];
        for (key, _) in pairs.clone() {
            starts[key as usize + 1] += 1;
        }
        for node in 0..nodes {
            starts[node + 1] += starts[node];
        }
        let mut next = starts.clone();
        let mut items = vec![(0, 0); starts[nodes] as usize];
        for (key, item) in pairs {
            items[next[key as usize] as usize] = item;
            next[key as usize] += 1;
        }
        Lists { starts, items }
    }

    fn of(&self, node: u32) -> &[(u32, u32)] {
        let node = node as usize;
        &self.items[self.starts[node] as usize..self.starts[node + 1] as usize]
    }
}

/// Nodes that a question marked.
struct Marks {
    of_node: Vec<u32>,
    round: u32,
}

impl Marks {
    fn add(&mut self, node: u32) -> bool {
        let own = &mut self.of_node[node as usize];
        std::mem::replace(own, self.round) != self.round
    }

    fn has(&self, node: u32) -> bool {
        self.of_node[node as usize] == self.round
    }
}

/// What questions need again and again.
pub(super) struct Scratch {
    marks: Marks,
    queued: Marks,
    /// New sets, by node; of this question only where it is marked.
    sets: Vec<u64>,
    dead: Vec<bool>,
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
        let words = goals.len().div_ceil(64).max(1);
        let mut flow = Flow {
            outgoing: Lists::new(
                nodes,
                numbered().map(|(edge, &(tail, head))| (tail, (head, edge))),
            ),
            incoming: Lists::new(
                nodes,
                numbered().map(|(edge, &(tail, head))| (head, (tail, edge))),
            ),
            ends: edges,
            weights,
            goal_of,
            words,
            reached: Vec::new(),
        };
        flow.reached = flow.all_reached();
        flow
    }

    pub(super) fn scratch(&self) -> Scratch {
        let marks = || Marks {
            of_node: vec![0; self.weights.len()],
            round: 0,
        };
        Scratch {
            marks: marks(),
            queued: marks(),
            sets: vec![0; self.weights.len() * self.words],
            dead: vec![false; self.ends.len()],
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
        all.map(|(node, weight)| weight * self.count(node, self.reached_by(node)))
            .sum()
    }

    /// How many of these are gone with some edges.
    pub(super) fn lost(&self, dead: &[u32], scratch: &mut Scratch) -> u64 {
        for &edge in dead {
            scratch.dead[edge as usize] = true;
        }
        let affected = self.affected(dead, scratch);
        self.again(&affected, scratch);
        for &edge in dead {
            scratch.dead[edge as usize] = false;
        }
        let lost = |&node: &u32| {
            let weight = self.weights[node as usize];
            if weight == 0 {
                return 0;
            }
            let before = self.count(node, self.reached_by(node));
            let after = self.count(node, set(&scratch.sets, node, self.words));
            weight * (before - after)
        };
        affected.iter().map(lost).sum()
    }

    /// The goals in a set, but for the node itself.
    fn count(&self, node: u32, set: &[u64]) -> u64 {
        let all: u64 = set.iter().map(|word| u64::from(word.count_ones())).sum();
        let is_goal = self.goal_of[node as usize].is_some();
        all - u64::from(is_goal)
    }

    fn reached_by(&self, node: u32) -> &[u64] {
        set(&self.reached, node, self.words)
    }

    /// The nodes from which a way leads to one of some edges.
    fn affected(&self, dead: &[u32], scratch: &mut Scratch) -> Vec<u32> {
        scratch.marks.round += 1;
        let mut affected = Vec::new();
        for &edge in dead {
            let (tail, head) = self.ends[edge as usize];
            let is_used = self.reached_by(head).iter().any(|word| *word != 0);
            if is_used && scratch.marks.add(tail) {
                affected.push(tail);
            }
        }
        let mut next = 0;
        while let Some(&node) = affected.get(next) {
            for &(tail, _) in self.incoming.of(node) {
                if scratch.marks.add(tail) {
                    affected.push(tail);
                }
            }
            next += 1;
        }
        affected
    }

    /// Finds what the affected nodes still reach, from what the others do.
    fn again(&self, affected: &[u32], scratch: &mut Scratch) {
        for &node in affected {
            let start = node as usize * self.words;
            let own = &mut scratch.sets[start..start + self.words];
            own.fill(0);
            if let Some(goal) = self.goal_of[node as usize] {
                own[goal as usize / 64] |= 1 << (goal % 64);
            }
        }
        scratch.queued.round += 1;
        let mut queue: Vec<u32> = affected.to_vec();
        for &node in affected {
            scratch.queued.add(node);
        }
        let mut gathered = vec![0_u64; self.words];
        while let Some(node) = queue.pop() {
            scratch.queued.of_node[node as usize] = 0;
            gathered.copy_from_slice(set(&scratch.sets, node, self.words));
            for &(head, edge) in self.outgoing.of(node) {
                if scratch.dead[edge as usize] {
                    continue;
                }
                let source = if scratch.marks.has(head) {
                    &scratch.sets
                } else {
                    &self.reached
                };
                for (word, more) in gathered.iter_mut().zip(set(source, head, self.words)) {
                    *word |= more;
                }
            }
            let start = node as usize * self.words;
            let own = &mut scratch.sets[start..start + self.words];
            if own == gathered.as_slice() {
                continue;
            }
            own.copy_from_slice(&gathered);
            for &(tail, edge) in self.incoming.of(node) {
                let counts = !scratch.dead[edge as usize] && scratch.marks.has(tail);
                if counts && scratch.queued.add(tail) {
                    queue.push(tail);
                }
            }
        }
    }

    /// What every node reaches: components are finished in the order in which nothing after them is open.
    fn all_reached(&self) -> Vec<u64> {
        let mut reached = vec![0; self.weights.len() * self.words];
        let mut components = Components::new(self.weights.len());
        for root in 0..self.weights.len() as u32 {
            components.visit(root, &self.outgoing, &mut |members| {
                let mut all = vec![0_u64; self.words];
                for &node in members {
                    if let Some(goal) = self.goal_of[node as usize] {
                        all[goal as usize / 64] |= 1 << (goal % 64);
                    }
                    for &(head, _) in self.outgoing.of(node) {
                        for (word, more) in all.iter_mut().zip(set(&reached, head, self.words)) {
                            *word |= more;
                        }
                    }
                }
                for &node in members {
                    let start = node as usize * self.words;
                    reached[start..start + self.words].copy_from_slice(&all);
                }
            });
        }
        reached
    }
}

fn set(sets: &[u64], node: u32, words: usize) -> &[u64] {
    let start = node as usize * words;
    &sets[start..start + words]
}

/// Tarjan's search for strongly connected components, without recursion.
struct Components {
    /// The number of each node, from one on; zero before it is met.
    number: Vec<u32>,
    low: Vec<u32>,
    is_open: Vec<bool>,
    open: Vec<u32>,
    met: u32,
}

impl Components {
    fn new(nodes: usize) -> Self {
        Components {
            number: vec![0; nodes],
            low: vec![0; nodes],
            is_open: vec![false; nodes],
            open: Vec::new(),
            met: 0,
        }
    }

    fn meet(&mut self, node: u32) {
        self.met += 1;
        self.number[node as usize] = self.met;
        self.low[node as usize] = self.met;
        self.is_open[node as usize] = true;
        self.open.push(node);
    }

    fn visit(&mut self, root: u32, outgoing: &Lists, finished: &mut impl FnMut(&[u32])) {
        if self.number[root as usize] != 0 {
            return;
        }
        self.meet(root);
        let mut path = vec![(root, 0_usize)];
        while let Some((node, position)) = path.last_mut() {
            let node = *node;
            if let Some(&(head, _)) = outgoing.of(node).get(*position) {
                *position += 1;
                if self.number[head as usize] == 0 {
                    self.meet(head);
                    path.push((head, 0));
                } else if self.is_open[head as usize] {
                    let number = self.number[head as usize];
                    let low = &mut self.low[node as usize];
                    *low = (*low).min(number);
                }
                continue;
            }
            path.pop();
            let low = self.low[node as usize];
            if let Some((parent, _)) = path.last() {
                let parent = &mut self.low[*parent as usize];
                *parent = (*parent).min(low);
            }
            if low == self.number[node as usize] {
                let start = self
                    .open
                    .iter()
                    .rposition(|open| *open == node)
                    .unwrap_or(0);
                let members = self.open.split_off(start);
                for &member in &members {
                    self.is_open[member as usize] = false;
                }
                finished(&members);
            }
        }
    }
}

#[cfg(test)]
mod tests;
