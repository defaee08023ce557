//! What answers are made of: yes, no or unknown with the reason, and the places that decided.

use document::NodeId;
use model::{Inventory, Location};

/// Why something cannot be said.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Reason {
    /// The object, or the piece of it, contradicts the API.
    Malformed,
    /// A selector looks at labels of a namespace whose Namespace object was not scanned.
    NamespaceNotScanned,
    /// A selector looks at a label that a controller gives to pods when it makes them, or the pod
    /// template stands where no labels can be written.
    PodLabels,
    /// An IP block decides, and the addresses of the pod are not known.
    PodAddress,
    /// A pod uses the network of its node; what policies do then is not defined.
    HostNetwork,
    /// A policy of a network plugin (Cilium, Calico) takes part, and its rules are not evaluated.
    PluginPolicy,
    /// A peer that is no pod and no IP block: nodes, domain names, relative labels.
    UnsupportedPeer,
    /// A selector that nothing in the scan matches.
    NoPodScanned,
    /// The service has no selector; its endpoints are made by something else.
    NoSelector,
    /// An `ExternalName` service: a name elsewhere.
    ExternalName,
    /// The service named is not among what was scanned.
    ServiceNotScanned,
    /// The service has no such port.
    NoSuchPort,
    /// No container of the pod declares a port of that name.
    NoNamedPort,
    /// The gateway named is not among what was scanned.
    GatewayNotScanned,
    /// The gateway is there and takes no such route.
    NotAccepted,
    /// A reference into another namespace that no scanned `ReferenceGrant` permits.
    NoGrant,
    /// The pods of the gateway are not among what was scanned.
    GatewayPodsNotScanned,
    /// A backend of a kind that is not understood.
    BackendKind,
    /// No container of the pods declares a port at all, and it need not.
    NoPortDeclared,
    /// An operator may make such pods of a custom resource that was scanned.
    CustomResource,
}

impl Reason {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Reason::Malformed => "malformed",
            Reason::NamespaceNotScanned => "namespace-not-scanned",
            Reason::PodLabels => "pod-labels",
            Reason::PodAddress => "pod-address",
            Reason::HostNetwork => "host-network",
            Reason::PluginPolicy => "plugin-policy",
            Reason::UnsupportedPeer => "unsupported-peer",
            Reason::NoPodScanned => "no-pod-scanned",
            Reason::NoSelector => "no-selector",
            Reason::ExternalName => "external-name",
            Reason::ServiceNotScanned => "service-not-scanned",
            Reason::NoSuchPort => "no-such-port",
            Reason::NoNamedPort => "no-named-port",
            Reason::GatewayNotScanned => "gateway-not-scanned",
            Reason::NotAccepted => "not-accepted",
            Reason::NoGrant => "no-grant",
            Reason::GatewayPodsNotScanned => "gateway-pods-not-scanned",
            Reason::BackendKind => "backend-kind",
            Reason::NoPortDeclared => "no-port-declared",
            Reason::CustomResource => "custom-resource",
        }
    }

    /// A sentence about it, without a full stop.
    pub fn sentence(self) -> &'static str {
        match self {
            Reason::Malformed => "a part of the object contradicts the API",
            Reason::NamespaceNotScanned => {
                "a selector looks at labels of a namespace that was not scanned"
            }
            Reason::PodLabels => "a selector looks at labels that a controller gives to the pods",
            Reason::PodAddress => "the address of a pod decides, and it is not known",
            Reason::HostNetwork => {
                "the pod uses the network of its node, where the effect of policies is not defined"
            }
            Reason::PluginPolicy => {
                "a policy of a network plugin takes part, whose rules are not evaluated"
            }
            Reason::UnsupportedPeer => "a peer is neither a pod nor an address",
            Reason::NoPodScanned => "none of the pods that the selector selects was scanned",
            Reason::NoSelector => "the service has no selector, and its endpoints were not scanned",
            Reason::ExternalName => "the service is a name for something outside of the cluster",
            Reason::ServiceNotScanned => "the service was not scanned",
            Reason::NoSuchPort => "the service has no such port",
            Reason::NoNamedPort => "no container of the pod declares a port of that name",
            Reason::GatewayNotScanned => "the gateway was not scanned",
            Reason::NotAccepted => "no listener of the gateway takes the route",
            Reason::NoGrant => {
                "no ReferenceGrant that was scanned permits the reference into the other namespace"
            }
            Reason::GatewayPodsNotScanned => "the pods of the gateway were not scanned",
            Reason::BackendKind => "what is referred to is of a kind that is not looked into",
            Reason::NoPortDeclared => "no container of the pods declares its ports",
            Reason::CustomResource => "an operator may make the pods of a custom resource",
        }
    }
}

/// Yes, no, or unknown.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Truth {
    /// It does not hold.
    No,
    /// Cannot be said, and why.
    Unknown(Reason),
    /// It holds.
    Yes,
}

impl Truth {
    /// From what is known.
    pub fn from_bool(value: bool) -> Self {
        if value { Truth::Yes } else { Truth::No }
    }

    /// Both hold; a no outweighs an unknown.
    #[must_use]
    pub fn and(self, other: Truth) -> Truth {
        self.min(other)
    }

    /// One of them holds; a yes outweighs an unknown.
    #[must_use]
    pub fn or(self, other: Truth) -> Truth {
        self.max(other)
    }

    /// The opposite.
    #[must_use]
    pub fn negate(self) -> Truth {
        match self {
            Truth::No => Truth::Yes,
            Truth::Yes => Truth::No,
            unknown @ Truth::Unknown(_) => unknown,
        }
    }

    /// Whether it may hold.
    pub fn is_possible(self) -> bool {
        self != Truth::No
    }

    /// Why it cannot be said.
    pub fn reason(self) -> Option<Reason> {
        match self {
            Truth::Unknown(reason) => Some(reason),
            Truth::Yes | Truth::No => None,
        }
    }
}

/// Which way traffic goes, seen from the pod that a policy selects.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Direction {
    /// To the pod.
    Ingress,
    /// From the pod.
    Egress,
}

impl Direction {
    /// Both.
    pub const ALL: [Direction; 2] = [Direction::Ingress, Direction::Egress];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Direction::Ingress => "ingress",
            Direction::Egress => "egress",
        }
    }
}

/// A node of a resource of the inventory.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Place {
    /// Position in [`Inventory::resources`].
    pub resource: u32,
    /// The node in the resource's document.
    pub node: NodeId,
}

impl Place {
    /// Where it is written; `None` for an inventory that it is not of.
    pub fn location(self, inventory: &Inventory) -> Option<Location> {
        let resource = inventory.resources.get(self.resource as usize)?;
        Some(resource.location(self.node))
    }
}

/// Something that points outside of what was scanned, or at what cannot be.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Dangling {
    /// The node that points.
    pub place: Place,
    /// Why it leads nowhere.
    pub reason: Reason,
}

/// From how far away something can be reached.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Level {
    /// Nothing leads to it: by the pod's own address only.
    #[default]
    Internal,
    /// By a name or address of the cluster.
    Cluster,
    /// By the addresses of nodes, or from the network that these are in.
    Node,
    /// From anywhere.
    Internet,
}

impl Level {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Level::Internal => "internal",
            Level::Cluster => "cluster",
            Level::Node => "node",
            Level::Internet => "internet",
        }
    }
}
