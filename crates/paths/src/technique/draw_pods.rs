//! Pods, drawn to a node of the attacker's.

use super::{Data, Find, Held};
use crate::asset::Kind;
use crate::finder::Finder;

pub(super) const TECHNIQUE: Data = Data {
    title: "Draw pods to a node",
    to: &[Kind::AllPods],
    precondition: "the attacker holds a node already, or answers as one",
    effect: "the pods that are moved to it, with their tokens and Secrets",
    fix: "take the permission away",
    attack: &["T1610", "T1578"],
    find: Find::Permission(
        &[
            "nodes-change",
            "nodes-status",
            "nodes-create",
            "nodes-delete",
            "pods-binding",
            "pods-evict",
        ],
        find,
    ),
    ..Data::NEW
};

const OWN_NODE: &str = "the attacker must hold a node that the pods can be drawn to";

fn find<'a>(finder: &mut Finder<'_, 'a>, held: &Held<'_, 'a>) {
    let evidence = finder.permission(held.hit);
    let to = finder.all(Kind::AllPods, held.hit.scope);
    finder.edge_if(held.from, to, evidence, Some(OWN_NODE));
}
