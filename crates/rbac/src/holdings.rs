//! Everything that a subject is granted, and whether that covers what another one is granted.

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use crate::graph::Graph;
use crate::names::{List, Lists, Name, Names};
use crate::request::{Rights, Subject, url_covers};
use crate::tables::{Grant, RuleId, SubjectId};

/// More single permissions in one rule than this are not taken apart: nobody writes them, and they count as not covered.
const PARTS: usize = 1 << 16;

/// Rules that are compared for most subjects: a table of this size need not grow.
const RULES: usize = 128;

/// The grants of a subject and its groups, by scope.
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
                let rules = self.rules_of(binding).iter();
                let grants = rules.map(|&rule| Grant {
                    binding,
                    subject,
                    rule,
                });
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

    pub(crate) fn rights(&self, grant: Grant) -> &Rights {
        &self.rules[grant.rule.index()].rights
    }

    /// Whether the holder may do everything with every resource of the cluster.
    pub(crate) fn is_everything(&self, holdings: &Holdings) -> bool {
        let mut grants = holdings.cluster.iter();
        holdings.is_masters || grants.any(|grant| self.is_everything_rule(grant.rule))
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

    fn covers_rule<'r>(
        &self,
        owned: &(impl Iterator<Item = &'r Rights> + Clone),
        rule: &Rights,
    ) -> bool {
        let tables = Tables {
            lists: &self.lists,
            names: &self.names,
            any_with_subresource: &self.any_with_subresource,
        };
        // Most rules are covered by one that is equal or wider as a whole.
        owned.clone().any(|own| tables.covers_whole(own, rule)) || tables.covers_parts(owned, rule)
    }
}

impl Holdings {
    /// The grants that count in a scope.
    pub(crate) fn in_scope(&self, scope: Name) -> impl Iterator<Item = Grant> + Clone + '_ {
        self.cluster.iter().chain(self.only_in(scope)).copied()
    }

    /// The grants of one namespace, without those of the cluster.
    pub(crate) fn only_in(&self, scope: Name) -> &[Grant] {
        self.scoped
            .binary_search_by_key(&scope, |(own, _)| *own)
            .map_or(&[], |position| &self.scoped[position].1)
    }
}

struct Tables<'g> {
    lists: &'g Lists,
    names: &'g Names,
    any_with_subresource: &'g [Name],
}

impl Tables<'_> {
    fn covers_whole(&self, own: &Rights, rule: &Rights) -> bool {
        own == rule
            || (self.all(rule.verbs, |verb| self.has(own.verbs, verb))
                && self.all(rule.groups, |group| self.has(own.groups, group))
                && self.all(rule.resources, |resource| {
                    self.has_resource(own.resources, resource)
                })
                && self.covers_names(own, rule)
                && self.all(rule.urls, |url| self.has_url(own.urls, url)))
    }

    fn covers_names(&self, own: &Rights, rule: &Rights) -> bool {
        let (owned, wanted) = (self.lists.get(own.names), self.lists.get(rule.names));
        owned.is_empty() || (!wanted.is_empty() && wanted.iter().all(|name| owned.contains(name)))
    }

    /// Every single permission of the rule must be covered by some rule of the owner.
    fn covers_parts<'r>(
        &self,
        owned: &(impl Iterator<Item = &'r Rights> + Clone),
        rule: &Rights,
    ) -> bool {
        let size = |list: List| self.lists.get(list).len();
        let parts = size(rule.verbs)
            .saturating_mul(size(rule.groups))
            .saturating_mul(size(rule.resources))
            .saturating_mul(size(rule.names).max(1))
            .saturating_add(size(rule.verbs).saturating_mul(size(rule.urls)));
        if parts > PARTS {
            return false;
        }
        self.all(rule.verbs, |verb| {
            let with_verb = owned.clone().filter(|own| self.has(own.verbs, verb));
            self.covers_urls(&with_verb, rule) && self.covers_resources(&with_verb, rule)
        })
    }

    fn covers_urls<'r>(
        &self,
        owned: &(impl Iterator<Item = &'r Rights> + Clone),
        rule: &Rights,
    ) -> bool {
        self.all(rule.urls, |url| {
            owned.clone().any(|own| self.has_url(own.urls, url))
        })
    }

    fn covers_resources<'r>(
        &self,
        owned: &(impl Iterator<Item = &'r Rights> + Clone),
        rule: &Rights,
    ) -> bool {
        self.all(rule.groups, |group| {
            let with_group = owned.clone().filter(|own| self.has(own.groups, group));
            self.all(rule.resources, |resource| {
                let mut with_resource = with_group
                    .clone()
                    .filter(|own| self.has_resource(own.resources, resource));
                match self.lists.get(rule.names) {
                    [] => with_resource.any(|own| own.names == List::EMPTY),
                    names => names.iter().all(|name| {
                        with_resource.clone().any(|own| {
                            let owned = self.lists.get(own.names);
                            owned.is_empty() || owned.contains(name)
                        })
                    }),
                }
            })
        })
    }

    fn all(&self, list: List, holds: impl Fn(Name) -> bool) -> bool {
        self.lists.get(list).iter().all(|&name| holds(name))
    }

    fn has(&self, list: List, name: Name) -> bool {
        let list = self.lists.get(list);
        list.contains(&Name::ANY) || list.contains(&name)
    }

    /// `*`, equal, or `*/exec` for `pods/exec`.
    fn has_resource(&self, list: List, resource: Name) -> bool {
        if self.has(list, resource) {
            return true;
        }
        let any = self.any_with_subresource.get(resource.0 as usize);
        any.is_some_and(|any| *any != Name::ABSENT && self.lists.get(list).contains(any))
    }

    fn has_url(&self, list: List, url: Name) -> bool {
        let wanted = self.names.text(url);
        let mut owned = self.lists.get(list).iter();
        owned.any(|&own| own == url || url_covers(self.names.text(own), wanted))
    }
}

