//! Relations by name: namespaces, owners, what a resource refers to and who refers to it.

mod reference;

use bumpalo::Bump;
use document::NodeRef;
use expr::{MethodId, Value};
use network::Truth;

use self::reference::ReferenceHost;
use super::method;
use super::network::pod_value;
use super::pod::PodHost;
use super::resource::{ResourceHost, absent, existing, list, pods_of, resource_list, unknown};
use crate::relations::{
    Existence, Identity, Reference, Relations, ask_by_pod, ask_by_resource, namespace_of,
    references_of_pod,
};

const NAMESPACE_OBJECT: MethodId = method("namespaceObject");
const PODS: MethodId = method("pods");
const REFERENCES: MethodId = method("references");
const TARGET: MethodId = method("target");
const USERS: MethodId = method("users");
const OWNER: MethodId = method("owner");
const AUTOSCALERS: MethodId = method("autoscalers");
const SELECTS_PODS: MethodId = method("selectsPods");
const SIBLINGS: MethodId = method("siblings");
const KUBELET_VERSIONS: MethodId = method("kubeletVersions");
const ALLOCATABLE: MethodId = method("allocatable");
const DISRUPTION_BUDGETS: MethodId = method("disruptionBudgets");

/// Of a kind with more resources, each is not held against all the others.
const MOST_SIBLINGS: usize = 1000;

/// What a pod answers.
pub(super) fn of_pod<'a, 'r: 'a>(
    pod: &'a PodHost<'a, 'r>,
    method: MethodId,
    _arguments: &[Value<'a>],
    arena: &'a Bump,
) -> Option<Value<'a>> {
    let relations = pod.relations();
    match method {
        REFERENCES => Some(*pod.references().get_or_init(|| {
            let found = references_of_pod(pod.view());
            references(relations, found, arena)
        })),
        DISRUPTION_BUDGETS => {
            let network = relations.network();
            ask_by_pod(relations, pod.resource());
            let id = network.pod(pod.resource(), pod.view().spec().id())?;
            Some(resource_list(relations, network.budgets(id), arena))
        }
        _ => None,
    }
}

/// What a resource answers.
pub(super) fn of_resource<'a, 'r: 'a>(
    resource: &'a ResourceHost<'a, 'r>,
    method: MethodId,
    arguments: &[Value<'a>],
    arena: &'a Bump,
) -> Option<Value<'a>> {
    let relations = resource.relations;
    match method {
        NAMESPACE_OBJECT => Some(namespace_object(resource, arena)),
        PODS if resource.is("", "Namespace") => {
            ask_by_resource(relations, resource.index, true);
            let pods = relations.network().pods_in(&resource.resource.name).iter();
            let pods = pods.filter_map(|&pod| pod_value(relations, pod, arena));
            Some(list(arena, pods))
        }
        PODS | SELECTS_PODS if resource.is("policy", "PodDisruptionBudget") => {
            budgeted(resource, method == SELECTS_PODS, arena)
        }
        PODS => {
            let is_workload = !relations.pods_of(resource.index).is_empty();
            is_workload.then(|| list(arena, pods_of(relations, resource.index, arena)))
        }
        REFERENCES => {
            let found = relations.references_of(resource.index);
            Some(references(relations, found, arena))
        }
        TARGET => target(resource, arena),
        USERS => {
            let users = relations.users_of(resource.index);
            Some(resource_list(relations, users, arena))
        }
        OWNER => Some(owner(resource, arena)),
        AUTOSCALERS => {
            let users = relations.users_of(resource.index);
            let users = users.filter(|&index| is_autoscaler(relations, index));
            Some(resource_list(relations, users, arena))
        }
        SIBLINGS if relations.of_kind(&resource.resource.kind).len() > MOST_SIBLINGS => {
            let object = resource.resource.object();
            Some(unknown(
                arena,
                Some(object),
                "there are too many of its kind",
            ))
        }
        SIBLINGS => {
            let others = relations.of_kind(&resource.resource.kind).iter().copied();
            let others = others.filter(|&index| {
                let other = relations.resource(index);
                index != resource.index
                    && other.is_some_and(|it| it.group() == resource.resource.group())
            });
            Some(resource_list(relations, others, arena))
        }
        KUBELET_VERSIONS => Some(match relations.nodes() {
            None => no_node(resource, arena),
            Some(nodes) => list(arena, nodes.versions.iter().map(|it| Value::String(it))),
        }),
        ALLOCATABLE => {
            let name = arguments.first()?.as_str()?;
            let Some(nodes) = relations.nodes() else {
                return Some(no_node(resource, arena));
            };
            match name {
                "cpu" => Some(Value::Double(nodes.cpu)),
                "memory" => Some(Value::Double(nodes.memory)),
                _ => None,
            }
        }
        _ => None,
    }
}

fn no_node<'a, 'r: 'a>(resource: &'a ResourceHost<'a, 'r>, arena: &'a Bump) -> Value<'a> {
    let object = resource.resource.object();
    unknown(arena, Some(object), "no node was scanned")
}

