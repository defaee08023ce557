//! Relations through permissions: roles, bindings, subjects and what these may do.

use bumpalo::Bump;
use document::NodeRef;
use expr::{MethodId, Value};

use super::method;
use super::resource::{ResourceHost, resource_value, unknown};
use crate::relations::namespace_of;

const ROLE: MethodId = method("role");

/// The API group of roles and bindings.
const GROUP: &str = "rbac.authorization.k8s.io";

/// What a resource answers.
pub(super) fn of_resource<'a, 'r: 'a>(
    resource: &'a ResourceHost<'a, 'r>,
    method: MethodId,
    _arguments: &[Value<'a>],
    arena: &'a Bump,
) -> Option<Value<'a>> {
    let is_binding = resource.is(GROUP, "RoleBinding") || resource.is(GROUP, "ClusterRoleBinding");
    (method == ROLE && is_binding).then(|| role(resource, arena))
}

fn role<'a, 'r: 'a>(binding: &'a ResourceHost<'a, 'r>, arena: &'a Bump) -> Value<'a> {
    let relations = binding.relations;
    let text = |node: NodeRef<'a>, key| {
        node.get_str(key)
            .and_then(NodeRef::as_str)
            .unwrap_or_default()
    };
    let object = binding.resource.object();
    let Some(reference) = object.get_str("roleRef") else {
        return unknown(arena, Some(object), "the binding names no role");
    };
    let (kind, name) = (text(reference, "kind"), text(reference, "name"));
    let namespace = match kind {
        "ClusterRole" => "",
        _ => namespace_of(binding.resource),
    };
    match relations.find(GROUP, kind, namespace, name) {
        Some(index) => resource_value(relations, index, arena),
        None => unknown(arena, Some(reference), "the role was not scanned"),
    }
}
