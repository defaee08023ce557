//! The Gateway API: gateways, routes, and the grants that let routes reach into other namespaces.

use std::collections::HashMap;

use document::NodeRef;
use foldhash::fast::FixedState;

use super::backend::{Backend, Edges, Named, PortRef};
use super::{Hop, Step};
use crate::answer::{Level, Place, Reason, Truth};
use crate::label::{Labels, Of, Selector, Subject, Value};
use crate::label_selector::label_selector;
use crate::pod::{Pods, port_number};
use crate::read::{Reader, annotation, field, items, text};
use crate::service::is_internal;
use crate::symbol::Symbol;

/// Whose routes a listener takes.
enum From {
    Same,
    All,
    Nobody,
    Selector(Selector),
}

struct Listener {
    place: Place,
    name: Box<str>,
    port: Option<u16>,
    protocol: Box<str>,
    hostname: Option<Box<str>>,
    from: From,
    /// Empty for those that its protocol allows.
    kinds: Vec<Box<str>>,
}

struct Gateway {
    resource: u32,
    namespace: Symbol,
    name: Symbol,
    level: Level,
    listeners: Vec<Listener>,
}

struct Parent {
    place: Place,
    namespace: Symbol,
    name: Symbol,
    section: Option<Box<str>>,
    port: Option<u16>,
}

struct Route {
    kind: Box<str>,
    namespace: Symbol,
    hostnames: Vec<Box<str>>,
    parents: Vec<Parent>,
    backends: Vec<Backend>,
}

/// From a kind of route in one namespace to services in another.
struct Grant {
    namespace: Symbol,
    from: Vec<(Box<str>, Symbol)>,
    /// Names; none for all services.
    to: Vec<Option<Symbol>>,
}

/// What was scanned of the Gateway API.
#[derive(Default)]
pub(super) struct Gateways {
    list: Vec<Gateway>,
    by_name: HashMap<(Symbol, Symbol), usize, FixedState>,
    routes: Vec<Route>,
    grants: Vec<Grant>,
}

const ROUTES: [&str; 5] = ["HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute"];

impl Gateways {
    pub(super) fn add(&mut self, edges: &mut Edges, reader: &mut Reader<'_>) {
        let kind = &*reader.resource.kind;
        let is_known = ROUTES.contains(&kind) || matches!(kind, "Gateway" | "ReferenceGrant");
        if !is_known {
            return;
        }
        let object = reader.object();
        let Ok(Some(spec)) = reader.mapping(object, "spec") else {
            reader.malformed(object, "`spec` is missing in the object");
            return;
        };
        match kind {
            "Gateway" => {
                let gateway = gateway(reader, spec);
                let name = (gateway.namespace, gateway.name);
                self.by_name.entry(name).or_insert(self.list.len());
                self.list.push(gateway);
            }
            "ReferenceGrant" => self.grants.push(grant(reader, spec)),
            _ => {
                let route = route(edges, reader, spec);
                self.routes.push(route);
            }
        }
    }

    fn get(&self, namespace: Symbol, name: Symbol) -> Option<&Gateway> {
        self.list.get(*self.by_name.get(&(namespace, name))?)
    }

    /// The resource of a gateway.
    pub(super) fn find(&self, namespace: Symbol, name: Symbol) -> Option<u32> {
        Some(self.get(namespace, name)?.resource)
    }

    /// Attaches routes to listeners.
    pub(super) fn connect(&self, pods: &Pods, edges: &mut Edges) {
        for route in &self.routes {
            for parent in &route.parents {
                self.attach(pods, edges, route, parent);
            }
        }
    }

    fn attach(&self, pods: &Pods, edges: &mut Edges, route: &Route, parent: &Parent) {
        let Some(gateway) = self.get(parent.namespace, parent.name) else {
            edges.note(parent.place, Reason::GatewayNotScanned);
            let place = parent.place;
            self.backends(
                edges,
                route,
                (Level::Internet, place),
                Some(Reason::GatewayNotScanned),
            );
            return;
        };
        let mut is_taken = false;
        for listener in &gateway.listeners {
            let truth = accepts(pods, gateway, listener, route, parent);
            if truth.is_possible() {
                is_taken = true;
                self.backends(
                    edges,
                    route,
                    (gateway.level, listener.place),
                    truth.reason(),
                );
            }
        }
        if !is_taken {
            edges.note(parent.place, Reason::NotAccepted);
        }
    }

