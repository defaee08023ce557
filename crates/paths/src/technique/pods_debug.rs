//! Containers that are added to pods that run.

use super::{Data, Find, Held};
use crate::asset::Kind;
use crate::finder::Finder;

pub(super) const TECHNIQUE: Data = Data {
    to: &[Kind::AllPods, Kind::Pod],
    fix: "take the permission away",
    attack: &["T1609", "T1610"],
    kubehound: &["CONTAINER_ATTACH"],
    find: Find::Permission(&["pods-ephemeralcontainers"], find),
    ..Data::NEW
};

fn find<'a>(finder: &mut Finder<'_, 'a>, held: &Held<'_, 'a>) {
    let evidence = finder.permission(held.hit);
    for pods in finder.pods_of(held.hit) {
        finder.edge(held.from, pods, evidence);
    }
}
