//! Where a subject holds what a pattern needs.

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use super::pattern::{Need, Pattern, Scope};
use super::{Escalation, Escalator, Target};
use crate::graph::Graph;
use crate::holdings::{Coverage, Holdings};
use crate::names::{List, Name};
use crate::request::{Rights, matches_any, matches_resource};
use crate::tables::{Grant, RoleId, SubjectId};

/// A [`Need`] in the integers of a graph.
#[derive(Debug)]
pub(super) struct CompiledNeed {
    verbs: Vec<WantedVerb>,
    group: Name,
    /// The resource, and `*/` with its subresource.
    resources: Vec<WantedResource>,
    /// The one object; absent names are kept, so that rules without names still match.
    name: Option<Name>,
}

#[derive(Clone, Copy, Debug)]
struct WantedVerb {
    verb: Name,
    /// Requests that make an object, or sweep many, name none: rules with names never allow them.
    is_unnamed: bool,
}

#[derive(Clone, Copy, Debug)]
struct WantedResource {
    resource: Name,
    any_with_subresource: Name,
    has_subresource: bool,
}

impl CompiledNeed {
    pub(super) fn new(need: &Need, graph: &Graph) -> Self {
        let resource = |resource: &&str| {
            let subresource = resource.split_once('/').map(|(_, subresource)| subresource);
            let any = subresource.map(|subresource| ["*/", subresource].concat());
            WantedResource {
                resource: graph.names.find(resource),
                any_with_subresource: any.map_or(Name::ABSENT, |any| graph.names.find(&any)),
                has_subresource: subresource.is_some(),
            }
        };
        let verb = |verb: &&str| WantedVerb {
            verb: graph.names.find(verb),
            is_unnamed: matches!(*verb, "create" | "deletecollection"),
        };
        CompiledNeed {
            verbs: need.verbs.iter().map(verb).collect(),
            group: graph.names.find(need.group),
            resources: need.resources.iter().map(resource).collect(),
            name: (!need.name.is_empty()).then(|| graph.names.find(need.name)),
        }
    }

    fn is_met_by(&self, rights: &Rights, graph: &Graph) -> bool {
        let lists = &graph.lists;
        let is_for_any_object = rights.names == List::EMPTY;
        matches_any(lists.get(rights.groups), self.group)
            && self.resources.iter().any(|wanted| {
                matches_resource(
                    lists.get(rights.resources),
                    wanted.resource,
                    wanted.any_with_subresource,
                ) && self.verbs.iter().any(|verb| {
                    matches_any(lists.get(rights.verbs), verb.verb)
                        && (is_for_any_object || !verb.is_unnamed || wanted.has_subresource)
                })
            })
            && (is_for_any_object
                || self
                    .name
                    .is_none_or(|name| lists.get(rights.names).contains(&name)))
    }
}

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
    coverage: Coverage<'s>,
    /// Whether a subject may do what this one may not.
    stronger: HashMap<SubjectId, bool, FixedState>,
}

impl<'s> Search<'s> {
    pub(super) fn new(
        escalator: &'s Escalator<'s>,
        principals: &'s [SubjectId],
        holdings: &'s Holdings,
        known: &'s [bool],
    ) -> Self {
        Search {
            escalator,
            graph: escalator.graph,
            found: Vec::new(),
            principals,
            holdings,
            known,
            coverage: Coverage::new(escalator.graph, holdings, principals),
            stronger: HashMap::default(),
        }
    }

    /// Looks for one pattern.
    pub(super) fn pattern(&mut self, pattern: &'static Pattern, needs: &[CompiledNeed]) {
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

    fn hits(&self, scope: Scope, needs: &[CompiledNeed]) -> Vec<Hit> {
        match scope {
            Scope::Cluster => self.hit(Name::EMPTY, needs).into_iter().collect(),
            Scope::In(namespace) => {
                let namespace = self.graph.names.find(namespace);
                self.hit(namespace, needs).into_iter().collect()
            }
            Scope::Namespaced => {
                let cluster = self.hit(Name::EMPTY, needs);
                if cluster
                    .as_ref()
                    .is_some_and(|hit| hit.parts.iter().all(Held::is_unrestricted))
                {
                    return cluster.into_iter().collect();
                }
                let scopes = self.holdings.scoped.iter();
                let within = scopes.filter_map(|&(scope, _)| self.hit(scope, needs));
                cluster.into_iter().chain(within).collect()
            }
        }
    }

    fn hit(&self, scope: Name, needs: &[CompiledNeed]) -> Option<Hit> {
        let parts = needs.iter().map(|need| self.held(need, scope));
        let parts: Option<Vec<Held>> = parts.collect();
        parts.map(|parts| Hit { scope, parts })
    }

    fn held(&self, need: &CompiledNeed, scope: Name) -> Option<Held> {
        let mut held = Held {
            grants: Vec::new(),
            names: Some(Vec::new()),
        };
        for grant in self.holdings.in_scope(scope) {
            let rights = self.graph.rights(grant);
            if !need.is_met_by(rights, self.graph) {
                continue;
            }
            held.grants.push(grant);
            match self.graph.lists.get(rights.names) {
                [] => held.names = None,
                names => {
                    if let Some(all) = &mut held.names {
                        all.extend_from_slice(names);
                    }
                }
            }
        }
        (!held.grants.is_empty()).then_some(held)
    }

    /// Notes what a hit leads to.
    pub(super) fn push(&mut self, pattern: &'static Pattern, hit: &Hit, target: Target) {
        let parts = hit.parts.iter();
        let mut grants: Vec<Grant> = parts.flat_map(|held| held.grants.iter().copied()).collect();
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
        if let Some(&answer) = self.stronger.get(&other) {
            return answer;
        }
        let theirs = self.escalator.holdings(other);
        let answer = !self.coverage.covers(theirs);
        self.stronger.insert(other, answer);
        answer
    }

    /// Whether the subject's own permissions contain a role's, in a scope.
    pub(super) fn covers_role(&mut self, role: RoleId, scope: Name) -> bool {
        let mut rules = self.graph.role_rules.of(role.0).iter();
        rules.all(|&rule| self.coverage.covers_rule(scope, rule))
    }
}
