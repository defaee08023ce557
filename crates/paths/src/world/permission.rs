//! Permission sets: roles where bindings grant them, and what each of them makes possible by itself.

use document::NodeRef;
use foldhash::fast::FixedState;
use hashbrown::HashMap;
use model::Inventory;
use rbac::{BindingId, Escalator, Graph, Need, Pattern, RoleId, RuleId, Scope, Subject, SubjectId};

use crate::evidence::Place;
use crate::read::{field, text};

/// A role, where bindings grant it.
#[derive(Debug)]
pub(crate) struct PermissionSet<'a> {
    /// The role; `None` when it was not scanned.
    pub(crate) role: Option<RoleId>,
    pub(crate) kind: &'a str,
    pub(crate) name: &'a str,
    /// The namespace that it is granted in; `None` for the whole cluster.
    pub(crate) scope: Option<&'a str>,
    pub(crate) bindings: Vec<BindingId>,
    pub(crate) is_admin: bool,
    pub(crate) hits: Vec<Hit<'a>>,
}

/// A pattern whose needs are all held in a scope.
#[derive(Clone, Debug)]
pub(crate) struct Hit<'a> {
    pub(crate) pattern: &'static Pattern,
    /// The namespace; `None` for the whole cluster.
    pub(crate) scope: Option<&'a str>,
    /// The only objects that the first need is held for; `None` for all.
    pub(crate) names: Option<Vec<&'a str>>,
    /// For each need the rules that meet it.
    pub(crate) uses: Vec<Vec<Use>>,
}

/// A rule that meets a need.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Use {
    pub(crate) rule: RuleId,
    pub(crate) need: &'static Need,
}

/// All permission sets, and what bindings say of subjects.
pub(crate) struct Permissions<'a> {
    pub(crate) sets: Vec<PermissionSet<'a>>,
    index: HashMap<SetKey<'a>, u32, FixedState>,
    /// By position of the binding.
    set_of_binding: Vec<Option<u32>>,
    graph: &'a Graph,
    escalator: Escalator<'a>,
    met: HashMap<RuleId, Vec<(&'static Pattern, usize)>, FixedState>,
}

/// Kind and name of the role, and the scope of the binding.
type SetKey<'a> = (&'a str, Option<&'a str>, &'a str, Option<&'a str>);

impl<'a> Permissions<'a> {
    pub(super) fn new(graph: &'a Graph, escalator: Escalator<'a>) -> Self {
        let mut permissions = Permissions {
            sets: Vec::new(),
            index: HashMap::default(),
            set_of_binding: vec![None; graph.bindings().len()],
            graph,
            escalator,
            met: HashMap::default(),
        };
        let mut missing: HashMap<BindingId, rbac::Dangling<'a>, FixedState> = HashMap::default();
        missing.extend(graph.dangling().map(|one| (one.binding, one)));
        for binding in graph.bindings() {
            permissions.binding(binding, &missing);
        }
        permissions
    }

    fn binding(
        &mut self,
        binding: BindingId,
        missing: &HashMap<BindingId, rbac::Dangling<'a>, FixedState>,
    ) {
        let Some(own) = self.graph.binding(binding) else {
            return;
        };
        let scope = own.namespace;
        let role = self.graph.role_of(binding);
        let (kind, namespace, name) = match (
            role.and_then(|role| self.graph.role(role)),
            missing.get(&binding),
        ) {
            (Some(role), _) => (role.kind, role.namespace, role.name),
            (None, Some(dangling)) => {
                let kind = if dangling.namespace.is_some() {
                    "Role"
                } else {
                    "ClusterRole"
                };
                (kind, dangling.namespace, dangling.name)
            }
            (None, None) => return,
        };
        let next = self.sets.len() as u32;
        let key = (kind, namespace, name, scope);
        let id = *self.index.entry(key).or_insert(next);
        if id == next {
            let is_admin =
                role.is_some_and(|role| scope.is_none() && self.graph.is_admin_role(role));
            let rules = role.map_or(&[][..], |role| self.graph.rules(role));
            let hits = if is_admin {
                Vec::new()
            } else {
                self.hits(scope, rules)
            };
            self.sets.push(PermissionSet {
                role,
                kind,
                name,
                scope,
                bindings: Vec::new(),
                is_admin,
                hits,
            });
        }
        self.sets[id as usize].bindings.push(binding);
        self.set_of_binding[binding.index()] = Some(id);
    }

