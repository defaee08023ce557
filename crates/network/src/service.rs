//! Services: whom they select, and from how far away they are reached themselves.

mod balancer;
mod endpoints;

use std::collections::HashMap;
use std::sync::OnceLock;

use document::{Kind, NodeRef};
use foldhash::fast::FixedState;

use crate::answer::{Level, Place, Reason, Truth};
use crate::cidr::{Cidr, parse_address};
use crate::label::{Key, Labels, Selector};
use crate::pod::{DeclaredPort, Pod, PodId, Pods, label_pairs, port_number};
use crate::port::{Port, Protocol};
use crate::read::{Reader, field, items, text};
use crate::select::{PodMatch, selected};
use crate::symbol::Symbol;

use self::endpoints::Endpoints;

pub(crate) use self::balancer::is_internal;

/// A service that leads to a pod.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ServiceMatch {
    /// The service, and its selector; its spec when endpoints name the pod.
    pub place: Place,
    /// From how far away the service itself is reached.
    pub level: Level,
    /// Why it is not known whether it selects the pod.
    pub unknown: Option<Reason>,
}

/// Where a service port leads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Target {
    Number(u16),
    Name(Symbol),
}

/// One port of a service.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ServicePort {
    pub(crate) place: Place,
    pub(crate) name: Option<Symbol>,
    pub(crate) number: u16,
    pub(crate) protocol: Protocol,
    pub(crate) target: Target,
}

impl ServicePort {
    /// The port of a pod that it leads to, if a container declares it.
    pub(crate) fn declared<'p>(&self, pod: &'p Pod) -> Option<&'p DeclaredPort> {
        match self.target {
            Target::Name(name) => pod.port_named(name, self.protocol),
            Target::Number(number) => {
                let protocol = self.protocol;
                let port = Port { protocol, number };
                pod.ports.iter().find(|declared| declared.port == port)
            }
        }
    }
}

/// A service.
#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) place: Place,
    pub(crate) namespace: Symbol,
    name: Symbol,
    /// Its own labels.
    pub(crate) labels: Labels,
    pub(crate) is_external_name: bool,
    /// Whom it selects, and the node that says so.
    selector: Option<(Place, Selector)>,
    pub(crate) ports: Vec<ServicePort>,
    /// From how far away, and the node that says so.
    pub(crate) levels: Vec<(Level, Place)>,
    /// Whom it selects.
    pub(crate) pods: Vec<PodMatch>,
}

/// A port of a service, and whether a pod behind it serves it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ServedPort {
    /// The entry of `spec.ports`.
    pub place: Place,
    /// Whether a container of some pod declares the port that it leads to. A number need not be declared:
    /// unknown where the pods declare no port at all.
    pub served: Truth,
}

/// All services.
#[derive(Debug, Default)]
pub(crate) struct Services {
    pub(crate) list: Vec<Service>,
    by_name: HashMap<(Symbol, Symbol), usize, FixedState>,
    by_resource: HashMap<u32, usize, FixedState>,
    /// Positions by own label and by label of the selector, made when they are asked for.
    by_label: OnceLock<ByLabel>,
    by_selector: OnceLock<ByLabel>,
    of_pod: Vec<Vec<ServiceMatch>>,
    endpoints: Vec<Endpoints>,
    /// Whether there were more matches than [`MATCHES`].
    pub(crate) is_cut: bool,
}

type ByLabel = HashMap<(Symbol, Symbol), Vec<usize>, FixedState>;

/// Pairs of a service and a pod that are kept.
const MATCHES: usize = 1_000_000;

impl Services {
    /// Takes a resource if it is a service.
    pub(crate) fn add(&mut self, reader: &mut Reader<'_>) {
        self.endpoints.extend(Endpoints::read(reader));
        if &*reader.resource.kind != "Service" || !reader.resource.group().is_empty() {
            return;
        }
        let object = reader.object();
        let Ok(Some(spec)) = reader.mapping(object, "spec") else {
            reader.malformed(object, "`spec` is missing in the object");
            return;
        };
        let service = read(reader, spec);
        let name = (service.namespace, service.name);
        self.by_name.entry(name).or_insert(self.list.len());
        self.by_resource.insert(reader.index, self.list.len());
        self.list.push(service);
    }

    pub(crate) fn find(&self, namespace: Symbol, name: Symbol) -> Option<usize> {
        self.by_name.get(&(namespace, name)).copied()
    }

    /// The position of a resource's service.
    pub(crate) fn of_resource(&self, resource: u32) -> Option<usize> {
        self.by_resource.get(&resource).copied()
    }

