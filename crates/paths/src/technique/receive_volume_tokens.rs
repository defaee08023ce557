//! Tokens that the kubelet hands to a driver of volumes.

use super::{Data, Find, Held};
use crate::asset::Kind;
use crate::finder::Finder;

pub(super) const TECHNIQUE: Data = Data {
    to: &[Kind::AllAccounts],
    fix: "take the permission away",
    attack: &["T1528"],
    find: Find::Permission(&["csidrivers-write"], find),
    ..Data::NEW
};

const MOUNTS: &str = "whose pods mount volumes of the driver is not known";

fn find<'a>(finder: &mut Finder<'_, 'a>, held: &Held<'_, 'a>) {
    let evidence = finder.permission(held.hit);
    let to = finder.all(Kind::AllAccounts, None);
    finder.edge_if(held.from, to, evidence, Some(MOUNTS));
}
