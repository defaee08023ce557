//! The most severe of the shortest paths.
//!
//! A path is as bad as what it ends at, or as its weakest step where that is less; where some edge of it may not be
//! there, one less. So the graph is walked in layers, the worst first, each with the edges that are bad enough and
//! known well enough. Within a layer the path with the fewest steps counts, then the one with the fewest edges.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use model::Severity;

use crate::asset::{AssetId, Kind};
use crate::edge::EdgeId;
use crate::graph::Graph;

/// A way from one asset to another.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Path {
    /// Where it starts.
    pub start: AssetId,
    /// Where it ends.
    pub goal: AssetId,
    /// Its edges, in order.
    pub edges: Vec<EdgeId>,
    /// How bad it is.
    pub severity: Severity,
    /// Whether all of its edges are there for sure.
    pub is_certain: bool,
    /// How many of its edges are steps that an attacker has to take.
    pub steps: u32,
}

/// Edges that are not there any more.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Cut {
    words: Vec<u64>,
}

impl Cut {
    /// Nothing is cut.
    pub fn none() -> Self {
        Cut::default()
    }

    /// Takes an edge away.
    pub fn add(&mut self, edge: EdgeId) {
        let word = edge.index() / 64;
        if self.words.len() <= word {
            self.words.resize(word + 1, 0);
        }
        self.words[word] |= 1 << (edge.index() % 64);
    }

    /// Whether an edge is gone.
    pub fn contains(&self, edge: EdgeId) -> bool {
        let word = self.words.get(edge.index() / 64);
        word.is_some_and(|word| word >> (edge.index() % 64) & 1 == 1)
    }

    /// How many edges are gone.
    pub fn len(&self) -> usize {
        self.words
            .iter()
            .map(|word| word.count_ones() as usize)
            .sum()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }
}

/// Which edges count.
#[derive(Clone, Copy, Debug)]
struct Layer {
    /// How bad a path of it is.
    severity: Severity,
    /// Steps that are less bad do not count.
    threshold: Severity,
    is_certain: bool,
}

/// All layers, the worst first.
const LAYERS: [Layer; 8] = {
    use Severity::{Critical, High, Low, Medium};
    const fn layer(severity: Severity, threshold: Severity, is_certain: bool) -> Layer {
        Layer {
            severity,
            threshold,
            is_certain,
        }
    }
    [
        layer(Critical, Critical, true),
        layer(High, High, true),
        layer(High, Critical, false),
        layer(Medium, Medium, true),
        layer(Medium, High, false),
        layer(Low, Low, true),
        layer(Low, Medium, false),
        layer(Low, Low, false),
    ]
};

/// Which way edges are followed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Direction {
    Forward,
    Backward,
}

/// What a search may not do.
#[derive(Clone, Copy, Debug)]
pub struct Limits<'l> {
    /// Edges that are not there.
    pub cut: &'l Cut,
    /// Assets that no path passes through: what is worth more than the goal includes it anyway.
    pub avoid: &'l [AssetId],
}

impl Graph<'_> {
    /// For each start that gets there the worst path to a goal, in the order of the starts.
    pub fn paths_to(&self, goal: AssetId, starts: &[AssetId], limits: Limits<'_>) -> Vec<Path> {
        let mut found: Vec<Option<Path>> = vec![None; starts.len()];
        let mut walk = Walk::new(self);
        for layer in LAYERS {
            if found.iter().all(Option::is_some) {
                break;
            }
            walk.run(&[goal], Direction::Backward, layer, limits);
            for (slot, &start) in found
                .iter_mut()
                .zip(starts)
                .filter(|(slot, _)| slot.is_none())
            {
                *slot = walk.follow(start, goal, Direction::Backward, layer);
            }
        }
        found.into_iter().flatten().collect()
    }

    /// For each goal that is reached the worst path from the nearest start, in the order of the goals.
    pub fn paths_from(
        &self,
        starts: &[AssetId],
        goals: &[AssetId],
        limits: Limits<'_>,
    ) -> Vec<Path> {
        let mut found: Vec<Option<Path>> = vec![None; goals.len()];
        let mut walk = Walk::new(self);
        for layer in LAYERS {
            if found.iter().all(Option::is_some) {
                break;
            }
            walk.run(starts, Direction::Forward, layer, limits);
            for (slot, &goal) in found
                .iter_mut()
                .zip(goals)
                .filter(|(slot, _)| slot.is_none())
            {
                *slot = walk.follow(goal, goal, Direction::Forward, layer);
            }
        }
        found.into_iter().flatten().collect()
    }

    /// By asset, whether it is reached from some starts at all.
    pub fn reached_from(&self, starts: &[AssetId], cut: &Cut) -> Vec<bool> {
        let mut reached = vec![false; self.assets().len()];
        let mut open = starts.to_vec();
        for start in starts {
            reached[start.index()] = true;
        }
        while let Some(asset) = open.pop() {
            for &edge in self
                .outgoing(asset)
                .iter()
                .filter(|edge| !cut.contains(**edge))
            {
                let to = self.edge(edge).to;
                if !std::mem::replace(&mut reached[to.index()], true) {
                    open.push(to);
                }
            }
        }
        reached
    }

    /// How bad it is to hold an asset, at most.
    pub(crate) fn worth(&self, goal: AssetId) -> Severity {
        match self.asset(goal).kind {
            Kind::AllSecrets | Kind::NamespaceAdmin | Kind::CloudIdentity => Severity::High,
            Kind::Secret => Severity::Medium,
            _ => Severity::Critical,
        }
    }
}

