//! Relations through the network: services, policies, exposure.

mod backend;
mod exposure;
mod service;

use bumpalo::Bump;
use document::NodeRef;
use expr::{MethodId, Value};
use model::ContainerRole;
use network::{Direction, Endpoint, Outcome, Place, PodId, PodMatch, Port, Reason, Truth};

use super::method;
use super::pod::PodHost;
use super::resource::{ResourceHost, absent, list, resource_list, unknown};
use crate::relations::{Relations, ask_by_pod, ask_by_resource};

const SERVICES: MethodId = method("services");
const EXPOSURE: MethodId = method("exposure");
const NETWORK_POLICIES: MethodId = method("networkPolicies");
const IS_ISOLATED: MethodId = method("isIsolated");
const CAN_REACH: MethodId = method("canReach");
const PORTS: MethodId = method("ports");
const PODS: MethodId = method("pods");
const PEERS: MethodId = method("peers");
const PEER_PODS: MethodId = method("peerPods");
const SELECTS_PODS: MethodId = method("selectsPods");
const MEANS_PODS: MethodId = method("meansPods");
const BACKENDS: MethodId = method("backends");
const PARENTS: MethodId = method("parents");
const WORKLOADS: MethodId = method("workloads");
const SERVICE: MethodId = method("service");

/// Those that look into the network for resources.
const OF_RESOURCES: [MethodId; 10] = [
    PODS,
    SELECTS_PODS,
    EXPOSURE,
    PORTS,
    WORKLOADS,
    SERVICES,
    PEER_PODS,
    MEANS_PODS,
    NETWORK_POLICIES,
    IS_ISOLATED,
];

/// The API group of the Prometheus operator.
const MONITORING: &str = "monitoring.coreos.com";

/// Of containers that stand somewhere else than in a pod spec.
const NOT_WHOLE: &str = "only a part of the pod is written in the resource";

/// What a pod answers.
pub(super) fn of_pod<'a, 'r: 'a>(
    pod: &'a PodHost<'a, 'r>,
    method: MethodId,
    arguments: &[Value<'a>],
    arena: &'a Bump,
) -> Option<Value<'a>> {
    let relations = pod.relations();
    if method == PORTS {
        return Some(list(arena, ports(pod)));
    }
    if ![SERVICES, EXPOSURE, NETWORK_POLICIES, IS_ISOLATED, CAN_REACH].contains(&method) {
        return None;
    }
    let network = relations.network();
    ask_by_pod(relations, pod.resource());
    let spec = pod.view().spec();
    let Some(id) = network.pod(pod.resource(), spec.id()) else {
        return Some(unknown(arena, Some(spec), NOT_WHOLE));
    };
    match method {
        SERVICES => {
            let services = network.services(id).iter().map(|found| found.place);
            Some(resources(relations, services, arena))
        }
        EXPOSURE => {
            let exposure = network.exposure(id);
            Some(exposure::value(relations, exposure, pod.resource(), arena))
        }
        NETWORK_POLICIES => {
            let found = match arguments.first()?.as_str()? {
                "any" => network.policies_on(id),
                _ => network.policies(id, direction(arguments)?),
            };
            let places = found.iter().map(|found| found.place);
            Some(resources(relations, places, arena))
        }
        IS_ISOLATED => {
            let truth = network.is_isolated(id, direction(arguments)?);
            Some(truth_value(truth, spec, arena))
        }
        _ => can_reach(relations, id, arguments, spec, arena),
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
    if OF_RESOURCES.contains(&method) {
        ask_by_resource(relations, resource.index, false);
    }
    match method {
        PODS | SELECTS_PODS | EXPOSURE | PORTS | WORKLOADS if resource.is("", "Service") => {
            service::answer(resource, method, arena)
        }
        SERVICE => Some(service::of_same_name(resource, arena)),
        SERVICES if resource.is(MONITORING, "ServiceMonitor") => {
            Some(service::monitored(resource, arena))
        }
        PODS if resource.is(MONITORING, "PodMonitor") => {
            let object = resource.resource.object();
            Some(match relations.network().monitored_pods(resource.index) {
                Some(found) => selected(relations, found, object, arena),
                None => reason_value(Reason::Malformed, object, arena),
            })
        }
        PODS if is_policy(resource) => {
            let object = resource.resource.object();
            Some(match relations.network().policy_pods(resource.index) {
                Some(found) => selected(relations, found, object, arena),
                None => reason_value(Reason::Malformed, object, arena),
            })
        }
        SELECTS_PODS if is_policy(resource) => {
            let object = resource.resource.object();
            Some(match relations.network().selects_any(resource.index) {
                Some(truth) => existence(relations, truth.is_possible(), object, arena),
                None => reason_value(Reason::Malformed, object, arena),
            })
        }
        PEERS if is_policy(resource) => Some(list(arena, peers(resource.resource.object()))),
        PEER_PODS | MEANS_PODS if is_policy(resource) => {
            let peer = arguments.first()?.origin()?;
            let place = Place {
                resource: resource.index,
                node: peer.id(),
            };
            let network = relations.network();
            if method == MEANS_PODS {
                let exists = network.peer_any(place).is_some_and(Truth::is_possible);
                return Some(existence(relations, exists, peer, arena));
            }
            Some(match network.peer_pods(place) {
                Some(found) => selected(relations, found, peer, arena),
                None => Value::List(&[]),
            })
        }
        NETWORK_POLICIES if resource.is("", "Namespace") => {
            let name = &resource.resource.name;
            let network = relations.network();
            let found = network.namespace_policies(name, direction(arguments)?);
            let places = found.iter().map(|found| found.place);
            Some(resources(relations, places, arena))
        }
        IS_ISOLATED if resource.is("", "Namespace") => {
            let name = &resource.resource.name;
            let network = relations.network();
            let truth = network.isolates_namespace(name, direction(arguments)?);
            Some(truth_value(truth, resource.resource.object(), arena))
        }
        BACKENDS | PARENTS => {
            ask_by_resource(relations, resource.index, false);
            Some(backend::references(resource, method == PARENTS, arena))
        }
        _ => None,
    }
}

