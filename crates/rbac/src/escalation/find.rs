//! The small functions that say what a hit leads to: patterns share them.

use super::Target;
use super::pattern::Pattern;
use super::search::{Held, Hit, Search};
use crate::names::Name;
use crate::subject::{MASTERS, split_service_account};
use crate::tables::{RoleId, SubjectId};

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
    let all = accounts(search, hit.scope, |_, _| true);
    subjects(search, pattern, hit, &all);
}

/// Those of them that the first need may name.
pub(super) fn named_service_accounts(
    search: &mut Search<'_>,
    pattern: &'static Pattern,
    hit: &Hit,
) {
    let named = accounts(search, hit.scope, |name, _| {
        first(hit).is_none_or(|held| held.allows(name))
    });
    subjects(search, pattern, hit, &named);
}

/// Those of them that pods run as.
pub(super) fn running_service_accounts(
    search: &mut Search<'_>,
    pattern: &'static Pattern,
    hit: &Hit,
) {
    let facts = &search.graph.facts;
    let running = accounts(search, hit.scope, |_, subject| facts.runs_pods(subject));
    subjects(search, pattern, hit, &running);
}

/// Everything in the namespace, and so every service account of it.
pub(super) fn namespace_admin(search: &mut Search<'_>, pattern: &'static Pattern, hit: &Hit) {
    scope(search, pattern, hit);
    service_accounts(search, pattern, hit);
}

/// The Secrets of the scope, and the service accounts whose tokens lie in them.
pub(super) fn secrets(search: &mut Search<'_>, pattern: &'static Pattern, hit: &Hit) {
    scope(search, pattern, hit);
    let tokens = search.graph.facts.tokens.iter();
    let readable: Vec<SubjectId> = tokens
        .filter(|token| hit.scope == Name::EMPTY || token.namespace == hit.scope)
        .filter(|token| first(hit).is_none_or(|held| held.allows(token.secret)))
        .map(|token| token.subject)
        .collect();
    subjects(search, pattern, hit, &readable);
}

/// The users that the first need may name. Whoever may be any user may be a component of the control plane.
pub(super) fn users(search: &mut Search<'_>, pattern: &'static Pattern, hit: &Hit) {
    if first(hit).is_none_or(Held::is_unrestricted) {
        cluster_admin(search, pattern, hit);
    }
    let users = named_rows(search, hit, |is_group, is_account| !is_group && !is_account);
    subjects(search, pattern, hit, &users);
}

/// The groups that the first need may name.
pub(super) fn groups(search: &mut Search<'_>, pattern: &'static Pattern, hit: &Hit) {
    let masters = search.graph.names.find(MASTERS);
    if first(hit).is_none_or(|held| held.allows(masters)) {
        cluster_admin(search, pattern, hit);
    }
    let groups = named_rows(search, hit, |is_group, _| is_group);
    subjects(search, pattern, hit, &groups);
}

/// The roles that the first need may name: all of them, or those that hold more than the subject.
pub(super) fn roles(search: &mut Search<'_>, pattern: &'static Pattern, hit: &Hit) {
    let Some(held) = first(hit) else { return };
    if held.is_unrestricted() {
        match hit.scope {
            Name::EMPTY => cluster_admin(search, pattern, hit),
            _ => namespace_admin(search, pattern, hit),
        }
        return;
    }
    let is_of_scope = |scope: Name| scope == Name::EMPTY || scope == hit.scope;
    let roles: Vec<RoleId> = (0..)
        .zip(&search.graph.roles)
        .filter(|(_, role)| is_of_scope(role.scope) && held.allows(role.name))
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

fn first(hit: &Hit) -> Option<&Held> {
    hit.parts.first()
}

/// The service accounts of a scope, by name and subject.
fn accounts(
    search: &Search<'_>,
    scope: Name,
    is_meant: impl Fn(Name, SubjectId) -> bool,
) -> Vec<SubjectId> {
    let facts = &search.graph.facts;
    let all = match scope {
        Name::EMPTY => &facts.service_accounts[..],
        namespace => facts.of_namespace(namespace),
    };
    let meant = all
        .iter()
        .filter(|account| is_meant(account.name, account.subject));
    meant.map(|account| account.subject).collect()
}

/// The users or groups of the graph that the first need may name.
fn named_rows(
    search: &Search<'_>,
    hit: &Hit,
    is_meant: impl Fn(bool, bool) -> bool,
) -> Vec<SubjectId> {
    let graph = search.graph;
    let is_account = |name: Name| split_service_account(graph.names.text(name)).is_some();
    (0..)
        .zip(&graph.subjects)
        .filter(|(_, row)| first(hit).is_none_or(|held| held.allows(row.name)))
        .filter(|(_, row)| is_meant(row.is_group, is_account(row.name)))
        .map(|(id, _)| SubjectId(id))
        .collect()
}

/// Those that are stronger.
fn subjects(
    search: &mut Search<'_>,
    pattern: &'static Pattern,
    hit: &Hit,
    candidates: &[SubjectId],
) {
    for &subject in candidates {
        if search.is_stronger(subject) {
            search.push(pattern, hit, Target::Subject(subject));
        }
    }
}
