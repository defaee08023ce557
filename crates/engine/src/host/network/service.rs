//! What services answer.

use bumpalo::Bump;
use document::NodeRef;
use expr::{Host, MemberId, MethodId, Value};
use network::{Reason, Truth};

use super::super::member;
use super::super::resource::{ResourceHost, absent, existing, list, resource_list};
use super::{
    EXPOSURE, PODS, SELECTS_PODS, WORKLOADS, existence, exposure, reason_value, resources,
    selected, truth_value,
};
use crate::relations::{Existence, namespace_of};

const IS_SERVED: MemberId = member("isServed");

/// The answer of a service to one of its methods.
pub(super) fn answer<'a, 'r: 'a>(
    service: &'a ResourceHost<'a, 'r>,
    method: MethodId,
    arena: &'a Bump,
) -> Option<Value<'a>> {
    let (relations, index) = (service.relations, service.index);
    let network = relations.network();
    let object = service.resource.object();
    match method {
        PODS => Some(match network.service_pods(index) {
            Some(found) => selected(relations, found.iter().copied(), object, arena),
            None => reason_value(Reason::NoSelector, object, arena),
        }),
        SELECTS_PODS => Some(match network.service_any(index) {
            Some(truth) => existence(relations, truth.is_possible(), object, arena),
            None => reason_value(Reason::NoSelector, object, arena),
        }),
        WORKLOADS => {
            let found = network.service_pods(index).unwrap_or_default();
            let places = found.iter().map(|found| network.place(found.pod));
            if found.is_empty() {
                return answer(service, PODS, arena);
            }
            Some(resources(relations, places, arena))
        }
        EXPOSURE => Some(match network.service_exposure(index) {
            Some(exposure) => exposure::value(relations, exposure, index, arena),
            None => reason_value(Reason::Malformed, object, arena),
        }),
        _ => {
            let ports = network.service_ports(index).map(|port| -> Value<'a> {
                Value::Host(arena.alloc(PortHost {
                    node: service.resource.document.at(port.place.node),
                    served: port.served,
                }))
            });
            Some(list(arena, ports))
        }
    }
}

/// The services that a monitor selects.
pub(super) fn monitored<'a, 'r: 'a>(
    monitor: &'a ResourceHost<'a, 'r>,
    arena: &'a Bump,
) -> Value<'a> {
    let (relations, object) = (monitor.relations, monitor.resource.object());
    let Some(found) = relations.network().monitored_services(monitor.index) else {
        return reason_value(Reason::Malformed, object, arena);
    };
    if found.is_empty() {
        let reason = format_args!("none of the services that the selector selects was scanned");
        return absent(relations, Value::List(&[]), object, reason, arena);
    }
    resource_list(relations, found, arena)
}

/// The service that an object of another kind is about: that of its namespace and name.
pub(super) fn of_same_name<'a, 'r: 'a>(
    resource: &'a ResourceHost<'a, 'r>,
    arena: &'a Bump,
) -> Value<'a> {
    let (relations, name) = (resource.relations, &resource.resource.name);
    let found = relations.find("", "Service", namespace_of(resource.resource), name);
    let existence = found.map_or(Existence::NotScanned, Existence::Scanned);
    let object = resource.resource.object();
    let reason = format_args!("{}", Reason::ServiceNotScanned.sentence());
    existing(relations, existence, object, reason, arena)
}

/// A port of a service.
struct PortHost<'a> {
    node: NodeRef<'a>,
    served: Truth,
}

impl<'a> Host<'a> for PortHost<'a> {
    fn type_name(&self) -> &'static str {
        "service port"
    }

    fn node(&self) -> Option<NodeRef<'a>> {
        Some(self.node)
    }

    fn member(&'a self, member: MemberId, arena: &'a Bump) -> Option<Value<'a>> {
        (member == IS_SERVED).then(|| truth_value(self.served, self.node, arena))
    }
}
