//! Persistent volumes that are paths of nodes.

use super::{Data, Find, Held};
use crate::asset::Kind;
use crate::finder::Finder;

pub(super) const TECHNIQUE: Data = Data {
    to: &[Kind::AllNodes],
    fix: "take the permission away",
    attack: &["T1611"],
    controls: &["role-creates-volumes"],
    find: Find::Permission(&["persistentvolumes-create"], find),
    ..Data::NEW
};

fn find<'a>(finder: &mut Finder<'_, 'a>, held: &Held<'_, 'a>) {
    let evidence = finder.permission(held.hit);
    let to = finder.all_nodes();
    finder.edge(held.from, to, evidence);
}
