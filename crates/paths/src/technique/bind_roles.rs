//! Bindings to roles that hold more.

use super::{Data, Find, Held};
use crate::asset::Kind;
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

fn find<'a>(finder: &mut Finder<'_, 'a>, held: &Held<'_, 'a>) {
    let evidence = finder.permission(held.hit);
    let world = finder.world;
    let Some(names) = &held.hit.names else {
        let to = match held.hit.scope {
            None if held.hit.pattern.id != "rolebindings-bind-roles" => finder.cluster_admin(),
            scope => finder.all(Kind::NamespaceAdmin, scope),
        };
        finder.edge(held.from, to, evidence);
        return;
    };
    let is_of_namespace = held.hit.pattern.id == "rolebindings-bind-roles";
    for &name in names {
        let namespace = held.hit.scope.filter(|_| is_of_namespace);
        let role = world.graph.find_role(namespace, name);
        match role.and_then(|role| Some((role, world.graph.role(role)?))) {
            Some((role, _)) if held.hit.scope.is_none() && world.graph.is_admin_role(role) => {
                let admin = finder.cluster_admin();
                finder.edge(held.from, admin, evidence);
            }
            Some((_, found)) => {
                let to = finder.role_in(found, held.hit.scope);
                finder.edge(held.from, to, evidence);
            }
            None => {
                let kind = if is_of_namespace {
                    "Role"
                } else {
                    "ClusterRole"
                };
                let to = finder.missing_role(kind, name, held.hit.scope);
                finder.edge_if(held.from, to, evidence, Some(NOT_SCANNED));
            }
        }
    }
}
