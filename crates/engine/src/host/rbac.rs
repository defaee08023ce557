//! Relations through permissions: roles, bindings, subjects and what these may do.

mod escalation;
mod subject;

use bumpalo::Bump;
use document::NodeRef;
use expr::{MethodId, Value};
use model::PodMember;
use rbac::{BindingId, ResourceIndex, RoleId, Subject};

pub(crate) use self::subject::{SUBJECT_PARTS, SubjectHost};
use super::method;
use super::pod::PodHost;
use super::resource::{ResourceHost, absent, existing, list, unknown};
use crate::relations::{
    BindingsOf, Existence, Identity, Relations, ask_by_binding_of, namespace_of,
};

const ROLE: MethodId = method("role");
const SUBJECTS: MethodId = method("subjects");
const IS_DANGLING: MethodId = method("isDangling");
const BINDINGS: MethodId = method("bindings");
const RULES: MethodId = method("rules");
const SUBJECT: MethodId = method("subject");
const SERVICE_ACCOUNT: MethodId = method("serviceAccount");
const MOUNTS_TOKEN: MethodId = method("mountsToken");
const CAN: MethodId = method("can");

/// The API group of roles and bindings.
const GROUP: &str = "rbac.authorization.k8s.io";

/// What a pod answers.
pub(super) fn of_pod<'a, 'r: 'a>(
    pod: &'a PodHost<'a, 'r>,
    method: MethodId,
    arguments: &[Value<'a>],
    arena: &'a Bump,
) -> Option<Value<'a>> {
    let is_ours = matches!(method, SUBJECT | CAN | SERVICE_ACCOUNT | MOUNTS_TOKEN);
    if !is_ours {
        return None;
    }
    let relations = pod.relations();
    let spec = pod.view().spec();
    let namespace = namespace_of(pod.view().resource());
    let name = pod.view().effective(PodMember::ServiceAccountName);
    let name = name.as_str().unwrap_or("default");
    let subject = || -> &'a SubjectHost<'a, 'r> {
        arena.alloc(SubjectHost {
            relations,
            subject: Subject::ServiceAccount { namespace, name },
            node: Some(spec),
        })
    };
    let existence = || {
        relations.existence_of(&Identity {
            group: "",
            kind: "ServiceAccount",
            namespace,
            name,
        })
    };
    match method {
        SUBJECT => Some(Value::Host(subject())),
        CAN => subject().can(arguments, arena),
        SERVICE_ACCOUNT => {
            let reason = format_args!("the service account `{namespace}/{name}` was not scanned");
            Some(existing(relations, existence(), spec, reason, arena))
        }
        _ => {
            let of_account = || match existence() {
                Existence::Scanned(index) => mounts(relations.resource(index)?.object()),
                Existence::Surely | Existence::NotScanned => None,
            };
            Some(Value::Bool(
                mounts(spec).or_else(of_account).unwrap_or(true),
            ))
        }
    }
}

/// What a pod spec or a ServiceAccount says of mounting the token.
fn mounts(node: NodeRef<'_>) -> Option<bool> {
    node.get_str("automountServiceAccountToken")?.as_bool()
}

/// What a resource answers.
pub(super) fn of_resource<'a, 'r: 'a>(
    resource: &'a ResourceHost<'a, 'r>,
    method: MethodId,
    _arguments: &[Value<'a>],
    arena: &'a Bump,
) -> Option<Value<'a>> {
    let relations = resource.relations;
    if !matches!(
        method,
        ROLE | SUBJECTS | IS_DANGLING | BINDINGS | RULES | SUBJECT
    ) {
        return None;
    }
    if resource.is("", "ServiceAccount") {
        let namespace = namespace_of(resource.resource);
        let name = &*resource.resource.name;
        let host = SubjectHost {
            relations,
            subject: Subject::ServiceAccount { namespace, name },
            node: Some(resource.resource.object()),
        };
        return (method == SUBJECT).then(|| Value::Host(arena.alloc(host)));
    }
    if resource.is(GROUP, "RoleBinding") || resource.is(GROUP, "ClusterRoleBinding") {
        return match method {
            ROLE => Some(role(resource, arena)),
            SUBJECTS => Some(subjects_of_binding(relations, resource.index, arena)),
            IS_DANGLING => Some(is_dangling(resource, arena)),
            _ => None,
        };
    }
    if !(resource.is(GROUP, "Role") || resource.is(GROUP, "ClusterRole")) {
        return None;
    }
    ask_by_binding_of(relations, BindingsOf::Role(resource.resource));
    let id = role_of(resource);
    let bindings = || id.map_or_else(Vec::new, |id| relations.graph().bindings_granting(id));
    match method {
        BINDINGS => {
            let bindings = bindings().into_iter();
            let hosts = bindings.filter_map(|id| binding_value(relations, id, arena));
            Some(list(arena, hosts))
        }
        SUBJECTS => Some(subjects_of(relations, &bindings(), arena)),
        RULES => {
            let graph = relations.graph();
            let rules = id.map_or(&[][..], |id| graph.rules(id)).iter();
            let places = rules.filter_map(|&rule| graph.rule(rule));
            let nodes = places.filter_map(|place| {
                let resource = graph.resource(relations.inventory(), place.resource)?;
                Some(Value::Node(resource.document.at(place.node)))
            });
            Some(list(arena, nodes))
        }
        _ => None,
    }
}

