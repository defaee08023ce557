//! What bindings grant.

use super::{Data, Find};
use crate::asset::{AssetId, Kind};
use crate::cause;
use crate::evidence::Fact;
use crate::finder::Finder;

pub(super) const TECHNIQUE: Data = Data {
    title: "Use what a binding grants",
    is_step: false,
    from: &[Kind::ServiceAccount, Kind::User, Kind::Group],
    to: &[Kind::PermissionSet],
    effect: "the permissions of the role, where the binding grants it",
    fix: "take the subject out of the binding",
    references: &[
        "https://kubernetes.io/docs/reference/access-authn-authz/rbac/#rolebinding-and-clusterrolebinding",
    ],
    attack: &["T1069"],
    kubehound: &["PERMISSION_DISCOVER"],
    find: Find::Asset(&[Kind::ServiceAccount, Kind::User, Kind::Group], find),
    ..Data::NEW
};

const NOT_SCANNED: &str = "the role was not scanned";

fn find(finder: &mut Finder<'_, '_>, identity: AssetId) {
    let world = finder.world;
    let Some(id) = finder.subject_id(identity) else {
        return;
    };
    let sets = world.permissions.of(id);
    for own in sets.chunk_by(|left, right| left.0 == right.0) {
        let Some(&(set, _)) = own.first() else {
            continue;
        };
        let bound = own
            .iter()
            .flat_map(|&(_, binding)| world.graph.bound(binding));
        let own_items = bound.filter(|bound| bound.id == id);
        let facts: Vec<Fact> = own_items
            .map(|bound| Fact::new(bound.place.into(), &cause::BOUND))
            .collect();
        let evidence = finder.any_of(&facts);
        let to = finder.permission_set(set);
        let is_scanned = world.permissions.sets[set as usize].role.is_some();
        finder.edge_if(identity, to, evidence, (!is_scanned).then_some(NOT_SCANNED));
    }
}