    /// The services that have a label, or may have it; all without one.
    pub(crate) fn labelled(
        &self,
        label: Option<(Symbol, Symbol)>,
    ) -> impl Iterator<Item = &Service> {
        let found = label.map(|label| {
            let by_label = self
                .by_label
                .get_or_init(|| self.index(|service| service.labels.pairs.to_vec()));
            by_label.get(&label).map_or(&[][..], Vec::as_slice)
        });
        let all = found.is_none().then_some(0..self.list.len());
        let positions = found.into_iter().flatten().copied();
        let positions = positions.chain(all.into_iter().flatten());
        positions.filter_map(|position| self.list.get(position))
    }

    /// The services whose selector asks for all of some labels: all the pods that they lead to have these.
    pub(crate) fn leading_to(&self, labels: &[(Symbol, Symbol)]) -> impl Iterator<Item = &Service> {
        let by_selector = self
            .by_selector
            .get_or_init(|| self.index(Service::selected_labels));
        let first = labels.first().and_then(|label| by_selector.get(label));
        let services = first.into_iter().flatten();
        let services = services.filter_map(|&position| self.list.get(position));
        services.filter(|service| {
            let own = service.selected_labels();
            labels.iter().all(|label| own.contains(label))
        })
    }

    fn index(&self, labels: impl Fn(&Service) -> Vec<(Symbol, Symbol)>) -> ByLabel {
        let mut index = ByLabel::default();
        for (position, service) in self.list.iter().enumerate() {
            for label in labels(service) {
                index.entry(label).or_default().push(position);
            }
        }
        index
    }

    /// The services that select a pod.
    pub(crate) fn of(&self, pod: PodId) -> &[ServiceMatch] {
        self.of_pod.get(pod.index()).map_or(&[], Vec::as_slice)
    }

    /// Finds whom they select, once all pods are there.
    pub(crate) fn connect(&mut self, pods: &Pods) {
        self.of_pod = vec![Vec::new(); pods.list.len()];
        let mut room = MATCHES;
        let connected = endpoints::connected(&self.endpoints, pods);
        for service in &mut self.list {
            let place = if let Some((place, selector)) = &service.selector {
                service.pods = selected(pods, selector).collect();
                *place
            } else {
                let named = connected.get(&(service.namespace, service.name));
                let named = named.filter(|_| !service.is_external_name);
                service.pods = named
                    .into_iter()
                    .flatten()
                    .map(|&pod| PodMatch { pod, unknown: None })
                    .collect();
                service.place
            };
            self.is_cut |= service.pods.len() > room;
            service.pods.truncate(room);
            room -= service.pods.len();
            let level = service.levels.iter().map(|(level, _)| *level).max();
            for &PodMatch { pod, unknown } in &service.pods {
                self.of_pod[pod.index()].push(ServiceMatch {
                    place,
                    level: level.unwrap_or_default(),
                    unknown,
                });
            }
        }
    }
}

impl Service {
    /// Whom it selects, if it says so itself.
    pub(crate) fn selector(&self) -> Option<&Selector> {
        self.selector.as_ref().map(|(_, selector)| selector)
    }

    fn selected_labels(&self) -> Vec<(Symbol, Symbol)> {
        self.selector().map_or_else(Vec::new, Selector::required)
    }

    /// Whether a pod declares the port that a port of the service leads to.
    pub(crate) fn served(&self, port: &ServicePort, pods: &Pods) -> Truth {
        if let Some(reason) = self.dangling() {
            return Truth::Unknown(reason);
        }
        let mut truth = Truth::No;
        let mut declares = false;
        for found in &self.pods {
            let pod = pods.get(found.pod);
            declares |= !pod.ports.is_empty();
            if port.declared(pod).is_some() {
                return Truth::Yes;
            }
            truth = truth.or(found.unknown.map_or(Truth::No, Truth::Unknown));
        }
        match port.target {
            Target::Number(_) if !declares => Truth::Unknown(Reason::NoPortDeclared),
            _ => truth,
        }
    }

    /// Why it leads to no pod that was scanned.
    pub(crate) fn dangling(&self) -> Option<Reason> {
        match &self.selector {
            _ if self.is_external_name => Some(Reason::ExternalName),
            None if self.pods.is_empty() => Some(Reason::NoSelector),
            Some(_) if self.pods.is_empty() => Some(Reason::NoPodScanned),
            _ => None,
        }
    }
}

