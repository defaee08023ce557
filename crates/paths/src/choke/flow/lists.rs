//! Compressed lists of edges by node, and strongly connected components over them.

/// For each node some edges, as (other end, edge).
#[derive(Debug)]
pub(super) struct Lists {
    starts: Vec<u32>,
    items: Vec<(u32, u32)>,
}

impl Lists {
    pub(super) fn new(
        nodes: usize,
        pairs: impl Iterator<Item = (u32, (u32, u32))> + Clone,
    ) -> Self {
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

    pub(super) fn of(&self, node: u32) -> &[(u32, u32)] {
        let node = node as usize;
        &self.items[self.starts[node] as usize..self.starts[node + 1] as usize]
    }
}

/// Tarjan's search for strongly connected components, without recursion.
#[derive(Debug, Default)]
pub(super) struct Components {
    /// The number of each node, from one on; zero before it is met.
    number: Vec<u32>,
    low: Vec<u32>,
    is_open: Vec<bool>,
    open: Vec<u32>,
    met: u32,
}

impl Components {
    pub(super) fn new(nodes: usize) -> Self {
        Components {
            number: vec![0; nodes],
            low: vec![0; nodes],
            is_open: vec![false; nodes],
            open: Vec::new(),
            met: 0,
        }
    }

    /// Forgets some nodes, so that they can be searched again.
    pub(super) fn forget(&mut self, nodes: &[u32]) {
        for &node in nodes {
            self.number[node as usize] = 0;
        }
    }

    fn meet(&mut self, node: u32) {
        self.met += 1;
        self.number[node as usize] = self.met;
        self.low[node as usize] = self.met;
        self.is_open[node as usize] = true;
        self.open.push(node);
    }

    /// Finishes every component that is reached from a node along the edges that count, each after those that it
    /// leads to.
    pub(super) fn visit(
        &mut self,
        root: u32,
        outgoing: &Lists,
        counts: impl Fn(u32, u32) -> bool,
        finished: &mut impl FnMut(&[u32]),
    ) {
        if self.number[root as usize] != 0 {
            return;
        }
        self.meet(root);
        let mut path = vec![(root, 0_usize)];
        while let Some((node, position)) = path.last_mut() {
            let node = *node;
            if let Some(&(head, edge)) = outgoing.of(node).get(*position) {
                *position += 1;
                if !counts(head, edge) {
                    continue;
                }
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
                let start = self.open.iter().rposition(|open| *open == node);
                let members = self.open.split_off(start.unwrap_or(0));
                for &member in &members {
                    self.is_open[member as usize] = false;
                }
                finished(&members);
            }
        }
    }
}
