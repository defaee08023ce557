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

fn find<'a>(finder: &mut Finder<'_, 'a>, held: &Held<'_, 'a>) {
    let evidence = finder.permission(held.hit);
    let to = finder.cluster_admin();
    finder.edge(held.from, to, evidence);
}
