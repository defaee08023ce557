//! `ServiceMonitor` and `PodMonitor` of the Prometheus operator: whom they select.

use std::collections::HashMap;

use document::NodeRef;
use foldhash::fast::FixedState;

use crate::label::{Key, Of, Selector, Subject, Value};
use crate::label_selector::label_selector;
use crate::pod::Pods;
use crate::read::{Reader, field, items};
use crate::service::Services;
use crate::symbol::Symbol;

/// A monitor: the labels that it asks for, in which namespaces.
#[derive(Debug)]
pub(crate) struct Monitor {
    /// Over the labels of pods, or those of services.
    pub(crate) selector: Selector,
    pub(crate) is_of_pods: bool,
}

/// All monitors by resource.
#[derive(Debug, Default)]
pub(crate) struct Monitors {
    list: HashMap<u32, Monitor, FixedState>,
}

impl Monitors {
    /// Takes a resource if it is a monitor.
    pub(crate) fn add(&mut self, reader: &mut Reader<'_>) {
        let is_of_pods = match (reader.resource.group(), &*reader.resource.kind) {
            ("monitoring.coreos.com", "ServiceMonitor") => false,
            ("monitoring.coreos.com", "PodMonitor") => true,
            _ => return,
        };
        let object = reader.object();
        let Ok(Some(spec)) = reader.mapping(object, "spec") else {
            reader.malformed(object, "`spec` is missing in the object");
            return;
        };
        let mut parts: Vec<_> = namespaces(reader, spec).into_iter().collect();
        if let Some(selector) = field(spec, "selector") {
            parts.push(label_selector(reader, selector, Of::Pod));
        }
        let monitor = Monitor {
            selector: Selector::All(parts),
            is_of_pods,
        };
        self.list.insert(reader.index, monitor);
    }

    pub(crate) fn get(&self, resource: u32) -> Option<&Monitor> {
        self.list.get(&resource)
    }
}

/// The namespaces that a monitor looks into: its own unless it says otherwise; `None` for all.
fn namespaces(reader: &mut Reader<'_>, spec: NodeRef<'_>) -> Option<Selector> {
    let own = reader.namespace();
    let selector = field(spec, "namespaceSelector");
    if selector
        .and_then(|it| field(it, "any"))
        .and_then(NodeRef::as_bool)
        == Some(true)
    {
        return None;
    }
    let names = selector.into_iter().flat_map(|it| items(it, "matchNames"));
    let names = names.filter_map(NodeRef::as_str);
    let mut names: Vec<Symbol> = names.map(|name| reader.symbols.intern(name)).collect();
    if names.is_empty() {
        names.push(own);
    }
    Some(Selector::In(Key::NamespaceName, names))
}

impl Monitor {
    /// The resources of the services that it selects, or may select, in the order of the inventory.
    pub(crate) fn services(&self, services: &Services, pods: &Pods) -> Vec<u32> {
        let required = self.selector.required();
        let found = services.labelled(required.first().copied());
        let selected = found.filter(|service| {
            let subject = Subject {
                labels: &service.labels,
                namespace: service.namespace,
                namespace_labels: &service.labels,
                service_account: Value::Absent,
            };
            self.selector.matches(&subject, &pods.symbols).is_possible()
        });
        selected.map(|service| service.place.resource).collect()
    }
}
