//! The graph: who is bound to what. Built once from an inventory, never changed.

use document::NodeId;
use foldhash::fast::FixedState;
use hashbrown::HashMap;
use model::{Inventory, Problem, ProblemKind, ProblemLevel, Resource, Views};

use crate::aggregate::aggregate;
use crate::defaults;
use crate::draft::{Draft, Facts, Member, Reader, Reference};
use crate::names::{Lists, Name, Names};
use crate::request::{Request, Subject};
use crate::subject::{
    MASTERS, groups_of_group, groups_of_user, service_account_user, split_service_account,
};
use crate::tables::{
    Adjacency, Binding, BindingId, Place, ResourceIndex, Role, RoleId, Rule, RuleId, SubjectId,
    SubjectRow,
};

/// What a graph is built with.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// The namespace of objects that name none: where `kubectl apply` puts them.
    pub default_namespace: &'a str,
    /// How to see pods, so that only service accounts which run pods count as running. Without it, all do.
    pub views: Option<&'a Views>,
    /// Whether a binding to a `ClusterRole` that every cluster has, such as `edit`, finds it although it was not scanned.
    pub default_roles: bool,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Options {
            default_namespace: "default",
            views: None,
            default_roles: true,
        }
    }
}

/// A binding whose role is not among what was scanned.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Dangling<'g> {
    /// The binding.
    pub binding: BindingId,
    /// Its `roleRef`.
    pub reference: Place,
    /// The namespace of the Role; `None` for a `ClusterRole`.
    pub namespace: Option<&'g str>,
    /// The name of the role.
    pub name: &'g str,
}

/// Subjects, bindings, roles and rules, as integers. Places point into the inventory that it was built from.
#[derive(Debug)]
pub struct Graph {
    pub(crate) names: Names,
    pub(crate) lists: Lists,
    pub(crate) rules: Vec<Rule>,
    pub(crate) roles: Vec<Role>,
    /// Rules of a role, aggregation evaluated.
    pub(crate) role_rules: Adjacency<RuleId>,
    /// Roles that have a rule.
    pub(crate) rule_roles: Adjacency<RoleId>,
    pub(crate) role_bindings: Adjacency<BindingId>,
    pub(crate) bindings: Vec<Binding>,
    pub(crate) binding_subjects: Adjacency<Member>,
    pub(crate) subjects: Vec<SubjectRow>,
    /// Bindings of a subject with their scopes, those of the whole cluster first, then by namespace.
    pub(crate) subject_bindings: Adjacency<(Name, BindingId)>,
    /// Rules by the entries of their `resources`.
    pub(crate) rules_by_resource: Adjacency<RuleId>,
    pub(crate) url_rules: Vec<RuleId>,
    /// `*/exec` for `pods/exec`, by name, where rules have both.
    pub(crate) any_with_subresource: Vec<Name>,
    pub(crate) facts: Facts,
    /// The groups that a subject implies, as far as bindings name them.
    subject_groups: Adjacency<SubjectId>,
    subject_index: HashMap<SubjectRow, SubjectId, FixedState>,
    role_index: HashMap<(Name, Name), RoleId, FixedState>,
    dangling: Vec<Reference>,
    problems: Vec<Problem>,
    scanned: u32,
    defaults: Vec<Resource>,
}

impl Graph {
    /// Reads what an inventory says of permissions and joins it.
    pub fn build(inventory: &Inventory, options: &Options<'_>) -> Graph {
        let namespace = match options.default_namespace {
            "" => "default",
            namespace => namespace,
        };
        let mut reader = Reader::new(namespace);
        if options.views.is_some() {
            reader.look_at_pods();
        }
        for (index, resource) in inventory.resources.iter().enumerate() {
            reader.read(resource, ResourceIndex(index as u32));
            for pod in options
                .views
                .iter()
                .flat_map(|views| views.pods_of(resource))
            {
                reader.pod(&pod, ResourceIndex(index as u32));
            }
        }
        let scanned = inventory.resources.len() as u32;
        let defaults = if options.default_roles && needs_defaults(&reader.draft) {
            add_defaults(&mut reader, scanned)
        } else {
            Vec::new()
        };
        join(reader.draft, inventory, defaults)
    }

