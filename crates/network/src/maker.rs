//! Custom resources that an operator makes pods of: which labels these have only the operator knows, but
//! they nearly always carry the name of the resource.

use std::collections::HashSet;

use foldhash::fast::FixedState;

use crate::label::Selector;
use crate::read::{Reader, field};
use crate::symbol::Symbol;

/// Names of such resources with their namespaces.
#[derive(Debug, Default)]
pub(crate) struct Makers {
    names: HashSet<(Symbol, Symbol), FixedState>,
}

/// Fields of a spec that speak of pods: one of these is in that of every database, queue or monitoring
/// system that operators run.
const SIGNS: &[&str] = &[
    "chart",
    "containers",
    "image",
    "instances",
    "podMetadata",
    "podTemplate",
    "replicas",
    "size",
    "template",
    "version",
];

impl Makers {
    /// Takes a resource without a pod spec of its own if pods may be made of it.
    pub(crate) fn add(&mut self, reader: &mut Reader<'_>) {
        let (group, kind) = (reader.resource.group(), &reader.resource.kind);
        let is_custom = group.contains('.') && !group.ends_with(".k8s.io");
        if !is_custom || kind.contains("Secret") {
            return;
        }
        let Some(spec) = field(reader.object(), "spec") else {
            return;
        };
        if SIGNS.iter().any(|name| field(spec, name).is_some()) {
            let name = reader.symbols.intern(&reader.resource.name);
            self.names.insert((reader.namespace(), name));
        }
    }

    /// Whether one of the labels that a selector in a namespace asks for is the name of such a resource.
    pub(crate) fn may_make(&self, selector: &Selector) -> bool {
        let Some(namespace) = selector.only_namespace() else {
            return false;
        };
        let labels = selector.required();
        !self.names.is_empty()
            && labels
                .iter()
                .any(|label| self.names.contains(&(namespace, label.1)))
    }
}
