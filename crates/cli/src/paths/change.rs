//! A change of a manifest, as people review it.

use model::Resource;
use paths::{Edited, Graph, Remedy};

use crate::unified;

/// The edit as a unified diff.
pub(super) fn diff(edited: &Edited) -> String {
    unified::diff(edited.before.name(), edited.before.text(), &edited.after)
}

/// What a remedy changes: `ClusterRoleBinding operator`, `Deployment shop/web`.
pub(super) fn object(graph: &Graph<'_>, remedy: &Remedy) -> String {
    graph.resource(remedy.place).map_or_else(String::new, named)
}

/// A resource, as people name it.
pub(super) fn named(resource: &Resource) -> String {
    let namespace = resource
        .namespace
        .as_deref()
        .map_or(String::new(), |own| format!("{own}/"));
    format!("{} {namespace}{}", resource.kind, resource.name)
}

/// File, line and column of a place.
pub(super) fn position(graph: &Graph<'_>, place: paths::Place) -> Option<String> {
    Some(graph.location(place)?.words())
}
