//! Everything that a subject is granted.

use crate::graph::Graph;
use crate::names::{List, Name};
use crate::request::{Rights, Subject};
use crate::tables::{BindingId, Grant, RuleId, SubjectId};

/// Grants by scope: of a subject and its groups, or of one of these alone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Holdings {
    /// In the whole cluster.
    pub(crate) cluster: Vec<Grant>,
    /// In namespaces, sorted by them.
    pub(crate) scoped: Vec<(Name, Vec<Grant>)>,
    /// May do everything without any grant.
    pub(crate) is_masters: bool,
}

impl Graph {
    pub(crate) fn holdings(&self, subject: Subject<'_>) -> Holdings {
        self.holdings_of(&self.principals(subject))
    }

    pub(crate) fn holdings_of(&self, principals: &[SubjectId]) -> Holdings {
        let mut holdings = Holdings::default();
        let mut scoped: Vec<(Name, Grant)> = Vec::new();
        for &subject in principals {
            holdings.is_masters |= self.is_masters(subject);
            for &(scope, binding) in self.subject_bindings.of(subject.0) {
                let grants = self.grants_of(subject, binding);
                match scope {
                    Name::EMPTY => holdings.cluster.extend(grants),
                    _ => scoped.extend(grants.map(|grant| (scope, grant))),
                }
            }
        }
        holdings.cluster.sort_unstable();
        scoped.sort_unstable();
        for (scope, grant) in scoped {
            match holdings.scoped.last_mut() {
                Some((last, grants)) if *last == scope => grants.push(grant),
                _ => holdings.scoped.push((scope, vec![grant])),
            }
        }
        holdings
    }

    /// The grants of one binding to a subject of it.
    pub(crate) fn grants_of(
        &self,
        subject: SubjectId,
        binding: BindingId,
    ) -> impl Iterator<Item = Grant> {
        let rules = self.rules_of(binding).iter();
        rules.map(move |&rule| Grant {
            binding,
            subject,
            rule,
        })
    }

    pub(crate) fn rights(&self, grant: Grant) -> &Rights {
        &self.rules[grant.rule.index()].rights
    }

    /// Whether the bindings of a subject itself allow it everything with every resource of the cluster.
    pub(crate) fn gives_everything(&self, subject: SubjectId) -> bool {
        let bindings = self.bindings_in(subject, Name::EMPTY);
        let mut rules = bindings.flat_map(|binding| self.rules_of(binding));
        self.is_masters(subject) || rules.any(|rule| self.is_everything_rule(*rule))
    }

    /// Whether a rule allows everything with every resource, where it is granted.
    pub(crate) fn is_everything_rule(&self, rule: RuleId) -> bool {
        let is_all = |list: List| self.lists.get(list).contains(&Name::ANY);
        let rights = &self.rules[rule.index()].rights;
        is_all(rights.verbs)
            && is_all(rights.groups)
            && is_all(rights.resources)
            && rights.names == List::EMPTY
    }
}

impl Holdings {
    /// The grants that count in a scope.
    pub(crate) fn in_scope(&self, scope: Name) -> impl Iterator<Item = Grant> + Clone + '_ {
        self.cluster.iter().chain(self.only_in(scope)).copied()
    }

    /// The grants of one namespace, without those of the cluster.
    pub(crate) fn only_in(&self, scope: Name) -> &[Grant] {
        let position = self.position(scope);
        position.map_or(&[], |position| &self.scoped[position].1)
    }

    /// The position of a namespace among those with grants of their own.
    pub(crate) fn position(&self, scope: Name) -> Option<usize> {
        let scoped = &self.scoped;
        scoped.binary_search_by_key(&scope, |(own, _)| *own).ok()
    }
}
