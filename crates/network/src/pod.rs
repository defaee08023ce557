//! Pods and namespaces as policies and services see them.

use std::collections::HashMap;
use std::net::IpAddr;

use document::{Kind, NodeId, NodeRef};
use foldhash::fast::FixedState;
use model::{ContainerRole, Effective, PodMember, PodView, Shape};

use crate::answer::{Place, Reason, Truth};
use crate::cidr::parse_address;
use crate::label::{Labels, Selector, Subject, Value};
use crate::port::{NamedPort, Port, Protocol};
use crate::read::{Reader, field, items, text};
use crate::symbol::{Symbol, Symbols};

/// A pod of a network: position in [`Network::pods`](crate::Network::pods).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct PodId(pub(crate) u32);

impl PodId {
    /// Its position.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A port that a container declares.
#[derive(Clone, Debug)]
pub(crate) struct DeclaredPort {
    pub(crate) node: NodeId,
    pub(crate) port: Port,
    pub(crate) name: Option<Symbol>,
    pub(crate) host_port: Option<u16>,
    pub(crate) is_loopback: bool,
}

/// A pod, or the template of pods.
#[derive(Debug)]
pub(crate) struct Pod {
    /// The resource and the pod spec in it.
    pub(crate) place: Place,
    pub(crate) namespace: Symbol,
    /// Of pods that are no templates.
    pub(crate) name: Option<Symbol>,
    pub(crate) labels: Labels,
    pub(crate) service_account: Value,
    pub(crate) host_network: Truth,
    /// What says so; the spec when nothing does.
    pub(crate) host_network_at: NodeId,
    /// In the order in which a service looks for a name.
    pub(crate) ports: Box<[DeclaredPort]>,
    pub(crate) named: Box<[NamedPort]>,
    /// Known only of running pods.
    pub(crate) addresses: Box<[IpAddr]>,
    /// Whether it is one pod, and not a template that there may be many of.
    pub(crate) is_single: bool,
}

/// The labels that controllers give to the pods they make.
const GENERATED: &[(&str, &[&str])] = &[
    ("Deployment", &["pod-template-hash"]),
    ("ReplicaSet", &["pod-template-hash"]),
    (
        "DaemonSet",
        &["controller-revision-hash", "pod-template-generation"],
    ),
    (
        "StatefulSet",
        &[
            "apps.kubernetes.io/pod-index",
            "controller-revision-hash",
            "statefulset.kubernetes.io/pod-name",
        ],
    ),
    ("Job", JOB),
    ("CronJob", JOB),
    ("Rollout", &["rollouts-pod-template-hash"]),
];

const JOB: &[&str] = &[
    "batch.kubernetes.io/controller-uid",
    "batch.kubernetes.io/job-completion-index",
    "batch.kubernetes.io/job-name",
    "controller-uid",
    "job-name",
];

impl Pod {
    pub(crate) fn read(reader: &mut Reader<'_>, view: &PodView<'_>) -> Pod {
        let is_single = &*reader.resource.kind == "Pod";
        let ports = declared_ports(reader, view);
        Pod {
            place: reader.place(view.spec()),
            namespace: reader.namespace(),
            name: is_single.then(|| reader.symbols.intern(&reader.resource.name)),
            labels: labels(reader, view),
            service_account: service_account(reader, view),
            host_network: match view.effective(PodMember::HostNetwork).as_bool() {
                Some(value) => Truth::from_bool(value),
                None => Truth::Unknown(Reason::Malformed),
            },
            host_network_at: field(view.spec(), "hostNetwork")
                .unwrap_or(view.spec())
                .id(),
            named: named(&ports),
            ports,
            addresses: if is_single {
                addresses(reader.object())
            } else {
                Box::default()
            },
            is_single,
        }
    }

