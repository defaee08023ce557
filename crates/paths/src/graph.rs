//! The finished graph: assets, and the edges between them in both directions.

use std::fmt;

use foldhash::fast::FixedState;
use hashbrown::HashMap;
use model::{Inventory, Severity, Views};

use crate::asset::{Asset, AssetId, Named, path_of};
use crate::edge::{Edge, EdgeId};
use crate::evidence::{EvidenceId, Fact, FactId, Place, Store};
use crate::expand::expand;
use crate::gap::{Gap, gaps};
use crate::technique::{Technique, by_position};
use crate::world::{Sources, World};

/// Assets and the steps between them.
#[derive(Debug)]
pub struct Graph<'a> {
    inventory: &'a Inventory,
    assets: Vec<Asset<'a>>,
    edges: Vec<Edge>,
    store: Store,
    outgoing: Adjacency,
    incoming: Adjacency,
    gaps: Vec<Gap>,
    /// Assets of pods that have a name of their own, by namespace and name.
    pods: HashMap<(&'a str, &'a str), AssetId, FixedState>,
}

impl<'a> Graph<'a> {
    /// Finds all edges of an inventory.
    pub fn new(inventory: &'a Inventory, views: &'a Views, sources: &'a Sources) -> Self {
        let world = World::new(inventory, views, sources);
        let finder = expand(&world);
        let named = world.class_of_pod.iter();
        let named = named.map(|(name, class)| (*name, finder.pods[*class as usize]));
        let pods = named.collect();
        let (assets, store, mut edges) = (finder.assets.list, finder.store, finder.edges);
        // Of several ways from one asset to another the one that needs least comes first.
        edges.sort_by_key(|edge| {
            let technique = by_position(edge.technique);
            let needs_more = technique.is_some_and(|own| !own.precondition().is_empty());
            let is_unknown = edge.unknown.is_some();
            (edge.from, edge.to, is_unknown, needs_more, edge.technique)
        });
        let ends = |end: fn(&Edge) -> AssetId| edges.iter().map(end).collect::<Vec<_>>();
        Graph {
            inventory,
            gaps: gaps(&world),
            pods,
            outgoing: Adjacency::new(assets.len(), &ends(|edge| edge.from)),
            incoming: Adjacency::new(assets.len(), &ends(|edge| edge.to)),
            assets,
            store,
            edges,
        }
    }

    /// All assets.
    pub fn assets(&self) -> &[Asset<'a>] {
        &self.assets
    }

    /// All edges, by where they start.
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// An asset.
    pub fn asset(&self, id: AssetId) -> &Asset<'a> {
        &self.assets[id.index()]
    }

    /// The ids of all assets.
    pub fn ids(&self) -> impl ExactSizeIterator<Item = AssetId> + use<> {
        (0..self.assets.len() as u32).map(AssetId)
    }

    /// The ids of all edges.
    pub fn edge_ids(&self) -> impl ExactSizeIterator<Item = EdgeId> + use<> {
        (0..self.edges.len() as u32).map(EdgeId)
    }

    /// An edge.
    pub fn edge(&self, id: EdgeId) -> &Edge {
        &self.edges[id.index()]
    }

    /// The edges that start from an asset.
    pub fn outgoing(&self, id: AssetId) -> &[EdgeId] {
        self.outgoing.of(id)
    }

    /// The edges that lead to an asset.
    pub fn incoming(&self, id: AssetId) -> &[EdgeId] {
        self.incoming.of(id)
    }

    /// An asset, as a sentence names it.
    pub fn name(&self, id: AssetId) -> impl fmt::Display {
        Named {
            assets: &self.assets,
            id,
        }
        .to_string()
    }

    /// An asset, as outputs for programs name it: always the same for the same thing.
    pub fn path(&self, id: AssetId) -> String {
        path_of(&self.assets, id)
    }

    /// The technique of an edge; `None` where it only says that a summary holds something.
    pub fn technique(&self, id: EdgeId) -> Option<&'static Technique> {
        by_position(self.edge(id).technique)
    }

    /// How bad a step along an edge is.
    pub fn severity(&self, id: EdgeId) -> Severity {
        let pattern = self.edge(id).pattern;
        let of = |technique: &Technique| technique.severity_with(pattern);
        self.technique(id).map_or(Severity::Critical, of)
    }

    /// Whether an attacker has to do something to go along an edge.
    pub fn is_step(&self, id: EdgeId) -> bool {
        self.technique(id).is_some_and(Technique::is_step)
    }

    /// What is not known, and where it would matter.
    pub fn gaps(&self) -> &[Gap] {
        &self.gaps
    }

    /// The asset of a pod that runs.
    pub(crate) fn pod_named(&self, namespace: &str, name: &str) -> Option<AssetId> {
        self.pods.get(&(namespace, name)).copied()
    }

    /// The assets of the pods of a name, in any namespace.
    pub(crate) fn pods_named(&self, name: &str) -> Vec<AssetId> {
        let named = self.pods.iter().filter(|((_, own), _)| *own == name);
        let mut found: Vec<AssetId> = named.map(|(_, id)| *id).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The inventory that places point into.
    pub fn inventory(&self) -> &'a Inventory {
        self.inventory
    }

    /// Whether a place lies in what was scanned: otherwise in a role that every cluster has.
    pub fn is_scanned(&self, place: Place) -> bool {
        (place.resource as usize) < self.inventory.resources.len()
    }

    /// The object that a place lies in.
    pub(crate) fn root_of(&self, place: Place) -> Option<Place> {
        let resource = self.inventory.resources.get(place.resource as usize)?;
        Some(Place {
            node: resource.root,
            ..place
        })
    }

    /// All facts.
    pub fn facts(&self) -> &[Fact] {
        &self.store.facts
    }

    /// A fact.
    pub fn fact(&self, id: FactId) -> &Fact {
        &self.store.facts[id.0 as usize]
    }

    /// What an edge rests on: all of these must hold, each by any of its facts.
    pub fn clauses(&self, evidence: EvidenceId) -> impl Iterator<Item = &[FactId]> {
        self.store.clauses(evidence)
    }
}

/// Edges by one of their ends.
#[derive(Debug)]
struct Adjacency {
    ends: Vec<u32>,
    edges: Vec<EdgeId>,
}

impl Adjacency {
    fn new(assets: usize, ends_of_edges: &[AssetId]) -> Self {
        let mut next = vec![0_u32; assets + 1];
        for end in ends_of_edges {
            next[end.index() + 1] += 1;
        }
        for asset in 0..assets {
            next[asset + 1] += next[asset];
        }
        let ends = next[1..].to_vec();
        let mut edges = vec![EdgeId(0); ends_of_edges.len()];
        for (edge, end) in (0..).map(EdgeId).zip(ends_of_edges) {
            let slot = &mut next[end.index()];
            edges[*slot as usize] = edge;
            *slot += 1;
        }
        Adjacency { ends, edges }
    }

    fn of(&self, asset: AssetId) -> &[EdgeId] {
        let Some(&end) = self.ends.get(asset.index()) else {
            return &[];
        };
        let start = match asset.index() {
            0 => 0,
            index => self.ends[index - 1],
        };
        &self.edges[start as usize..end as usize]
    }
}
