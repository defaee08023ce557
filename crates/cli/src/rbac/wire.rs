//! What answers about permissions are made of, as their JSON has it.

use document::NodeId;
use model::Inventory;
use rbac::{
    BindingId, Dangling, Escalation, Grant, Graph, Named, Permission, Place, RuleId, Subject,
    Target,
};
use serde::Serialize;

use super::asked::{self, Asked};
use super::subject::word;
use crate::answers::wire::At;

/// A user, group or service account.
#[derive(Clone, PartialEq, Eq, Serialize, Debug)]
pub(crate) struct Who {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<String>,
    name: String,
    /// As the command line takes it.
    pub(crate) subject: String,
}

/// What was asked, as it was understood.
#[derive(Serialize, Debug)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Question {
    /// For people: `get secrets`.
    pub(crate) text: String,
    /// For people: `in namespace shop`.
    pub(crate) place: String,
    verb: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    api_group: Option<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    resource: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    subresource: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    path: String,
    /// Absent for the whole cluster, and when it was asked of any namespace.
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<String>,
    /// Whether one namespace is enough.
    anywhere: bool,
}

impl Question {
    pub(crate) fn new(asked: &Asked) -> Self {
        let mut question = Question {
            text: asked.text(),
            place: asked.place_text(),
            verb: asked.verb.clone(),
            api_group: None,
            resource: String::new(),
            subresource: String::new(),
            name: String::new(),
            path: String::new(),
            namespace: match &asked.place {
                asked::Place::Namespace(namespace) => Some(namespace.clone()),
                asked::Place::Anywhere | asked::Place::Cluster => None,
            },
            anywhere: asked.place == asked::Place::Anywhere,
        };
        match &asked.target {
            asked::Target::Url(path) => question.path.clone_from(path),
            asked::Target::Resource {
                group,
                resource,
                subresource,
                name,
            } => {
                question.api_group = Some(group.clone());
                question.resource.clone_from(resource);
                question.subresource.clone_from(subresource);
                question.name.clone_from(name);
            }
        }
        question
    }
}

/// A role or binding.
#[derive(Clone, Serialize, Debug)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Object {
    pub(crate) kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) namespace: Option<String>,
    pub(crate) name: String,
    /// Absent for a role that every cluster has and that was not scanned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) location: Option<At>,
}

/// A rule as it is written.
#[derive(Clone, Serialize, Debug)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Rule {
    pub(crate) verbs: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) api_groups: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) resources: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) resource_names: Vec<String>,
    #[serde(rename = "nonResourceURLs", skip_serializing_if = "Vec::is_empty")]
    pub(crate) urls: Vec<String>,
    /// Absent for a rule that is not written yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) location: Option<At>,
}

/// The chain of a grant: subject ← binding ← role ← rule.
#[derive(Clone, Serialize, Debug)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Chain {
    /// Whom the binding names: the one asked about, or a group of it.
    pub(crate) subject: Who,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) subject_location: Option<At>,
    pub(crate) binding: Object,
    pub(crate) role: Object,
    /// The role that the rule is written in, when `role` aggregates it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) aggregated: Option<Object>,
    pub(crate) rule: Rule,
}

/// Verbs on a resource, or on paths.
#[derive(Clone, Serialize, Debug)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Permitted {
    /// Absent for the whole cluster.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) namespace: Option<String>,
    pub(crate) verbs: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) api_groups: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) resources: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) resource_names: Vec<String>,
    #[serde(rename = "nonResourceURLs", skip_serializing_if = "Vec::is_empty")]
    pub(crate) urls: Vec<String>,
    pub(crate) chains: Vec<Chain>,
}

/// One escalation.
#[derive(Clone, Serialize, Debug)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Step {
    pub(crate) pattern: &'static str,
    pub(crate) severity: &'static str,
    pub(crate) title: &'static str,
    pub(crate) gain: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(crate) precondition: &'static str,
    pub(crate) becomes: Becomes,
    pub(crate) chains: Vec<Chain>,
}

/// What an escalation leads to.
#[derive(Clone, PartialEq, Eq, Serialize, Debug)]
#[serde(rename_all = "kebab-case", tag = "kind", content = "what")]
pub(crate) enum Becomes {
    ClusterAdmin,
    Node,
    Subject(Who),
    Role(String),
    Namespace(String),
    Cluster,
}

/// A binding whose role was not scanned: what it grants is not known.
#[derive(Clone, Serialize, Debug)]
pub(crate) struct Undecided {
    pub(crate) binding: Object,
    pub(crate) role: Object,
    pub(crate) subjects: Vec<Who>,
}

/// Makes them of a graph.
#[derive(Clone, Copy)]
pub(crate) struct View<'g> {
    pub(crate) graph: &'g Graph,
    pub(crate) inventory: &'g Inventory,
}

impl Who {
    pub(crate) fn new(subject: Subject<'_>) -> Self {
        let (kind, namespace, name) = match subject {
            Subject::User(name) => ("User", None, name),
            Subject::Group(name) => ("Group", None, name),
            Subject::ServiceAccount { namespace, name } => {
                ("ServiceAccount", Some(namespace), name)
            }
        };
        Who {
            kind,
            namespace: namespace.map(str::to_owned),
            name: name.to_owned(),
            subject: word(subject),
        }
    }
}

