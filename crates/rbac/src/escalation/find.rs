//! The small functions that say what a hit leads to: patterns share them.

use super::Target;
use super::pattern::{Find, Gain, Pattern};
use super::search::{Hit, Search};
use crate::draft::ServiceAccount;
use crate::graph::Graph;
use crate::names::Name;
use crate::subject::{MASTERS, split_service_account};
use crate::tables::{RoleId, SubjectId, SubjectRow};

/// Everything in the cluster.
pub(super) const CLUSTER_ADMIN: Find = Find {
    gain: Gain::Identity,
    take: cluster_admin,
};

/// Root on a node.
pub(super) const NODE: Find = Find {
    gain: Gain::Node,
    take: node,
};

/// Root on a node, from namespaces that let privileged pods in.
pub(super) const NODE_OF_UNGUARDED: Find = Find {
    gain: Gain::Node,
    take: node_of_unguarded,
};

/// What the pattern says, where it is held.
pub(super) const SCOPE: Find = Find {
    gain: Gain::Itself,
    take: scope,
};

/// What the pattern says, in the whole cluster wherever it is held.
pub(super) const CLUSTER: Find = Find {
    gain: Gain::Itself,
    take: cluster,
};

/// The service accounts of the scope that are stronger.
pub(super) const SERVICE_ACCOUNTS: Find = Find {
    gain: Gain::Identity,
    take: service_accounts,
};

/// Those of them that the first need may name.
pub(super) const NAMED_SERVICE_ACCOUNTS: Find = Find {
    gain: Gain::Identity,
    take: named_service_accounts,
};

/// Those of them that pods run as.
pub(super) const RUNNING_SERVICE_ACCOUNTS: Find = Find {
    gain: Gain::Identity,
    take: running_service_accounts,
};

/// Everything in the namespace, and so every service account of it.
pub(super) const NAMESPACE_ADMIN: Find = Find {
    gain: Gain::Identity,
    take: namespace_admin,
};

/// The Secrets of the scope, and the service accounts whose tokens lie in them.
pub(super) const SECRETS: Find = Find {
    gain: Gain::Identity,
    take: secrets,
};

/// The users that the first need may name. Whoever may be any user may be a component of the control plane.
pub(super) const USERS: Find = Find {
    gain: Gain::Identity,
    take: users,
};

/// The groups that the first need may name.
pub(super) const GROUPS: Find = Find {
    gain: Gain::Identity,
    take: groups,
};

/// The roles that the first need may name: all of them, or those that hold more than the subject.
pub(super) const ROLES: Find = Find {
    gain: Gain::Identity,
    take: roles,
};

fn cluster_admin(search: &mut Search<'_>, pattern: &'static Pattern, hit: &Hit) {
    search.push(pattern, hit, Target::ClusterAdmin);
}

fn node(search: &mut Search<'_>, pattern: &'static Pattern, hit: &Hit) {
    search.push(pattern, hit, Target::Node);
}

fn node_of_unguarded(search: &mut Search<'_>, pattern: &'static Pattern, hit: &Hit) {
    if !search.graph.facts.is_guarded(hit.scope) {
        node(search, pattern, hit);
    }
}

fn scope(search: &mut Search<'_>, pattern: &'static Pattern, hit: &Hit) {
    let target = match hit.scope {
        Name::EMPTY => Target::Cluster,
        namespace => Target::Namespace(namespace),
    };
    search.push(pattern, hit, target);
}

fn cluster(search: &mut Search<'_>, pattern: &'static Pattern, hit: &Hit) {
    search.push(pattern, hit, Target::Cluster);
}

fn service_accounts(search: &mut Search<'_>, pattern: &'static Pattern, hit: &Hit) {
    let all = accounts(search.graph, hit.scope);
    subjects(search, pattern, hit, all.map(|account| account.subject));
}

fn named_service_accounts(search: &mut Search<'_>, pattern: &'static Pattern, hit: &Hit) {
    let named = accounts(search.graph, hit.scope).filter(|account| hit.allows(account.name));
    subjects(search, pattern, hit, named.map(|account| account.subject));
}

