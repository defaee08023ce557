//! Secrets that the control plane fills with a token.

use super::{Data, Find, Held};
use crate::asset::Kind;
use crate::finder::Finder;

pub(super) const TECHNIQUE: Data = Data {
    to: &[Kind::AllAccounts],
    fix: "take the permission away",
    attack: &["T1528"],
    find: Find::Permission(&["secrets-mint-token"], find),
    ..Data::NEW
};

fn find<'a>(finder: &mut Finder<'_, 'a>, held: &Held<'_, 'a>) {
    let evidence = finder.permission(held.hit);
    let to = finder.all(Kind::AllAccounts, held.hit.scope);
    finder.edge(held.from, to, evidence);
}
