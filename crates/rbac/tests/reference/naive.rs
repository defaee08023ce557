//! The plain evaluator: objects as texts, and loops.

use std::fmt::Write as _;

use rbac::{Permission, Permissions, Request};

/// One rule of a role.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rule {
    pub(crate) verbs: Vec<&'static str>,
    pub(crate) groups: Vec<&'static str>,
    pub(crate) resources: Vec<&'static str>,
    pub(crate) names: Vec<&'static str>,
    pub(crate) urls: Vec<&'static str>,
}

/// A Role, or without a namespace a `ClusterRole`.
#[derive(Clone, Debug)]
pub(crate) struct Role {
    pub(crate) namespace: Option<&'static str>,
    pub(crate) name: &'static str,
    pub(crate) rules: Vec<Rule>,
    /// The label `team`.
    pub(crate) team: Option<&'static str>,
    /// The team whose `ClusterRoles` it aggregates; `!` for those without a team.
    pub(crate) aggregates: Option<&'static str>,
}

/// An item of `subjects`.
#[derive(Clone, Copy, Debug)]
pub(crate) enum SubjectRef {
    User(&'static str),
    Group(&'static str),
    ServiceAccount {
        namespace: Option<&'static str>,
        name: &'static str,
    },
}

/// A `RoleBinding`, or without a namespace a `ClusterRoleBinding`.
#[derive(Clone, Debug)]
pub(crate) struct Binding {
    pub(crate) namespace: Option<&'static str>,
    pub(crate) is_cluster_role: bool,
    pub(crate) role: &'static str,
    pub(crate) subjects: Vec<SubjectRef>,
}

/// All objects.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) roles: Vec<Role>,
    pub(crate) bindings: Vec<Binding>,
}

impl World {
    pub(crate) fn allows(&self, user: &str, groups: &[&str], request: &Request<'_>) -> bool {
        if groups.contains(&"system:masters") {
            return true;
        }
        let namespace = match *request {
            Request::Resource { namespace, .. } => namespace,
            Request::Url { .. } => "",
        };
        self.bindings.iter().any(|binding| {
            let counts = binding.namespace.is_none_or(|own| own == namespace);
            let names_user = binding
                .subjects
                .iter()
                .any(|subject| applies(subject, binding.namespace, user, groups));
            counts && names_user && self.rules(binding).iter().any(|rule| rule.allows(request))
        })
    }

    fn rules(&self, binding: &Binding) -> Vec<&Rule> {
        let namespace = binding.namespace.filter(|_| !binding.is_cluster_role);
        let is_meant = |role: &&Role| role.name == binding.role && role.namespace == namespace;
        let Some(role) = self.roles.iter().find(is_meant) else {
            return Vec::new();
        };
        let mut seen = Vec::new();
        self.aggregated(role, &mut seen)
    }

    /// The rules of all roles that it selects, directly or not; its own when it selects none.
    fn aggregated<'w>(&'w self, role: &'w Role, seen: &mut Vec<&'w str>) -> Vec<&'w Rule> {
        if seen.contains(&role.name) {
            return Vec::new();
        }
        seen.push(role.name);
        let selected: Vec<&Role> = self
            .roles
            .iter()
            .filter(|other| other.namespace.is_none() && other.name != role.name)
            .filter(|other| match role.aggregates {
                None => false,
                Some("!") => other.team.is_none(),
                team => other.team == team,
            })
            .collect();
        if selected.is_empty() {
            return role.rules.iter().collect();
        }
        selected
            .into_iter()
            .flat_map(|other| self.aggregated(other, seen))
            .collect()
    }

    pub(crate) fn to_yaml(&self) -> String {
        let mut text = String::new();
        for role in &self.roles {
            object(&mut text, "Role", role.namespace, role.name);
            if let Some(team) = role.team {
                let _ = writeln!(text, "  labels: {{team: {team}}}");
            }
            match role.aggregates {
                Some("!") => {
                    text += "aggregationRule: {clusterRoleSelectors: [{matchExpressions: [{key: team, operator: DoesNotExist}]}]}\n";
                }
                Some(team) => {
                    let _ = writeln!(
                        text,
                        "aggregationRule: {{clusterRoleSelectors: [{{matchLabels: {{team: {team}}}}}]}}"
                    );
                }
                None => {}
            }
            text += "rules:\n";
            for rule in &role.rules {
                let _ = writeln!(
                    text,
                    "- {{verbs: {:?}, apiGroups: {:?}, resources: {:?}, resourceNames: {:?}, nonResourceURLs: {:?}}}",
                    rule.verbs, rule.groups, rule.resources, rule.names, rule.urls
                );
            }
        }
        for (number, binding) in self.bindings.iter().enumerate() {
            let name = format!("b{number}");
            object(&mut text, "RoleBinding", binding.namespace, &name);
            let prefix = if binding.is_cluster_role {
                "Cluster"
            } else {
                ""
            };
            let _ = write!(
                text,
                "roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: {prefix}Role, name: {}}}\nsubjects:\n",
                binding.role
            );
            for subject in &binding.subjects {
                text += &match subject {
                    SubjectRef::User(name) => format!("- {{kind: User, name: {name:?}}}\n"),
                    SubjectRef::Group(name) => format!("- {{kind: Group, name: {name:?}}}\n"),
                    SubjectRef::ServiceAccount { namespace, name } => format!(
                        "- {{kind: ServiceAccount, name: {name}, namespace: {:?}}}\n",
                        namespace.unwrap_or_default()
                    ),
                };
            }
        }
        text
    }
}