fn running_service_accounts(search: &mut Search<'_>, pattern: &'static Pattern, hit: &Hit) {
    let graph = search.graph;
    let running = accounts(graph, hit.scope).map(|account| account.subject);
    let running = running.filter(|&subject| graph.facts.runs_pods(subject));
    subjects(search, pattern, hit, running);
}

fn namespace_admin(search: &mut Search<'_>, pattern: &'static Pattern, hit: &Hit) {
    scope(search, pattern, hit);
    service_accounts(search, pattern, hit);
}

fn secrets(search: &mut Search<'_>, pattern: &'static Pattern, hit: &Hit) {
    scope(search, pattern, hit);
    let graph = search.graph;
    let tokens = graph.facts.tokens.iter();
    let readable = tokens
        .filter(|token| hit.scope == Name::EMPTY || token.namespace == hit.scope)
        .filter(|token| hit.allows(token.secret))
        .map(|token| token.subject);
    subjects(search, pattern, hit, readable);
}

fn users(search: &mut Search<'_>, pattern: &'static Pattern, hit: &Hit) {
    if hit.allows_all() {
        cluster_admin(search, pattern, hit);
    }
    let graph = search.graph;
    let is_account = |name: Name| split_service_account(graph.names.text(name)).is_some();
    let users = named_rows(graph, hit).filter(|(_, row)| !row.is_group && !is_account(row.name));
    subjects(search, pattern, hit, users.map(|(id, _)| id));
}

fn groups(search: &mut Search<'_>, pattern: &'static Pattern, hit: &Hit) {
    let masters = search.graph.names.find(MASTERS);
    if hit.allows(masters) {
        cluster_admin(search, pattern, hit);
    }
    let groups = named_rows(search.graph, hit).filter(|(_, row)| row.is_group);
    subjects(search, pattern, hit, groups.map(|(id, _)| id));
}

fn roles(search: &mut Search<'_>, pattern: &'static Pattern, hit: &Hit) {
    if hit.allows_all() {
        match hit.scope {
            Name::EMPTY => cluster_admin(search, pattern, hit),
            _ => namespace_admin(search, pattern, hit),
        }
        return;
    }
    let is_of_scope = |scope: Name| scope == Name::EMPTY || scope == hit.scope;
    let roles: Vec<RoleId> = (0..)
        .zip(&search.graph.roles)
        .filter(|(_, role)| is_of_scope(role.scope) && hit.allows(role.name))
        .map(|(id, _)| RoleId(id))
        .collect();
    for role in roles {
        if search.covers_role(role, hit.scope) {
            continue;
        }
        let target = if search.graph.is_admin_role(role) && hit.scope == Name::EMPTY {
            Target::ClusterAdmin
        } else {
            Target::Role(role)
        };
        search.push(pattern, hit, target);
    }
}

/// The service accounts of a scope.
fn accounts(graph: &Graph, scope: Name) -> impl Iterator<Item = &ServiceAccount> {
    let facts = &graph.facts;
    let all = match scope {
        Name::EMPTY => &facts.service_accounts[..],
        namespace => facts.of_namespace(namespace),
    };
    all.iter()
}

/// The subjects that the first need may name.
fn named_rows<'g>(
    graph: &'g Graph,
    hit: &Hit,
) -> impl Iterator<Item = (SubjectId, &'g SubjectRow)> {
    let rows = (0..).map(SubjectId).zip(&graph.subjects);
    rows.filter(|(_, row)| hit.allows(row.name))
}

/// Those that are stronger.
fn subjects(
    search: &mut Search<'_>,
    pattern: &'static Pattern,
    hit: &Hit,
    candidates: impl Iterator<Item = SubjectId>,
) {
    for subject in candidates {
        if search.is_stronger(subject) {
            search.push(pattern, hit, Target::Subject(subject));
        }
    }
}
