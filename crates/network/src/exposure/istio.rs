//! Istio: gateways are pods that a Gateway selects, and a `VirtualService` says where they lead.

use document::NodeRef;

use super::backend::{Backend, Edges, PortRef};
use super::gateway::hosts_meet;
use super::{Exposures, Hop, Step};
use crate::answer::{Level, Place, Reason, Truth};
use crate::label::{Key, Selector};
use crate::pod::Pods;
use crate::read::{Reader, field, items, text};
use crate::symbol::Symbol;

struct Gateway {
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
    services: Vec<VirtualService>,
}

impl Istio {
    pub(super) fn add(&mut self, reader: &mut Reader<'_>) {
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
            self.gateways.push(gateway(reader, spec));
        } else {
            self.services.push(virtual_service(reader, spec));
        }
    }

    pub(super) fn connect(&self, pods: &Pods, exposures: &Exposures, edges: &mut Edges) {
        let levels: Vec<_> = self
            .gateways
            .iter()
            .map(|gateway| level(gateway, pods, exposures))
            .collect();
        for service in &self.services {
            for &(place, namespace, name) in &service.gateways {
                let is_it =
                    |gateway: &Gateway| gateway.namespace == namespace && gateway.name == name;
                if let Some(index) = self.gateways.iter().position(is_it) {
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

/// From how far away the pods of a gateway are reached; they may be deployed elsewhere.
fn level(gateway: &Gateway, pods: &Pods, exposures: &Exposures) -> (Level, Option<Reason>) {
    let selected = pods.ids().filter(|&id| {
        let subject = pods.subject(pods.get(id));
        gateway.selector.matches(&subject, &pods.symbols) == Truth::Yes
    });
    match exposures.farthest(selected) {
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

fn virtual_service(reader: &mut Reader<'_>, spec: NodeRef<'_>) -> VirtualService {
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
            backends.extend(destination(reader, node, namespace));
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

fn destination(reader: &mut Reader<'_>, node: NodeRef<'_>, namespace: Symbol) -> Option<Backend> {
    let Some(host) = text(node, "host") else {
        reader.malformed(node, "a destination without a host in the spec");
        return None;
    };
    let (service, namespace) = service_of(reader, host, namespace);
    let port = field(node, "port").and_then(|port| field(port, "number"));
    Some(Backend {
        level: Level::Internet,
        steps: vec![Step {
            hop: Hop::Route,
            place: reader.place(node),
        }],
        namespace,
        service,
        port: PortRef::read(reader, port),
        unknown: None,
    })
}

/// `name`, `name.namespace.svc` or `name.namespace.svc.cluster.local`; any other name is no service's.
fn service_of(reader: &mut Reader<'_>, host: &str, own: Symbol) -> (Symbol, Symbol) {
    let mut labels = host.split('.');
    match (labels.next(), labels.next(), labels.next()) {
        (Some(name), Some(namespace), Some("svc")) => (
            reader.symbols.intern(name),
            reader.symbols.intern(namespace),
        ),
        _ => (reader.symbols.intern(host), own),
    }
}