fn read(reader: &mut Reader<'_>, spec: NodeRef<'_>) -> Service {
    let is_external_name = text(spec, "type") == Some("ExternalName");
    let selector = match reader.mapping(spec, "selector") {
        Ok(Some(selector)) if !selector.is_empty() && !is_external_name => {
            labels(reader, selector).map(|labels| (reader.place(selector), labels))
        }
        _ => None,
    };
    let ports = reader.list(spec, "ports").unwrap_or_default();
    let ports = ports.into_iter().filter_map(|node| port(reader, node));
    let ports = ports.collect();
    Service {
        place: reader.place(spec),
        namespace: reader.namespace(),
        name: reader.symbols.intern(&reader.resource.name),
        labels: own_labels(reader),
        is_external_name,
        selector,
        ports,
        levels: levels(reader, spec),
        pods: Vec::new(),
    }
}

fn own_labels(reader: &mut Reader<'_>) -> Labels {
    let object = reader.object();
    let metadata = field(object, "metadata");
    let (pairs, maybe) = metadata.map_or_else(Default::default, |it| label_pairs(reader, it));
    Labels::new(pairs, maybe)
}

/// The selector of a service: equal labels, in its own namespace.
fn labels(reader: &mut Reader<'_>, selector: NodeRef<'_>) -> Option<Selector> {
    let mut parts = vec![Selector::In(Key::NamespaceName, vec![reader.namespace()])];
    for entry in selector.entries() {
        let Some(value) = entry.value.as_str() else {
            reader.malformed(entry.value, "a label that is no text in the selector");
            return None;
        };
        let key = Key::Pod(reader.symbols.intern(entry.name()));
        parts.push(Selector::In(key, vec![reader.symbols.intern(value)]));
    }
    Some(Selector::All(parts))
}

fn port(reader: &mut Reader<'_>, node: NodeRef<'_>) -> Option<ServicePort> {
    let number = field(node, "port").and_then(port_number);
    let protocol = match field(node, "protocol") {
        None => Some(Protocol::Tcp),
        Some(value) => value.as_str().and_then(Protocol::parse),
    };
    let (Some(number), Some(protocol), Kind::Mapping) = (number, protocol, node.kind()) else {
        reader.malformed(
            node,
            "a port without a number or with an unknown protocol in the spec",
        );
        return None;
    };
    let target = match field(node, "targetPort") {
        None => Target::Number(number),
        Some(value) => match (port_number(value), value.as_str()) {
            (Some(target), _) => Target::Number(target),
            // Zero and an empty text are what the API fills in for.
            (None, Some("")) => Target::Number(number),
            (None, Some(name)) => Target::Name(reader.symbols.intern(name)),
            (None, None) if value.as_i64() == Some(0) => Target::Number(number),
            (None, None) => {
                reader.malformed(value, "`targetPort` is no port in the spec");
                return None;
            }
        },
    };
    Some(ServicePort {
        place: reader.place(node),
        name: text(node, "name").map(|name| reader.symbols.intern(name)),
        number,
        protocol,
        target,
    })
}

/// From how far away a service is reached by itself.
fn levels(reader: &mut Reader<'_>, spec: NodeRef<'_>) -> Vec<(Level, Place)> {
    let kind = field(spec, "type");
    let place = reader.place(kind.unwrap_or(spec));
    let mut levels = match kind.map(NodeRef::as_str) {
        None | Some(Some("ClusterIP" | "")) => vec![(Level::Cluster, place)],
        Some(Some("NodePort")) => vec![(Level::Node, place)],
        Some(Some("LoadBalancer")) => vec![(balancer_level(reader, spec), place)],
        Some(Some("ExternalName")) => return Vec::new(),
        Some(_) => {
            reader.malformed(spec, "`type` is unknown in the spec");
            vec![(Level::Cluster, place)]
        }
    };
    if let Some(addresses) = field(spec, "externalIPs").filter(|addresses| !addresses.is_empty()) {
        let mut addresses_of = addresses
            .items()
            .filter_map(NodeRef::as_str)
            .filter_map(parse_address);
        let is_public = addresses_of.any(|address| {
            !Cidr::parse(&format!(
                "{address}/{}",
                if address.is_ipv4() { 32 } else { 128 }
            ))
            .is_some_and(|block| block.is_private())
        });
        let level = if is_public {
            Level::Internet
        } else {
            Level::Node
        };
        levels.push((level, reader.place(addresses)));
    }
    levels
}

/// A load balancer faces the internet unless it is told not to, or lets in private addresses only.
fn balancer_level(reader: &Reader<'_>, spec: NodeRef<'_>) -> Level {
    let mut ranges = items(spec, "loadBalancerSourceRanges").peekable();
    let is_private = |node: NodeRef<'_>| {
        let range = node.as_str().map(str::trim).and_then(Cidr::parse);
        range.is_some_and(|range| range.is_private())
    };
    let is_closed = ranges.peek().is_some() && ranges.all(is_private);
    if is_closed || is_internal(reader.object(), Some(spec)) {
        Level::Node
    } else {
        Level::Internet
    }
}
