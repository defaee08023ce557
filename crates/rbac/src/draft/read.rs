//! Reads roles, bindings and service accounts from the nodes of their documents.
//!
//! What has the wrong type is a problem, and what can be read beside it still counts: permissions only add up.

use std::sync::Arc;

use document::{Kind, NodeRef};
use model::{ProblemKind, ProblemLevel, Resource};

use super::{Draft, Member, Reference};
use crate::fields::{Field, FieldKeys};
use crate::names::{List, Name};
use crate::request::Rights;
use crate::selector::{Requirement, Selector};
use crate::subject::AUTHENTICATED;
use crate::tables::{Binding, BindingId, Place, ResourceIndex, RoleId, Rule, RuleId, SubjectId};

const RBAC_GROUP: &str = "rbac.authorization.k8s.io";

/// Something was read that has the wrong type.
const MALFORMED: ProblemKind = ProblemKind::RbacMalformed;
/// The API server would refuse it.
const INVALID: ProblemKind = ProblemKind::RbacInvalid;

/// Reads resources into a draft.
#[derive(Debug)]
pub(crate) struct Reader<'o> {
    pub(crate) draft: Draft,
    /// The namespace of objects that name none.
    pub(super) default_namespace: &'o str,
    keys: Option<FieldKeys>,
}

/// The resource at hand.
#[derive(Clone, Copy, Debug)]
pub(super) struct At<'r> {
    pub(super) resource: &'r Resource,
    pub(super) index: ResourceIndex,
}

impl At<'_> {
    fn place(&self, node: NodeRef<'_>) -> Place {
        Place {
            resource: self.index,
            node: node.id(),
        }
    }
}

impl<'o> Reader<'o> {
    pub(crate) fn new(default_namespace: &'o str) -> Self {
        Reader {
            draft: Draft::default(),
            default_namespace,
            keys: None,
        }
    }

    /// Takes what a resource says of permissions; most say nothing.
    pub(crate) fn read(&mut self, resource: &Resource, index: ResourceIndex) {
        let at = At { resource, index };
        match (resource.group(), &*resource.kind) {
            (RBAC_GROUP, "Role") => {
                let scope = self.namespace_of(resource);
                self.role(at, scope);
            }
            (RBAC_GROUP, "ClusterRole") => {
                let role = self.role(at, Name::EMPTY);
                self.cluster_role(at, role);
            }
            (RBAC_GROUP, "RoleBinding") => {
                let scope = self.namespace_of(resource);
                self.binding(at, scope);
            }
            (RBAC_GROUP, "ClusterRoleBinding") => self.binding(at, Name::EMPTY),
            ("", "ServiceAccount") if !resource.name.is_empty() => {
                let namespace = resource.namespace.as_deref();
                let namespace = namespace.unwrap_or(self.default_namespace);
                let subject = self.draft.service_account(namespace, &resource.name);
                self.draft.facts.written.push((subject, index));
            }
            ("", "Namespace") => self.namespace(at),
            ("", "Secret") => self.secret(at),
            _ => {}
        }
    }

    fn namespace_of(&mut self, resource: &Resource) -> Name {
        let namespace = resource.namespace.as_deref();
        let namespace = namespace.unwrap_or(self.default_namespace);
        self.draft.names.intern(namespace)
    }

    /// The ids of the names in the table that the resource was parsed with: the same for all of a scan.
    fn keys(&mut self, resource: &Resource) -> &FieldKeys {
        let keys = resource.document.keys();
        if self.keys.as_ref().is_some_and(|own| !own.are_of(keys)) {
            self.keys = None;
        }
        self.keys
            .get_or_insert_with(|| FieldKeys::new(&Arc::clone(keys)))
    }

