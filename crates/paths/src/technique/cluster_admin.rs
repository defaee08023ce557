//! Permission sets that allow everything.

use super::{Data, Find};
use crate::asset::{AssetId, Kind};
use crate::evidence::EvidenceId;
use crate::finder::Finder;

pub(super) const TECHNIQUE: Data = Data {
    title: "Do everything",
    is_step: false,
    from: &[Kind::PermissionSet, Kind::Group],
    to: &[Kind::ClusterAdmin],
    effect: "every verb on every resource of the cluster",
    fix: "bind a role that says what is needed",
    references: &[
        "https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles",
    ],
    attack: &["T1078"],
    controls: &[
        "cluster-admin-binding",
        "role-allows-everything",
        "masters-group-binding",
    ],
    find: Find::Asset(&[Kind::PermissionSet, Kind::Group], find),
    ..Data::NEW
};

fn find(finder: &mut Finder<'_, '_>, asset: AssetId) {
    let own = &finder.assets.list[asset.index()];
    let is_masters = own.kind == Kind::Group && own.name == "system:masters";
    let role = finder.role_of(asset);
    let is_admin =
        role.is_some_and(|(role, scope)| scope.is_none() && finder.world.graph.is_admin_role(role));
    if is_masters || is_admin {
        let admin = finder.cluster_admin();
        finder.edge(asset, admin, EvidenceId::NONE);
    }
}
