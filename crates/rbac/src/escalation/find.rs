//! The small functions that say what a hit leads to: patterns share them.

use super::Target;
use super::pattern::Pattern;
use super::search::{Hit, Search};
use crate::draft::ServiceAccount;
use crate::graph::Graph;
use crate::names::Name;
use crate::subject::{MASTERS, split_service_account};
use crate::tables::{RoleId, SubjectId, SubjectRow};

/// Everything in the cluster.
pub(super) fn cluster_admin(search: &mut Search<'_>, pattern: &'static Pattern, hit: &Hit) {
    search.push(pattern, hit, Target::ClusterAdmin);
}

/// Root on a node.
pub(super) fn node(search: &mut Search<'_>, pattern: &'static Pattern, hit: &Hit) {
    search.push(pattern, hit, Target::Node);
}

/// Root on a node, from namespaces that let privileged pods in.
pub(super) fn node_of_unguarded(search: &mut Search<'_>, pattern: &'static Pattern, hit: &Hit) {
    if !search.graph.facts.is_guarded(hit.scope) {
        node(search, pattern, hit);
    }
}

/// What the pattern says, where it is held.
pub(super) fn scope(search: &mut Search<'_>, pattern: &'static Pattern, hit: &Hit) {
    let target = match hit.scope {
        Name::EMPTY => Target::Cluster,
        namespace => Target::Namespace(namespace),
    };
    search.push(pattern, hit, target);
}

/// What the pattern says, in the whole cluster wherever it is held.
pub(super) fn cluster(search: &mut Search<'_>, pattern: &'static Pattern, hit: &Hit) {
    search.push(pattern, hit, Target::Cluster);
}

/// The service accounts of the scope that are stronger.
pub(super) fn service_accounts(search: &mut Search<'_>, pattern: &'static Pattern, hit: &Hit) {
    let all = accounts(search.graph, hit.scope);
    subjects(search, pattern, hit, all.map(|account| account.subject));
}

/// Those of them that the first need may name.
pub(super) fn named_service_accounts(
    search: &mut Search<'_>,
    pattern: &'static Pattern,
    hit: &Hit,
) {
    let named = accounts(search.graph, hit.scope).filter(|account| hit.allows(account.name));
    subjects(search, pattern, hit, named.map(|account| account.subject));
}

/// Those of them that pods run as.
pub(super) fn running_service_accounts(
    search: &mut Search<'_>,
    pattern: &'static Pattern,
    hit: &Hit,
) {
    let graph = search.graph;
    let running = accounts(graph, hit.scope).map(|account| account.subject);
    let running = running.filter(|&subject| graph.facts.runs_pods(subject));
    subjects(search, pattern, hit, running);
}

/// Everything in the namespace, and so every service account of it.
pub(super) fn namespace_admin(search: &mut Search<'_>, pattern: &'static Pattern, hit: &Hit) {
    scope(search, pattern, hit);
    service_accounts(search, pattern, hit);
}

/// The Secrets of the scope, and the service accounts whose tokens lie in them.
pub(super) fn secrets(search: &mut Search<'_>, pattern: &'static Pattern, hit: &Hit) {
    scope(search, pattern, hit);
    let graph = search.graph;
    let tokens = graph.facts.tokens.iter();
    let readable = tokens
        .filter(|token| hit.scope == Name::EMPTY || token.namespace == hit.scope)
        .filter(|token| hit.allows(token.secret))
        .map(|token| token.subject);
    subjects(search, pattern, hit, readable);
}

/// The users that the first need may name. Whoever may be any user may be a component of the control plane.
pub(super) fn users(search: &mut Search<'_>, pattern: &'static Pattern, hit: &Hit) {
    if hit.allows_all() {
        cluster_admin(search, pattern, hit);
    }
    let graph = search.graph;
    let is_account = |name: Name| split_service_account(graph.names.text(name)).is_some();
    let users = named_rows(graph, hit).filter(|(_, row)| !row.is_group && !is_account(row.name));
    subjects(search, pattern, hit, users.map(|(id, _)| id));
}

/// The groups that the first need may name.
pub(super) fn groups(search: &mut Search<'_>, pattern: &'static Pattern, hit: &Hit) {
    let masters = search.graph.names.find(MASTERS);
    if hit.allows(masters) {
        cluster_admin(search, pattern, hit);
    }
    let groups = named_rows(search.graph, hit).filter(|(_, row)| row.is_group);
    subjects(search, pattern, hit, groups.map(|(id, _)| id));
}

/// The roles that the first need may name: all of them, or those that hold more than the subject.
pub(super) fn roles(search: &mut Search<'_>, pattern: &'static Pattern, hit: &Hit) {
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