fn object(text: &mut String, kind: &str, namespace: Option<&str>, name: &str) {
    let prefix = if namespace.is_none() { "Cluster" } else { "" };
    let _ = write!(
        text,
        "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: {prefix}{kind}\nmetadata:\n  name: {name}\n"
    );
    if let Some(namespace) = namespace {
        let _ = writeln!(text, "  namespace: {namespace}");
    }
}

fn applies(subject: &SubjectRef, within: Option<&str>, user: &str, groups: &[&str]) -> bool {
    match *subject {
        SubjectRef::User(name) => name == user,
        SubjectRef::Group(name) => groups.contains(&name),
        SubjectRef::ServiceAccount { namespace, name } => namespace
            .or(within)
            .is_some_and(|namespace| user == format!("system:serviceaccount:{namespace}:{name}")),
    }
}

impl Rule {
    fn allows(&self, request: &Request<'_>) -> bool {
        match *request {
            Request::Resource {
                verb,
                group,
                resource,
                subresource,
                name,
                ..
            } => {
                let combined = match subresource {
                    "" => resource.to_owned(),
                    _ => format!("{resource}/{subresource}"),
                };
                starred(&self.verbs, verb)
                    && starred(&self.groups, group)
                    && self.resources.iter().any(|own| {
                        *own == "*"
                            || *own == combined
                            || (!subresource.is_empty() && *own == format!("*/{subresource}"))
                    })
                    && (self.names.is_empty() || self.names.contains(&name))
            }
            Request::Url { verb, path } => {
                starred(&self.verbs, verb) && self.urls.iter().any(|own| is_prefix(own, path))
            }
        }
    }
}

fn starred(list: &[&str], wanted: &str) -> bool {
    list.contains(&"*") || list.contains(&wanted)
}

fn is_prefix(url: &str, path: &str) -> bool {
    let mut prefix = url.to_owned();
    while prefix.ends_with('*') {
        prefix.pop();
    }
    url == path || (url.ends_with('*') && path.starts_with(&prefix))
}

/// The groups that authentication gives a name.
pub(crate) fn groups_of(user: &str) -> Vec<String> {
    let mut groups = Vec::new();
    let mut parts = user.split(':');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some("system"), Some("anonymous"), None, None) => {
            return vec!["system:unauthenticated".to_owned()];
        }
        (Some("system"), Some("serviceaccount"), Some(namespace), Some(_)) => {
            groups.push("system:serviceaccounts".to_owned());
            groups.push(format!("system:serviceaccounts:{namespace}"));
        }
        _ => {}
    }
    groups.push("system:authenticated".to_owned());
    groups
}

/// Whether a list of permissions contains a request.
pub(crate) fn listed(permissions: &Permissions<'_>, request: &Request<'_>) -> bool {
    let namespace = match *request {
        Request::Resource { namespace, .. } => namespace,
        Request::Url { .. } => "",
    };
    let within = permissions.namespaces.iter();
    let within = within.filter(|(own, _)| *own == namespace);
    let mut all = permissions
        .cluster
        .iter()
        .chain(within.flat_map(|(_, list)| list));
    // No path is listed in a namespace.
    assert!(
        permissions
            .namespaces
            .iter()
            .all(|(_, list)| list.iter().all(|one| one.urls.is_empty()))
    );
    permissions.is_masters || all.any(|one| permission_allows(one, request))
}

fn permission_allows(one: &Permission<'_>, request: &Request<'_>) -> bool {
    match *request {
        Request::Resource {
            verb,
            group,
            resource,
            subresource,
            name,
            ..
        } => {
            let combined = match subresource {
                "" => resource.to_owned(),
                _ => format!("{resource}/{subresource}"),
            };
            starred(&one.verbs, verb)
                && starred(&one.groups, group)
                && one.resources.iter().any(|own| {
                    *own == "*"
                        || *own == combined
                        || (!subresource.is_empty() && *own == format!("*/{subresource}"))
                })
                && (one.names.is_empty() || one.names.contains(&name))
        }
        Request::Url { verb, path } => {
            starred(&one.verbs, verb) && one.urls.iter().any(|own| is_prefix(own, path))
        }
    }
}