/// The role in the graph; of several with one name all are one.
fn role_of(role: &ResourceHost<'_, '_>) -> Option<RoleId> {
    let namespace = match &*role.resource.kind {
        "ClusterRole" => None,
        _ => Some(namespace_of(role.resource)),
    };
    let graph = role.relations.graph();
    graph.find_role(namespace, &role.resource.name)
}

/// A scanned binding.
fn binding_value<'a, 'r: 'a>(
    relations: &'a Relations<'r>,
    id: BindingId,
    arena: &'a Bump,
) -> Option<Value<'a>> {
    let place = relations.graph().binding(id)?.place;
    scanned(relations, place.resource, arena)
}

/// A scanned role; `None` for one that every cluster has.
fn role_value<'a, 'r: 'a>(
    relations: &'a Relations<'r>,
    id: RoleId,
    arena: &'a Bump,
) -> Option<Value<'a>> {
    let place = relations.graph().role(id)?.place;
    scanned(relations, place.resource, arena)
}

fn scanned<'a, 'r: 'a>(
    relations: &'a Relations<'r>,
    index: ResourceIndex,
    arena: &'a Bump,
) -> Option<Value<'a>> {
    let index = u32::try_from(index.index()).ok()?;
    ResourceHost::new(relations, index, arena).map(|host| -> Value<'a> { Value::Host(host) })
}

/// The subjects of a binding, each at its entry.
fn subjects_of_binding<'a, 'r: 'a>(
    relations: &'a Relations<'r>,
    index: u32,
    arena: &'a Bump,
) -> Value<'a> {
    let graph = relations.graph();
    let bound = graph.binding_at(index).into_iter();
    let bound = bound.flat_map(|id| graph.bound(id));
    let hosts = bound.filter_map(|bound| SubjectHost::bound(relations, &bound, arena));
    list(arena, hosts.map(|host| -> Value<'a> { Value::Host(host) }))
}

/// The subjects of bindings, each once, at its first entry.
fn subjects_of<'a, 'r: 'a>(
    relations: &'a Relations<'r>,
    bindings: &[BindingId],
    arena: &'a Bump,
) -> Value<'a> {
    let graph = relations.graph();
    let mut bound: Vec<_> = bindings.iter().flat_map(|&id| graph.bound(id)).collect();
    bound.sort_by_key(|bound| bound.id);
    bound.dedup_by_key(|bound| bound.id);
    bound.sort_by_key(|bound| (bound.place.resource, bound.place.node));
    let hosts = bound.iter();
    let hosts = hosts.filter_map(|bound| SubjectHost::bound(relations, bound, arena));
    list(arena, hosts.map(|host| -> Value<'a> { Value::Host(host) }))
}

fn role<'a, 'r: 'a>(binding: &'a ResourceHost<'a, 'r>, arena: &'a Bump) -> Value<'a> {
    let relations = binding.relations;
    let object = binding.resource.object();
    let Some(reference) = object.get_str("roleRef") else {
        return unknown(arena, Some(object), "the binding names no role");
    };
    let (kind, name) = (text(reference, "kind"), text(reference, "name"));
    let namespace = match kind {
        "ClusterRole" => "",
        _ => namespace_of(binding.resource),
    };
    let existence = relations.existence_of(&Identity {
        group: GROUP,
        kind,
        namespace,
        name,
    });
    let reason = format_args!("the role `{name}` was not scanned");
    existing(relations, existence, reference, reason, arena)
}

fn is_dangling<'a, 'r: 'a>(binding: &'a ResourceHost<'a, 'r>, arena: &'a Bump) -> Value<'a> {
    // Whether the role is there is asked as well.
    role(binding, arena);
    let graph = binding.relations.graph();
    let id = graph.binding_at(binding.index);
    if id.is_none_or(|id| graph.role_of(id).is_some()) {
        return Value::Bool(false);
    }
    let object = binding.resource.object();
    let reference = object.get_str("roleRef").unwrap_or(object);
    let name = text(reference, "name");
    let reason = format_args!("the role `{name}` was not scanned");
    absent(
        binding.relations,
        Value::Bool(true),
        reference,
        reason,
        arena,
    )
}

fn text<'a>(node: NodeRef<'a>, key: &str) -> &'a str {
    let value = node.get_str(key).and_then(NodeRef::as_str);
    value.unwrap_or_default()
}
