//! Permissions as a graph to draw: subjects, bindings, roles, permissions, and what these lead to, in layers.

mod leads;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use model::Severity;
use model::graph::{Edge, EdgeStyle, Kind, Node, NodeIndex, Outline};

use crate::danger::Danger;
use crate::escalation::{Distances, Escalator, Goal};
use crate::graph::Graph;
use crate::request::Subject;
use crate::tables::{BindingId, Grant, RoleId, RuleId, SubjectId};

/// The layers, in the direction of reading.
const LAYERS: [&str; 5] = ["Subjects", "Bindings", "Roles", "Permissions", "Leads to"];

const USER: Kind = kind("user", "users", Outline::Pill);
const GROUP: Kind = kind("group", "groups", Outline::Pill);
const ACCOUNT: Kind = kind("service account", "service accounts", Outline::Pill);
const SUBJECT: Kind = kind("subject", "subjects", Outline::Pill);
const BINDING: Kind = kind("RoleBinding", "RoleBindings", Outline::Slanted);
const CLUSTER_BINDING: Kind = kind(
    "ClusterRoleBinding",
    "ClusterRoleBindings",
    Outline::Slanted,
);
const ROLE: Kind = kind("Role", "Roles", Outline::Hexagon);
const CLUSTER_ROLE: Kind = kind("ClusterRole", "ClusterRoles", Outline::Hexagon);
const PERMISSION: Kind = kind("permission", "permissions", Outline::Note);
const GOAL: Kind = kind("goal", "goals", Outline::Double);

/// A list that is longer than this is cut in a label; the tooltip has all of it.
const LISTED: usize = 4;

const fn kind(one: &'static str, many: &'static str, outline: Outline) -> Kind {
    Kind { one, many, outline }
}

impl Escalator<'_> {
    /// What some grants consist of: who has them, by which bindings and roles.
    pub fn picture_of_grants(&self, title: &str, grants: &[Grant]) -> model::Graph {
        let mut picture = Picture::new(self, title);
        for grant in grants {
            picture.grant(*grant);
        }
        picture.finish()
    }

    /// Everything that all subjects of the graph are granted.
    pub fn picture(&self, title: &str) -> model::Graph {
        let mut picture = Picture::new(self, title);
        // Whoever no binding names has nothing to show.
        for id in self.graph.subjects() {
            if self.graph.bindings_of(id).next().is_some() {
                picture.subject_with_own(id);
            }
        }
        picture.finish()
    }

    /// What a subject and its groups are granted, and what that leads to in some steps.
    pub fn picture_around(&self, title: &str, subject: Subject<'_>, depth: u32) -> model::Graph {
        let mut picture = Picture::new(self, title);
        let own = picture.subject(subject);
        for principal in self.graph.principals(subject) {
            let node = picture.subject_with_own(principal);
            if node != own {
                // The bindings of a group are those of its members too.
                let edge = Edge {
                    label: "in".to_owned(),
                    ..Edge::new(own, node, EdgeStyle::Related)
                };
                picture.edge(edge);
            }
        }
        picture.leads_to(subject, own, depth);
        picture.finish()
    }
}

/// A picture while it grows.
struct Picture<'e, 'g> {
    escalator: &'e Escalator<'g>,
    distances: Distances,
    graph: model::Graph,
    edges: BTreeSet<(NodeIndex, NodeIndex, String)>,
    /// The patterns that lead from one node to another, with how bad they are.
    escalations: BTreeMap<(NodeIndex, NodeIndex), Vec<(&'static str, Severity)>>,
    /// Subjects that are one node, by their layer.
    many: BTreeMap<(u32, Vec<SubjectId>), NodeIndex>,
}

impl<'e, 'g> Picture<'e, 'g> {
    fn new(escalator: &'e Escalator<'g>, title: &str) -> Self {
        let description = "Subjects on the left, the bindings that name them, the roles that these give, and the permissions in them.";
        let mut graph = model::Graph::new(title, description);
        graph.layers = LAYERS.map(str::to_owned).to_vec();
        Picture {
            escalator,
            distances: escalator.distances(Goal::ClusterAdmin),
            graph,
            edges: BTreeSet::new(),
            escalations: BTreeMap::new(),
            many: BTreeMap::new(),
        }
    }

    fn rbac(&self) -> &'g Graph {
        self.escalator.graph
    }

    fn edge(&mut self, edge: Edge) {
        if self.edges.insert((edge.from, edge.to, edge.label.clone())) {
            self.graph.add_edge(edge);
        }
    }

    /// A subject with the bindings that name it.
    fn subject_with_own(&mut self, id: SubjectId) -> NodeIndex {
        let rbac = self.rbac();
        let node = self.subject(rbac.subject(id));
        for binding in rbac.bindings_of(id) {
            let to = self.binding(binding);
            self.edge(Edge::new(node, to, EdgeStyle::Grants));
            let from = to;
            let Some(role) = rbac.role_of(binding) else {
                let to = self.missing_role(binding);
                self.edge(Edge::new(from, to, EdgeStyle::Unknown));
                continue;
            };
            let to = self.role(role);
            self.edge(Edge::new(from, to, EdgeStyle::Grants));
            for rule in rbac.rules(role) {
                self.permission(role, *rule);
            }
        }
        node
    }

