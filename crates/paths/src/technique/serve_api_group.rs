//! A server of one's own behind an API group.

use super::{Data, Find, Held};
use crate::asset::Kind;
use crate::finder::Finder;

pub(super) const TECHNIQUE: Data = Data {
    to: &[Kind::ClusterAdmin],
    fix: "take the permission away",
    attack: &["T1557"],
    find: Find::Permission(&["apiservices-write"], find),
    ..Data::NEW
};

fn find<'a>(finder: &mut Finder<'_, 'a>, held: &Held<'_, 'a>) {
    let evidence = finder.permission(held.hit);
    let to = finder.cluster_admin();
    finder.edge(held.from, to, evidence);
}
