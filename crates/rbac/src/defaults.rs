//! The `ClusterRoles` that every cluster has: bindings name them, manifests do not carry them.
//!
//! `data/default-roles.yaml` states what an API server of version 1.35 creates at its start.

use std::sync::{Arc, LazyLock};

use document::{Keys, Limits, Source};
use model::{FieldKeys, Resource};

use crate::fields::key_names;

const TEXT: &str = include_str!("../data/default-roles.yaml");

/// Whether every cluster has a `ClusterRole` of that name.
pub fn contains(name: &str) -> bool {
    static NAMES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
        let names = TEXT.lines().filter_map(|line| {
            let rest = line.strip_prefix("metadata: {name: ")?;
            rest.split([',', '}']).next()
        });
        let mut names: Vec<&str> = names.map(|name| name.trim_matches('"')).collect();
        names.sort_unstable();
        names
    });
    NAMES.binary_search(&name).is_ok()
}

/// All of them, as objects of a source called `kubernetes`.
pub(crate) fn resources() -> Vec<Resource> {
    let names = key_names().chain(model::key_names());
    let keys = Arc::new(Keys::new(names));
    let source = Source::new("kubernetes", TEXT);
    let parsed = document::parse_yaml(source, &keys, &Limits::default());
    let document = Arc::new(parsed.document);
    let fields = FieldKeys::new(&keys);
    let roots = document.roots();
    roots
        .filter_map(|root| Resource::from_root(&document, root, &fields))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{contains, resources};

    #[test]
    fn the_well_known_roles_are_there() {
        for name in [
            "cluster-admin",
            "admin",
            "edit",
            "view",
            "system:aggregate-to-edit",
        ] {
            assert!(contains(name), "{name}");
        }
        assert!(!contains("shop-admin"));
    }

    #[test]
    fn every_name_that_is_known_is_an_object() {
        let resources = resources();
        assert!(resources.len() > 40, "{}", resources.len());
        for resource in &resources {
            assert_eq!(&*resource.kind, "ClusterRole");
            assert!(contains(&resource.name), "{}", resource.name);
        }
    }
}
