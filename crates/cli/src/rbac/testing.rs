//! What the tests of these modules share.

use std::sync::Arc;

use document::{Keys, Limits, Source};
use model::{FieldKeys, Inventory};
use rbac::{Graph, Options};

/// The graph of some manifests.
pub(super) fn graph(yaml: &str) -> (Inventory, Graph) {
    let keys = Arc::new(Keys::new(rbac::key_names().chain(model::key_names())));
    let parsed = document::parse_yaml(Source::new("test.yaml", yaml), &keys, &Limits::default());
    assert!(parsed.errors.is_empty(), "{:?}", parsed.errors);
    let document = Arc::new(parsed.document);
    let fields = FieldKeys::new(&keys);
    let roots = document.roots();
    let found = roots.flat_map(|root| model::recognise(&document, root, &fields).resources);
    let inventory = Inventory::new(found.collect());
    let graph = Graph::build(&inventory, &Options::default());
    (inventory, graph)
}