/// What one holder covers of what others are granted: rule by rule, as the API server compares them when someone
/// writes a role. Remembers each rule, since many subjects share few roles.
#[derive(Debug)]
pub(crate) struct Coverage<'s> {
    graph: &'s Graph,
    owner: &'s Holdings,
    principals: &'s [SubjectId],
    rules: HashMap<(Name, RuleId), bool, FixedState>,
}

impl<'s> Coverage<'s> {
    pub(crate) fn new(graph: &'s Graph, owner: &'s Holdings, principals: &'s [SubjectId]) -> Self {
        Coverage {
            graph,
            owner,
            principals,
            rules: HashMap::with_capacity_and_hasher(RULES, FixedState::default()),
        }
    }

    /// Whether everything that a servant may do, the owner may do.
    pub(crate) fn covers(&mut self, servant: &Holdings) -> bool {
        if self.owner.is_masters {
            return true;
        }
        if servant.is_masters {
            return self.graph.is_everything(self.owner);
        }
        self.covers_all(Name::EMPTY, &servant.cluster)
            && servant
                .scoped
                .iter()
                .all(|(scope, grants)| self.covers_all(*scope, grants))
    }

    fn covers_all(&mut self, scope: Name, grants: &[Grant]) -> bool {
        grants.iter().all(|grant| {
            // What a group grants to both is no difference.
            self.principals.contains(&grant.subject) || self.covers_rule(scope, grant.rule)
        })
    }

    /// Whether a rule gives nothing new in a scope.
    pub(crate) fn covers_rule(&mut self, scope: Name, rule: RuleId) -> bool {
        let (graph, owner) = (self.graph, self.owner);
        *self.rules.entry((scope, rule)).or_insert_with(|| {
            let theirs = owner.in_scope(scope).map(|own| graph.rights(own));
            let mut rights = graph.rules[rule.index()].rights;
            if scope != Name::EMPTY {
                // Paths belong to no namespace: there the rule does not grant them.
                rights.urls = List::EMPTY;
            }
            graph.covers_rule(&theirs, &rights)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Coverage;
    use crate::Subject;
    use crate::testing::graph;

    /// Whether who holds the first rules holds the second ones.
    #[track_caller]
    fn check(owner: &[&str], servant: &[&str], expected: bool) {
        let role = |name: &str, rules: &[&str]| {
            format!(
                "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {{name: {name}}}\nrules: [{}]\n\
                 ---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {{name: {name}}}\n\
                 roleRef: {{kind: ClusterRole, name: {name}}}\nsubjects: [{{kind: User, name: {name}}}]\n",
                rules.join(", ")
            )
        };
        let graph = graph(&(role("owner", owner) + &role("servant", servant)));
        let holdings = graph.holdings(Subject::User("owner"));
        let wanted = graph.holdings(Subject::User("servant"));
        let answer = Coverage::new(&graph, &holdings, &[]).covers(&wanted);
        assert_eq!(answer, expected, "{owner:?} {servant:?}");
    }

    const GET_PODS: &str = "{apiGroups: [''], resources: [pods], verbs: [get]}";
    const GET_AND_LIST: &str = "{apiGroups: [''], resources: [pods], verbs: [get, list]}";
    const LIST_PODS: &str = "{apiGroups: [''], resources: [pods], verbs: [list]}";
    const GET_WEB: &str =
        "{apiGroups: [''], resources: [pods], verbs: [get], resourceNames: [web]}";
    const EXEC: &str = "{apiGroups: [''], resources: [pods/exec], verbs: [get]}";
    const ANY_EXEC: &str = "{apiGroups: [''], resources: ['*/exec'], verbs: ['*']}";
    const ALL: &str = "{apiGroups: ['*'], resources: ['*'], verbs: ['*']}";

    #[test]
    fn wider_rules_cover_narrower_ones() {
        check(&[GET_AND_LIST], &[GET_PODS], true);
        check(&[GET_PODS], &[GET_AND_LIST], false);
        check(&[GET_PODS], &[GET_WEB], true);
        check(&[GET_WEB], &[GET_PODS], false);
        check(&[ANY_EXEC], &[EXEC], true);
        check(&[EXEC], &[ANY_EXEC], false);
        check(&[ALL], &[GET_AND_LIST, ANY_EXEC], true);
        check(&[GET_AND_LIST], &[ALL], false);
        check(&[], &[], true);
        check(&[], &[GET_PODS], false);
    }

    #[test]
    fn several_rules_cover_one_together() {
        check(&[GET_PODS, LIST_PODS], &[GET_AND_LIST], true);
        check(&[GET_WEB, LIST_PODS], &[GET_AND_LIST], false);
    }

    #[test]
    fn paths_are_covered_by_prefixes() {
        let url = |path: &str| format!("{{nonResourceURLs: ['{path}'], verbs: [get]}}");
        check(&[&url("/healthz/*")], &[&url("/healthz/etcd")], true);
        check(&[&url("/healthz/etcd")], &[&url("/healthz/*")], false);
        check(&[&url("*")], &[&url("/healthz/*")], true);
        check(&[ALL], &[&url("/metrics")], false);
    }
}
