//! Relations by name: namespaces, owners, what a resource refers to.

use bumpalo::Bump;
use expr::{MethodId, Value};

use super::method;
use super::resource::{ResourceHost, list, pods_of, resource_value, unknown};
use crate::relations::namespace_of;

const NAMESPACE_OBJECT: MethodId = method("namespaceObject");
const PODS: MethodId = method("pods");

/// What a resource answers.
pub(super) fn of_resource<'a, 'r: 'a>(
    resource: &'a ResourceHost<'a, 'r>,
    method: MethodId,
    _arguments: &[Value<'a>],
    arena: &'a Bump,
) -> Option<Value<'a>> {
    match method {
        NAMESPACE_OBJECT => Some(namespace_object(resource, arena)),
        PODS if resource.is("", "Namespace") => {
            let (relations, name) = (resource.relations, &resource.resource.name);
            let network = relations.network();
            let pods = network.pods_in(name).iter();
            let carriers = pods.map(|&pod| network.place(pod));
            let pods = carriers.flat_map(|place| {
                let pods = pods_of(relations, place.resource, arena);
                pods.filter(move |pod| pod.origin().is_some_and(|spec| spec.id() == place.node))
            });
            Some(list(arena, pods))
        }
        PODS => {
            let is_workload = !resource.relations.pods_of(resource.index).is_empty();
            is_workload.then(|| list(arena, resource.own_pods(arena)))
        }
        _ => None,
    }
}

fn namespace_object<'a, 'r: 'a>(resource: &'a ResourceHost<'a, 'r>, arena: &'a Bump) -> Value<'a> {
    let relations = resource.relations;
    let name = namespace_of(resource.resource);
    match relations.find("", "Namespace", "", name) {
        Some(index) => resource_value(relations, index, arena),
        None => unknown(
            arena,
            Some(resource.resource.object()),
            &format!("the namespace `{name}` was not scanned"),
        ),
    }
}
