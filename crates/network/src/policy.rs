//! What every kind of policy becomes: whom it selects, in which direction, and its rules in order.

mod admin;
mod calico;
mod calico_selector;
mod cilium;
mod kubernetes;

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::OnceLock;

use document::{NodeId, NodeRef};
use foldhash::fast::FixedState;

use crate::answer::{Direction, Place, Reason, Truth};
use crate::cidr::{Cidr, IpBlock};
use crate::filed::Filed;
use crate::label::{Labels, Selector};
use crate::pod::{Pod, Pods};
use crate::port::{NamedPort, PortMatch, PortSet};
use crate::read::Reader;
use crate::select::selects_any;
use crate::symbol::Symbol;

/// What kind of object a policy is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum PolicyKind {
    /// Kubernetes' own.
    NetworkPolicy,
    /// `policy.networking.k8s.io/v1alpha1`.
    AdminNetworkPolicy,
    /// `policy.networking.k8s.io/v1alpha1`.
    BaselineAdminNetworkPolicy,
    /// `policy.networking.k8s.io/v1alpha2`.
    ClusterNetworkPolicy,
    /// `cilium.io`.
    CiliumNetworkPolicy,
    /// `cilium.io`.
    CiliumClusterwideNetworkPolicy,
    /// `projectcalico.org` and `crd.projectcalico.org`.
    CalicoNetworkPolicy,
    /// `projectcalico.org` and `crd.projectcalico.org`.
    CalicoGlobalNetworkPolicy,
}

impl PolicyKind {
    /// Whether its rules are those of a plugin, and not evaluated.
    pub fn is_plugin(self) -> bool {
        self >= PolicyKind::CiliumNetworkPolicy
    }
}

/// When a policy is asked. The order is the order of evaluation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Tier {
    /// Before the namespaces' own, by priority.
    Admin(i64),
    /// All at once.
    Namespace,
    /// Where no policy of a namespace selects the pod.
    Baseline(i64),
    /// By the plugin's own order.
    Plugin,
}

/// A selector of [`Policies`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct AtomId(pub(crate) u32);

/// A condition on a pod or an address that policies share.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Atom {
    Pods(Selector),
    Block(IpBlock),
}

/// Who is meant by one entry of `from` or `to`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Peer {
    Atom(AtomId),
    Unknown(Reason),
}

/// Who is at the other end.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Peers {
    Everyone,
    Some(Vec<Peer>),
}

/// Which ports of the destination.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Ports {
    All,
    Some(Vec<PortMatch>),
}

impl Ports {
    pub(crate) fn set(&self, named: &[NamedPort]) -> PortSet {
        match self {
            Ports::All => PortSet::full(),
            Ports::Some(matches) => PortSet::of(matches, named),
        }
    }

    /// The names that it asks destinations for.
    pub(crate) fn names(&self) -> impl Iterator<Item = Symbol> + '_ {
        let matches = match self {
            Ports::All => &[][..],
            Ports::Some(matches) => matches,
        };
        matches.iter().filter_map(|part| match part {
            PortMatch::Named(_, name) => Some(*name),
            PortMatch::Range(_) => None,
        })
    }
}

/// What happens to traffic that a rule means.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Action {
    Allow,
    Deny,
    /// The next tier decides.
    Pass,
}

/// One entry of `ingress` or `egress`.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) node: NodeId,
    pub(crate) action: Action,
    pub(crate) peers: Peers,
    pub(crate) ports: Ports,
    /// Why nobody knows what it means.
    pub(crate) unknown: Option<Reason>,
}

/// One direction of a policy.
#[derive(Clone, Debug)]
pub(crate) struct Section {
    /// Whether the policy is about that direction.
    pub(crate) applies: Truth,
    pub(crate) rules: Vec<Rule>,
}

/// A policy of any kind.
#[derive(Clone, Debug)]
pub(crate) struct Policy {
    /// The resource and its spec.
    pub(crate) place: Place,
    pub(crate) kind: PolicyKind,
    pub(crate) tier: Tier,
    pub(crate) subject: AtomId,
    /// By [`Direction`].
    pub(crate) sections: [Section; 2],
}

impl Policy {
    /// Whether a pod that it selects gets (or sends) only what some policy allows. Those of the tiers
    /// around the namespaces' own only allow and deny.
    pub(crate) fn isolates(&self) -> bool {
        matches!(self.tier, Tier::Namespace | Tier::Plugin)
    }

    pub(crate) fn section(&self, direction: Direction) -> &Section {
        &self.sections[direction as usize]
    }
}

/// The other end of a connection.
#[derive(Clone, Copy, Debug)]
pub(crate) enum PeerRef<'a> {
    Pod(&'a Pod),
    Address(IpAddr),
}