    /// What could not be read, or would be refused by the API server, in the order of the inventory.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The bindings that name a role which is not there.
    pub fn dangling(&self) -> impl ExactSizeIterator<Item = Dangling<'_>> {
        self.dangling.iter().map(|reference| {
            let binding = &self.bindings[reference.binding.index()];
            Dangling {
                binding: reference.binding,
                reference: Place {
                    resource: binding.place.resource,
                    node: binding.reference,
                },
                namespace: self.scope_text(reference.scope),
                name: self.names.text(reference.name),
            }
        })
    }

    /// The role that a binding names, if it is not there.
    pub fn missing_role(&self, binding: BindingId) -> Option<Dangling<'_>> {
        let key = |reference: &Reference| reference.binding;
        let position = self.dangling.binary_search_by_key(&binding, key).ok()?;
        self.dangling().nth(position)
    }

    /// The resource behind an index: one of the inventory that the graph was built from, or a default role.
    pub fn resource<'a>(
        &'a self,
        inventory: &'a Inventory,
        index: ResourceIndex,
    ) -> Option<&'a Resource> {
        match index.0.checked_sub(self.scanned) {
            None => inventory.resources.get(index.index()),
            Some(position) => self.defaults.get(position as usize),
        }
    }

    /// Whether a resource was scanned; otherwise it is one of the roles that every cluster has.
    pub fn is_scanned(&self, index: ResourceIndex) -> bool {
        index.0 < self.scanned
    }

    /// All subjects that bindings name, and the service accounts that exist.
    pub fn subjects(&self) -> impl ExactSizeIterator<Item = SubjectId> + use<> {
        (0..self.subjects.len() as u32).map(SubjectId)
    }

    /// The subject behind an id.
    pub fn subject(&self, id: SubjectId) -> Subject<'_> {
        let Some(row) = self.subjects.get(id.index()) else {
            return Subject::User("");
        };
        let text = self.names.text(row.name);
        match (row.is_group, split_service_account(text)) {
            (true, _) => Subject::Group(text),
            (false, Some((namespace, name))) => Subject::ServiceAccount { namespace, name },
            (false, None) => Subject::User(text),
        }
    }

    /// The id of a subject; `None` when no binding names it and no such service account was scanned.
    pub fn find(&self, subject: Subject<'_>) -> Option<SubjectId> {
        match subject {
            Subject::User(name) => self.row(false, name),
            Subject::Group(name) => self.row(true, name),
            Subject::ServiceAccount { namespace, name } => {
                self.row(false, &service_account_user(namespace, name))
            }
        }
    }

    /// The name behind an integer.
    pub fn text(&self, name: Name) -> &str {
        self.names.text(name)
    }

    /// Bytes that the tables hold; the inventory is not theirs.
    pub fn memory(&self) -> usize {
        self.names.memory()
            + self.lists.memory()
            + self.rules.capacity() * size_of::<Rule>()
            + self.roles.capacity() * size_of::<Role>()
            + self.bindings.capacity() * size_of::<Binding>()
            + self.subjects.capacity() * size_of::<SubjectRow>()
            + self.subject_index.allocation_size()
            + self.role_index.allocation_size()
            + self.role_rules.memory()
            + self.rule_roles.memory()
            + self.role_bindings.memory()
            + self.binding_subjects.memory()
            + self.subject_bindings.memory()
            + self.subject_groups.memory()
            + self.rules_by_resource.memory()
            + self.url_rules.capacity() * 4
            + self.any_with_subresource.capacity() * 4
            + self.facts.memory()
    }

    pub(crate) fn row(&self, is_group: bool, name: &str) -> Option<SubjectId> {
        let name = self.names.find(name);
        self.subject_index
            .get(&SubjectRow { is_group, name })
            .copied()
    }

    pub(crate) fn role_id(&self, scope: Name, name: Name) -> Option<RoleId> {
        self.role_index.get(&(scope, name)).copied()
    }

    /// The namespace, or `None` for the whole cluster.
    pub(crate) fn scope_text(&self, scope: Name) -> Option<&str> {
        (scope != Name::EMPTY).then(|| self.names.text(scope))
    }

    /// The scope that a request's namespace stands for.
    pub(crate) fn scope_of(&self, request: &Request<'_>) -> Name {
        self.names.find(request.namespace())
    }

    /// A subject of the graph and the groups that it implies, as far as bindings name them.
    pub(crate) fn principals_of(&self, id: SubjectId) -> impl Iterator<Item = SubjectId> + '_ {
        std::iter::once(id).chain(self.subject_groups.of(id.0).iter().copied())
    }

    /// A subject and the groups that it implies, as far as bindings name them.
    pub(crate) fn principals(&self, subject: Subject<'_>) -> Vec<SubjectId> {
        if let Some(id) = self.find(subject) {
            return self.principals_of(id).collect();
        }
        let of_user = |user: &str| {
            let groups = groups_of_user(user).into_iter();
            let groups = groups.filter_map(|group| self.row(true, &group));
            self.row(false, user).into_iter().chain(groups).collect()
        };
        match subject {
            Subject::User(name) => of_user(name),
            Subject::ServiceAccount { namespace, name } => {
                of_user(&service_account_user(namespace, name))
            }
            Subject::Group(name) => groups_of_group(name)
                .into_iter()
                .filter_map(|group| self.row(true, group))
                .collect(),
        }
    }

    /// The bindings of a subject that count in a scope: those of the cluster, and those of the namespace.
    #[inline]
    pub(crate) fn bindings_in(
        &self,
        subject: SubjectId,
        scope: Name,
    ) -> impl Iterator<Item = BindingId> + use<'_> {
        let all = self.subject_bindings.of(subject.0);
        let cluster = all.partition_point(|&(own, _)| own == Name::EMPTY);
        let (of_cluster, rest) = all.split_at(cluster);
        let namespaced = if scope == Name::EMPTY {
            &[]
        } else {
            let start = rest.partition_point(|&(own, _)| own < scope);
            let end = rest.partition_point(|&(own, _)| own <= scope);
            &rest[start..end]
        };
        of_cluster.iter().chain(namespaced).map(|&(_, id)| id)
    }

    /// The rules of the role of a binding.
    #[inline]
    pub(crate) fn rules_of(&self, binding: BindingId) -> &[RuleId] {
        match self.bindings[binding.index()].role {
            Some(role) => self.role_rules.of(role.0),
            None => &[],
        }
    }

    /// The item of a binding that names a subject.
    pub(crate) fn member(&self, binding: BindingId, subject: SubjectId) -> Option<NodeId> {
        let members = self.binding_subjects.of(binding.0).iter();
        let mut own = members.filter(|member| member.subject == subject);
        own.next().map(|member| member.node)
    }
}

