//! Objects out of answers and snapshots: compact, and without what must not be kept.

use std::sync::Arc;

use document::{Compaction, Keys, NodeRef, Path, Step};
use model::{FieldKeys, Resource};

use crate::naming::Naming;
use crate::served::Served;

/// The annotation in which `kubectl apply` keeps what it applied: the object once more, the data of a Secret included.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// Makes resources of the objects of one server.
#[derive(Debug)]
pub(crate) struct Maker {
    pub(crate) keys: Arc<Keys>,
    fields: FieldKeys,
    naming: Naming,
    /// Of every object: what only the API's own bookkeeping is in.
    dropped: Vec<Path>,
    /// Of Secrets: what is secret as such.
    emptied: Vec<Path>,
}

impl Maker {
    pub(crate) fn new(keys: &Arc<Keys>, naming: &Naming) -> Self {
        let path = |keys: &[&str]| Path(keys.iter().map(|&key| Step::Key(key.into())).collect());
        Maker {
            keys: Arc::clone(keys),
            fields: FieldKeys::new(keys),
            naming: naming.clone(),
            dropped: vec![
                path(&["metadata", "managedFields"]),
                path(&["metadata", "annotations", LAST_APPLIED]),
            ],
            emptied: vec![path(&["data"]), path(&["stringData"])],
        }
    }

    /// The resource that a node is; `None` where it is no object with a name.
    pub(crate) fn resource(&self, node: NodeRef<'_>, served: &Served) -> Option<Resource> {
        let metadata = node.get_str("metadata")?;
        let text = |key| metadata.get_str(key).and_then(NodeRef::as_str);
        let name = self.naming.object(served, text("namespace"), text("name")?);
        let api_version = served.api_version();
        let is_secret = model::redact::is_secret_kind(&served.group, &served.kind);
        let compaction = Compaction {
            dropped: &self.dropped,
            emptied: if is_secret { &self.emptied } else { &[] },
            given: &[("apiVersion", &api_version), ("kind", &served.kind)],
        };
        let document = Arc::new(node.compacted(&name, &compaction));
        let root = document.root(0)?;
        Resource::from_root(&document, root, &self.fields)
    }
}
