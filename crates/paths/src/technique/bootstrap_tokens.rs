//! Tokens that new nodes join with.

use super::{Data, Find, Held};
use crate::asset::Kind;
use crate::finder::Finder;

pub(super) const TECHNIQUE: Data = Data {
    title: "Join as a node",
    to: &[Kind::AllNodes],
    fix: "take the permission away",
    attack: &["T1528"],
    find: Find::Permission(&["bootstrap-tokens-create", "bootstrap-tokens-read"], find),
    ..Data::NEW
};

fn find<'a>(finder: &mut Finder<'_, 'a>, held: &Held<'_, 'a>) {
    let evidence = finder.permission(held.hit);
    let to = finder.all_nodes();
    finder.edge(held.from, to, evidence);
}