/// Whether a binding names a default role that was not scanned.
fn needs_defaults(draft: &Draft) -> bool {
    draft.references.iter().any(|reference| {
        let key = (reference.scope, reference.name);
        reference.scope == Name::EMPTY
            && !draft.role_index.contains_key(&key)
            && defaults::contains(draft.names.text(reference.name))
    })
}

/// Adds the default roles that were not scanned.
fn add_defaults(reader: &mut Reader<'_>, scanned: u32) -> Vec<Resource> {
    let mut resources = defaults::resources();
    resources.retain(|resource| {
        let name = reader.draft.names.find(&resource.name);
        !reader.draft.role_index.contains_key(&(Name::EMPTY, name))
    });
    for (position, resource) in resources.iter().enumerate() {
        reader.read(resource, ResourceIndex(scanned + position as u32));
    }
    resources
}

fn join(mut draft: Draft, inventory: &Inventory, defaults: Vec<Resource>) -> Graph {
    // The masters are always there, so that answers can name them; and so are these namespaces.
    draft.subject(true, MASTERS);
    for namespace in ["kube-system", "kube-public"] {
        draft.names.intern(namespace);
    }
    let aggregated = aggregate(&draft);
    for &role in &aggregated.cut {
        too_much(&mut draft, role, inventory);
    }
    let dangling = resolve(&mut draft);
    draft.facts.finish();
    draft.problems.sort_by(|left, right| {
        let place = |one: &Problem| one.location.as_ref().map_or(0, |place| place.span.start);
        (&left.file, place(left)).cmp(&(&right.file, place(right)))
    });
    let subject_groups = Adjacency::new(draft.subjects.len(), &groups_of_subjects(&draft));
    let (roles, bindings) = (draft.roles, draft.bindings);
    let rule_roles = inverse(&aggregated.role_rules, RoleId);
    let role_bindings: Vec<(u32, BindingId)> = (0..)
        .zip(&bindings)
        .filter_map(|(id, binding)| Some((binding.role?.0, BindingId(id))))
        .collect();
    let mut subject_bindings = Adjacency::new(
        draft.subjects.len(),
        &by_subject(&draft.binding_subjects, &bindings),
    );
    subject_bindings.sort_each_by_key(|&(scope, id)| (scope != Name::EMPTY, scope, id));
    Graph {
        rules_by_resource: Adjacency::new(
            draft.names.len(),
            &by_resource(&draft.rules, &draft.lists),
        ),
        url_rules: with_urls(&draft.rules, &draft.lists),
        role_rules: Adjacency::new(roles.len(), &aggregated.role_rules),
        rule_roles: Adjacency::new(draft.rules.len(), &rule_roles),
        role_bindings: Adjacency::new(roles.len(), &role_bindings),
        binding_subjects: Adjacency::new(bindings.len(), &draft.binding_subjects),
        subject_bindings,
        subject_groups,
        any_with_subresource: draft.names.any_with_subresource(),
        names: draft.names,
        lists: draft.lists,
        rules: draft.rules,
        roles,
        bindings,
        subjects: draft.subjects,
        facts: draft.facts,
        subject_index: draft.subject_index,
        role_index: draft.role_index,
        dangling,
        problems: draft.problems,
        scanned: inventory.resources.len() as u32,
        defaults,
    }
}