/// Steps in the upper half, edges in the lower.
type Cost = u64;

const STEP: Cost = 1 << 32;
const FAR: Cost = Cost::MAX;

/// One search, and what it remembers.
struct Walk<'g, 'a> {
    graph: &'g Graph<'a>,
    cost: Vec<Cost>,
    /// The edge that the best way uses at each asset.
    via: Vec<EdgeId>,
    queue: BinaryHeap<Reverse<(Cost, AssetId)>>,
}

impl<'g, 'a> Walk<'g, 'a> {
    fn new(graph: &'g Graph<'a>) -> Self {
        Walk {
            graph,
            cost: vec![FAR; graph.assets().len()],
            via: vec![EdgeId(0); graph.assets().len()],
            queue: BinaryHeap::new(),
        }
    }

    fn run(&mut self, from: &[AssetId], direction: Direction, layer: Layer, limits: Limits<'_>) {
        self.cost.fill(FAR);
        for &asset in from {
            self.cost[asset.index()] = 0;
            self.queue.push(Reverse((0, asset)));
        }
        let graph = self.graph;
        while let Some(Reverse((cost, asset))) = self.queue.pop() {
            let is_end = cost == 0;
            if cost > self.cost[asset.index()] || (!is_end && limits.avoid.contains(&asset)) {
                continue;
            }
            let edges = match direction {
                Direction::Forward => graph.outgoing(asset),
                Direction::Backward => graph.incoming(asset),
            };
            for &edge in edges.iter().filter(|&&edge| layer.has(graph, edge)) {
                if limits.cut.contains(edge) {
                    continue;
                }
                let own = graph.edge(edge);
                let next = match direction {
                    Direction::Forward => own.to,
                    Direction::Backward => own.from,
                };
                let step = if graph.is_step(edge) { STEP } else { 0 };
                let total = cost + step + 1;
                if total < self.cost[next.index()] {
                    self.cost[next.index()] = total;
                    self.via[next.index()] = edge;
                    self.queue.push(Reverse((total, next)));
                }
            }
        }
    }

    /// The way that was found at an asset.
    fn follow(
        &self,
        at: AssetId,
        goal: AssetId,
        direction: Direction,
        layer: Layer,
    ) -> Option<Path> {
        if self.cost[at.index()] == FAR {
            return None;
        }
        let mut edges = Vec::new();
        let mut now = at;
        while self.cost[now.index()] != 0 {
            let edge = self.via[now.index()];
            edges.push(edge);
            let own = self.graph.edge(edge);
            now = match direction {
                Direction::Forward => own.from,
                Direction::Backward => own.to,
            };
        }
        let start = match direction {
            Direction::Forward => {
                edges.reverse();
                now
            }
            Direction::Backward => at,
        };
        Some(Path {
            start,
            goal,
            severity: layer.severity.min(self.graph.worth(goal)),
            is_certain: edges
                .iter()
                .all(|&edge| self.graph.edge(edge).unknown.is_none()),
            steps: (self.cost[at.index()] / STEP) as u32,
            edges,
        })
    }
}

impl Layer {
    fn has(self, graph: &Graph<'_>, edge: EdgeId) -> bool {
        let is_known = !self.is_certain || graph.edge(edge).unknown.is_none();
        is_known && graph.severity(edge) >= self.threshold
    }
}
