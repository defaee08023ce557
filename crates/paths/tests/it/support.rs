//! YAML in, a graph out.

use std::sync::Arc;

use document::{Keys, Limits, Source};
use model::{FieldKeys, Inventory, KubernetesVersion, Views, WorkloadTable, recognise};
use paths::{Graph, Sources};

/// What a graph borrows.
pub(crate) struct World {
    pub(crate) inventory: Inventory,
    pub(crate) views: Views,
    pub(crate) sources: Sources,
}

impl World {
    /// Reads objects; `is_complete` says whether they are all that the cluster has.
    pub(crate) fn new(file: &str, yaml: &str, is_complete: bool) -> Self {
        World::try_new(file, yaml, is_complete).unwrap_or_else(|| panic!("{file} is no YAML"))
    }

    /// `None` when the text is no YAML.
    pub(crate) fn try_new(file: &str, yaml: &str, is_complete: bool) -> Option<Self> {
        let table = WorkloadTable::default();
        let names = paths::key_names().map(|name| -> &str { name });
        let keys = Arc::new(Keys::new(names.chain(table.key_names())));
        let source = Source::new(file, yaml);
        let parsed = document::parse_yaml(source, &keys, &Limits::default());
        if !parsed.errors.is_empty() {
            return None;
        }
        let document = Arc::new(parsed.document);
        let fields = FieldKeys::new(&keys);
        let roots = document.roots();
        let resources = roots.flat_map(|root| recognise(&document, root, &fields).resources);
        let mut inventory = Inventory::new(resources.collect());
        inventory.is_complete = is_complete;
        let views = Views::new(&keys, &table, KubernetesVersion { minor: 34 });
        let sources = Sources::new(&inventory, &views, "default");
        Some(World {
            inventory,
            views,
            sources,
        })
    }

    pub(crate) fn graph(&self) -> Graph<'_> {
        Graph::new(&self.inventory, &self.views, &self.sources)
    }
}
