//! Where a subject holds what a pattern needs.

use std::ops::Range;

use super::answer::{Escalations, Found};
use super::need::{NeedSet, Needs};
use super::pattern::{Pattern, Scope};
use super::{EscalationMemory, Escalator, Target};
use crate::coverage::Coverage;
use crate::graph::Graph;
use crate::holdings::Holdings;
use crate::names::Name;
use crate::tables::{RoleId, SubjectId};

/// A scope in which all needs of a pattern are held.
#[derive(Debug)]
pub(super) struct Hit {
    /// Empty for the whole cluster.
    pub(super) scope: Name,
    /// The only objects that the first need is held for; `None` for all.
    names: Option<Vec<Name>>,
    /// Whether all needs are held for every object.
    is_unrestricted: bool,
    /// The grants that meet the needs.
    grants: Range<u32>,
}

impl Hit {
    /// Whether the first need is held for an object.
    pub(super) fn allows(&self, name: Name) -> bool {
        let names = self.names.as_ref();
        names.is_none_or(|names| names.contains(&name))
    }

    /// Whether the first need is held for every object.
    pub(super) fn allows_all(&self) -> bool {
        self.names.is_none()
    }
}

/// What is known of the permissions that bindings give a subject, beside those of the one who searches.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Strength {
    Unknown,
    Covered,
    Stronger,
}

/// The search for one subject.
#[derive(Debug)]
pub(super) struct Search<'s> {
    pub(super) graph: &'s Graph,
    memory: &'s EscalationMemory,
    pub(super) found: Escalations,
    /// Of the subject and of its groups.
    holdings: &'s [&'s Holdings],
    /// Subjects that need not be looked at, by id.
    known: &'s [bool],
    /// What is met in the cluster, and in each namespace of the holdings.
    scopes: Vec<(Name, NeedSet)>,
    coverage: Coverage<'s>,
    /// Whether the bindings that name a subject itself give what this one may not do, by id: many patterns ask
    /// for the same ones, and many subjects are in the same groups.
    strength: Vec<Strength>,
}

impl<'s> Search<'s> {
    pub(super) fn new(
        escalator: &'s Escalator<'s>,
        principals: &[SubjectId],
        holdings: &'s [&'s Holdings],
        scopes: Vec<(Name, NeedSet)>,
        known: &'s [bool],
    ) -> Self {
        let (graph, memory) = (escalator.graph, escalator.memory);
        let mut strength = vec![Strength::Unknown; graph.subjects.len()];
        for principal in principals {
            strength[principal.index()] = Strength::Covered;
        }
        let namespaces = scopes.iter().skip(1).map(|(name, _)| *name);
        Search {
            graph,
            memory,
            found: Escalations::default(),
            holdings,
            known,
            coverage: Coverage::new(graph, &memory.kinds, holdings, namespaces),
            scopes,
            strength,
        }
    }

    /// Looks for one pattern.
    pub(super) fn pattern(&mut self, pattern: &'static Pattern, needs: &Needs) {
        let first = self.found.len();
        let (cluster, of_cluster) = self.scopes[0];
        match pattern.scope {
            Scope::Cluster => {
                self.try_in(pattern, needs, cluster, of_cluster);
            }
            Scope::In(namespace) => {
                let scope = self.graph.names.find(namespace);
                let own = self.scopes[1..].binary_search_by_key(&scope, |(name, _)| *name);
                let met = own.map_or(of_cluster, |own| self.scopes[own + 1].1);
                self.try_in(pattern, needs, scope, met);
            }
            Scope::Namespaced => {
                if !self.try_in(pattern, needs, cluster, of_cluster) {
                    for position in 1..self.scopes.len() {
                        let (scope, met) = self.scopes[position];
                        self.try_in(pattern, needs, scope, met);
                    }
                }
            }
        }
        self.found.merge_from(first);
    }

    /// Takes what a pattern leads to in one scope; true when that says all that there is to say of any scope.
    fn try_in(
        &mut self,
        pattern: &'static Pattern,
        needs: &Needs,
        scope: Name,
        met: NeedSet,
    ) -> bool {
        if !met.contains_all(&needs.set) {
            return false;
        }
        let hit = self.hit(scope, needs);
        let before = self.found.len();
        (pattern.find.take)(self, pattern, &hit);
        if self.found.len() == before {
            self.found.grants.truncate(hit.grants.start as usize);
        }
        hit.is_unrestricted
    }

    fn hit(&mut self, scope: Name, needs: &Needs) -> Hit {
        let start = self.found.grants.len();
        let mut names = Some(Vec::new());
        let mut is_unrestricted = true;
        for need in needs.numbers.clone() {
            let is_first = need == needs.numbers.start;
            let mut is_for_all = false;
            let holdings = self.holdings.iter();
            for grant in holdings.flat_map(|own| own.in_scope(scope)) {
                if !self.memory.met_by(grant.rule, self.graph).contains(need) {
                    continue;
                }
                self.found.grants.push(grant);
                match self.graph.lists.get(self.graph.rights(grant).names) {
                    [] => is_for_all = true,
                    own if is_first => names.iter_mut().for_each(|all| all.extend_from_slice(own)),
                    _ => {}
                }
            }
            is_unrestricted &= is_for_all;
            if is_first && is_for_all {
                names = None;
            }
        }
        Hit {
            scope,
            names,
            is_unrestricted,
            grants: self.found.sort_grants_from(start),
        }
    }

    /// Notes what a hit leads to.
    pub(super) fn push(&mut self, pattern: &'static Pattern, hit: &Hit, target: Target) {
        self.found.push(Found {
            pattern,
            target,
            grants: hit.grants.clone(),
        });
    }

    /// Whether another subject may do something that this one may not.
    pub(super) fn is_stronger(&mut self, other: SubjectId) -> bool {
        let is_known = self.known.get(other.index()).copied().unwrap_or_default();
        let graph = self.graph;
        !is_known
            && graph
                .principals_of(other)
                .any(|principal| self.gives_more(principal))
    }

    /// Whether the bindings that name a subject give what this one may not do.
    fn gives_more(&mut self, other: SubjectId) -> bool {
        let known = self.strength[other.index()];
        if known != Strength::Unknown {
            return known == Strength::Stronger;
        }
        let graph = self.graph;
        let mut bindings = graph.subject_bindings.of(other.0).iter();
        let is_covered = !graph.is_masters(other)
            && bindings.all(|&(scope, binding)| {
                let mut rules = graph.rules_of(binding).iter();
                rules.all(|&rule| self.coverage.covers_rule(scope, rule))
            });
        self.strength[other.index()] = if is_covered {
            Strength::Covered
        } else {
            Strength::Stronger
        };
        !is_covered
    }

    /// Whether the subject's own permissions contain a role's, in a scope.
    pub(super) fn covers_role(&mut self, role: RoleId, scope: Name) -> bool {
        let mut rules = self.graph.role_rules.of(role.0).iter();
        rules.all(|&rule| self.coverage.covers_rule(scope, rule))
    }
}