/// Finds the roles that bindings name; gives what was not found.
fn resolve(draft: &mut Draft) -> Vec<Reference> {
    let references = std::mem::take(&mut draft.references);
    let missing = references.into_iter().filter(|reference| {
        let role = draft.role_index.get(&(reference.scope, reference.name));
        draft.bindings[reference.binding.index()].role = role.copied();
        role.is_none()
    });
    missing.collect()
}

fn too_much(draft: &mut Draft, role: RoleId, inventory: &Inventory) {
    let row = draft.roles[role.index()];
    if let Some(resource) = inventory.resources.get(row.place.resource.index()) {
        let name = draft.names.text(row.name);
        let message = format!("ClusterRole {name} aggregates too much: its rules are incomplete");
        let place = (resource, resource.object());
        draft.problem(ProblemLevel::Error, ProblemKind::RbacLimit, place, message);
    }
}

fn inverse<T>(pairs: &[(u32, RuleId)], id: fn(u32) -> T) -> Vec<(u32, T)> {
    pairs.iter().map(|&(key, rule)| (rule.0, id(key))).collect()
}

/// The bindings of each subject; one that names a subject twice counts once.
fn by_subject(members: &[(u32, Member)], bindings: &[Binding]) -> Vec<(u32, (Name, BindingId))> {
    let mut pairs: Vec<(u32, (Name, BindingId))> = members
        .iter()
        .map(|&(binding, member)| {
            let scope = bindings[binding as usize].scope;
            (member.subject.0, (scope, BindingId(binding)))
        })
        .collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// The groups that each subject implies: authentication puts users into them, and some groups lie in others.
fn groups_of_subjects(draft: &Draft) -> Vec<(u32, SubjectId)> {
    let find = |group: &str| {
        let name = draft.names.find(group);
        let row = SubjectRow {
            is_group: true,
            name,
        };
        draft.subject_index.get(&row).copied()
    };
    let mut pairs = Vec::new();
    for (id, row) in (0..).zip(&draft.subjects) {
        let text = draft.names.text(row.name);
        if row.is_group {
            let others = groups_of_group(text).into_iter().skip(1);
            pairs.extend(others.filter_map(find).map(|group| (id, group)));
        } else {
            let groups = groups_of_user(text).into_iter();
            pairs.extend(
                groups
                    .filter_map(|group| find(&group))
                    .map(|group| (id, group)),
            );
        }
    }
    pairs
}

fn by_resource(rules: &[Rule], lists: &Lists) -> Vec<(u32, RuleId)> {
    let mut pairs = Vec::with_capacity(rules.len());
    for (id, rule) in (0..).zip(rules) {
        let names = lists.get(rule.rights.resources).iter();
        pairs.extend(names.map(|name| (name.0, RuleId(id))));
    }
    pairs
}

fn with_urls(rules: &[Rule], lists: &Lists) -> Vec<RuleId> {
    let has_urls = |rule: &Rule| !lists.get(rule.rights.urls).is_empty();
    let rules = (0..).zip(rules).filter(|(_, rule)| has_urls(rule));
    rules.map(|(id, _)| RuleId(id)).collect()
}
