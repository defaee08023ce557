//! Roles that take rules from others.

use super::{Data, Find};
use crate::asset::{AssetId, Kind};
use crate::cause;
use crate::evidence::{Fact, Place};
use crate::finder::Finder;
use crate::world::aggregation_label;

pub(super) const TECHNIQUE: Data = Data {
    title: "Use what a role aggregates",
    is_step: false,
    from: &[Kind::PermissionSet],
    to: &[Kind::PermissionSet],
    effect: "the rules of every role that the aggregated one selects by label",
    fix: "remove the label from the role that adds the rules",
    references: &[
        "https://kubernetes.io/docs/reference/access-authn-authz/rbac/#aggregated-clusterroles",
    ],
    attack: &["T1069"],
    find: Find::Asset(&[Kind::PermissionSet], find),
    ..Data::NEW
};

fn find(finder: &mut Finder<'_, '_>, set: AssetId) {
    let world = finder.world;
    let Some((role, scope)) = finder.role_of(set) else {
        return;
    };
    for source in world.permissions.aggregated(role) {
        let Some(named) = world.graph.role(source) else {
            continue;
        };
        // Those that every cluster has are what the role is.
        if !world.graph.is_scanned(named.place.resource) {
            continue;
        }
        let place = Place::from(named.place);
        let object = world
            .inventory
            .resources
            .get(place.resource as usize)
            .map(model::Resource::object);
        let label = object.and_then(aggregation_label).map(|label| Place {
            node: label.id(),
            ..place
        });
        let evidence = finder.all_of(&[Fact::new(label.unwrap_or(place), &cause::AGGREGATED)]);
        if let Some(to) = finder.role_in(source, scope) {
            finder.edge(set, to, evidence);
        }
    }
}
