//! Every object that anyone writes, changed on its way.

use super::{Data, Find, Held};
use crate::asset::Kind;
use crate::finder::Finder;

pub(super) const TECHNIQUE: Data = Data {
    title: "Change what others write",
    to: &[Kind::ClusterAdmin],
    fix: "take the permission away",
    attack: &["T1556"],
    controls: &["role-manages-webhooks"],
    find: Find::Permission(
        &[
            "mutating-webhooks-write",
            "mutating-policies-write",
            "kyverno-policies-write",
        ],
        find,
    ),
    ..Data::NEW
};

fn find<'a>(finder: &mut Finder<'_, 'a>, held: &Held<'_, 'a>) {
    let evidence = finder.permission(held.hit);
    let to = finder.cluster_admin();
    finder.edge(held.from, to, evidence);
}
