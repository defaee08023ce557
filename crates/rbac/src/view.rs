//! Roles, bindings and rules as they are, for whoever walks the graph: controls, and comparisons of two graphs.

use crate::draft::of_subject;
use crate::graph::Graph;
use crate::names::{List, Name};
use crate::request::{Rights, Subject};
use crate::tables::{Binding, BindingId, Place, ResourceIndex, RoleId, RuleId, SubjectId};

/// A role or binding, or another object with a name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Named<'g> {
    /// Its kind.
    pub kind: &'static str,
    /// Its namespace; `None` for cluster-wide kinds.
    pub namespace: Option<&'g str>,
    /// Its name.
    pub name: &'g str,
    /// The object.
    pub place: Place,
}

/// What a rule says, in the order of the text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RuleText<'g> {
    /// Verbs.
    pub verbs: Vec<&'g str>,
    /// API groups.
    pub groups: Vec<&'g str>,
    /// Resources, with their subresources.
    pub resources: Vec<&'g str>,
    /// The only objects that it holds for; empty for all.
    pub names: Vec<&'g str>,
    /// Paths that are no resources.
    pub urls: Vec<&'g str>,
}

/// A subject of a binding.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bound<'g> {
    /// Its id.
    pub id: SubjectId,
    /// Who it is.
    pub subject: Subject<'g>,
    /// The item of `subjects` that names it.
    pub place: Place,
}

impl Graph {
    /// All roles: those that were scanned, then the default ones that were needed.
    pub fn roles(&self) -> impl ExactSizeIterator<Item = RoleId> + use<> {
        (0..self.roles.len() as u32).map(RoleId)
    }