impl Object {
    /// `Role shop/reader`.
    pub(crate) fn text(&self) -> String {
        match &self.namespace {
            Some(namespace) => format!("{} {namespace}/{}", self.kind, self.name),
            None => format!("{} {}", self.kind, self.name),
        }
    }
}

impl View<'_> {
    /// Where a node is written; `None` in a role that was not scanned.
    pub(crate) fn at(&self, place: Place) -> Option<At> {
        if !self.graph.is_scanned(place.resource) {
            return None;
        }
        let resource = self.graph.resource(self.inventory, place.resource)?;
        Some(At::new(&resource.location(place.node)))
    }

    /// Where a resource of the inventory begins.
    pub(crate) fn at_resource(&self, index: rbac::ResourceIndex) -> Option<At> {
        let resource = self.inventory.resources.get(index.index())?;
        let node: NodeId = resource.root;
        Some(At::new(&resource.location(node)))
    }

    pub(crate) fn object(&self, named: Named<'_>) -> Object {
        Object {
            kind: named.kind,
            namespace: named.namespace.map(str::to_owned),
            name: named.name.to_owned(),
            location: self.at(named.place),
        }
    }

    /// The chain of a grant; `None` for what `system:masters` may, which no object gives.
    pub(crate) fn chain(&self, grant: Grant) -> Option<Chain> {
        let explained = self.graph.explain(grant)?;
        Some(Chain {
            subject: Who::new(explained.subject),
            subject_location: self.at(explained.subject_place),
            binding: self.object(explained.binding),
            role: self.object(explained.role),
            aggregated: explained.source.map(|source| self.object(source)),
            rule: self.rule(grant.rule()?),
        })
    }

    pub(crate) fn chains(&self, grants: &[Grant]) -> Vec<Chain> {
        grants
            .iter()
            .filter_map(|grant| self.chain(*grant))
            .collect()
    }

    fn rule(&self, rule: RuleId) -> Rule {
        let text = self.graph.rule_text(rule);
        Rule {
            verbs: owned(&text.verbs),
            api_groups: owned(&text.groups),
            resources: owned(&text.resources),
            resource_names: owned(&text.names),
            urls: owned(&text.urls),
            location: self.graph.rule(rule).and_then(|place| self.at(place)),
        }
    }

    pub(crate) fn permitted(
        &self,
        namespace: Option<&str>,
        permission: &Permission<'_>,
    ) -> Permitted {
        Permitted {
            namespace: namespace.map(str::to_owned),
            verbs: owned(&permission.verbs),
            api_groups: owned(&permission.groups),
            resources: owned(&permission.resources),
            resource_names: owned(&permission.names),
            urls: owned(&permission.urls),
            chains: self.chains(&permission.grants),
        }
    }

    pub(crate) fn step(&self, escalation: Escalation<'_>) -> Step {
        let pattern = escalation.pattern;
        Step {
            pattern: pattern.id,
            severity: pattern.severity.as_str(),
            title: pattern.title,
            gain: pattern.gain,
            precondition: pattern.precondition,
            becomes: self.becomes(escalation.target),
            chains: self.chains(escalation.grants),
        }
    }

    pub(crate) fn becomes(&self, target: Target) -> Becomes {
        match target {
            Target::ClusterAdmin => Becomes::ClusterAdmin,
            Target::Node => Becomes::Node,
            Target::Subject(id) => Becomes::Subject(Who::new(self.graph.subject(id))),
            Target::Role(id) => Becomes::Role(
                self.graph
                    .role(id)
                    .map_or_else(String::new, |role| self.object(role).text()),
            ),
            Target::Namespace(name) => Becomes::Namespace(self.graph.text(name).to_owned()),
            Target::Cluster => Becomes::Cluster,
        }
    }

    /// The bindings of which it is not known what they grant, as far as they are meant.
    pub(crate) fn undecided(&self, is_meant: impl Fn(BindingId) -> bool) -> Vec<Undecided> {
        if self.inventory.is_complete {
            return Vec::new();
        }
        let dangling = self.graph.dangling().filter(|one| is_meant(one.binding));
        let undecided = dangling.filter_map(|one| {
            Some(Undecided {
                binding: self.object(self.graph.binding(one.binding)?),
                role: missing_role(&one),
                subjects: self
                    .graph
                    .bound(one.binding)
                    .map(|bound| Who::new(bound.subject))
                    .collect(),
            })
        });
        undecided.collect()
    }
}

/// The role that a binding names, which was not scanned.
pub(crate) fn missing_role(dangling: &Dangling<'_>) -> Object {
    let is_namespaced = dangling.namespace.is_some();
    Object {
        kind: if is_namespaced { "Role" } else { "ClusterRole" },
        namespace: dangling.namespace.map(str::to_owned),
        name: dangling.name.to_owned(),
        location: None,
    }
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}
