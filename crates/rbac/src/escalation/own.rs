//! What bindings grant one subject, and the needs that it meets: groups share theirs with all their members.

use super::EscalationMemory;
use super::need::NeedSet;
use crate::graph::Graph;
use crate::holdings::Holdings;
use crate::names::Name;
use crate::tables::{Grant, SubjectId};

/// Of one subject, without its groups.
#[derive(Debug)]
pub(super) struct Own {
    pub(super) holdings: Holdings,
    /// What is met in the cluster.
    met: NeedSet,
    /// What is met in each namespace of the holdings, without the grants of the cluster.
    met_in: Vec<NeedSet>,
    /// All of these.
    pub(super) met_anywhere: NeedSet,
    /// Whether it may do everything with every resource of the cluster.
    pub(super) is_everything: bool,
}

impl Own {
    pub(super) fn new(id: SubjectId, graph: &Graph, memory: &EscalationMemory) -> Self {
        let met_by = |grants: &[Grant]| {
            let rules = grants.iter().map(|grant| grant.rule);
            NeedSet::union(rules.map(|rule| memory.met_by(rule, graph)))
        };
        let holdings = graph.holdings_of(&[id]);
        let met = met_by(&holdings.cluster);
        let scoped = holdings.scoped.iter();
        let met_in: Vec<NeedSet> = scoped.map(|(_, grants)| met_by(grants)).collect();
        let met_anywhere = NeedSet::union(met_in.iter().chain([&met]));
        Own {
            holdings,
            met,
            met_in,
            met_anywhere,
            is_everything: graph.gives_everything(id),
        }
    }
}

/// What several meet together: in the cluster first, then with that in each namespace that any of them has grants in.
pub(super) fn by_scope(owned: &[&Own]) -> Vec<(Name, NeedSet)> {
    let met = NeedSet::union(owned.iter().map(|own| &own.met));
    let within = owned.iter().flat_map(|own| {
        let names = own.holdings.scoped.iter().map(|(name, _)| *name);
        names.zip(own.met_in.iter().copied())
    });
    let mut scopes: Vec<(Name, NeedSet)> = within.collect();
    scopes.sort_by_key(|(name, _)| *name);
    scopes.dedup_by(|later, first| {
        let is_same = later.0 == first.0;
        if is_same {
            first.1.add(&later.1);
        }
        is_same
    });
    for (_, within) in &mut scopes {
        within.add(&met);
    }
    scopes.insert(0, (Name::EMPTY, met));
    scopes
}
