//! What this crate's tests share: YAML in, resources and views out.

use std::sync::Arc;

use document::{Keys, Limits, Source};

use crate::{FieldKeys, KubernetesVersion, Recognised, Resource, Views, WorkloadTable};

pub(crate) fn keys() -> Arc<Keys> {
    let table = WorkloadTable::default();
    let names = crate::key_names().map(|name| -> &str { name });
    Arc::new(Keys::new(names.chain(table.key_names())))
}

/// All objects of a text.
pub(crate) fn resources(yaml: &str) -> Vec<Resource> {
    let keys = keys();
    let parsed = document::parse_yaml(Source::new("test.yaml", yaml), &keys, &Limits::default());
    assert_eq!(parsed.errors, [], "{yaml}");
    let document = Arc::new(parsed.document);
    let fields = FieldKeys::new(&keys);
    let roots = document.roots();
    roots
        .flat_map(|root| {
            let Recognised { resources, .. } = crate::recognise(&document, root, &fields);
            resources
        })
        .collect()
}

pub(crate) fn views(minor: u32) -> Views {
    Views::new(
        &keys(),
        &WorkloadTable::default(),
        KubernetesVersion { minor },
    )
}
