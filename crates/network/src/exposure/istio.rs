//! Istio: gateways are pods that a Gateway selects, and a `VirtualService` says where they lead.

use std::collections::HashMap;

use document::NodeRef;
use foldhash::fast::FixedState;

use super::backend::{Backend, Edges, Named, PortRef};
use super::gateway::hosts_meet;
use super::{Exposures, Hop, Step};
use crate::answer::{Level, Place, Reason};
use crate::label::{Key, Selector};
use crate::pod::Pods;
use crate::read::{Reader, field, items, text};
use crate::select::selected;
use crate::service::Services;
use crate::symbol::Symbol;

struct Gateway {
    resource: u32,
    namespace: Symbol,
    name: Symbol,
    selector: Selector,
    servers: Vec<Server>,
}

struct Server {
    place: Place,
    /// A namespace (`*` for all) and a name.
    hosts: Vec<(Option<Symbol>, Box<str>)>,
}

struct VirtualService {
    namespace: Symbol,
    hosts: Vec<Box<str>>,
    gateways: Vec<(Place, Symbol, Symbol)>,
    backends: Vec<Backend>,
}

/// What was scanned of Istio.
#[derive(Default)]
pub(super) struct Istio {
    gateways: Vec<Gateway>,
    by_name: HashMap<(Symbol, Symbol), usize, FixedState>,
    services: Vec<VirtualService>,
}

const GROUP: &str = "networking.istio.io";

impl Istio {
    pub(super) fn add(&mut self, edges: &mut Edges, reader: &mut Reader<'_>) {
        let kind = &*reader.resource.kind;
        if !matches!(kind, "Gateway" | "VirtualService") {
            return;
        }
        let object = reader.object();
        let Ok(Some(spec)) = reader.mapping(object, "spec") else {
            reader.malformed(object, "`spec` is missing in the object");
            return;
        };
        if kind == "Gateway" {
            let gateway = gateway(reader, spec);
            let name = (gateway.namespace, gateway.name);
            self.by_name.entry(name).or_insert(self.gateways.len());
            self.gateways.push(gateway);
        } else {
            self.services.push(virtual_service(edges, reader, spec));
        }
    }

    /// The resource of a gateway.
    pub(super) fn find(&self, namespace: Symbol, name: Symbol) -> Option<u32> {
        let position = *self.by_name.get(&(namespace, name))?;
        Some(self.gateways.get(position)?.resource)
    }

    pub(super) fn connect(
        &self,
        pods: &Pods,
        services: &Services,
        exposures: &Exposures,
        edges: &mut Edges,
    ) {
        let levels: Vec<_> = self
            .gateways
            .iter()
            .map(|gateway| level(gateway, pods, services, exposures))
            .collect();
        for service in &self.services {
            for &(place, namespace, name) in &service.gateways {
                if let Some(&index) = self.by_name.get(&(namespace, name)) {
                    self.attach(edges, service, place, (index, levels[index]));
                } else {
                    edges.note(place, Reason::GatewayNotScanned);
                    let unknown = Some(Reason::GatewayNotScanned);
                    service.push(edges, place, Level::Internet, unknown);
                }
            }
        }
    }

    fn attach(
        &self,
        edges: &mut Edges,
        service: &VirtualService,
        place: Place,
        (index, (level, unknown)): (usize, (Level, Option<Reason>)),
    ) {
        let servers = &self.gateways[index].servers;
        let mut is_taken = false;
        for server in servers.iter().filter(|server| server.takes(service)) {
            is_taken = true;
            service.push(edges, server.place, level, unknown);
        }
        if !is_taken {
            edges.note(place, Reason::NotAccepted);
        }
    }
}

impl Server {
    fn takes(&self, service: &VirtualService) -> bool {
        self.hosts.iter().any(|(namespace, name)| {
            namespace.is_none_or(|namespace| namespace == service.namespace)
                && service.hosts.iter().any(|host| hosts_meet(name, host))
        })
    }
}

impl VirtualService {
    fn push(&self, edges: &mut Edges, place: Place, level: Level, unknown: Option<Reason>) {
        for backend in &self.backends {
            let mut backend = backend.clone();
            backend.level = level;
            backend.unknown = unknown;
            backend.steps.insert(
                0,
                Step {
                    hop: Hop::Gateway,
                    place,
                },
            );
            edges.push(backend);
        }
    }
}

/// From how far away the pods of a gateway are reached. They may be deployed elsewhere: then the services
/// that lead to nothing but such pods say it.
fn level(
    gateway: &Gateway,
    pods: &Pods,
    services: &Services,
    exposures: &Exposures,
) -> (Level, Option<Reason>) {
    let found = selected(pods, &gateway.selector);
    let sure = found.filter(|found| found.unknown.is_none());
    if let Some(level) = exposures.farthest(sure.map(|found| found.pod)) {
        return (level, None);
    }
    let labels = gateway.selector.required();
    let leading = services.leading_to(&labels);
    let levels = leading.flat_map(|service| service.levels.iter().map(|(level, _)| *level));
    match levels.max() {
        Some(level) => (level, None),
        None => (Level::Internet, Some(Reason::GatewayPodsNotScanned)),
    }
}