fn references<'a, 'r: 'a>(
    relations: &'a Relations<'r>,
    found: Vec<Reference<'r>>,
    arena: &'a Bump,
) -> Value<'a> {
    let hosts = found.into_iter().map(|reference| -> Value<'a> {
        Value::Host(arena.alloc(ReferenceHost {
            relations,
            reference,
        }))
    });
    list(arena, hosts)
}

fn namespace_object<'a, 'r: 'a>(resource: &'a ResourceHost<'a, 'r>, arena: &'a Bump) -> Value<'a> {
    let relations = resource.relations;
    let name = namespace_of(resource.resource);
    let existence = relations.existence_of(&Identity {
        group: "",
        kind: "Namespace",
        namespace: "",
        name,
    });
    let object = resource.resource.object();
    let reason = format_args!("the namespace `{name}` was not scanned");
    existing(relations, existence, object, reason, arena)
}

/// The pods that a budget selects, or whether it selects any; unknown when there is none in a part of a
/// cluster, or when that hangs on labels that controllers and operators give.
fn budgeted<'a, 'r: 'a>(
    budget: &'a ResourceHost<'a, 'r>,
    only_whether: bool,
    arena: &'a Bump,
) -> Option<Value<'a>> {
    let relations = budget.relations;
    ask_by_resource(relations, budget.index, true);
    let network = relations.network();
    let any = network.budget_any(budget.index)?;
    let none = "none of the pods that the budget selects was scanned";
    let object = budget.resource.object();
    if any.reason().is_some() {
        return Some(unknown(arena, Some(object), none));
    }
    if any == Truth::No {
        let sure = if only_whether {
            Value::Bool(false)
        } else {
            Value::List(&[])
        };
        return Some(absent(
            relations,
            sure,
            object,
            format_args!("{none}"),
            arena,
        ));
    }
    if only_whether {
        return Some(Value::Bool(true));
    }
    let found = network.budget_pods(budget.index)?.into_iter();
    let sure = found.filter(|found| found.unknown.is_none());
    let pods = sure.filter_map(|found| pod_value(relations, found.pod, arena));
    Some(list(arena, pods))
}

/// What an autoscaler scales.
fn target<'a, 'r: 'a>(resource: &'a ResourceHost<'a, 'r>, arena: &'a Bump) -> Option<Value<'a>> {
    let relations = resource.relations;
    let is_vertical = resource.is("autoscaling.k8s.io", "VerticalPodAutoscaler");
    if !is_vertical && !is_autoscaler(relations, resource.index) {
        return None;
    }
    let references = relations.references_of(resource.index);
    let Some(reference) = references.first() else {
        let object = resource.resource.object();
        return Some(unknown(arena, Some(object), "it names no target"));
    };
    Some(meant(relations, reference, arena))
}

fn is_autoscaler(relations: &Relations<'_>, index: u32) -> bool {
    let resource = relations.resource(index);
    resource.is_some_and(|resource| {
        matches!(
            (resource.group(), &*resource.kind),
            ("autoscaling", "HorizontalPodAutoscaler") | ("keda.sh", "ScaledObject")
        )
    })
}

/// The object that a reference means.
fn meant<'a, 'r: 'a>(
    relations: &'a Relations<'r>,
    reference: &Reference<'r>,
    arena: &'a Bump,
) -> Value<'a> {
    let Reference {
        kind, name, node, ..
    } = *reference;
    let reason = format_args!("the {kind} `{name}` was not scanned");
    existing(
        relations,
        relations.existence(reference),
        node,
        reason,
        arena,
    )
}

fn owner<'a, 'r: 'a>(resource: &'a ResourceHost<'a, 'r>, arena: &'a Bump) -> Value<'a> {
    let relations = resource.relations;
    let metadata = resource.resource.object().get_str("metadata");
    let owners = metadata.and_then(|it| it.get_str("ownerReferences"));
    let owners = || owners.into_iter().flat_map(NodeRef::items);
    let is_controller = |owner: &NodeRef<'_>| {
        let flag = owner.get_str("controller");
        flag.and_then(NodeRef::as_bool) == Some(true)
    };
    let Some(owner) = owners().find(is_controller).or_else(|| owners().next()) else {
        return Value::Null;
    };
    let text = |key| {
        let node: Option<NodeRef<'r>> = owner.get_str(key);
        node.and_then(NodeRef::as_str).unwrap_or_default()
    };
    let group = text("apiVersion")
        .split_once('/')
        .map_or("", |(group, _)| group);
    let (kind, name) = (text("kind"), text("name"));
    let namespace = namespace_of(resource.resource);
    let found = relations.find(group, kind, namespace, name);
    let found = found.or_else(|| relations.find(group, kind, "", name));
    let existence = found.map_or(Existence::NotScanned, Existence::Scanned);
    let reason = format_args!("the {kind} `{name}` was not scanned");
    existing(relations, existence, owner, reason, arena)
}
