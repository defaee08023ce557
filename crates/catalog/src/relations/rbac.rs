//! Relations through permissions.

use super::Relation;

pub(super) const RELATIONS: &[Relation] = &[Relation {
    on: "binding",
    name: "role",
    arguments: Some(""),
    result: "role",
    about: "The role that the binding grants; unknown when it was not scanned.",
}];