    /// The chain of one grant.
    fn grant(&mut self, grant: Grant) {
        let rbac = self.rbac();
        let node = self.subject(rbac.subject(grant.subject()));
        let (Some(binding), Some(rule)) = (grant.binding(), grant.rule()) else {
            let to = self.goal(
                "everything",
                "everything in the cluster",
                Some(Severity::Critical),
            );
            self.edge(Edge::new(node, to, EdgeStyle::Grants));
            return;
        };
        let to = self.binding(binding);
        self.edge(Edge::new(node, to, EdgeStyle::Grants));
        if let Some(role) = rbac.role_of(binding) {
            let from = to;
            let to = self.role(role);
            self.edge(Edge::new(from, to, EdgeStyle::Grants));
            self.permission(role, rule);
        }
    }

    fn subject(&mut self, subject: Subject<'_>) -> NodeIndex {
        self.subject_in(subject, 0)
    }

    fn subject_in(&mut self, subject: Subject<'_>, layer: u32) -> NodeIndex {
        let detail = match subject {
            Subject::ServiceAccount { namespace, .. } => namespace,
            Subject::User(_) | Subject::Group(_) => "",
        };
        let id = self.rbac().find(subject);
        let danger = id.map(|id| self.escalator.danger(id, &self.distances));
        self.graph.add_node(Node {
            detail: detail.to_owned(),
            risk: danger.and_then(Danger::severity),
            layer: Some(layer),
            ..Node::new(
                format!("subject/{layer}/{subject}"),
                kind_of(subject),
                name_of(subject),
            )
        })
    }

    fn binding(&mut self, id: BindingId) -> NodeIndex {
        let binding = self.rbac().binding(id);
        let name = binding.map_or("", |binding| binding.name);
        let namespace = binding.and_then(|binding| binding.namespace);
        let kind = namespace.map_or(CLUSTER_BINDING, |_| BINDING);
        self.graph.add_node(Node {
            detail: namespace.unwrap_or_default().to_owned(),
            layer: Some(1),
            ..Node::new(format!("binding/{}", id.index()), kind, name)
        })
    }

    fn role(&mut self, id: RoleId) -> NodeIndex {
        let role = self.rbac().role(id);
        let name = role.map_or("", |role| role.name);
        let namespace = role.and_then(|role| role.namespace);
        let kind = namespace.map_or(CLUSTER_ROLE, |_| ROLE);
        self.graph.add_node(Node {
            detail: namespace.unwrap_or_default().to_owned(),
            layer: Some(2),
            ..Node::new(format!("role/{}", id.index()), kind, name)
        })
    }

    /// The role of a binding, which was not scanned.
    fn missing_role(&mut self, binding: BindingId) -> NodeIndex {
        let missing = self.rbac().missing_role(binding);
        let namespace = missing.and_then(|missing| missing.namespace);
        let name = missing.map_or("", |missing| missing.name);
        self.graph.add_node(Node {
            detail: "not scanned".to_owned(),
            layer: Some(2),
            ..Node::new(
                format!("role/{}/{name}", namespace.unwrap_or_default()),
                namespace.map_or(CLUSTER_ROLE, |_| ROLE),
                name,
            )
        })
    }

    /// A rule of a role: rules that say the same are one permission.
    fn permission(&mut self, of: RoleId, rule: RuleId) {
        let text = self.rbac().rule_text(rule);
        let what = if text.urls.is_empty() {
            &text.resources
        } else {
            &text.urls
        };
        let groups = text.groups.iter().filter(|group| !group.is_empty());
        let mut details = vec![listed(&groups.copied().collect::<Vec<_>>())];
        if !text.names.is_empty() {
            details.push(format!("only {}", listed(&text.names)));
        }
        details.retain(|detail| !detail.is_empty());
        let full = [
            text.verbs.join(" "),
            what.join(" "),
            text.groups.join(" "),
            text.names.join(" "),
        ];
        let met = self.escalator.meets(rule);
        let alone = met.iter().filter(|(pattern, _)| pattern.needs.len() == 1);
        let node = self.graph.add_node(Node {
            label: vec![listed(&text.verbs), listed(what)],
            detail: details.join(" · "),
            risk: alone.map(|(pattern, _)| pattern.severity).max(),
            layer: Some(3),
            tooltip: Some(full.join("\n").trim_end().to_owned()),
            ..Node::new(format!("permission/{}", full.join("/")), PERMISSION, "")
        });
        let from = self.role(of);
        self.edge(Edge::new(from, node, EdgeStyle::Grants));
    }

    fn goal(&mut self, id: &str, label: &str, risk: Option<Severity>) -> NodeIndex {
        self.graph.add_node(Node {
            layer: Some(4),
            risk,
            ..Node::new(format!("goal/{id}"), GOAL, label)
        })
    }
}

fn kind_of(subject: Subject<'_>) -> Kind {
    match subject {
        Subject::User(_) => USER,
        Subject::Group(_) => GROUP,
        Subject::ServiceAccount { .. } => ACCOUNT,
    }
}

fn name_of(subject: Subject<'_>) -> &str {
    match subject {
        Subject::User(name) | Subject::Group(name) | Subject::ServiceAccount { name, .. } => name,
    }
}

fn listed(words: &[&str]) -> String {
    let mut text = words
        .iter()
        .take(LISTED)
        .copied()
        .collect::<Vec<_>>()
        .join(" ");
    if words.len() > LISTED {
        text += " …";
    }
    text
}
