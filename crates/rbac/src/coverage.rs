//! Whether what one holder is granted covers what rules give: as the API server compares them when someone writes
//! a role.

use crate::graph::Graph;
use crate::holdings::Holdings;
use crate::kinds::{Kind, Kinds};
use crate::names::{Name, Names};
use crate::request::{Rights, url_covers};
use crate::tables::RuleId;

/// More single permissions in one rule than this are not taken apart: nobody writes them, and they count as not covered.
const PARTS: usize = 1 << 16;

/// What one holder covers, in each scope. Remembers each kind of rights, since rules repeat.
#[derive(Debug)]
pub(crate) struct Coverage<'s> {
    graph: &'s Graph,
    kinds: &'s Kinds,
    /// Of the owner, and of the groups.
    owned: &'s [&'s Holdings],
    cluster: Scoped<'s>,
    /// In the namespaces where the owner holds nothing more than in the cluster.
    elsewhere: Scoped<'s>,
    /// In each of the others, by their names, once asked.
    within: Vec<(Name, Option<Scoped<'s>>)>,
}

/// What is owned in one scope, and the answers so far.
#[derive(Debug, Default)]
struct Scoped<'s> {
    owned: Vec<Parts<'s>>,
    answers: Vec<Answer>,
}

#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
enum Answer {
    #[default]
    Unknown,
    Covered,
    NotCovered,
}

/// The lists of a rule.
#[derive(Clone, Copy, Debug)]
struct Parts<'s> {
    verbs: &'s [Name],
    groups: &'s [Name],
    resources: &'s [Name],
    names: &'s [Name],
    urls: &'s [Name],
}

impl<'s> Coverage<'s> {
    /// For what is owned, and the namespaces in which something of it lies, sorted.
    pub(crate) fn new(
        graph: &'s Graph,
        kinds: &'s Kinds,
        owned: &'s [&'s Holdings],
        namespaces: impl Iterator<Item = Name>,
    ) -> Self {
        Coverage {
            graph,
            kinds,
            owned,
            cluster: Scoped::new(graph, owned, Name::EMPTY),
            elsewhere: Scoped::new(graph, owned, Name::EMPTY),
            within: namespaces.map(|name| (name, None)).collect(),
        }
    }

    /// Whether a rule gives nothing new in a scope.
    pub(crate) fn covers_rule(&mut self, scope: Name, rule: RuleId) -> bool {
        let (graph, owned) = (self.graph, self.owned);
        let position = self.within.binary_search_by_key(&scope, |(name, _)| *name);
        let scoped = match (scope, position) {
            (Name::EMPTY, _) => &mut self.cluster,
            (_, Err(_)) => &mut self.elsewhere,
            (_, Ok(position)) => {
                let within = &mut self.within[position].1;
                within.get_or_insert_with(|| Scoped::new(graph, owned, scope))
            }
        };
        // Paths belong to no namespace: there the rule does not grant them.
        let has_urls = scope == Name::EMPTY;
        scoped.covers(graph, self.kinds, self.kinds.of(rule), has_urls)
    }
}

impl<'s> Scoped<'s> {
    fn new(graph: &'s Graph, owned: &[&Holdings], scope: Name) -> Self {
        let grants = owned.iter().flat_map(|holdings| holdings.in_scope(scope));
        let owned = grants.map(|grant| Parts::new(graph, graph.rights(grant)));
        Scoped {
            owned: owned.collect(),
            answers: Vec::new(),
        }
    }

    fn covers(&mut self, graph: &Graph, kinds: &Kinds, kind: Kind, has_urls: bool) -> bool {
        if self.answers.is_empty() {
            self.answers = vec![Answer::default(); kinds.len()];
        }
        let Some(answer) = self.answers.get_mut(kind.index()) else {
            return false;
        };
        if *answer == Answer::Unknown {
            let mut wanted = Parts::new(graph, kinds.rights(kind));
            if !has_urls {
                wanted.urls = &[];
            }
            let tables = Tables {
                names: &graph.names,
                any_with_subresource: &graph.any_with_subresource,
            };
            *answer = if tables.covers(&self.owned, &wanted) {
                Answer::Covered
            } else {
                Answer::NotCovered
            };
        }
        *answer == Answer::Covered
    }
}

impl<'s> Parts<'s> {
    fn new(graph: &'s Graph, rights: &Rights) -> Self {
        let list = |list| graph.lists.get(list);
        Parts {
            verbs: list(rights.verbs),
            groups: list(rights.groups),
            resources: list(rights.resources),
            names: list(rights.names),
            urls: list(rights.urls),
        }
    }

