//! What a subject can become with what it may do: about sixty patterns, each a row of its family's table.

mod admission;
mod configuration;
mod controllers;
mod credentials;
mod disruption;
mod find;
mod impersonation;
mod meets;
mod need;
mod network;
mod nodes;
mod pattern;
mod pods;
mod reach;
mod reference;
mod roles;
mod search;
mod storage;
mod workloads;

use std::sync::OnceLock;

use self::need::{CompiledNeeds, NeedSet};
pub use self::pattern::{Need, Pattern, Scope};
pub use self::reach::Reached;
pub use self::reference::escalation_reference;
use self::search::Search;
use crate::graph::Graph;
use crate::holdings::Holdings;
use crate::names::Name;
use crate::request::Subject;
use crate::tables::{Grant, RoleId, RuleId, SubjectId};

/// The tables of patterns, with what each is about. A new pattern is a row of one of them.
const FAMILIES: &[(&str, &[Pattern])] = &[
    ("Roles and bindings", roles::PATTERNS),
    ("Impersonation", impersonation::PATTERNS),
    ("Workloads", workloads::PATTERNS),
    ("Running pods", pods::PATTERNS),
    ("Credentials", credentials::PATTERNS),
    ("Nodes", nodes::PATTERNS),
    ("Admission and API extension", admission::PATTERNS),
    ("Storage", storage::PATTERNS),
    ("Network", network::PATTERNS),
    ("Configuration of the cluster", configuration::PATTERNS),
    ("Controllers that act for others", controllers::PATTERNS),
    ("Disruption", disruption::PATTERNS),
];

/// All patterns, family by family.
pub fn patterns() -> impl Iterator<Item = &'static Pattern> {
    FAMILIES.iter().flat_map(|(_, patterns)| patterns.iter())
}

/// What an escalation leads to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Target {
    /// Everything in the cluster.
    ClusterAdmin,
    /// Root on a node, with the tokens of all pods that run there.
    Node,
    /// Acting as another subject, which may do something that this one may not.
    Subject(SubjectId),
    /// The permissions of a role.
    Role(RoleId),
    /// What the pattern says, in one namespace.
    Namespace(Name),
    /// What the pattern says, in the whole cluster.
    Cluster,
}

/// A pattern that a subject's permissions make possible.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Escalation {
    /// The pattern.
    pub pattern: &'static Pattern,
    /// What it leads to.
    pub target: Target,
    /// The grants that make it possible, sorted.
    pub grants: Vec<Grant>,
}

/// Finds escalations in a graph. What it learns of rules and subjects stays with the graph, for whoever asks next.
#[derive(Clone, Copy, Debug)]
pub struct Escalator<'g> {
    graph: &'g Graph,
    memory: &'g EscalationMemory,
}

/// What searches for escalations learn of a graph: made once, shared by all who search it.
#[derive(Debug)]
pub struct EscalationMemory {
    needs: CompiledNeeds,
    /// The needs that each rule meets.
    met: Vec<OnceLock<NeedSet>>,
    holdings: Vec<OnceLock<Holdings>>,
}

impl EscalationMemory {
    /// Nothing learned yet, for one graph.
    pub fn new(graph: &Graph) -> Self {
        EscalationMemory {
            needs: CompiledNeeds::new(graph),
            met: graph.rules.iter().map(|_| OnceLock::new()).collect(),
            holdings: graph.subjects.iter().map(|_| OnceLock::new()).collect(),
        }
    }
}

impl<'g> Escalator<'g> {
    /// For one graph, with what earlier searches of it learned.
    pub fn new(graph: &'g Graph, memory: &'g EscalationMemory) -> Self {
        Escalator { graph, memory }
    }

    /// What a subject could gain, pattern by pattern. Nothing for a subject that may do everything already.
    pub fn escalations(&self, subject: Subject<'_>) -> Vec<Escalation> {
        let principals = self.graph.principals(subject);
        let holdings = self.graph.holdings_of(&principals);
        self.search(&principals, &holdings, &[])
    }

    fn search(
        &self,
        principals: &[SubjectId],
        holdings: &Holdings,
        known: &[bool],
    ) -> Vec<Escalation> {
        let has_nothing = holdings.cluster.is_empty() && holdings.scoped.is_empty();
        if has_nothing || self.graph.is_everything(holdings) {
            return Vec::new();
        }
        let mut search = Search::new(self, principals, holdings, known);
        for (pattern, needs) in patterns().zip(self.memory.needs.of_patterns()) {
            search.pattern(pattern, needs);
        }
        search.found
    }

    /// The needs that a rule meets.
    fn met_by(&self, rule: RuleId) -> &'g NeedSet {
        let rights = &self.graph.rules[rule.index()].rights;
        let met = &self.memory.met[rule.index()];
        met.get_or_init(|| self.memory.needs.met_by(rights, self.graph))
    }

    /// Everything that a subject of the graph is granted.
    fn holdings(&self, id: SubjectId) -> &'g Holdings {
        let holdings = &self.memory.holdings[id.index()];
        holdings.get_or_init(|| self.graph.holdings(self.graph.subject(id)))
    }
}

impl Graph {
    /// What a subject could gain, pattern by pattern.
    pub fn escalations(&self, subject: Subject<'_>) -> Vec<Escalation> {
        Escalator::new(self, &EscalationMemory::new(self)).escalations(subject)
    }

    /// Everyone and everything that a subject could become, each by a shortest chain.
    pub fn can_become(&self, subject: Subject<'_>) -> Vec<Reached> {
        Escalator::new(self, &EscalationMemory::new(self)).can_become(subject)
    }
}

#[cfg(test)]
mod tests;
