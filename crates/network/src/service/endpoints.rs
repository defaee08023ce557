//! Endpoints that something else than a selector made: those of services without one.

use std::collections::HashMap;

use document::NodeRef;
use foldhash::fast::FixedState;

use crate::pod::{PodId, Pods};
use crate::read::{Reader, field, items, text};
use crate::symbol::Symbol;

/// Pods that an `Endpoints` or `EndpointSlice` object names.
#[derive(Debug)]
pub(super) struct Endpoints {
    namespace: Symbol,
    service: Symbol,
    /// Namespace and name of each pod.
    targets: Vec<(Symbol, Symbol)>,
}

const SERVICE: &str = "kubernetes.io/service-name";

impl Endpoints {
    /// Of a resource of either kind.
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let object = reader.object();
        let (service, entries): (&str, Vec<_>) =
            match (reader.resource.group(), &*reader.resource.kind) {
                ("", "Endpoints") => {
                    let subsets = items(object, "subsets");
                    let entries = subsets.flat_map(|subset| items(subset, "addresses"));
                    (&reader.resource.name, entries.collect())
                }
                ("discovery.k8s.io", "EndpointSlice") => {
                    let labels = field(field(object, "metadata")?, "labels")?;
                    (text(labels, SERVICE)?, items(object, "endpoints").collect())
                }
                _ => return None,
            };
        let namespace = reader.namespace();
        let targets = entries
            .into_iter()
            .filter_map(|entry| target(reader, entry, namespace));
        let targets = targets.collect();
        Some(Endpoints {
            namespace,
            service: reader.symbols.intern(service),
            targets,
        })
    }
}

/// By namespace and service, the pods that were scanned, ascending.
pub(super) fn connected(
    endpoints: &[Endpoints],
    pods: &Pods,
) -> HashMap<(Symbol, Symbol), Vec<PodId>, FixedState> {
    let mut found: HashMap<_, Vec<PodId>, FixedState> = HashMap::default();
    if endpoints.is_empty() {
        return found;
    }
    let names = pods.ids().filter_map(|id| {
        let pod = pods.get(id);
        Some(((pod.namespace, pod.name?), id))
    });
    let names: HashMap<_, PodId, FixedState> = names.collect();
    for own in endpoints {
        let list = found.entry((own.namespace, own.service)).or_default();
        list.extend(own.targets.iter().filter_map(|target| names.get(target)));
        list.sort_unstable();
        list.dedup();
    }
    found
}

/// The pod behind one address.
fn target(reader: &mut Reader<'_>, entry: NodeRef<'_>, own: Symbol) -> Option<(Symbol, Symbol)> {
    let target = field(entry, "targetRef").filter(|target| text(*target, "kind") == Some("Pod"))?;
    let namespace = text(target, "namespace");
    let namespace = namespace.map_or(own, |namespace| reader.symbols.intern(namespace));
    Some((namespace, reader.symbols.intern(text(target, "name")?)))
}