    pub(super) fn field<'r>(
        &mut self,
        at: At<'r>,
        node: NodeRef<'r>,
        field: Field,
    ) -> Option<NodeRef<'r>> {
        self.keys(at.resource).get(node, field)
    }

    /// A field that must have a kind; anything else is a problem.
    fn typed<'r>(
        &mut self,
        at: At<'r>,
        node: NodeRef<'r>,
        field: Field,
        kind: Kind,
    ) -> Option<NodeRef<'r>> {
        let value = self.field(at, node, field)?;
        if value.kind() == kind {
            return Some(value);
        }
        let expected = match kind {
            Kind::Sequence => "a list",
            Kind::Mapping => "a mapping",
            _ => "a string",
        };
        let message = format!("`{}` is not {expected}", FieldKeys::name(field));
        self.malformed(at, value, message);
        None
    }

    fn text<'r>(&mut self, at: At<'r>, node: NodeRef<'r>, field: Field) -> &'r str {
        let value = self.typed(at, node, field, Kind::String);
        value.and_then(NodeRef::as_str).unwrap_or_default()
    }

    /// The items of a list that must be mappings.
    fn mappings<'r>(&mut self, at: At<'r>, node: NodeRef<'r>, field: Field) -> Vec<NodeRef<'r>> {
        let list = self.typed(at, node, field, Kind::Sequence);
        let items = list.into_iter().flat_map(NodeRef::items);
        items
            .filter(|item| {
                let is_mapping = item.kind() == Kind::Mapping;
                if !is_mapping {
                    let field = FieldKeys::name(field);
                    self.malformed(at, *item, format!("an item of `{field}` is not a mapping"));
                }
                is_mapping
            })
            .collect()
    }

    fn names<'r>(&mut self, at: At<'r>, node: NodeRef<'r>, field: Field) -> Vec<Name> {
        let list = self.typed(at, node, field, Kind::Sequence);
        let mut names = Vec::new();
        for item in list.into_iter().flat_map(NodeRef::items) {
            if let Some(text) = item.as_str() {
                names.push(self.draft.names.intern(text));
            } else {
                let field = FieldKeys::name(field);
                self.malformed(at, item, format!("an item of `{field}` is not a string"));
            }
        }
        names
    }

    fn list<'r>(&mut self, at: At<'r>, node: NodeRef<'r>, field: Field) -> List {
        let names = self.names(at, node, field);
        self.draft.lists.intern(&names)
    }

    fn malformed(&mut self, at: At<'_>, node: NodeRef<'_>, message: String) {
        let place = (at.resource, node);
        self.draft
            .problem(ProblemLevel::Error, MALFORMED, place, message);
    }

    fn invalid(&mut self, at: At<'_>, node: NodeRef<'_>, message: &str) {
        let message = format!(
            "the API server refuses this {}: {message}",
            at.resource.kind
        );
        let place = (at.resource, node);
        self.draft
            .problem(ProblemLevel::Unknown, INVALID, place, message);
    }

    fn role(&mut self, at: At<'_>, scope: Name) -> RoleId {
        let object = at.resource.object();
        let name = self.draft.names.intern(&at.resource.name);
        let role = self.draft.role(scope, name, at.place(object));
        for rule in self.mappings(at, object, Field::Rules) {
            self.rule(at, rule, role, scope);
        }
        role
    }

    fn rule<'r>(&mut self, at: At<'r>, node: NodeRef<'r>, role: RoleId, scope: Name) {
        let rights = Rights {
            verbs: self.list(at, node, Field::Verbs),
            groups: self.list(at, node, Field::ApiGroups),
            resources: self.list(at, node, Field::Resources),
            names: self.list(at, node, Field::ResourceNames),
            urls: self.list(at, node, Field::NonResourceUrls),
        };
        if let Some(message) = refusal(&rights, scope) {
            self.invalid(at, node, message);
        }
        let id = RuleId(self.draft.rules.len() as u32);
        let place = at.place(node);
        self.draft.rules.push(Rule {
            rights,
            role,
            place,
        });
        self.draft.role_rules.push((role.0, id));
    }

    /// Labels and aggregation.
    fn cluster_role(&mut self, at: At<'_>, role: RoleId) {
        let object = at.resource.object();
        let metadata = self.field(at, object, Field::Metadata);
        let labels = metadata.and_then(|metadata| self.field(at, metadata, Field::Labels));
        let labels = self.pairs(labels);
        if !labels.is_empty() {
            self.draft.labels.push((role, labels));
        }
        let aggregation = self.typed(at, object, Field::AggregationRule, Kind::Mapping);
        let Some(aggregation) = aggregation else {
            return;
        };
        let uid = metadata.and_then(|metadata| self.field(at, metadata, Field::Uid));
        if uid.is_some() {
            self.draft.served.push(at.index);
        }
        let mut selectors = Vec::new();
        let nodes = self.mappings(at, aggregation, Field::ClusterRoleSelectors);
        if nodes.is_empty() {
            self.invalid(at, aggregation, "the aggregation has no selector");
        }
        for node in nodes {
            selectors.extend(self.selector(at, node));
        }
        self.draft.aggregated.push((role, selectors));
    }

    /// Keys and string values of a mapping, sorted.
    fn pairs(&mut self, mapping: Option<NodeRef<'_>>) -> Vec<(Name, Name)> {
        let mut pairs = Vec::new();
        for entry in mapping.into_iter().flat_map(NodeRef::entries) {
            if let Some(value) = entry.value.as_str() {
                let names = &mut self.draft.names;
                pairs.push((names.intern(entry.name()), names.intern(value)));
            }
        }
        pairs.sort_unstable();
        pairs
    }

    /// A selector; `None` for one that cannot be read, so that it does not select everything.
    fn selector<'r>(&mut self, at: At<'r>, node: NodeRef<'r>) -> Option<Selector> {
        let before = self.draft.problems.len();
        let labels = self.typed(at, node, Field::MatchLabels, Kind::Mapping);
        let pairs = self.pairs(labels);
        if pairs.len() != labels.map_or(0, NodeRef::len) {
            let message = "a value of `matchLabels` is not a string".to_owned();
            self.malformed(at, node, message);
        }
        let mut requirements: Vec<Requirement> = pairs
            .into_iter()
            .map(|(key, value)| Requirement::In(key, vec![value]))
            .collect();
        for expression in self.mappings(at, node, Field::MatchExpressions) {
            requirements.extend(self.requirement(at, expression));
        }
        let is_whole = self.draft.problems.len() == before;
        is_whole.then_some(Selector { requirements })
    }

    fn requirement<'r>(&mut self, at: At<'r>, node: NodeRef<'r>) -> Option<Requirement> {
        let key = self.text(at, node, Field::Key);
        let key = self.draft.names.intern(key);
        let values = self.names(at, node, Field::Values);
        let has_values = !values.is_empty();
        let requirement = match (self.text(at, node, Field::Operator), has_values) {
            ("In", true) => Requirement::In(key, values),
            ("NotIn", true) => Requirement::NotIn(key, values),
            ("Exists", false) => Requirement::Exists(key),
            ("DoesNotExist", false) => Requirement::DoesNotExist(key),
            _ => {
                self.invalid(
                    at,
                    node,
                    "its selector has no such operator, or wrong values",
                );
                return None;
            }
        };
        Some(requirement)
    }

    fn binding(&mut self, at: At<'_>, scope: Name) {
        let object = at.resource.object();
        let id = BindingId(self.draft.bindings.len() as u32);
        let reference = self.typed(at, object, Field::RoleRef, Kind::Mapping);
        let place = at.place(object);
        let name = self.draft.names.intern(&at.resource.name);
        self.draft.bindings.push(Binding {
            scope,
            name,
            role: None,
            place,
            reference: reference.unwrap_or(object).id(),
        });
        match reference {
            Some(reference) => self.reference(at, reference, id, scope),
            None => self.invalid(at, object, "it has no `roleRef`"),
        }
        for node in self.mappings(at, object, Field::Subjects) {
            if let Some(subject) = self.subject(at, node, scope) {
                let node = node.id();
                let member = Member { subject, node };
                self.draft.binding_subjects.push((id.0, member));
            }
        }
    }

    fn reference<'r>(&mut self, at: At<'r>, node: NodeRef<'r>, binding: BindingId, scope: Name) {
        // The authorizer does not look at the group; validation does.
        if !matches!(self.text(at, node, Field::ApiGroup), "" | RBAC_GROUP) {
            self.invalid(at, node, "`roleRef.apiGroup` is not that of RBAC");
        }
        let name = self.text(at, node, Field::Name);
        let scope = match self.text(at, node, Field::Kind) {
            "ClusterRole" => Name::EMPTY,
            "Role" if scope != Name::EMPTY => scope,
            _ => {
                self.invalid(at, node, "`roleRef.kind` names no role that it can bind");
                return;
            }
        };
        if name.is_empty() {
            self.invalid(at, node, "`roleRef.name` is empty");
            return;
        }
        let name = self.draft.names.intern(name);
        self.draft.references.push(Reference {
            binding,
            scope,
            name,
        });
    }

    fn subject<'r>(&mut self, at: At<'r>, node: NodeRef<'r>, scope: Name) -> Option<SubjectId> {
        let name = self.text(at, node, Field::Name);
        if name.is_empty() {
            self.invalid(at, node, "a subject has no name");
            return None;
        }
        match self.text(at, node, Field::Kind) {
            // Only in the first version did a star mean everybody.
            "User" if name == "*" && at.resource.version() == "v1alpha1" => {
                Some(self.draft.subject(true, AUTHENTICATED))
            }
            "User" => Some(self.draft.subject(false, name)),
            "Group" => Some(self.draft.subject(true, name)),
            "ServiceAccount" => self.service_account(at, node, scope),
            _ => {
                let message = "a subject is no User, Group or ServiceAccount";
                self.invalid(at, node, message);
                None
            }
        }
    }

    /// A service account is looked for in the binding's namespace when the subject names none.
    fn service_account<'r>(
        &mut self,
        at: At<'r>,
        node: NodeRef<'r>,
        scope: Name,
    ) -> Option<SubjectId> {
        let name = self.text(at, node, Field::Name);
        let namespace = match self.text(at, node, Field::Namespace) {
            "" => self.draft.names.text(scope).to_owned(),
            written => written.to_owned(),
        };
        if namespace.is_empty() {
            self.invalid(at, node, "a service account has no namespace");
            return None;
        }
        Some(self.draft.service_account(&namespace, name))
    }
}

/// Why the API server would refuse a rule.
fn refusal(rights: &Rights, scope: Name) -> Option<&'static str> {
    let names_resources = [rights.groups, rights.resources, rights.names]
        .iter()
        .any(|&list| list != List::EMPTY);
    let has_urls = rights.urls != List::EMPTY;
    if rights.verbs == List::EMPTY {
        Some("a rule has no verbs")
    } else if has_urls && scope != Name::EMPTY {
        Some("a rule of a namespaced role has `nonResourceURLs`")
    } else if has_urls && names_resources {
        Some("a rule has both resources and `nonResourceURLs`")
    } else if !has_urls && rights.groups == List::EMPTY {
        Some("a rule has no API groups")
    } else if !has_urls && rights.resources == List::EMPTY {
        Some("a rule has no resources")
    } else {
        None
    }
}
