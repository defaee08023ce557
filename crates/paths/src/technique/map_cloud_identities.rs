//! The map of cloud identities of EKS.

use super::{Data, Find, Held};
use crate::asset::Kind;
use crate::finder::Finder;

pub(super) const TECHNIQUE: Data = Data {
    to: &[Kind::ClusterAdmin],
    fix: "take the permission away",
    attack: &["T1098"],
    controls: &["role-manages-aws-auth"],
    find: Find::Permission(&["aws-auth-write"], find),
    ..Data::NEW
};

const NO_MAP: &str = "the ConfigMap was not scanned, which clusters of EKS alone have";

fn find<'a>(finder: &mut Finder<'_, 'a>, held: &Held<'_, 'a>) {
    let world = finder.world;
    let has_map = world.objects.signs.aws_auth;
    if !has_map && world.inventory.is_complete {
        return;
    }
    let evidence = finder.permission(held.hit);
    let to = finder.cluster_admin();
    finder.edge_if(held.from, to, evidence, (!has_map).then_some(NO_MAP));
}