    fn backends(
        &self,
        edges: &mut Edges,
        route: &Route,
        (level, place): (Level, Place),
        unknown: Option<Reason>,
    ) {
        for backend in &route.backends {
            let mut backend = backend.clone();
            backend.level = level;
            backend.steps.insert(
                0,
                Step {
                    hop: Hop::Gateway,
                    place,
                },
            );
            backend.unknown = unknown;
            if !self.is_granted(route, &backend) {
                backend.unknown = Some(Reason::NoGrant);
                let place = backend.steps.last().map_or(place, |step| step.place);
                edges.note(place, Reason::NoGrant);
            }
            edges.push(backend);
        }
    }

    fn is_granted(&self, route: &Route, backend: &Backend) -> bool {
        let grants = self
            .grants
            .iter()
            .filter(|grant| grant.namespace == backend.namespace);
        let permits = |grant: &Grant| {
            let from = |(kind, namespace): &(Box<str>, Symbol)| {
                **kind == *route.kind && *namespace == route.namespace
            };
            grant.from.iter().any(from)
                && grant
                    .to
                    .iter()
                    .any(|name| name.is_none_or(|name| name == backend.service))
        };
        route.namespace == backend.namespace || grants.into_iter().any(permits)
    }
}

fn gateway(reader: &mut Reader<'_>, spec: NodeRef<'_>) -> Gateway {
    let listeners = reader.list(spec, "listeners").unwrap_or_default();
    let listeners = listeners
        .into_iter()
        .map(|node| listener(reader, node))
        .collect();
    let object = reader.object();
    let service = annotation(object, "networking.istio.io/service-type");
    let class = text(spec, "gatewayClassName");
    let level = if service == Some("ClusterIP") {
        Level::Cluster
    } else if is_internal(object, None)
        || class.is_some_and(|class| {
            class.starts_with("gke-l7-rilb") || class.contains("-internal-managed")
        })
    {
        Level::Node
    } else {
        Level::Internet
    };
    Gateway {
        resource: reader.index,
        namespace: reader.namespace(),
        name: reader.symbols.intern(&reader.resource.name),
        level,
        listeners,
    }
}

fn listener(reader: &mut Reader<'_>, node: NodeRef<'_>) -> Listener {
    let allowed = field(node, "allowedRoutes");
    let namespaces = allowed.and_then(|allowed| field(allowed, "namespaces"));
    let from = match namespaces.and_then(|node| text(node, "from")) {
        None | Some("Same") => From::Same,
        Some("All") => From::All,
        Some("Selector") => {
            let selector = namespaces.and_then(|node| field(node, "selector"));
            From::Selector(match selector {
                Some(selector) => label_selector(reader, selector, Of::Namespace),
                None => {
                    Selector::Unknown(reader.malformed(node, "`selector` is missing in a listener"))
                }
            })
        }
        Some(_) => From::Nobody,
    };
    let kinds = allowed
        .into_iter()
        .flat_map(|allowed| items(allowed, "kinds"));
    let owned = |name| text(node, name).map(Box::from);
    Listener {
        place: reader.place(node),
        name: owned("name").unwrap_or_default(),
        port: field(node, "port").and_then(port_number),
        protocol: owned("protocol").unwrap_or_default(),
        hostname: owned("hostname"),
        from,
        kinds: kinds
            .filter_map(|node| text(node, "kind"))
            .map(Box::from)
            .collect(),
    }
}

fn grant(reader: &mut Reader<'_>, spec: NodeRef<'_>) -> Grant {
    let mut grant = Grant {
        namespace: reader.namespace(),
        from: Vec::new(),
        to: Vec::new(),
    };
    for node in items(spec, "from") {
        if let (Some(kind), Some(namespace)) = (text(node, "kind"), text(node, "namespace")) {
            grant
                .from
                .push((kind.into(), reader.symbols.intern(namespace)));
        } else {
            reader.malformed(node, "an entry without kind and namespace in `from`");
        }
    }
    for node in items(spec, "to").filter(|node| text(*node, "kind") == Some("Service")) {
        grant
            .to
            .push(text(node, "name").map(|name| reader.symbols.intern(name)));
    }
    grant
}

