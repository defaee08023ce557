//! The input and output of a container's main process.

use super::{Data, Find, Held};
use crate::asset::Kind;
use crate::finder::Finder;

pub(super) const TECHNIQUE: Data = Data {
    to: &[Kind::AllPods, Kind::Pod],
    fix: "take the permission away",
    attack: &["T1609"],
    controls: &["role-pod-attach"],
    find: Find::Permission(&["pods-attach"], find),
    ..Data::NEW
};

fn find<'a>(finder: &mut Finder<'_, 'a>, held: &Held<'_, 'a>) {
    let evidence = finder.permission(held.hit);
    for pods in finder.pods_of(held.hit) {
        finder.edge(held.from, pods, evidence);
    }
}
