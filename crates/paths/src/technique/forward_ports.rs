//! Ports of pods, reached through the API server.

use super::{Data, Find, Held};
use crate::asset::Kind;
use crate::finder::Finder;

pub(super) const TECHNIQUE: Data = Data {
    title: "Reach ports of pods through the API server",
    to: &[Kind::AllPorts],
    effect: "ports of pods that network policies and services keep closed",
    fix: "take the permission away",
    attack: &["T1090", "T1210"],
    controls: &["role-port-forward"],
    find: Find::Permission(
        &[
            "pods-portforward",
            "pods-proxy",
            "services-proxy",
            "networkpolicies-weaken",
        ],
        find,
    ),
    ..Data::NEW
};

fn find<'a>(finder: &mut Finder<'_, 'a>, held: &Held<'_, 'a>) {
    let evidence = finder.permission(held.hit);
    let to = finder.all(Kind::AllPorts, held.hit.scope);
    finder.edge(held.from, to, evidence);
}
