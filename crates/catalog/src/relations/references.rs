//! Relations by name: namespaces, owners, what a resource refers to.

use super::Relation;

pub(super) const RELATIONS: &[Relation] = &[
    Relation {
        on: "resource",
        name: "namespaceObject",
        arguments: Some(""),
        result: "namespace",
        about: "The Namespace that the resource is in; unknown when it was not scanned.",
    },
    Relation {
        on: "resource",
        name: "pods",
        arguments: Some(""),
        result: "list(pod)",
        about: "Of a workload its own pods; of a Namespace the pods that run in it.",
    },
];
