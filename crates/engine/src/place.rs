//! Where a node is: its path in its resource, and where the author finds it.

use std::sync::Arc;

use document::{NodeId, NodeRef, StepRef};
use model::{Location, Resource};

/// Path of a node from the root of its resource, as printed.
pub(crate) fn path_of(resource: &Resource, node: NodeId) -> String {
    let document = &resource.document;
    let steps = document.steps_to(resource.object(), document.at(node));
    text_of(&steps.unwrap_or_default())
}

/// The path that steps make, as printed.
pub(crate) fn text_of(steps: &[(StepRef<'_>, NodeRef<'_>)]) -> String {
    let mut path = String::with_capacity(64);
    for (step, _) in steps {
        step.push_to(&mut path);
    }
    path
}

/// Where the author finds a node: a scalar where it stands, a mapping or list at its key, an item at
/// its dash.
pub fn location_of(resource: &Resource, node: NodeId) -> Location {
    let document = &resource.document;
    let place = document.display_place(resource.object(), document.at(node));
    Location {
        source: Arc::clone(place.source),
        span: place.span,
    }
}
