//! Service accounts, given an identity of the cloud.

use super::{Data, Find, Held};
use crate::asset::Kind;
use crate::finder::Finder;

pub(super) const TECHNIQUE: Data = Data {
    title: "Annotate service accounts",
    to: &[Kind::CloudIdentity],
    fix: "take the permission away",
    attack: &["T1078.004"],
    find: Find::Permission(&["serviceaccounts-write"], find),
    ..Data::NEW
};

const TRUSTS: &str = "whether the identity trusts other service accounts is set in the cloud";

fn find<'a>(finder: &mut Finder<'_, 'a>, held: &Held<'_, 'a>) {
    let evidence = finder.permission(held.hit);
    let known = finder.clouds();
    for cloud in known {
        finder.edge_if(held.from, cloud, evidence, Some(TRUSTS));
    }
}
