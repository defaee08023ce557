//! Roles, written beyond the own permissions.

use super::{Data, Find, Held};
use crate::asset::Kind;
use crate::finder::Finder;

pub(super) const TECHNIQUE: Data = Data {
    title: "Write roles beyond the own permissions",
    to: &[Kind::ClusterAdmin, Kind::NamespaceAdmin],
    fix: "take the permission away",
    attack: &["T1098"],
    controls: &["role-escalates"],
    find: Find::Permission(&["clusterroles-escalate", "roles-escalate"], find),
    ..Data::NEW
};

fn find<'a>(finder: &mut Finder<'_, 'a>, held: &Held<'_, 'a>) {
    let evidence = finder.permission(held.hit);
    let to = match held.hit.pattern.id {
        "clusterroles-escalate" => finder.cluster_admin(),
        _ => finder.all(Kind::NamespaceAdmin, held.hit.scope),
    };
    finder.edge(held.from, to, evidence);
}
