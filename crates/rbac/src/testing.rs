//! What this crate's tests share: YAML in, a graph out.

use std::sync::Arc;

use document::{Keys, Limits, Source};
use model::{FieldKeys, Inventory};

use crate::{Graph, Options};

pub(crate) fn inventory(yaml: &str) -> Inventory {
    let names = crate::key_names().chain(model::key_names());
    let keys = Arc::new(Keys::new(names));
    let parsed = document::parse_yaml(Source::new("test.yaml", yaml), &keys, &Limits::default());
    assert_eq!(parsed.errors, [], "{yaml}");
    let document = Arc::new(parsed.document);
    let fields = FieldKeys::new(&keys);
    let roots = document.roots();
    Inventory::new(
        roots
            .flat_map(|root| model::recognise(&document, root, &fields).resources)
            .collect(),
    )
}

pub(crate) fn graph(yaml: &str) -> Graph {
    Graph::build(&inventory(yaml), &Options::default())
}