    /// The first port that has a name, as a service finds it.
    pub(crate) fn port_named(&self, name: Symbol, protocol: Protocol) -> Option<&DeclaredPort> {
        self.ports
            .iter()
            .find(|port| port.name == Some(name) && port.port.protocol == protocol)
    }
}

fn named(ports: &[DeclaredPort]) -> Box<[NamedPort]> {
    let named = ports.iter().filter_map(|port| {
        Some(NamedPort {
            name: port.name?,
            port: port.port,
        })
    });
    let mut named: Vec<_> = named.collect();
    named.sort_unstable();
    named.dedup();
    named.into()
}

fn service_account(reader: &mut Reader<'_>, view: &PodView<'_>) -> Value {
    match view.effective(PodMember::ServiceAccountName) {
        Effective::Mismatch(_) => Value::Unknown(Reason::Malformed),
        value => Value::Is(reader.symbols.intern(value.as_str().unwrap_or("default"))),
    }
}

fn addresses(object: NodeRef<'_>) -> Box<[IpAddr]> {
    let Some(status) = field(object, "status") else {
        return Box::default();
    };
    let single = text(status, "podIP");
    let all = items(status, "podIPs").filter_map(|item| text(item, "ip"));
    let mut addresses: Vec<_> = single
        .into_iter()
        .chain(all)
        .filter_map(parse_address)
        .collect();
    addresses.sort_unstable();
    addresses.dedup();
    addresses.into()
}

fn labels(reader: &mut Reader<'_>, view: &PodView<'_>) -> Labels {
    if view.shape() != Shape::PodTemplate {
        return Labels::unknown(Reason::PodLabels);
    }
    let (pairs, mut maybe) = match view.metadata() {
        Some(metadata) => label_pairs(reader, metadata),
        None => (Vec::new(), Vec::new()),
    };
    let generated = GENERATED
        .iter()
        .find(|(kind, _)| *reader.resource.kind == **kind);
    for name in generated.map_or(&[][..], |(_, names)| names) {
        maybe.push(reader.symbols.intern(name));
    }
    Labels::new(pairs, maybe)
}

/// The labels of a piece of metadata, and the keys of those that are no texts.
pub(crate) fn label_pairs(
    reader: &mut Reader<'_>,
    metadata: NodeRef<'_>,
) -> (Vec<(Symbol, Symbol)>, Vec<Symbol>) {
    let (mut pairs, mut maybe) = (Vec::new(), Vec::new());
    let labels = reader.mapping(metadata, "labels").ok().flatten();
    for entry in labels.into_iter().flat_map(NodeRef::entries) {
        let key = reader.symbols.intern(entry.name());
        if let Some(value) = entry.value.as_str() {
            pairs.push((key, reader.symbols.intern(value)));
        } else {
            reader.malformed(entry.value, "a label that is no text in the metadata");
            maybe.push(key);
        }
    }
    (pairs, maybe)
}

fn declared_ports(reader: &mut Reader<'_>, view: &PodView<'_>) -> Box<[DeclaredPort]> {
    let mut ports = Vec::new();
    for role in [ContainerRole::Main, ContainerRole::Sidecar] {
        let containers = view.containers().iter();
        for container in containers.filter(|container| container.role() == role) {
            for port in items(container.node(), "ports") {
                ports.extend(declared_port(reader, port));
            }
        }
    }
    ports.into()
}

fn declared_port(reader: &mut Reader<'_>, node: NodeRef<'_>) -> Option<DeclaredPort> {
    if node.kind() != Kind::Mapping {
        reader.malformed(node, "a container port that is no mapping in the pod");
        return None;
    }
    let Some(number) = field(node, "containerPort").and_then(port_number) else {
        reader.malformed(node, "a container port without a number in the pod");
        return None;
    };
    let protocol = match field(node, "protocol") {
        None => Protocol::Tcp,
        Some(value) => {
            let protocol = value.as_str().and_then(Protocol::parse);
            if protocol.is_none() {
                reader.malformed(value, "an unknown protocol in the pod");
            }
            protocol?
        }
    };
    let host_ip = text(node, "hostIP").and_then(parse_address);
    Some(DeclaredPort {
        node: node.id(),
        port: Port { protocol, number },
        name: text(node, "name").map(|name| reader.symbols.intern(name)),
        host_port: field(node, "hostPort").and_then(port_number),
        is_loopback: host_ip.is_some_and(|address| address.is_loopback()),
    })
}

/// A number from 1 to 65535.
pub(crate) fn port_number(node: NodeRef<'_>) -> Option<u16> {
    u16::try_from(node.as_i64()?)
        .ok()
        .filter(|&number| number > 0)
}

/// The labels of the namespaces that were scanned.
#[derive(Debug, Default)]
pub(crate) struct Namespaces {
    labels: HashMap<Symbol, Labels, FixedState>,
    unknown: Option<Labels>,
}

impl Namespaces {
    /// Takes a Namespace object.
    pub(crate) fn add(&mut self, reader: &mut Reader<'_>) {
        let name = reader.symbols.intern(&reader.resource.name);
        let (pairs, maybe) = match reader.mapping(reader.object(), "metadata") {
            Ok(Some(metadata)) => label_pairs(reader, metadata),
            _ => return,
        };
        self.labels.insert(name, Labels::new(pairs, maybe));
    }

