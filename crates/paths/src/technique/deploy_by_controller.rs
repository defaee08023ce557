//! Controllers that deploy as a service account that the object names.

use super::{Data, Find, Held};
use crate::asset::Kind;
use crate::finder::Finder;

pub(super) const TECHNIQUE: Data = Data {
    title: "Let a controller deploy",
    to: &[Kind::AllAccounts],
    fix: "take the permission away",
    attack: &["T1610"],
    find: Find::Permission(&["flux-objects-write", "helm-releases-write"], find),
    ..Data::NEW
};

fn find<'a>(finder: &mut Finder<'_, 'a>, held: &Held<'_, 'a>) {
    let evidence = finder.permission(held.hit);
    let to = finder.all(Kind::AllAccounts, held.hit.scope);
    finder.edge(held.from, to, evidence);
}