    /// A role.
    pub fn role(&self, id: RoleId) -> Option<Named<'_>> {
        let row = self.roles.get(id.index())?;
        let kind = match row.scope {
            Name::EMPTY => "ClusterRole",
            _ => "Role",
        };
        Some(self.named(kind, (row.scope, row.name), row.place))
    }

    /// The role of a name, in a namespace or in the cluster.
    pub fn find_role(&self, namespace: Option<&str>, name: &str) -> Option<RoleId> {
        let scope = namespace.map_or(Name::EMPTY, |namespace| self.names.find(namespace));
        self.role_id(scope, self.names.find(name))
    }

    /// The rules of a role, those that it aggregates included.
    pub fn rules(&self, role: RoleId) -> &[RuleId] {
        self.role_rules.of(role.0)
    }

    /// Where a rule is written.
    pub fn rule(&self, id: RuleId) -> Option<Place> {
        self.rules.get(id.index()).map(|rule| rule.place)
    }

    /// The verbs of a rule.
    pub fn verbs(&self, rule: RuleId) -> impl Iterator<Item = &str> {
        self.texts_of(self.rules.get(rule.index()).map(|rule| rule.rights.verbs))
    }

    /// The resources of a rule as they are written, subresources behind a slash.
    pub fn resources(&self, rule: RuleId) -> impl Iterator<Item = &str> {
        let rights = self.rules.get(rule.index()).map(|rule| rule.rights);
        self.texts_of(rights.map(|rights| rights.resources))
    }

    /// The only objects that a rule holds for; none when it holds for all.
    pub fn object_names(&self, rule: RuleId) -> impl Iterator<Item = &str> {
        let rights = self.rules.get(rule.index()).map(|rule| rule.rights);
        self.texts_of(rights.map(|rights| rights.names))
    }

    /// The role that a rule is written in: another one where a role aggregates it.
    pub fn role_of_rule(&self, rule: RuleId) -> Option<RoleId> {
        self.rules.get(rule.index()).map(|rule| rule.role)
    }

    /// Whether a role allows everything with every resource.
    pub fn is_admin_role(&self, role: RoleId) -> bool {
        let mut rules = self.rules(role).iter();
        rules.any(|&rule| self.is_everything_rule(rule))
    }

    /// What a rule says, as it is written.
    pub fn rule_text(&self, rule: RuleId) -> RuleText<'_> {
        let rights = self.rules.get(rule.index()).map(|rule| rule.rights);
        let texts = |list: fn(&Rights) -> List| self.texts_of(rights.as_ref().map(list)).collect();
        RuleText {
            verbs: texts(|rights| rights.verbs),
            groups: texts(|rights| rights.groups),
            resources: texts(|rights| rights.resources),
            names: texts(|rights| rights.names),
            urls: texts(|rights| rights.urls),
        }
    }

    /// Whether some rule has a verb, other than by a star.
    pub fn has_verb(&self, verb: &str) -> bool {
        let verb = self.names.find(verb);
        let mut rules = self.rules.iter();
        rules.any(|rule| self.lists.get(rule.rights.verbs).contains(&verb))
    }

    /// Whether some rule has a resource, with its subresource, other than by a star.
    pub fn has_resource(&self, resource: &str) -> bool {
        let resource = self.names.find(resource);
        !self.rules_by_resource.of(resource.0).is_empty()
    }

    /// The API groups that rules name with a resource, sorted; stars say nothing.
    pub fn groups_of_resource(&self, resource: &str) -> Vec<&str> {
        let resource = self.names.find(resource);
        let rules = self.rules_by_resource.of(resource.0).iter();
        let groups = rules.flat_map(|rule| self.lists.get(self.rules[rule.index()].rights.groups));
        let groups = groups.filter(|group| **group != Name::ANY);
        let mut groups: Vec<&str> = groups.map(|group| self.names.text(*group)).collect();
        groups.sort_unstable();
        groups.dedup();
        groups
    }

    /// The ServiceAccount that a subject is, where it was scanned.
    pub fn service_account(&self, subject: SubjectId) -> Option<ResourceIndex> {
        let written = of_subject(&self.facts.written, subject);
        written.first().map(|(_, resource)| *resource)
    }

    /// The resources whose pods run as a service account, each once; none when the graph was built without a look at pods.
    pub fn running_as(&self, subject: SubjectId) -> impl Iterator<Item = ResourceIndex> + '_ {
        let running = self.facts.running.as_deref().unwrap_or_default();
        let carriers = of_subject(running, subject).iter();
        carriers.map(|(_, resource)| *resource)
    }

    /// Whether a Secret holds a token of a service account.
    pub fn has_token_secret(&self, subject: SubjectId) -> bool {
        let mut tokens = self.facts.tokens.iter();
        tokens.any(|token| token.subject == subject)
    }

    /// The groups that a subject is in, as far as bindings name them.
    pub fn groups_of(&self, subject: SubjectId) -> impl Iterator<Item = SubjectId> + '_ {
        self.principals_of(subject).skip(1)
    }

    /// The bindings that name a role.
    pub fn bindings_of_role(&self, role: RoleId) -> &[BindingId] {
        self.role_bindings.of(role.0)
    }

    /// The bindings that grant a rule written in a role: those that name the role, or one that aggregates it.
    pub fn bindings_granting(&self, role: RoleId) -> Vec<BindingId> {
        let written = self.rules(role).iter();
        let aggregating = written.flat_map(|rule| self.rule_roles.of(rule.0));
        let roles = aggregating.copied().chain([role]);
        let mut roles: Vec<RoleId> = roles.collect();
        roles.sort_unstable();
        roles.dedup();
        let bindings = roles.iter().flat_map(|role| self.bindings_of_role(*role));
        let mut bindings: Vec<BindingId> = bindings.copied().collect();
        bindings.sort_unstable();
        bindings
    }

    /// All bindings, in the order of the inventory.
    pub fn bindings(&self) -> impl ExactSizeIterator<Item = BindingId> + use<> {
        (0..self.bindings.len() as u32).map(BindingId)
    }

    /// The binding that a resource of the inventory is.
    pub fn binding_at(&self, resource: u32) -> Option<BindingId> {
        let place = |binding: &Binding| binding.place.resource.0;
        let found = self.bindings.binary_search_by_key(&resource, place).ok()?;
        Some(BindingId(found as u32))
    }

    /// A binding.
    pub fn binding(&self, id: BindingId) -> Option<Named<'_>> {
        let row = self.bindings.get(id.index())?;
        let kind = match row.scope {
            Name::EMPTY => "ClusterRoleBinding",
            _ => "RoleBinding",
        };
        Some(self.named(kind, (row.scope, row.name), row.place))
    }

    /// The role of a binding; `None` when there is none of that name.
    pub fn role_of(&self, binding: BindingId) -> Option<RoleId> {
        self.bindings.get(binding.index())?.role
    }

    /// The subjects of a binding, in the order of the text.
    pub fn bound(&self, binding: BindingId) -> impl Iterator<Item = Bound<'_>> {
        let resource = self.bindings.get(binding.index());
        let members = self.binding_subjects.of(binding.0).iter();
        members.filter_map(move |member| {
            Some(Bound {
                id: member.subject,
                subject: self.subject(member.subject),
                place: Place {
                    resource: resource?.place.resource,
                    node: member.node,
                },
            })
        })
    }

    /// The bindings that name a subject itself, those of the cluster first.
    pub fn bindings_of(&self, subject: SubjectId) -> impl Iterator<Item = BindingId> + '_ {
        let bindings = self.subject_bindings.of(subject.0).iter();
        bindings.map(|&(_, id)| id)
    }

    pub(crate) fn named(
        &self,
        kind: &'static str,
        (scope, name): (Name, Name),
        place: Place,
    ) -> Named<'_> {
        Named {
            kind,
            namespace: self.scope_text(scope),
            name: self.names.text(name),
            place,
        }
    }

    fn texts_of(&self, list: Option<List>) -> impl Iterator<Item = &str> {
        let list = self.lists.get(list.unwrap_or(List::EMPTY)).iter();
        list.map(|&name| self.names.text(name))
    }
}

#[cfg(test)]
mod tests {
    use crate::Subject;
    use crate::testing::graph;

    #[test]
    fn the_graph_can_be_walked_from_role_to_subject() {
        let graph = graph(
            "
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader, namespace: shop}
rules: [{apiGroups: [''], resources: [pods], verbs: [get, list]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: ann-reads, namespace: shop}
roleRef: {kind: Role, name: reader}
subjects: [{kind: User, name: ann}]
",
        );
        let role = graph.find_role(Some("shop"), "reader").unwrap();
        assert_eq!(graph.find_role(None, "reader"), None);
        let verbs: Vec<&str> = graph.verbs(graph.rules(role)[0]).collect();
        assert_eq!(verbs, ["get", "list"]);
        let [binding] = graph.bindings_of_role(role) else {
            panic!("not one binding");
        };
        assert_eq!(graph.binding(*binding).unwrap().name, "ann-reads");
        assert_eq!(graph.role_of(*binding), Some(role));
        let bound: Vec<_> = graph.bound(*binding).collect();
        assert_eq!(bound[0].subject, Subject::User("ann"));
        assert!(graph.bindings_of(bound[0].id).eq([*binding]));
        assert_eq!(graph.bindings().len(), 1);
    }
}