fn route(edges: &mut Edges, reader: &mut Reader<'_>, spec: NodeRef<'_>) -> Route {
    let namespace = reader.namespace();
    let mut parents = Vec::new();
    for node in items(spec, "parentRefs") {
        // Routes of a mesh hang on services: nothing reaches these from further away for it.
        if text(node, "kind").is_some_and(|kind| kind != "Gateway") {
            continue;
        }
        let Some(name) = text(node, "name") else {
            reader.malformed(node, "a parent without a name in the spec");
            continue;
        };
        let namespace =
            text(node, "namespace").map_or(namespace, |name| reader.symbols.intern(name));
        let named = Named {
            is_parent: true,
            group: "gateway.networking.k8s.io",
            kind: "Gateway",
            ..Named::service(namespace, name, PortRef::Any)
        };
        edges.refer(reader, node, &named);
        parents.push(Parent {
            place: reader.place(node),
            namespace,
            name: reader.symbols.intern(name),
            section: text(node, "sectionName").map(Box::from),
            port: field(node, "port").and_then(port_number),
        });
    }
    let mut backends = Vec::new();
    for rule in items(spec, "rules") {
        let mirrors = items(rule, "filters")
            .filter_map(|filter| field(filter, "requestMirror"))
            .filter_map(|mirror| field(mirror, "backendRef"));
        for node in items(rule, "backendRefs").chain(mirrors) {
            backends.extend(backend(edges, reader, node, namespace));
        }
    }
    let hostnames = items(spec, "hostnames").filter_map(NodeRef::as_str);
    Route {
        kind: reader.resource.kind.clone(),
        namespace,
        hostnames: hostnames.map(Box::from).collect(),
        parents,
        backends,
    }
}

fn backend(
    edges: &mut Edges,
    reader: &mut Reader<'_>,
    node: NodeRef<'_>,
    namespace: Symbol,
) -> Option<Backend> {
    let Some(name) = text(node, "name") else {
        reader.malformed(node, "a backend without a name in the spec");
        return None;
    };
    let namespace = text(node, "namespace").map_or(namespace, |name| reader.symbols.intern(name));
    let port = PortRef::read(reader, field(node, "port"));
    let named = Named {
        group: text(node, "group").unwrap_or_default(),
        kind: text(node, "kind").unwrap_or("Service"),
        ..Named::service(namespace, name, port)
    };
    edges.refer(reader, node, &named);
    if named.kind != "Service" || !named.group.is_empty() {
        edges.note(reader.place(node), Reason::BackendKind);
        return None;
    }
    Some(Backend::route(
        reader,
        node,
        Level::Internet,
        (namespace, name),
        port,
    ))
}

/// Whether a listener takes a route.
fn accepts(
    pods: &Pods,
    gateway: &Gateway,
    listener: &Listener,
    route: &Route,
    parent: &Parent,
) -> Truth {
    let is_meant = parent
        .section
        .as_deref()
        .is_none_or(|section| section == &*listener.name)
        && parent.port.is_none_or(|port| listener.port == Some(port));
    let is_kind = if listener.kinds.is_empty() {
        carries(&listener.protocol, &route.kind)
    } else {
        listener.kinds.contains(&route.kind)
    };
    if !is_meant || !is_kind || !share_host(listener.hostname.as_deref(), &route.hostnames) {
        return Truth::No;
    }
    match &listener.from {
        From::All => Truth::Yes,
        From::Nobody => Truth::No,
        From::Same => Truth::from_bool(gateway.namespace == route.namespace),
        From::Selector(selector) => {
            let labels = Labels::default();
            let subject = Subject {
                labels: &labels,
                namespace: route.namespace,
                namespace_labels: pods.namespaces.get(route.namespace).unwrap_or(&labels),
                service_account: Value::Absent,
            };
            selector.matches(&subject, &pods.symbols)
        }
    }
}

fn carries(protocol: &str, kind: &str) -> bool {
    match protocol {
        "HTTP" | "HTTPS" => matches!(kind, "HTTPRoute" | "GRPCRoute"),
        "TLS" => matches!(kind, "TLSRoute" | "TCPRoute"),
        "TCP" => kind == "TCPRoute",
        "UDP" => kind == "UDPRoute",
        _ => true,
    }
}

fn share_host(listener: Option<&str>, route: &[Box<str>]) -> bool {
    let Some(listener) = listener else {
        return true;
    };
    route.is_empty() || route.iter().any(|host| hosts_meet(listener, host))
}

/// Whether two names, each perhaps with a wildcard in front, have names in common.
pub(super) fn hosts_meet(left: &str, right: &str) -> bool {
    let suffix = |name: &str| name.strip_prefix('*').map(str::to_ascii_lowercase);
    let (plain_left, plain_right) = (left.to_ascii_lowercase(), right.to_ascii_lowercase());
    match (suffix(left), suffix(right)) {
        (None, None) => plain_left == plain_right,
        (Some(left), None) => plain_right.ends_with(&left) && plain_right != left,
        (None, Some(right)) => plain_left.ends_with(&right) && plain_left != right,
        (Some(left), Some(right)) => left.ends_with(&right) || right.ends_with(&left),
    }
}
