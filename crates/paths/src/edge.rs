//! Steps from one asset to another: the edges of the graph.

use rbac::Pattern;

use crate::asset::AssetId;
use crate::evidence::EvidenceId;

/// An edge of one graph.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct EdgeId(pub(crate) u32);

impl EdgeId {
    /// Its position in [`Graph::edges`](crate::Graph::edges).
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Position of a technique among all of them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct TechniqueId(pub(crate) u16);

impl TechniqueId {
    /// Of edges that only say that a summary holds something.
    pub(crate) const SUMMARY: TechniqueId = TechniqueId(u16::MAX);
}

/// Whoever has `from` can get `to`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Edge {
    /// What is there already.
    pub from: AssetId,
    /// What is gained.
    pub to: AssetId,
    pub(crate) technique: TechniqueId,
    /// The pattern of permissions that is used, where one is.
    pub pattern: Option<&'static Pattern>,
    /// Why it is there.
    pub evidence: EvidenceId,
    /// Why it is not known whether it is there.
    pub unknown: Option<&'static str>,
}

/// Whether something is possible.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Possible {
    No,
    /// It may be; why nobody knows.
    Perhaps(&'static str),
    Yes,
}

impl Possible {
    /// Why it is not known, where it is not impossible: what an edge says.
    pub(crate) fn doubt(self) -> Option<&'static str> {
        match self {
            Possible::Perhaps(reason) => Some(reason),
            Possible::No | Possible::Yes => None,
        }
    }
}
