//! What keeps privileged pods out, weakened by someone who may create pods.

use super::{Data, Find, Held};
use crate::asset::Kind;
use crate::finder::Finder;

pub(super) const TECHNIQUE: Data = Data {
    title: "Weaken what keeps privileged pods out",
    from: &[
        Kind::PermissionSet,
        Kind::ServiceAccount,
        Kind::User,
        Kind::Group,
    ],
    to: &[Kind::AllNodes],
    precondition: "the same subject may create pods",
    effect: "pods of one's own that own their node",
    fix: "take the permission away",
    attack: &["T1562"],
    joins: true,
    find: Find::Permission(
        &[
            "namespaces-relabel",
            "webhooks-delete",
            "validating-policies-write",
        ],
        find,
    ),
    ..Data::NEW
};

const GUARDED: &str =
    "whether webhooks or policies are what keeps privileged pods out is not known";

fn find<'a>(finder: &mut Finder<'_, 'a>, held: &Held<'_, 'a>) {
    let scopes = finder.creates_pods(held.from);
    let own = held.hit.scope;
    let is_same = |scope: Option<&str>| own.is_none() || scope.is_none() || own == scope;
    if scopes.into_iter().any(is_same) {
        let evidence = finder.permission(held.hit);
        let nodes = finder.all_nodes();
        let relabels = held.hit.pattern.id == "namespaces-relabel";
        finder.edge_if(held.from, nodes, evidence, (!relabels).then_some(GUARDED));
    }
}
