//! What the tests of these modules share.

use std::sync::Arc;

use document::{Keys, Limits, Source};
use model::{FieldKeys, Inventory, KubernetesVersion, Views, WorkloadTable};
use network::{Network, Options};

/// The network of some manifests.
pub(super) fn network(yaml: &str) -> (Inventory, Network) {
    let workloads = WorkloadTable::default();
    let mut names: Vec<&str> = model::key_names().collect();
    names.extend(workloads.key_names());
    let keys = Arc::new(Keys::new(names));
    let parsed = document::parse_yaml(Source::new("test.yaml", yaml), &keys, &Limits::default());
    assert!(parsed.errors.is_empty(), "{:?}", parsed.errors);
    let document = Arc::new(parsed.document);
    let fields = FieldKeys::new(&keys);
    let roots = document.roots();
    let found = roots.flat_map(|root| model::recognise(&document, root, &fields).resources);
    let inventory = Inventory::new(found.collect());
    let views = Views::new(&keys, &workloads, KubernetesVersion::NEWEST);
    let network = Network::new(&inventory, &views, &Options::default());
    (inventory, network)
}
