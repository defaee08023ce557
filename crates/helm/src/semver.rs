//! Versions of charts and of Kubernetes, and constraints on them.

use sprig::{Constraint, Version};

/// Whether a text is a version.
pub(crate) fn is_version(text: &str) -> bool {
    Version::parse(text).is_ok()
}

/// Whether a version fulfils a constraint; no version fulfils one that is none.
pub(crate) fn is_compatible(constraint: &str, version: &str) -> bool {
    let parsed = Version::parse(version).ok();
    let constraint = Constraint::parse(constraint).ok();
    constraint
        .zip(parsed)
        .is_some_and(|(constraint, version)| constraint.holds(&version))
}
