//! What a subject can become with what it may do: about sixty patterns, each a row of its family's table.

mod admission;
mod answer;
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
mod own;
mod pattern;
mod pods;
mod reach;
mod reference;
mod roles;
mod search;
mod storage;
mod workloads;

use std::sync::OnceLock;

pub use self::answer::{Escalation, Escalations};
use self::need::{CompiledNeeds, NeedSet, Needs};
use self::own::Own;
use self::pattern::Gain;
pub use self::pattern::{Need, Pattern, Scope};
pub use self::reach::{Chain, Distances, Goal, Reach, Reached, Way};
pub use self::reference::escalation_reference;
use self::search::Search;
use crate::graph::Graph;
use crate::holdings::Holdings;
use crate::kinds::Kinds;
use crate::names::Name;
use crate::request::Subject;
use crate::tables::{RoleId, RuleId, SubjectId};

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

/// Finds escalations in a graph. What it learns of rules and subjects stays with the graph, for whoever asks next.
#[derive(Clone, Copy, Debug)]
pub struct Escalator<'g> {
    pub(crate) graph: &'g Graph,
    memory: &'g EscalationMemory,
}

/// What searches for escalations learn of a graph: made once, shared by all who search it.
#[derive(Debug)]
pub struct EscalationMemory {
    kinds: Kinds,
    needs: CompiledNeeds,
    /// The needs that each kind of rights meets.
    met: Vec<OnceLock<NeedSet>>,
    /// By subject.
    own: Vec<OnceLock<Own>>,
}

impl EscalationMemory {
    /// Nothing learned yet, for one graph.
    pub fn new(graph: &Graph) -> Self {
        let kinds = Kinds::new(graph);
        EscalationMemory {
            needs: CompiledNeeds::new(graph),
            met: (0..kinds.len()).map(|_| OnceLock::new()).collect(),
            own: graph.subjects.iter().map(|_| OnceLock::new()).collect(),
            kinds,
        }
    }

    /// What bindings grant a subject itself.
    fn own(&self, id: SubjectId, graph: &Graph) -> &Own {
        self.own[id.index()].get_or_init(|| Own::new(id, graph, self))
    }

    /// The needs that a rule meets.
    fn met_by(&self, rule: RuleId, graph: &Graph) -> &NeedSet {
        let kind = self.kinds.of(rule);
        let met = &self.met[kind.index()];
        met.get_or_init(|| self.needs.met_by(self.kinds.rights(kind), graph))
    }
}

impl<'g> Escalator<'g> {
    /// For one graph, with what earlier searches of it learned.
    pub fn new(graph: &'g Graph, memory: &'g EscalationMemory) -> Self {
        Escalator { graph, memory }
    }

    /// What a subject could gain, pattern by pattern. Nothing for a subject that may do everything already.
    pub fn escalations(&self, subject: Subject<'_>) -> Escalations {
        let principals = self.graph.principals(subject);
        self.search(&principals, &[], Gain::Itself)
    }

    /// By the patterns that lead to so much, whatever else they lead to.
    fn search(&self, principals: &[SubjectId], known: &[bool], least: Gain) -> Escalations {
        let own = |id: &SubjectId| self.memory.own(*id, self.graph);
        let owned: Vec<&Own> = principals.iter().map(own).collect();
        let met = NeedSet::union(owned.iter().map(|own| &own.met_anywhere));
        let all = patterns().zip(self.memory.needs.of_patterns());
        let is_wanted = |(pattern, needs): &(&Pattern, &Needs)| {
            pattern.find.gain >= least && met.contains_all(&needs.set)
        };
        let mut wanted = all.filter(is_wanted).peekable();
        if wanted.peek().is_none() || owned.iter().any(|own| own.is_everything) {
            return Escalations::default();
        }
        let holdings: Vec<&Holdings> = owned.iter().map(|own| &own.holdings).collect();
        let scopes = own::by_scope(&owned);
        let mut search = Search::new(self, principals, &holdings, scopes, known);
        for (pattern, needs) in wanted {
            search.pattern(pattern, needs);
        }
        search.found
    }
}

impl Graph {
    /// What a subject could gain, pattern by pattern.
    pub fn escalations(&self, subject: Subject<'_>) -> Escalations {
        Escalator::new(self, &EscalationMemory::new(self)).escalations(subject)
    }

    /// Everyone and everything that a subject could become, each by a shortest chain.
    pub fn can_become(&self, subject: Subject<'_>) -> Reach {
        Escalator::new(self, &EscalationMemory::new(self)).can_become(subject)
    }
}

#[cfg(test)]
mod tests;
