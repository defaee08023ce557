//! Why an edge is there: what is written where, and which change would take it away.
//!
//! An edge needs all of its clauses, and a clause holds as long as one of its facts does: a permission that two roles
//! grant is gone when both do not grant it any more.

use document::NodeId;
use foldhash::fast::FixedState;
use hashbrown::HashMap;

/// A node of a resource of the inventory.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Place {
    /// Position in [`Inventory::resources`](model::Inventory::resources), or behind them: a default role.
    pub resource: u32,
    /// The node in the resource's document.
    pub node: NodeId,
}

impl From<rbac::Place> for Place {
    fn from(place: rbac::Place) -> Self {
        Place {
            resource: place.resource.index() as u32,
            node: place.node,
        }
    }
}

impl From<network::Place> for Place {
    fn from(place: network::Place) -> Self {
        Place {
            resource: place.resource,
            node: place.node,
        }
    }
}

/// What a fact says, the controls that find it, and how it is changed: one for each thing that techniques look at.
#[derive(Debug)]
pub struct Cause {
    /// What is so, in a few words.
    pub says: &'static str,
    /// What to do about it, as an order.
    pub remedy: &'static str,
    /// The edit that does it.
    pub change: Change,
    /// Ids of the controls that report the same thing.
    pub controls: &'static [&'static str],
}

impl Cause {
    /// Whether it is the very same.
    pub(crate) fn is(&self, other: &Cause) -> bool {
        std::ptr::eq(self, other)
    }
}

/// An edit at the place of a fact.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Change {
    /// None that is known to be right.
    None,
    /// Remove the entry or item.
    Remove,
    /// Delete the object.
    Delete,
    /// Remove a volume of a pod, with all its mounts.
    RemoveVolume,
    /// Set a value below it.
    Set(&'static [&'static str], Value),
}

/// A value to set.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Value {
    /// A boolean.
    Bool(bool),
    /// A text.
    Text(&'static str),
}

/// A fact of one graph.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct FactId(pub(crate) u32);

/// Something that is written somewhere, or is so because nothing else is written.
#[derive(Clone, Copy, Debug)]
pub struct Fact {
    /// Where it is written; where something would have to be written, when it is so by default.
    pub place: Place,
    /// What the edit is about: the same node, or a part of it.
    pub edit: Place,
    /// What it says.
    pub cause: &'static Cause,
}

impl Fact {
    /// A fact that is changed where it is written.
    pub(crate) fn new(place: Place, cause: &'static Cause) -> Self {
        Fact {
            place,
            edit: place,
            cause,
        }
    }

    fn key(&self) -> (Place, Place, usize) {
        (
            self.place,
            self.edit,
            std::ptr::from_ref(self.cause) as usize,
        )
    }
}

/// What an edge rests on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct EvidenceId(pub(crate) u32);

impl EvidenceId {
    /// Nothing that is written: it is so in every cluster.
    pub(crate) const NONE: EvidenceId = EvidenceId(0);
}

/// All facts, and what rests on them.
#[derive(Debug)]
pub(crate) struct Store {
    pub(crate) facts: Vec<Fact>,
    index: HashMap<(Place, Place, usize), FactId, FixedState>,
    /// Facts of clauses, one clause after the other.
    members: Vec<FactId>,
    /// Where each clause ends among them.
    clause_ends: Vec<u32>,
    /// Where the clauses of each evidence end.
    evidence_ends: Vec<u32>,
}

impl Default for Store {
    fn default() -> Self {
        Store {
            facts: Vec::new(),
            index: HashMap::default(),
            members: Vec::new(),
            clause_ends: Vec::new(),
            // The first evidence has no clauses.
            evidence_ends: vec![0],
        }
    }
}

impl Store {
    pub(crate) fn fact(&mut self, fact: Fact) -> FactId {
        let next = FactId(self.facts.len() as u32);
        let id = *self.index.entry(fact.key()).or_insert(next);
        if id == next {
            self.facts.push(fact);
        }
        id
    }

    /// Evidence of clauses, each a list of facts any of which is enough. A clause without facts is left out: nothing
    /// that is written makes it so.
    pub(crate) fn evidence(&mut self, clauses: &[&[FactId]]) -> EvidenceId {
        let mut is_empty = true;
        for clause in clauses.iter().filter(|clause| !clause.is_empty()) {
            self.members.extend_from_slice(clause);
            self.clause_ends.push(self.members.len() as u32);
            is_empty = false;
        }
        if is_empty {
            return EvidenceId::NONE;
        }
        self.evidence_ends.push(self.clause_ends.len() as u32);
        EvidenceId(self.evidence_ends.len() as u32 - 1)
    }

    /// The clauses of an evidence.
    pub(crate) fn clauses(&self, id: EvidenceId) -> impl Iterator<Item = &[FactId]> {
        let clauses = range(&self.evidence_ends, id.0 as usize);
        clauses.map(|clause| &self.members[range(&self.clause_ends, clause)])
    }
}

fn range(ends: &[u32], index: usize) -> std::ops::Range<usize> {
    let start = match index {
        0 => 0,
        _ => ends[index - 1] as usize,
    };
    start..ends[index] as usize
}
