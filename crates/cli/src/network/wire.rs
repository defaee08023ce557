//! What answers about networks are made of, as their JSON has it.

use model::Resource;
use network::{
    Because, Chain, Direction, Effect, Endpoint, Hop, Level, Outcome, Place, PodId, Port, PortSet,
    Step, Truth,
};
use serde::Serialize;

use super::View;
use super::ends::name;
use crate::answers::wire::At;

/// A workload, or an address.
#[derive(Clone, PartialEq, Eq, Serialize, Debug)]
#[serde(rename_all = "camelCase")]
pub(super) struct Peer {
    /// As the command line takes it.
    pub(super) end: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) workload: Option<Workload>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) address: Option<String>,
}

/// What carries pods.
#[derive(Clone, PartialEq, Eq, Serialize, Debug)]
#[serde(rename_all = "camelCase")]
pub(super) struct Workload {
    pub(super) kind: String,
    pub(super) namespace: String,
    pub(super) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) location: Option<At>,
    /// Whether only what a policy allows gets to it, and from it: `yes`, `no`, `unknown`.
    pub(super) isolated: Isolated,
    /// From how far away it is surely reached: `internal`, `cluster`, `node`, `internet`.
    pub(super) exposure: &'static str,
}

/// Whether policies isolate.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Debug)]
pub(super) struct Isolated {
    pub(super) ingress: &'static str,
    pub(super) egress: &'static str,
}

/// Neighbouring ports, both ends included.
#[derive(Clone, PartialEq, Eq, Serialize, Debug)]
pub(super) struct Ports {
    protocol: &'static str,
    first: u16,
    last: u16,
}

/// A policy that takes part.
#[derive(Clone, PartialEq, Eq, Serialize, Debug)]
#[serde(rename_all = "camelCase")]
pub(super) struct Reason {
    /// `ingress` at the receiver, `egress` at the sender.
    pub(super) direction: &'static str,
    pub(super) policy: Object,
    /// `allows`, `denies`, `passes`: what its rule does; `isolates`: none of its rules allows it.
    pub(super) effect: &'static str,
    /// The rule; for `isolates` the policy's spec.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) location: Option<At>,
    /// Why it is not known whether it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) unknown: Option<&'static str>,
}

/// An object.
#[derive(Clone, PartialEq, Eq, Serialize, Debug)]
pub(super) struct Object {
    pub(super) kind: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) namespace: String,
    pub(super) name: String,
}

/// A way to a workload.
#[derive(Clone, PartialEq, Eq, Serialize, Debug)]
pub(super) struct Way {
    pub(super) level: &'static str,
    /// The port of the pod; absent for all, or for one that is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) port: Option<String>,
    pub(super) steps: Vec<Stage>,
    /// Why it is not known whether the way is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) unknown: Option<&'static str>,
}

/// A step of a way.
#[derive(Clone, PartialEq, Eq, Serialize, Debug)]
pub(super) struct Stage {
    pub(super) step: &'static str,
    #[serde(flatten)]
    pub(super) object: Object,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) location: Option<At>,
}

impl Object {
    fn new(resource: &Resource) -> Self {
        Object {
            kind: resource.kind.to_string(),
            namespace: resource.namespace.as_deref().unwrap_or_default().to_owned(),
            name: name(resource).to_owned(),
        }
    }

    /// `NetworkPolicy shop/db`.
    pub(super) fn text(&self) -> String {
        match self.namespace.as_str() {
            "" => format!("{} {}", self.kind, self.name),
            namespace => format!("{} {namespace}/{}", self.kind, self.name),
        }
    }
}

impl View<'_> {
    fn at(self, place: Place) -> Option<At> {
        place.location(self.inventory).as_ref().map(At::new)
    }

    fn object(self, place: Place) -> Object {
        let resource = self.inventory.resources.get(place.resource as usize);
        resource.map_or_else(
            || Object {
                kind: String::new(),
                namespace: String::new(),
                name: String::new(),
            },
            Object::new,
        )
    }

    pub(super) fn peer(self, end: Endpoint) -> Peer {
        match end {
            Endpoint::Address(address) => Peer {
                end: address.to_string(),
                workload: None,
                address: Some(address.to_string()),
            },
            Endpoint::Pod(pod) => Peer {
                end: self.word(pod),
                workload: Some(self.workload_of(pod)),
                address: None,
            },
        }
    }

    pub(super) fn workload_of(self, pod: PodId) -> Workload {
        let place = self.network.place(pod);
        let Object { kind, name, .. } = self.object(place);
        let isolated = |direction| truth_word(self.network.is_isolated(pod, direction));
        Workload {
            kind,
            namespace: self.network.namespace(pod).to_owned(),
            name,
            location: self.at(place),
            isolated: Isolated {
                ingress: isolated(Direction::Ingress),
                egress: isolated(Direction::Egress),
            },
            exposure: self.network.exposure(pod).level.as_str(),
        }
    }

    pub(super) fn reason(self, because: &Because) -> Reason {
        Reason {
            direction: because.direction.as_str(),
            policy: self.object(because.place),
            effect: match because.effect {
                Effect::Allows => "allows",
                Effect::Denies => "denies",
                Effect::Passes => "passes",
                Effect::Isolates => "isolates",
            },
            location: self.at(because.place),
            unknown: because.unknown.map(network::Reason::sentence),
        }
    }

    pub(super) fn way(self, chain: &Chain) -> Way {
        Way {
            level: chain.level.as_str(),
            port: chain.port.map(|port| port.to_string()),
            steps: chain.steps.iter().map(|step| self.stage(*step)).collect(),
            unknown: chain.unknown.map(network::Reason::sentence),
        }
    }

    fn stage(self, step: Step) -> Stage {
        Stage {
            step: match step.hop {
                Hop::Gateway => "gateway",
                Hop::Route => "route",
                Hop::Service => "service",
                Hop::ServicePort => "servicePort",
                Hop::ContainerPort => "containerPort",
                Hop::HostPort => "hostPort",
                Hop::HostNetwork => "hostNetwork",
                Hop::Pod => "pod",
            },
            object: self.object(step.place),
            location: self.at(step.place),
        }
    }
}

/// All ranges of a set.
pub(super) fn ranges(ports: &PortSet) -> Vec<Ports> {
    let ranges = ports.ranges().map(|range| Ports {
        protocol: range.protocol.as_str(),
        first: range.first,
        last: range.last,
    });
    ranges.collect()
}

/// The first port of each range.
pub(super) fn firsts(ports: &PortSet) -> impl Iterator<Item = Port> + '_ {
    ports.ranges().map(|range| Port {
        protocol: range.protocol,
        number: range.first,
    })
}

pub(super) fn truth_word(truth: Truth) -> &'static str {
    match truth {
        Truth::Yes => "yes",
        Truth::No => "no",
        Truth::Unknown(_) => "unknown",
    }
}

pub(super) fn outcome_word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Allowed => "allowed",
        Outcome::Denied => "denied",
        Outcome::Unknown => "unknown",
    }
}

/// From where, for people.
pub(super) fn level_text(level: Level) -> &'static str {
    match level {
        Level::Internet => "from the internet",
        Level::Node => "from the network of the nodes",
        Level::Cluster => "from inside of the cluster",
        Level::Internal => "by their own addresses",
    }
}