    /// To be called once all are there.
    pub(crate) fn finish(&mut self) {
        self.unknown = Some(Labels::unknown(Reason::NamespaceNotScanned));
    }

    /// Whether its object was scanned.
    pub(crate) fn get(&self, name: Symbol) -> Option<&Labels> {
        self.labels.get(&name).or(self.unknown.as_ref())
    }
}

/// All pods, what they are called, and where they live.
#[derive(Debug, Default)]
pub(crate) struct Pods {
    pub(crate) list: Vec<Pod>,
    pub(crate) namespaces: Namespaces,
    pub(crate) symbols: Symbols,
    no_labels: Labels,
    /// Pods by namespace and label.
    by_label: HashMap<(Symbol, Symbol, Symbol), Vec<PodId>, FixedState>,
    /// Pods by namespace.
    by_namespace: HashMap<Symbol, Vec<PodId>, FixedState>,
    /// Pods of a namespace whose value of a label is not known; without a label those whose labels are
    /// not known at all.
    vague: HashMap<(Symbol, Option<Symbol>), Vec<PodId>, FixedState>,
    /// Position of the first pod of a resource.
    by_resource: HashMap<u32, u32, FixedState>,
}

impl Pods {
    /// Takes a pod; those of one resource come one after the other.
    pub(crate) fn add(&mut self, pod: Pod) {
        let id = PodId(self.list.len() as u32);
        let namespace = pod.namespace;
        for &(key, value) in &pod.labels.pairs {
            self.by_label
                .entry((namespace, key, value))
                .or_default()
                .push(id);
        }
        let all = pod.labels.incomplete.map(|_| None);
        for key in pod.labels.maybe.iter().copied().map(Some).chain(all) {
            self.vague.entry((namespace, key)).or_default().push(id);
        }
        self.by_namespace.entry(namespace).or_default().push(id);
        self.by_resource.entry(pod.place.resource).or_insert(id.0);
        self.list.push(pod);
    }

    pub(crate) fn get(&self, id: PodId) -> &Pod {
        &self.list[id.index()]
    }

    pub(crate) fn ids(&self) -> impl Iterator<Item = PodId> + use<> {
        (0..self.list.len() as u32).map(PodId)
    }

    pub(crate) fn of_resource(&self, resource: u32) -> impl Iterator<Item = PodId> + '_ {
        let first = self.by_resource.get(&resource).copied();
        let range = first.map_or(0..0, |first| first..self.list.len() as u32);
        range
            .map(PodId)
            .take_while(move |&id| self.get(id).place.resource == resource)
    }

    /// The namespaces that pods run in, in the order in which they were met.
    pub(crate) fn namespaces(&self) -> Vec<Symbol> {
        let mut namespaces: Vec<_> = self.by_namespace.keys().copied().collect();
        namespaces.sort_unstable();
        namespaces
    }

    pub(crate) fn in_namespace(&self, namespace: Symbol) -> &[PodId] {
        self.by_namespace.get(&namespace).map_or(&[], Vec::as_slice)
    }

    /// Pods of a namespace that have a label, those that may have it, and those that may have any.
    pub(crate) fn labelled(&self, namespace: Symbol, label: (Symbol, Symbol)) -> [&[PodId]; 3] {
        let known = self.by_label.get(&(namespace, label.0, label.1));
        let vague = [Some(label.0), None].map(|key| self.vague.get(&(namespace, key)));
        [known, vague[0], vague[1]].map(|pods| pods.map_or(&[][..], Vec::as_slice))
    }

    /// Whether a selector may select a pod of a namespace, whatever the pod's labels are.
    pub(crate) fn possible(&self, selector: &Selector, namespace: Symbol) -> Truth {
        let labels = Labels::unknown(Reason::PodLabels);
        let subject = Subject {
            labels: &labels,
            namespace,
            namespace_labels: self.namespaces.get(namespace).unwrap_or(&labels),
            service_account: Value::Unknown(Reason::PodLabels),
        };
        selector.matches(&subject, &self.symbols)
    }

    /// A pod as selectors see it.
    pub(crate) fn subject<'a>(&'a self, pod: &'a Pod) -> Subject<'a> {
        Subject {
            labels: &pod.labels,
            namespace: pod.namespace,
            namespace_labels: self
                .namespaces
                .get(pod.namespace)
                .unwrap_or(&self.no_labels),
            service_account: pod.service_account,
        }
    }
}
