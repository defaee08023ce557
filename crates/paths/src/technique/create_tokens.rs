//! Tokens of service accounts, asked for at the API server.

use super::{Data, Find, Held};
use crate::asset::Kind;
use crate::finder::Finder;

pub(super) const TECHNIQUE: Data = Data {
    to: &[Kind::AllAccounts, Kind::ServiceAccount],
    fix: "take the permission away",
    attack: &["T1528"],
    controls: &["role-creates-tokens"],
    find: Find::Permission(&["tokens-create"], find),
    ..Data::NEW
};

fn find<'a>(finder: &mut Finder<'_, 'a>, held: &Held<'_, 'a>) {
    let evidence = finder.permission(held.hit);
    for account in finder.accounts_of(held.hit) {
        finder.edge(held.from, account, evidence);
    }
}