    /// What a role makes possible where nothing grants it yet.
    pub(crate) fn hits_of(&self, role: RoleId, scope: Option<&'a str>) -> Vec<Hit<'a>> {
        if scope.is_none() && self.graph.is_admin_role(role) {
            return Vec::new();
        }
        let mut uses = Vec::new();
        for &rule in self.graph.rules(role) {
            let met = self.escalator.meets(rule).into_iter();
            uses.extend(met.map(|(pattern, need)| (pattern, need, rule)));
        }
        self.hits_by(scope, uses)
    }

    fn met(&mut self, rule: RuleId) -> &[(&'static Pattern, usize)] {
        let escalator = self.escalator;
        self.met
            .entry(rule)
            .or_insert_with(|| escalator.meets(rule))
    }

    /// What rules that are granted in one scope make possible.
    fn hits(&mut self, scope: Option<&'a str>, rules: &[RuleId]) -> Vec<Hit<'a>> {
        let mut uses = Vec::new();
        for &rule in rules {
            let met = self.met(rule).iter();
            uses.extend(met.map(|&(pattern, need)| (pattern, need, rule)));
        }
        self.hits_by(scope, uses)
    }

    /// The hits of rules that meet needs, in one scope.
    fn hits_by(
        &self,
        scope: Option<&'a str>,
        mut uses: Vec<(&'static Pattern, usize, RuleId)>,
    ) -> Vec<Hit<'a>> {
        let counts = |pattern: &Pattern| match (pattern.scope, scope) {
            (_, None) | (Scope::Namespaced, Some(_)) => true,
            (Scope::Cluster, Some(_)) => false,
            (Scope::In(namespace), Some(own)) => own == namespace,
        };
        uses.retain(|(pattern, _, _)| counts(pattern));
        uses.sort_by_key(|(pattern, need, rule)| (pattern.id, *need, *rule));
        let of_pattern = uses.chunk_by(|left, right| left.0 == right.0);
        of_pattern
            .filter_map(|uses| {
                let pattern = uses.first()?.0;
                self.hit(pattern, scope, uses)
            })
            .collect()
    }

    /// A hit, when the uses meet every need of a pattern.
    fn hit(
        &self,
        pattern: &'static Pattern,
        scope: Option<&'a str>,
        found: &[(&'static Pattern, usize, RuleId)],
    ) -> Option<Hit<'a>> {
        let mut uses: Vec<Vec<Use>> = Vec::with_capacity(pattern.needs.len());
        for (position, need) in pattern.needs.iter().enumerate() {
            let own = found.iter().filter(|(_, own, _)| *own == position);
            let own: Vec<Use> = own.map(|&(_, _, rule)| Use { rule, need }).collect();
            if own.is_empty() {
                return None;
            }
            uses.push(own);
        }
        let scope = match pattern.scope {
            Scope::In(namespace) => Some(namespace),
            Scope::Cluster | Scope::Namespaced => scope,
        };
        Some(Hit {
            pattern,
            scope,
            names: self.names(uses.first()?),
            uses,
        })
    }

    /// The only objects that a need is held for; `None` for all.
    fn names(&self, uses: &[Use]) -> Option<Vec<&'a str>> {
        let mut all = Vec::new();
        for own in uses {
            let before = all.len();
            all.extend(self.graph.object_names(own.rule));
            if all.len() == before {
                return None;
            }
        }
        all.sort_unstable();
        all.dedup();
        Some(all)
    }

    /// The sets that bindings of a subject itself name, with the bindings.
    pub(crate) fn of(&self, subject: SubjectId) -> Vec<(u32, BindingId)> {
        let bindings = self.graph.bindings_of(subject);
        let mut sets: Vec<(u32, BindingId)> = bindings
            .filter_map(|binding| Some((self.set_of(binding)?, binding)))
            .collect();
        sets.sort_unstable();
        sets
    }

    fn set_of(&self, binding: BindingId) -> Option<u32> {
        self.set_of_binding.get(binding.index()).copied().flatten()
    }

    /// The sets that a subject holds, by itself and by the groups that its name implies.
    pub(crate) fn held_by(&self, subject: Subject<'_>) -> Vec<u32> {
        let groups = subject.implied_groups();
        let groups = groups
            .iter()
            .filter_map(|group| self.graph.find(Subject::Group(group)));
        let principals = self.graph.find(subject).into_iter().chain(groups);
        let mut sets: Vec<u32> = principals
            .flat_map(|id| self.of(id))
            .map(|(set, _)| set)
            .collect();
        sets.sort_unstable();
        sets.dedup();
        sets
    }

    /// Whether what a group is bound to lets someone gain anything.
    pub(crate) fn group_matters(&self, group: &str) -> bool {
        let Some(id) = self.graph.find(Subject::Group(group)) else {
            return false;
        };
        let sets = self.of(id);
        sets.iter()
            .any(|&(set, _)| self.sets[set as usize].leads_somewhere())
    }

    /// What permission sets make possible together and none of them alone: patterns with several needs.
    pub(crate) fn joined(&self, sets: &[u32]) -> Vec<Hit<'a>> {
        let sets: Vec<&PermissionSet<'_>> =
            sets.iter().map(|&set| &self.sets[set as usize]).collect();
        if sets.len() < 2 || sets.iter().any(|set| set.is_admin) {
            return Vec::new();
        }
        let mut scopes: Vec<Option<&'a str>> = sets.iter().map(|set| set.scope).collect();
        scopes.push(None);
        scopes.sort_unstable();
        scopes.dedup();
        let mut found: Vec<Hit<'a>> = Vec::new();
        for scope in scopes {
            let within = sets
                .iter()
                .filter(|set| set.scope.is_none() || set.scope == scope);
            let within: Vec<&&PermissionSet<'_>> = within.collect();
            if within.len() < 2 {
                continue;
            }
            let rules = within.iter().filter_map(|set| set.role);
            let mut uses = Vec::new();
            for role in rules {
                for &rule in self.graph.rules(role) {
                    let met = self.met.get(&rule).into_iter().flatten();
                    let several = met.filter(|(pattern, _)| pattern.needs.len() > 1);
                    uses.extend(several.map(|&(pattern, need)| (pattern, need, rule)));
                }
            }
            uses.sort_by_key(|(pattern, need, rule)| (pattern.id, *need, *rule));
            uses.dedup();
            for own in uses.chunk_by(|left, right| left.0 == right.0) {
                let Some(&(pattern, ..)) = own.first() else {
                    continue;
                };
                let counts = match (pattern.scope, scope) {
                    (Scope::Cluster, Some(_)) => false,
                    (Scope::In(namespace), Some(own)) => own == namespace,
                    _ => true,
                };
                let is_alone = within
                    .iter()
                    .any(|set| set.hits.iter().any(|hit| hit.pattern == pattern));
                let is_wide = |hit: &Hit<'_>| hit.pattern == pattern && hit.scope.is_none();
                if counts && !is_alone && !found.iter().any(is_wide) {
                    found.extend(self.hit(pattern, scope, own));
                }
            }
        }
        found
    }

    /// The rule, and what in it the need is about: the resources that it names, or all of it.
    pub(crate) fn places_of(&self, used: &Use, inventory: &Inventory) -> Vec<(Place, Place)> {
        let Some(rule) = self.graph.rule(used.rule) else {
            return Vec::new();
        };
        let whole = Place::from(rule);
        let Some(resource) = self.graph.resource(inventory, rule.resource) else {
            return Vec::new();
        };
        let node = resource.document.at(rule.node);
        let written: Vec<NodeRef<'_>> = field(node, "resources")
            .into_iter()
            .flat_map(NodeRef::items)
            .collect();
        let is_meant = |item: &&NodeRef<'_>| {
            let text = item.as_str().unwrap_or("");
            used.need.resources.contains(&text)
        };
        let meant: Vec<&NodeRef<'_>> = written.iter().filter(is_meant).collect();
        let is_wide = written
            .iter()
            .any(|item| item.as_str().is_some_and(|text| text.contains('*')));
        if is_wide || meant.is_empty() || meant.len() == written.len() {
            return vec![(whole, whole)];
        }
        let part = |item: &&NodeRef<'_>| Place {
            node: item.id(),
            ..whole
        };
        meant.iter().map(|item| (whole, part(item))).collect()
    }