/// Whether it is a network policy of any kind.
fn is_policy(resource: &ResourceHost<'_, '_>) -> bool {
    resource.resource.kind.ends_with("NetworkPolicy")
}

/// The entries of `from` and `to`.
fn peers(policy: NodeRef<'_>) -> impl Iterator<Item = Value<'_>> {
    let lists = [("ingress", "from"), ("egress", "to")];
    lists.into_iter().flat_map(move |(direction, name)| {
        let entries = policy
            .get_str("spec")
            .and_then(|spec| spec.get_str(direction));
        let entries = entries.into_iter().flat_map(NodeRef::items);
        let peers = entries.filter_map(move |entry| entry.get_str(name));
        peers.flat_map(NodeRef::items).map(Value::Node)
    })
}

fn direction(arguments: &[Value<'_>]) -> Option<Direction> {
    let name = arguments.first()?.as_str()?;
    Direction::ALL
        .into_iter()
        .find(|direction| direction.as_str() == name)
}

/// The resources that places lie in, each once where they follow each other.
fn resources<'a, 'r: 'a>(
    relations: &'a Relations<'r>,
    places: impl IntoIterator<Item = Place>,
    arena: &'a Bump,
) -> Value<'a> {
    let mut indexes: Vec<u32> = places.into_iter().map(|place| place.resource).collect();
    indexes.dedup();
    resource_list(relations, indexes, arena)
}

/// A pod of the network.
pub(super) fn pod_value<'a, 'r: 'a>(
    relations: &'a Relations<'r>,
    pod: PodId,
    arena: &'a Bump,
) -> Option<Value<'a>> {
    let place = relations.network().place(pod);
    let views = relations.pods_of(place.resource);
    let view = views.iter().find(|view| view.spec().id() == place.node)?;
    let host = PodHost::new(view, place.resource, relations, arena);
    Some(Value::Host(host))
}

/// The pods that a selector selects. That a part of a cluster has none of them says nothing.
fn selected<'a, 'r: 'a>(
    relations: &'a Relations<'r>,
    found: impl IntoIterator<Item = PodMatch>,
    node: NodeRef<'a>,
    arena: &'a Bump,
) -> Value<'a> {
    let pods = found
        .into_iter()
        .filter_map(|found| pod_value(relations, found.pod, arena));
    let pods = list(arena, pods);
    let is_empty = pods.items().is_none_or(expr::Items::is_empty);
    if !is_empty {
        return pods;
    }
    let reason = format_args!("{}", Reason::NoPodScanned.sentence());
    absent(relations, pods, node, reason, arena)
}

/// Whether a selector selects something, or may. That a part of a cluster has none of it says nothing.
fn existence<'a>(
    relations: &Relations<'_>,
    exists: bool,
    node: NodeRef<'a>,
    arena: &'a Bump,
) -> Value<'a> {
    if exists {
        return Value::Bool(true);
    }
    let reason = format_args!("{}", Reason::NoPodScanned.sentence());
    absent(relations, Value::Bool(false), node, reason, arena)
}

fn truth_value<'a>(truth: Truth, node: NodeRef<'a>, arena: &'a Bump) -> Value<'a> {
    match truth {
        Truth::No => Value::Bool(false),
        Truth::Yes => Value::Bool(true),
        Truth::Unknown(reason) => reason_value(reason, node, arena),
    }
}

fn reason_value<'a>(reason: Reason, node: NodeRef<'a>, arena: &'a Bump) -> Value<'a> {
    unknown(arena, Some(node), reason.sentence())
}

fn can_reach<'a, 'r: 'a>(
    relations: &'a Relations<'r>,
    from: PodId,
    arguments: &[Value<'a>],
    spec: NodeRef<'a>,
    arena: &'a Bump,
) -> Option<Value<'a>> {
    let [address, port] = arguments else {
        return None;
    };
    let address = address.as_str()?.parse().ok()?;
    let port = Port::tcp(u16::try_from(port.as_int()?).ok()?);
    let network = relations.network();
    let verdict = network.reach(Endpoint::Pod(from), Endpoint::Address(address), port);
    Some(match verdict.outcome {
        Outcome::Allowed => Value::Bool(true),
        Outcome::Denied => Value::Bool(false),
        Outcome::Unknown => {
            let mut reasons = verdict.by.iter().filter_map(|because| because.unknown);
            let reason = reasons.next().unwrap_or(Reason::Malformed);
            reason_value(reason, spec, arena)
        }
    })
}

/// The ports that the containers of a pod declare, those of init containers that end left out.
fn ports<'a, 'r: 'a>(pod: &'a PodHost<'a, 'r>) -> impl Iterator<Item = Value<'a>> {
    let containers = pod.view().containers().iter();
    let running =
        containers.filter(|it| matches!(it.role(), ContainerRole::Main | ContainerRole::Sidecar));
    let ports = running.filter_map(|container| container.node().get_str("ports"));
    ports
        .flat_map(NodeRef::items)
        .map(|node| -> Value<'a> { Value::Node(node) })
}
