//! The effective flags of components of the control plane and of nodes.

use super::Relation;

pub(super) const RELATIONS: &[Relation] = &[Relation {
    on: "cluster",
    name: "resources",
    arguments: Some("kind: string"),
    result: "list(resource)",
    about: "The scanned resources of a kind, in any API group.",
}];