fn gateway(reader: &mut Reader<'_>, spec: NodeRef<'_>) -> Gateway {
    let mut parts = Vec::new();
    match reader.mapping(spec, "selector") {
        Ok(selector) => {
            for entry in selector.into_iter().flat_map(NodeRef::entries) {
                let value = entry.value.as_str().unwrap_or_default();
                let key = Key::Pod(reader.symbols.intern(entry.name()));
                parts.push(Selector::In(key, vec![reader.symbols.intern(value)]));
            }
        }
        Err(reason) => parts.push(Selector::Unknown(reason)),
    }
    let namespace = reader.namespace();
    let servers = reader.list(spec, "servers").unwrap_or_default();
    let servers = servers.into_iter().map(|node| Server {
        place: reader.place(node),
        hosts: items(node, "hosts")
            .filter_map(NodeRef::as_str)
            .map(|host| server_host(reader, host, namespace))
            .collect(),
    });
    let servers = servers.collect();
    Gateway {
        resource: reader.index,
        namespace,
        name: reader.symbols.intern(&reader.resource.name),
        selector: Selector::All(parts),
        servers,
    }
}

/// `namespace/name`, `./name`, `*/name` or a name.
fn server_host(reader: &mut Reader<'_>, host: &str, own: Symbol) -> (Option<Symbol>, Box<str>) {
    match host.split_once('/') {
        None | Some(("*", _)) => (None, host.trim_start_matches("*/").into()),
        Some((".", name)) => (Some(own), name.into()),
        Some((namespace, name)) => (Some(reader.symbols.intern(namespace)), name.into()),
    }
}

fn virtual_service(
    edges: &mut Edges,
    reader: &mut Reader<'_>,
    spec: NodeRef<'_>,
) -> VirtualService {
    let namespace = reader.namespace();
    let mut gateways = Vec::new();
    for node in items(spec, "gateways") {
        match node.as_str() {
            // The sidecars of the mesh: from inside the cluster.
            Some("mesh") => {}
            Some(name) => {
                let (of, name) = match name.split_once('/') {
                    Some((of, name)) => (reader.symbols.intern(of), name),
                    None => (namespace, name),
                };
                let named = Named {
                    is_parent: true,
                    group: GROUP,
                    kind: "Gateway",
                    ..Named::service(of, name, PortRef::Any)
                };
                edges.refer(reader, node, &named);
                gateways.push((reader.place(node), of, reader.symbols.intern(name)));
            }
            None => {
                reader.malformed(node, "a gateway that is no text in the spec");
            }
        }
    }
    let mut backends = Vec::new();
    for rule in ["http", "tcp", "tls"]
        .iter()
        .flat_map(|name| items(spec, name))
    {
        let routes = items(rule, "route").chain(items(rule, "mirrors"));
        let destinations = routes.filter_map(|route| field(route, "destination"));
        for node in destinations.chain(field(rule, "mirror")) {
            backends.extend(destination(edges, reader, node, namespace));
        }
    }
    VirtualService {
        namespace,
        hosts: items(spec, "hosts")
            .filter_map(NodeRef::as_str)
            .map(Box::from)
            .collect(),
        gateways,
        backends,
    }
}

fn destination(
    edges: &mut Edges,
    reader: &mut Reader<'_>,
    node: NodeRef<'_>,
    own: Symbol,
) -> Option<Backend> {
    let Some(host) = text(node, "host") else {
        reader.malformed(node, "a destination without a host in the spec");
        return None;
    };
    let port = field(node, "port").and_then(|port| field(port, "number"));
    let port = PortRef::read(reader, port);
    let Some((name, namespace)) = service_of(host) else {
        // A name of some other registry, such as that of a ServiceEntry.
        edges.note(reader.place(node), Reason::BackendKind);
        let named = Named {
            group: GROUP,
            kind: "ServiceEntry",
            ..Named::service(own, host, port)
        };
        edges.refer(reader, node, &named);
        return None;
    };
    let namespace = namespace.map_or(own, |namespace| reader.symbols.intern(namespace));
    edges.refer(reader, node, &Named::service(namespace, name, port));
    Some(Backend::route(
        reader,
        node,
        Level::Internet,
        (namespace, name),
        port,
    ))
}

/// `name`, `name.namespace.svc` or `name.namespace.svc.cluster.local`; any other name is no service's.
fn service_of(host: &str) -> Option<(&str, Option<&str>)> {
    let mut labels = host.split('.');
    match (labels.next(), labels.next(), labels.next()) {
        (Some(name), Some(namespace), Some("svc")) => Some((name, Some(namespace))),
        (Some(name), None, _) => Some((name, None)),
        _ => None,
    }
}
