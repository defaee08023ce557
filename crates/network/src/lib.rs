//! Which pods network policies let talk to each other, and from how far away a pod can be reached.
//!
//! Made from an [`Inventory`](model::Inventory) as it was scanned. Whatever lies outside of it, or contradicts the
//! API, is [`Unknown`](Truth::Unknown) with a [`Reason`], never left out.
//!
//! What policies mean, as Kubernetes documents it:
//! - A pod that no policy selects in a direction takes (or sends) everything. One that some policy selects takes what
//!   any rule of those that select it allows, and nothing else; the source's egress and the destination's ingress must both allow.
//! - `policyTypes` that are missing mean ingress, and egress when there are egress rules. A rule without peers means
//!   everyone, one without ports every port; an empty list is the same as none.
//! - A pod always reaches itself, and its node always reaches it, whatever policies say: the second is not modelled.
//! - What policies do to pods in the network of their node is not defined: where it would be denied, it is unknown.
//! - An IP block means addresses outside of the cluster; it decides about a pod only when the pod's address is known.
//! - Admin policies are asked first, by priority; the baseline where nothing else decided. Two of the same priority
//!   have no order that one can rely on: here it is that of the inventory.
//! - Of Cilium's and Calico's policies it is known whom they select; their rules are not evaluated, so that
//!   whatever they take part in is unknown.

mod answer;
mod bits;
mod budget;
mod cidr;
mod classes;
mod decide;
mod exposure;
mod filed;
mod label;
mod label_selector;
mod maker;
mod monitor;
mod network;
mod picture;
mod pod;
mod policy;
mod port;
mod reach;
mod read;
mod select;
mod service;
mod suggest;
mod symbol;

pub use answer::{Dangling, Direction, Level, Place, Reason, Truth};
pub use cidr::Cidr;
pub use classes::{ClassId, Classes, Reachability, TooManyClasses};
pub use decide::Ports3;
pub use exposure::{Chain, Exposure, Hop, Reference, Step};
pub use network::{Network, Options, PolicyMatch};
pub use pod::PodId;
pub use policy::PolicyKind;
pub use port::{Port, PortRange, PortSet, Protocol};
pub use reach::{Because, Effect, Endpoint, Outcome, Verdict};
pub use select::PodMatch;
pub use service::{ServedPort, ServiceMatch};
pub use suggest::{Flow, Side, Suggestion, Suggestions, internet};