/// All policies in the order of evaluation, and the conditions they share.
#[derive(Debug, Default)]
pub(crate) struct Policies {
    pub(crate) list: Vec<Policy>,
    pub(crate) atoms: Vec<Atom>,
    ids: HashMap<Atom, AtomId, FixedState>,
    /// Policies that select pods of one namespace.
    by_namespace: HashMap<Symbol, Filed, FixedState>,
    /// Policies that may select pods of any, ascending.
    everywhere: Vec<u32>,
    /// Policies by the resource that they are written in, ascending.
    by_resource: HashMap<u32, Vec<u32>, FixedState>,
    /// Whom the entries of `from` and `to` mean.
    peers: HashMap<Place, AtomId, FixedState>,
    /// By atom, whether it selects any pod, once somebody asked.
    any: Box<[OnceLock<Truth>]>,
}

impl Policies {
    /// Takes a resource if it is a policy.
    pub(crate) fn add(&mut self, reader: &mut Reader<'_>) {
        let resource = reader.resource;
        let kind = &*resource.kind;
        match (resource.group(), kind) {
            ("networking.k8s.io" | "extensions", "NetworkPolicy") => kubernetes::read(self, reader),
            (
                "policy.networking.k8s.io",
                "AdminNetworkPolicy" | "BaselineAdminNetworkPolicy" | "ClusterNetworkPolicy",
            ) => admin::read(self, reader),
            ("cilium.io", "CiliumNetworkPolicy" | "CiliumClusterwideNetworkPolicy") => {
                cilium::read(self, reader);
            }
            (
                "projectcalico.org" | "crd.projectcalico.org",
                "NetworkPolicy" | "GlobalNetworkPolicy",
            ) => calico::read(self, reader),
            _ => {}
        }
    }

    /// Sorts what was taken and makes it quick to find.
    pub(crate) fn finish(&mut self) {
        self.list.sort_by_key(|policy| policy.tier);
        self.any = self.atoms.iter().map(|_| OnceLock::new()).collect();
        for (position, policy) in self.list.iter().enumerate() {
            let position = position as u32;
            let of_resource = self.by_resource.entry(policy.place.resource);
            of_resource.or_default().push(position);
            let Some(Atom::Pods(selector)) = self.atoms.get(policy.subject.0 as usize) else {
                continue;
            };
            match selector.only_namespace() {
                Some(namespace) => {
                    let filed = self.by_namespace.entry(namespace).or_default();
                    filed.add(position, selector);
                }
                None => self.everywhere.push(position),
            }
        }
    }

    pub(crate) fn selector(&self, id: AtomId) -> Option<&Selector> {
        match self.atoms.get(id.0 as usize)? {
            Atom::Pods(selector) => Some(selector),
            Atom::Block(_) => None,
        }
    }

    /// The policies that may select pods of a namespace, in the order of evaluation.
    pub(crate) fn of_namespace(&self, namespace: Symbol) -> impl Iterator<Item = &Policy> {
        let own = self.by_namespace.get(&namespace);
        let own = own.map_or(&[][..], |own| &own.all);
        self.all(own.iter().copied())
    }

    /// The policies that may select a pod, in the order of evaluation.
    pub(crate) fn of_pod(&self, pod: &Pod) -> impl Iterator<Item = &Policy> {
        let own = self.by_namespace.get(&pod.namespace);
        let own = own.map_or_else(Vec::new, |own| own.of_labels(&pod.labels));
        self.all(own.into_iter())
    }

