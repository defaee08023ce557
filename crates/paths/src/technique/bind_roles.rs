//! Bindings to roles that hold more.

use super::{Data, Find, Held};
use crate::asset::Kind;
use crate::evidence::EvidenceId;
use crate::finder::Finder;

pub(super) const TECHNIQUE: Data = Data {
    title: "Bind roles that hold more",
    to: &[
        Kind::ClusterAdmin,
        Kind::NamespaceAdmin,
        Kind::PermissionSet,
    ],
    fix: "take the permission away",
    attack: &["T1098"],
    kubehound: &["ROLE_BIND"],
    controls: &[
        "role-binds-any-role",
        "role-binds-cluster-role",
        "role-patches-bindings",
    ],
    find: Find::Permission(
        &[
            "clusterrolebindings-bind",
            "rolebindings-bind-clusterroles",
            "rolebindings-bind-roles",
        ],
        find,
    ),
    ..Data::NEW
};

const NOT_SCANNED: &str = "the role that may be bound was not scanned";
const WHICH_ROLES: &str = "no Role of the namespace was scanned";

fn find<'a>(finder: &mut Finder<'_, 'a>, held: &Held<'_, 'a>) {
    let evidence = finder.permission(held.hit);
    let is_of_namespace = held.hit.pattern.id == "rolebindings-bind-roles";
    let scope = held.hit.scope;
    let Some(names) = &held.hit.names else {
        if is_of_namespace {
            roles_of_namespace(finder, held, evidence);
            return;
        }
        let to = match (held.hit.pattern.id, scope) {
            ("clusterrolebindings-bind", _) => finder.cluster_admin(),
            _ => finder.all(Kind::NamespaceAdmin, scope),
        };
        finder.edge(held.from, to, evidence);
        return;
    };
    let graph = finder.world.graph;
    for &name in names {
        let role = graph.find_role(scope.filter(|_| is_of_namespace), name);
        if let Some(to) = role.and_then(|role| finder.role_in(role, scope)) {
            finder.edge(held.from, to, evidence);
        } else {
            let kind = if is_of_namespace {
                "Role"
            } else {
                "ClusterRole"
            };
            let to = finder.missing_role(kind, name, scope);
            finder.edge_if(held.from, to, evidence, Some(NOT_SCANNED));
        }
    }
}

/// Every Role that there is may be bound.
fn roles_of_namespace<'a>(finder: &mut Finder<'_, 'a>, held: &Held<'_, 'a>, evidence: EvidenceId) {
    let graph = finder.world.graph;
    let mut is_some = false;
    for role in graph.roles() {
        let Some(namespace) = graph.role(role).and_then(|named| named.namespace) else {
            continue;
        };
        if held.hit.scope.is_some_and(|scope| scope != namespace) {
            continue;
        }
        if let Some(to) = finder.role_in(role, Some(namespace)) {
            is_some |= to != held.from;
            finder.edge(held.from, to, evidence);
        }
    }
    if !is_some && !finder.world.inventory.is_complete {
        let to = finder.all(Kind::NamespaceAdmin, held.hit.scope);
        finder.edge_if(held.from, to, evidence, Some(WHICH_ROLES));
    }
}
