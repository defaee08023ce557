//! What services answer.

use bumpalo::Bump;
use document::NodeRef;
use expr::{Host, MemberId, MethodId, Value};
use network::{Reason, Truth};

use super::super::member;
use super::super::resource::{ResourceHost, list};
use super::{EXPOSURE, PODS, exposure, reason_value, selected, truth_value};

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
        EXPOSURE => {
            let exposure = network.service_exposure(index)?;
            Some(exposure::value(relations, exposure, index, arena))
        }
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
