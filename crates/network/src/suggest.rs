//! The least network policies for flows that are known: everything else between pods is denied.

mod declared;
mod mention;
mod name;
mod print;
mod select;

use std::collections::{BTreeMap, BTreeSet};

use model::Inventory;

use crate::network::Network;
use crate::pod::PodId;
use crate::port::Port;

use self::name::Names;

pub use self::declared::internet;

use self::select::{Group, Groups};

/// One side of a flow.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Side {
    /// A pod that was scanned.
    Pod(PodId),
    /// All pods of a namespace, those that were not scanned as well. A receiver like that takes nothing more for it.
    Namespace(String),
    /// Pods of a namespace that were not scanned, by one label.
    Labelled {
        /// The namespace.
        namespace: String,
        /// The label's key and value.
        label: (String, String),
    },
    /// Addresses: a block, without parts of it.
    Block {
        /// `10.0.0.0/8`.
        block: String,
        /// Parts that are not meant.
        except: Vec<String>,
    },
    /// Everyone, in the cluster and outside.
    Everyone,
}

/// Traffic that shall get through.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Flow {
    /// Who sends.
    pub from: Side,
    /// Who receives.
    pub to: Side,
    /// Ports of the receiver; every port when there is none.
    pub ports: Vec<Port>,
    /// What says so, for a comment.
    pub why: String,
}

/// Policies of one namespace.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Suggestion {
    /// The namespace.
    pub namespace: String,
    /// `NetworkPolicy` objects, as YAML documents with comments.
    pub yaml: String,
}

/// The policies for flows, by namespace.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Suggestions {
    /// By namespace.
    pub policies: Vec<Suggestion>,
    /// Pods whose labels are not known: no policy of their own can select them.
    pub nameless: Vec<PodId>,
}

/// The peers of one direction of a group, with their ports and what says so.
type Rules = BTreeMap<Peer, (Ports, BTreeSet<String>)>;

/// Ports of a rule; `None` for all.
type Ports = Option<BTreeSet<Port>>;

/// The other end in a rule.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Peer {
    Group(Group),
    Other(Side),
}

/// What one group may take and send.
#[derive(Clone, Debug, Default)]
struct Allowed {
    ingress: Rules,
    egress: Rules,
}

impl Network {
    /// The least policies for flows, in all namespaces that pods run in.
    ///
    /// Each namespace denies both directions for all its pods; what flows need is allowed for the pods that labels tell
    /// from all others of the namespace. Pods with the same labels cannot be told apart: what one may, all may.
    pub fn suggest(&self, inventory: &Inventory, flows: &[Flow]) -> Suggestions {
        let groups = Groups::new(self);
        let mut allowed: BTreeMap<Group, Allowed> = BTreeMap::new();
        let mut whole: BTreeMap<String, Allowed> = BTreeMap::new();
        for flow in flows {
            let [from, to] = [&flow.from, &flow.to].map(|side| groups.peer(side));
            let [Some(from), Some(to)] = [from, to] else {
                continue;
            };
            match &from {
                Peer::Group(group) => {
                    let own = allowed.entry(group.clone()).or_default();
                    add(&mut own.egress, &to, flow);
                }
                Peer::Other(Side::Namespace(namespace)) => {
                    let own = whole.entry(namespace.clone()).or_default();
                    add(&mut own.egress, &to, flow);
                }
                Peer::Other(_) => {}
            }
            if let Peer::Group(group) = &to {
                let own = allowed.entry(group.clone()).or_default();
                add(&mut own.ingress, &from, flow);
            }
        }
        let mut policies = Vec::new();
        for namespace in groups.namespaces() {
            let mut names = Names::default();
            let mut yaml = print::default_deny(namespace, &names.unique("default-deny"));
            if let Some(allowed) = whole.get(namespace) {
                yaml += &print::whole(&groups, namespace, &names.unique("allow-all-pods"), allowed);
            }
            let of_namespace = allowed
                .iter()
                .filter(|(group, _)| group.namespace == namespace);
            for (group, allowed) in of_namespace {
                let name = names.unique(&format!("allow-{}", groups.name(self, inventory, group)));
                yaml += &print::policy(&groups, group, &name, allowed);
            }
            policies.push(Suggestion {
                namespace: namespace.to_owned(),
                yaml,
            });
        }
        Suggestions {
            policies,
            nameless: groups.nameless,
        }
    }
}

fn add(rules: &mut Rules, peer: &Peer, flow: &Flow) {
    let (ports, why) = rules
        .entry(peer.clone())
        .or_insert_with(|| (Some(BTreeSet::new()), BTreeSet::new()));
    match ports {
        Some(known) if !flow.ports.is_empty() => known.extend(flow.ports.iter().copied()),
        _ => *ports = None,
    }
    why.insert(flow.why.clone());
}
