//! Relations through the network: services, policies, exposure.

use bumpalo::Bump;
use expr::{MethodId, Value};

use super::method;
use super::pod::PodHost;
use super::resource::{ResourceHost, list, resource_value};

const SERVICES: MethodId = method("services");

/// What a pod answers.
pub(super) fn of_pod<'a, 'r: 'a>(
    pod: &'a PodHost<'a, 'r>,
    method: MethodId,
    _arguments: &[Value<'a>],
    arena: &'a Bump,
) -> Option<Value<'a>> {
    let relations = pod.relations();
    let network = relations.network();
    let id = network.pod(pod.resource(), pod.view().spec().id())?;
    match method {
        SERVICES => {
            let services = network.services(id).iter();
            let services =
                services.map(|found| resource_value(relations, found.place.resource, arena));
            Some(list(arena, services))
        }
        _ => None,
    }
}

/// What a resource answers.
pub(super) fn of_resource<'a, 'r: 'a>(
    _resource: &'a ResourceHost<'a, 'r>,
    _method: MethodId,
    _arguments: &[Value<'a>],
    _arena: &'a Bump,
) -> Option<Value<'a>> {
    None
}
