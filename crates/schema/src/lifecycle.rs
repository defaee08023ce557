//! APIs that were, or are to be, removed: since when, and what takes their place.

mod data;

use data::ROWS;

/// The end of one kind in one version of its group.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Lifecycle {
    /// Group and version, as `apiVersion` has them.
    pub api_version: &'static str,
    /// The kind.
    pub kind: &'static str,
    /// The minor that deprecated it.
    pub deprecated: Option<u32>,
    /// The first minor that does not serve it; `None` while that is open.
    pub removed: Option<u32>,
    /// What to use instead: an `apiVersion` of the same kind, or `apiVersion Kind`; empty when there is nothing.
    pub replacement: &'static str,
}

/// The end of an API, when it has one.
pub fn lifecycle(group: &str, version: &str, kind: &str) -> Option<&'static Lifecycle> {
    // Outside the core only alpha and beta versions have gone, and the shortest of their names is `v1beta1`.
    if !group.is_empty() && version.len() < "v1beta1".len() {
        return None;
    }
    lifecycles_of(kind).iter().find(|row| {
        row.api_version
            .split_once('/')
            .unwrap_or(("", row.api_version))
            == (group, version)
    })
}

/// The ends of a kind in all its groups and versions.
pub(crate) fn lifecycles_of(kind: &str) -> &'static [Lifecycle] {
    let first = ROWS.partition_point(|row| row.kind < kind);
    let rows = &ROWS[first..];
    &rows[..rows.partition_point(|row| row.kind == kind)]
}

/// All of them, by kind and `apiVersion`.
pub fn lifecycles() -> &'static [Lifecycle] {
    ROWS
}

/// Whether objects of a kind live in namespaces, for kinds and groups that no supported minor serves.
pub(crate) fn removed_scope(group: &str, kind: &str) -> Option<bool> {
    match (group, kind) {
        ("extensions" | "policy", "PodSecurityPolicy")
        | ("extensions", "ThirdPartyResource")
        | ("auditregistration.k8s.io", "AuditSink") => Some(false),
        ("extensions", "DaemonSet" | "Deployment" | "Ingress" | "NetworkPolicy" | "ReplicaSet")
        | ("settings.k8s.io", "PodPreset") => Some(true),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Schema;

    #[test]
    fn rows_are_sorted_and_unique() {
        let keys: Vec<_> = ROWS.iter().map(|row| (row.kind, row.api_version)).collect();
        for pair in keys.windows(2) {
            assert!(pair[0] < pair[1], "{pair:?}");
        }
    }

    #[test]
    fn every_row_is_found() {
        for row in ROWS {
            let (group, version) = row
                .api_version
                .split_once('/')
                .unwrap_or(("", row.api_version));
            assert_eq!(lifecycle(group, version, row.kind), Some(row));
        }
    }

    #[test]
    fn removals_agree_with_the_published_schemas() {
        let schema = Schema::embedded();
        for row in ROWS {
            let (group, version) = row
                .api_version
                .split_once('/')
                .unwrap_or(("", row.api_version));
            let Some(removed) = row.removed else { continue };
            assert!(row.deprecated < row.removed, "{row:?}");
            for minor in schema.minors() {
                let is_served = schema.kind(group, version, row.kind, minor).is_some();
                if minor >= removed {
                    assert!(!is_served, "{row:?} is in 1.{minor}");
                } else if minor + 1 == removed {
                    assert!(is_served, "{row:?} is not in 1.{minor}");
                }
            }
        }
    }

    #[test]
    fn every_kind_that_disappears_has_its_lifecycle() {
        for kind in Schema::embedded()
            .kinds()
            .filter(|kind| !kind.kind.ends_with("List"))
        {
            let Some(until) = kind.until else { continue };
            let found = lifecycle(kind.group, kind.version, kind.kind);
            assert_eq!(
                found.and_then(|row| row.removed),
                Some(until + 1),
                "{kind:?}"
            );
        }
    }

    #[test]
    fn replacements_exist() {
        let schema = Schema::embedded();
        for row in ROWS.iter().filter(|row| !row.replacement.is_empty()) {
            let (api_version, kind) = row
                .replacement
                .split_once(' ')
                .unwrap_or((row.replacement, row.kind));
            let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
            assert!(
                schema.kinds_of(group, version, kind).next().is_some(),
                "{row:?}"
            );
        }
    }
}
