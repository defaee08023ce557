//! Relations through the network.

use super::Relation;

pub(super) const RELATIONS: &[Relation] = &[Relation {
    on: "pod",
    name: "services",
    arguments: Some(""),
    result: "list(service)",
    about: "The services whose selector, or whose endpoints, lead to the pod. Those that were not scanned are not in it.",
}];