    /// Some policies and those for everywhere.
    fn all<'a>(
        &'a self,
        own: impl Iterator<Item = u32> + 'a,
    ) -> impl Iterator<Item = &'a Policy> + 'a {
        let all = merged(own, &self.everywhere);
        all.filter_map(|position| self.list.get(position as usize))
    }

    /// The policies that a resource stands for: one, or several specs of one object.
    pub(crate) fn of_resource(&self, resource: u32) -> impl Iterator<Item = &Policy> {
        let positions = self.by_resource.get(&resource).into_iter().flatten();
        positions.filter_map(|&position| self.list.get(position as usize))
    }

    /// The selector of an entry of `from` or `to`; `None` for what is no selector of pods.
    pub(crate) fn peer(&self, place: Place) -> Option<AtomId> {
        self.peers.get(&place).copied()
    }

    /// Whether a selector selects any pod. Looked up once: many policies share their selectors.
    pub(crate) fn selects_any(&self, id: AtomId, pods: &Pods) -> Truth {
        let answer = || {
            self.selector(id)
                .map_or(Truth::No, |selector| selects_any(pods, selector))
        };
        match self.any.get(id.0 as usize) {
            Some(known) => *known.get_or_init(answer),
            None => answer(),
        }
    }

    /// Whether a condition holds for the other end.
    pub(crate) fn atom_matches(&self, id: AtomId, peer: PeerRef<'_>, pods: &Pods) -> Truth {
        match (&self.atoms[id.0 as usize], peer) {
            (Atom::Pods(selector), PeerRef::Pod(pod)) => {
                selector.matches(&pods.subject(pod), &pods.symbols)
            }
            (Atom::Pods(_), PeerRef::Address(_)) => Truth::No,
            (Atom::Block(block), PeerRef::Address(address)) => {
                Truth::from_bool(block.contains(address))
            }
            (Atom::Block(block), PeerRef::Pod(pod)) => block_holds(block, &pod.addresses),
        }
    }

    /// The IP blocks that policies name.
    pub(crate) fn blocks(&self) -> impl Iterator<Item = &IpBlock> {
        self.atoms.iter().filter_map(|atom| match atom {
            Atom::Block(block) => Some(block),
            Atom::Pods(_) => None,
        })
    }

    /// Whether a policy selects a pod; whether it is about a direction, its sections say.
    pub(crate) fn selects(&self, policy: &Policy, pod: &Pod, pods: &Pods) -> Truth {
        self.atom_matches(policy.subject, PeerRef::Pod(pod), pods)
    }

    /// Whether a rule means the other end; ports are not looked at.
    pub(crate) fn means(&self, rule: &Rule, peer: PeerRef<'_>, pods: &Pods) -> Truth {
        let truth = match &rule.peers {
            Peers::Everyone => Truth::Yes,
            Peers::Some(peers) => {
                let truths = peers.iter().map(|one| match one {
                    Peer::Unknown(reason) => Truth::Unknown(*reason),
                    Peer::Atom(id) => softened(self.atom_matches(*id, peer, pods), peer),
                });
                truths.fold(Truth::No, Truth::or)
            }
        };
        match rule.unknown {
            Some(reason) => truth.and(Truth::Unknown(reason)),
            None => truth,
        }
    }

    fn atom(&mut self, atom: Atom) -> AtomId {
        if let Some(&id) = self.ids.get(&atom) {
            return id;
        }
        let id = AtomId(self.atoms.len() as u32);
        self.atoms.push(atom.clone());
        self.ids.insert(atom, id);
        id
    }

    fn pods(&mut self, parts: Vec<Selector>) -> AtomId {
        self.atom(Atom::Pods(Selector::All(parts)))
    }

    fn block(&mut self, block: IpBlock) -> AtomId {
        self.atom(Atom::Block(block))
    }

    fn push(&mut self, reader: &Reader<'_>, spec: NodeRef<'_>, policy: Draft) {
        self.list.push(Policy {
            place: reader.place(spec),
            kind: policy.kind,
            tier: policy.tier,
            subject: policy.subject,
            sections: policy.sections,
        });
    }
}

/// A policy as its reader made it.
struct Draft {
    kind: PolicyKind,
    tier: Tier,
    subject: AtomId,
    sections: [Section; 2],
}

/// Network plugins may or may not tell the traffic of a pod on its node's network from other traffic.
pub(crate) fn softened(truth: Truth, peer: PeerRef<'_>) -> Truth {
    match peer {
        PeerRef::Pod(pod) if truth == Truth::Yes && pod.host_network.is_possible() => {
            Truth::Unknown(Reason::HostNetwork)
        }
        _ => truth,
    }
}

/// Whether a block holds a pod: all its addresses, or none.
fn block_holds(block: &IpBlock, addresses: &[IpAddr]) -> Truth {
    let held = addresses
        .iter()
        .filter(|&&address| block.contains(address))
        .count();
    match held {
        0 if !addresses.is_empty() => Truth::No,
        _ if held == addresses.len() && held > 0 => Truth::Yes,
        _ => Truth::Unknown(Reason::PodAddress),
    }
}

/// Two ascending lists as one.
fn merged<'a>(
    left: impl Iterator<Item = u32> + 'a,
    right: &'a [u32],
) -> impl Iterator<Item = u32> + 'a {
    let (mut left, mut right) = (left.peekable(), right.iter().copied().peekable());
    std::iter::from_fn(move || match (left.peek(), right.peek()) {
        (Some(a), Some(b)) if a < b => left.next(),
        (_, Some(_)) => right.next(),
        (_, None) => left.next(),
    })
}

/// Reads `10.0.0.0/8` of a policy.
fn cidr(reader: &mut Reader<'_>, node: NodeRef<'_>) -> Result<Cidr, Reason> {
    node.as_str()
        .and_then(Cidr::parse)
        .ok_or_else(|| reader.malformed(node, "an IP block that is none in a part"))
}

/// The labels that a pod is grouped by.
pub(crate) fn relevant(labels: &Labels, keys: &[Symbol]) -> Labels {
    let is_relevant = |key: &Symbol| keys.binary_search(key).is_ok();
    Labels {
        pairs: labels
            .pairs
            .iter()
            .copied()
            .filter(|pair| is_relevant(&pair.0))
            .collect(),
        maybe: labels.maybe.iter().copied().filter(is_relevant).collect(),
        incomplete: labels.incomplete,
    }
}