    /// How many single permissions they are.
    fn count(&self) -> usize {
        let resources = self.groups.len().saturating_mul(self.resources.len());
        let verbs = self.verbs.len();
        verbs
            .saturating_mul(resources)
            .saturating_mul(self.names.len().max(1))
            .saturating_add(verbs.saturating_mul(self.urls.len()))
    }

    fn covers_names(&self, wanted: &Parts<'_>) -> bool {
        self.names.is_empty()
            || (!wanted.names.is_empty()
                && wanted.names.iter().all(|name| self.names.contains(name)))
    }
}

struct Tables<'g> {
    names: &'g Names,
    any_with_subresource: &'g [Name],
}

impl Tables<'_> {
    fn covers(&self, owned: &[Parts<'_>], wanted: &Parts<'_>) -> bool {
        // Most rules that are not covered show it by their first permission.
        if let (&[verb, ..], &[group, ..], &[resource, ..]) =
            (wanted.verbs, wanted.groups, wanted.resources)
        {
            let is_owned = |own: &Parts<'_>| {
                self.has_resource(own.resources, resource)
                    && has(own.groups, group)
                    && has(own.verbs, verb)
            };
            if !owned.iter().any(is_owned) {
                return false;
            }
        }
        // Most rules that are covered are so by one that is equal or wider as a whole.
        owned.iter().any(|own| self.covers_whole(own, wanted)) || self.covers_parts(owned, wanted)
    }

    fn covers_whole(&self, own: &Parts<'_>, wanted: &Parts<'_>) -> bool {
        all(wanted.verbs, |verb| has(own.verbs, verb))
            && all(wanted.groups, |group| has(own.groups, group))
            && all(wanted.resources, |resource| {
                self.has_resource(own.resources, resource)
            })
            && own.covers_names(wanted)
            && all(wanted.urls, |url| self.has_url(own.urls, url))
    }

    /// Every single permission of the rule must be covered by some rule of the owner.
    fn covers_parts(&self, owned: &[Parts<'_>], wanted: &Parts<'_>) -> bool {
        wanted.count() <= PARTS
            && all(wanted.verbs, |verb| {
                let with_verb = owned.iter().filter(|own| has(own.verbs, verb));
                self.covers_urls(&with_verb, wanted) && self.covers_resources(&with_verb, wanted)
            })
    }

    fn covers_urls<'o>(
        &self,
        owned: &(impl Iterator<Item = &'o Parts<'o>> + Clone),
        wanted: &Parts<'_>,
    ) -> bool {
        all(wanted.urls, |url| {
            owned.clone().any(|own| self.has_url(own.urls, url))
        })
    }

    fn covers_resources<'o>(
        &self,
        owned: &(impl Iterator<Item = &'o Parts<'o>> + Clone),
        wanted: &Parts<'_>,
    ) -> bool {
        all(wanted.groups, |group| {
            let with_group = owned.clone().filter(|own| has(own.groups, group));
            all(wanted.resources, |resource| {
                let with_resource = with_group.clone();
                let mut with_resource =
                    with_resource.filter(|own| self.has_resource(own.resources, resource));
                match wanted.names {
                    [] => with_resource.any(|own| own.names.is_empty()),
                    names => names.iter().all(|name| {
                        let mut owned = with_resource.clone();
                        owned.any(|own| own.names.is_empty() || own.names.contains(name))
                    }),
                }
            })
        })
    }

    /// `*`, equal, or `*/exec` for `pods/exec`.
    fn has_resource(&self, list: &[Name], resource: Name) -> bool {
        if has(list, resource) {
            return true;
        }
        let any = self.any_with_subresource.get(resource.0 as usize);
        any.is_some_and(|any| *any != Name::ABSENT && list.contains(any))
    }

    fn has_url(&self, list: &[Name], url: Name) -> bool {
        let wanted = self.names.text(url);
        let mut owned = list.iter();
        owned.any(|&own| own == url || url_covers(self.names.text(own), wanted))
    }
}

fn all(list: &[Name], holds: impl Fn(Name) -> bool) -> bool {
    list.iter().all(|&name| holds(name))
}

fn has(list: &[Name], name: Name) -> bool {
    list.iter().any(|&own| own == Name::ANY || own == name)
}

#[cfg(test)]
mod tests {
    use super::Coverage;
    use crate::Subject;
    use crate::kinds::Kinds;
    use crate::names::Name;
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
        let kinds = Kinds::new(&graph);
        let held = [&holdings];
        let mut coverage = Coverage::new(&graph, &kinds, &held, std::iter::empty());
        let mut rules = wanted.cluster.iter().map(|grant| grant.rule);
        let answer = rules.all(|rule| coverage.covers_rule(Name::EMPTY, rule));
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
