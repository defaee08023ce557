//! Where a subject holds what a pattern needs.

use std::ops::Range;

use super::need::NeedSet;
use super::pattern::{Pattern, Scope};
use super::{Escalation, Escalator, Target};
use crate::graph::Graph;
use crate::holdings::{Coverage, Holdings};
use crate::names::Name;
use crate::tables::{Grant, RoleId, SubjectId};

/// The grants that meet one need.
#[derive(Clone, Debug, Default)]
pub(super) struct Held {
    grants: Vec<Grant>,
    /// The only objects that they hold for; `None` for all.
    names: Option<Vec<Name>>,
}

impl Held {
    /// Whether it holds for an object.
    pub(super) fn allows(&self, name: Name) -> bool {
        self.names
            .as_ref()
            .is_none_or(|names| names.contains(&name))
    }

    /// Whether it holds for every object.
    pub(super) fn is_unrestricted(&self) -> bool {
        self.names.is_none()
    }
}

/// A scope in which all needs of a pattern are held.
#[derive(Debug)]
pub(super) struct Hit {
    /// Empty for the whole cluster.
    pub(super) scope: Name,
    /// One for each need.
    pub(super) parts: Vec<Held>,
}

/// What is known of another subject's permissions, beside those of this one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Strength {
    Unknown,
    Covered,
    Stronger,
}

/// The search for one subject.
#[derive(Debug)]
pub(super) struct Search<'s> {
    pub(super) escalator: &'s Escalator<'s>,
    pub(super) graph: &'s Graph,
    pub(super) found: Vec<Escalation>,
    principals: &'s [SubjectId],
    holdings: &'s Holdings,
    /// Subjects that need not be looked at, by id.
    known: &'s [bool],
    /// What is met in the cluster, and in each namespace of the holdings.
    met: NeedSet,
    met_in: Vec<NeedSet>,
    coverage: Coverage<'s>,
    /// Whether a subject may do what this one may not, by id: many patterns ask for the same ones.
    stronger: Vec<Strength>,
}

impl<'s> Search<'s> {
    pub(super) fn new(
        escalator: &'s Escalator<'s>,
        principals: &'s [SubjectId],
        holdings: &'s Holdings,
        known: &'s [bool],
    ) -> Self {
        let collect = |set: &mut NeedSet, grants: &[Grant]| {
            for grant in grants {
                set.add(escalator.met_by(grant.rule));
            }
        };
        let mut met = NeedSet::default();
        collect(&mut met, &holdings.cluster);
        let met_in = holdings.scoped.iter().map(|(_, grants)| {
            let mut within = met;
            collect(&mut within, grants);
            within
        });
        Search {
            escalator,
            graph: escalator.graph,
            found: Vec::new(),
            principals,
            holdings,
            known,
            met_in: met_in.collect(),
            met,
            coverage: Coverage::new(escalator.graph, holdings, principals),
            stronger: vec![Strength::Unknown; escalator.graph.subjects.len()],
        }
    }

    /// Looks for one pattern.
    pub(super) fn pattern(&mut self, pattern: &'static Pattern, needs: Range<usize>) {
        let first = self.found.len();
        for hit in self.hits(pattern.scope, needs) {
            (pattern.find)(self, pattern, &hit);
        }
        let mut own = self.found.split_off(first);
        own.sort_by_key(|escalation| escalation.target);
        own.dedup_by(|later, earlier| {
            let is_same = later.target == earlier.target;
            if is_same {
                earlier.grants.append(&mut later.grants);
                earlier.grants.sort_unstable();
                earlier.grants.dedup();
            }
            is_same
        });
        self.found.append(&mut own);
    }

    fn hits(&self, scope: Scope, needs: Range<usize>) -> Vec<Hit> {
        let of_cluster = |needs: Range<usize>| self.hit(Name::EMPTY, &self.met, needs);
        match scope {
            Scope::Cluster => of_cluster(needs).into_iter().collect(),
            Scope::In(namespace) => {
                let namespace = self.graph.names.find(namespace);
                let mut scopes = self.holdings.scoped.iter().zip(&self.met_in);
                let own = scopes.find(|((scope, _), _)| *scope == namespace);
                let met = own.map_or(&self.met, |(_, met)| met);
                self.hit(namespace, met, needs).into_iter().collect()
            }
            Scope::Namespaced => {
                let cluster = of_cluster(needs.clone());
                let is_enough = |hit: &Hit| hit.parts.iter().all(Held::is_unrestricted);
                if cluster.as_ref().is_some_and(is_enough) {
                    return cluster.into_iter().collect();
                }
                let scopes = self.holdings.scoped.iter().zip(&self.met_in);
                let within =
                    scopes.filter_map(|((scope, _), met)| self.hit(*scope, met, needs.clone()));
                cluster.into_iter().chain(within).collect()
            }
        }
    }

    fn hit(&self, scope: Name, met: &NeedSet, needs: Range<usize>) -> Option<Hit> {
        let is_met = needs.clone().all(|need| met.contains(need));
        is_met.then(|| Hit {
            scope,
            parts: needs.map(|need| self.held(need, scope)).collect(),
        })
    }

    fn held(&self, need: usize, scope: Name) -> Held {
        let mut held = Held {
            grants: Vec::new(),
            names: Some(Vec::new()),
        };
        for grant in self.holdings.in_scope(scope) {
            if !self.escalator.met_by(grant.rule).contains(need) {
                continue;
            }
            held.grants.push(grant);
            match self.graph.lists.get(self.graph.rights(grant).names) {
                [] => held.names = None,
                names => {
                    if let Some(all) = &mut held.names {
                        all.extend_from_slice(names);
                    }
                }
            }
        }
        held
    }

    /// Notes what a hit leads to.
    pub(super) fn push(&mut self, pattern: &'static Pattern, hit: &Hit, target: Target) {
        let parts = hit.parts.iter();
        let mut grants = Vec::with_capacity(parts.clone().map(|held| held.grants.len()).sum());
        for held in parts {
            grants.extend_from_slice(&held.grants);
        }
        grants.sort_unstable();
        grants.dedup();
        self.found.push(Escalation {
            pattern,
            target,
            grants,
        });
    }

    /// Whether another subject may do something that this one may not.
    pub(super) fn is_stronger(&mut self, other: SubjectId) -> bool {
        let is_known = self.known.get(other.index()).copied().unwrap_or_default();
        if is_known || self.principals.contains(&other) {
            return false;
        }
        let Some(known) = self.stronger.get_mut(other.index()) else {
            return false;
        };
        if *known == Strength::Unknown {
            let theirs = self.escalator.holdings(other);
            *known = if self.coverage.covers(theirs) {
                Strength::Covered
            } else {
                Strength::Stronger
            };
        }
        *known == Strength::Stronger
    }

    /// Whether the subject's own permissions contain a role's, in a scope.
    pub(super) fn covers_role(&mut self, role: RoleId, scope: Name) -> bool {
        let mut rules = self.graph.role_rules.of(role.0).iter();
        rules.all(|&rule| self.coverage.covers_rule(scope, rule))
    }
}
