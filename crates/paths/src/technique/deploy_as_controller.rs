//! Controllers that deploy with their own permissions.

use super::{Data, Find, Held};
use crate::asset::Kind;
use crate::finder::Finder;

pub(super) const TECHNIQUE: Data = Data {
    title: "Let a controller deploy with its own permissions",
    to: &[Kind::ClusterAdmin],
    fix: "take the permission away",
    attack: &["T1610"],
    find: Find::Permission(
        &["argocd-applications-write", "velero-restores-create"],
        find,
    ),
    ..Data::NEW
};

const HOW_MUCH: &str =
    "what the controller may do, and whether it takes objects of the namespace, is not known";

fn find<'a>(finder: &mut Finder<'_, 'a>, held: &Held<'_, 'a>) {
    let evidence = finder.permission(held.hit);
    let to = finder.cluster_admin();
    finder.edge_if(held.from, to, evidence, Some(HOW_MUCH));
}
