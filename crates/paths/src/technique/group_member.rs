//! The groups that a name implies.

use super::{Data, Find};
use crate::asset::{AssetId, Kind};
use crate::evidence::EvidenceId;
use crate::finder::Finder;

pub(super) const TECHNIQUE: Data = Data {
    title: "Be in a group",
    is_step: false,
    from: &[Kind::ServiceAccount, Kind::User, Kind::Group],
    to: &[Kind::Group],
    effect: "what is bound to everyone who is authenticated, or to every service account",
    fix: "bind nothing to such groups",
    references: &[
        "https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/",
    ],
    attack: &["T1078"],
    find: Find::Asset(&[Kind::ServiceAccount, Kind::User, Kind::Group], find),
    ..Data::NEW
};

fn find(finder: &mut Finder<'_, '_>, identity: AssetId) {
    let groups = finder.with_subject(identity, |subject| subject.implied_groups());
    for group in groups {
        if finder.world.permissions.group_matters(&group) {
            let group = finder.group(group);
            finder.edge(identity, group, EvidenceId::NONE);
        }
    }
}