    /// Whether a rule's verbs hold one of some words, or all.
    pub(crate) fn has_verb(&self, used: &Use, words: &[&str]) -> bool {
        let mut verbs = self.graph.verbs(used.rule);
        verbs.any(|verb| verb == "*" || words.contains(&verb))
    }

    /// The roles that a role takes rules from, with the place of the labels that make it so.
    pub(crate) fn aggregated(&self, role: RoleId) -> Vec<RoleId> {
        let rules = self.graph.rules(role).iter();
        let written = rules.filter_map(|&rule| self.graph.role_of_rule(rule));
        let mut sources: Vec<RoleId> = written.filter(|&own| own != role).collect();
        sources.sort_unstable();
        sources.dedup();
        sources
    }
}

impl PermissionSet<'_> {
    /// Whether someone gains anything from it, as far as is known.
    pub(crate) fn leads_somewhere(&self) -> bool {
        self.is_admin || self.role.is_none() || !self.hits.is_empty()
    }
}

/// The label of a role that aggregated roles select.
pub(crate) fn aggregation_label(object: NodeRef<'_>) -> Option<NodeRef<'_>> {
    let labels = field(field(object, "metadata")?, "labels")?;
    let mut entries = labels.entries();
    entries
        .find(|entry| entry.name().contains("/aggregate-to-"))
        .map(|entry| entry.value)
        .or_else(|| text(labels, "rbac.authorization.k8s.io/aggregate").map(|_| labels))
}
