//! What all kinds of routes come down to: a service, a port of it, and the way there; and what they
//! name as it is written.

use document::NodeRef;

use super::{Hop, Step};
use crate::answer::{Dangling, Level, Place, Reason};
use crate::pod::port_number;
use crate::read::Reader;
use crate::service::{ServicePort, Services, Target};
use crate::symbol::Symbol;

/// How a route names the port of a service.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum PortRef {
    Any,
    Number(u16),
    Name(Symbol),
    /// `OpenShift`: the name of a port, or the number that it leads to.
    Target(u16),
}

impl PortRef {
    pub(super) fn is(self, port: &ServicePort) -> bool {
        match self {
            PortRef::Any => true,
            PortRef::Number(number) => port.number == number,
            PortRef::Name(name) => port.name == Some(name),
            PortRef::Target(number) => {
                port.target == Target::Number(number) || port.number == number
            }
        }
    }

    /// A number or a name; `Any` when there is none.
    pub(super) fn read(reader: &mut Reader<'_>, node: Option<NodeRef<'_>>) -> Self {
        let Some(node) = node else {
            return PortRef::Any;
        };
        match (port_number(node), node.as_str()) {
            (Some(number), _) => PortRef::Number(number),
            (None, Some(name)) => PortRef::Name(reader.symbols.intern(name)),
            (None, None) => {
                reader.malformed(node, "a port that is neither number nor name in a backend");
                PortRef::Any
            }
        }
    }
}

/// A way from outside to a service.
#[derive(Clone, Debug)]
pub(super) struct Backend {
    pub(super) level: Level,
    /// The last one names the service.
    pub(super) steps: Vec<Step>,
    pub(super) namespace: Symbol,
    pub(super) service: Symbol,
    pub(super) port: PortRef,
    pub(super) unknown: Option<Reason>,
}

impl Backend {
    /// The way of a route whose node names a port of a service.
    pub(super) fn route(
        reader: &mut Reader<'_>,
        node: NodeRef<'_>,
        level: Level,
        (namespace, name): (Symbol, &str),
        port: PortRef,
    ) -> Self {
        Backend {
            level,
            steps: vec![Step {
                hop: Hop::Route,
                place: reader.place(node),
            }],
            namespace,
            service: reader.symbols.intern(name),
            port,
            unknown: None,
        }
    }
}

/// What something names: a route its backends and its gateways.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reference {
    /// The node that names it.
    pub place: Place,
    /// Whether it is a gateway that the route hangs on, and not where it leads.
    pub is_parent: bool,
    /// API group of what is named.
    pub group: Box<str>,
    /// Kind of what is named.
    pub kind: Box<str>,
    /// Namespace of what is named.
    pub namespace: Box<str>,
    /// Name of what is named.
    pub name: Box<str>,
    /// The resource, if it is a Service or a Gateway that was scanned.
    pub target: Option<u32>,
    /// Why it leads nowhere.
    pub reason: Option<Reason>,
}

/// A reference as its reader made it.
#[derive(Debug)]
pub(super) struct Named<'n> {
    pub(super) is_parent: bool,
    pub(super) group: &'n str,
    pub(super) kind: &'n str,
    pub(super) namespace: Symbol,
    pub(super) name: &'n str,
    pub(super) port: PortRef,
}

impl<'n> Named<'n> {
    pub(super) fn service(namespace: Symbol, name: &'n str, port: PortRef) -> Self {
        Named {
            is_parent: false,
            group: "",
            kind: "Service",
            namespace,
            name,
            port,
        }
    }
}

/// What routes were found to say.
#[derive(Debug, Default)]
pub(super) struct Edges {
    pub(super) backends: Vec<Backend>,
    /// What routes name, and the ports that they mean.
    pub(super) references: Vec<(Reference, PortRef)>,
    pub(super) dangling: Vec<Dangling>,
    /// Whether there were more ways than [`WAYS`].
    pub(super) is_cut: bool,
}

/// Ways from a gateway to a service that are kept.
const WAYS: usize = 250_000;

impl Edges {
    pub(super) fn push(&mut self, backend: Backend) {
        if self.backends.len() < WAYS {
            self.backends.push(backend);
        } else {
            self.is_cut = true;
        }
    }

    /// Notes what a node names.
    pub(super) fn refer(&mut self, reader: &Reader<'_>, node: NodeRef<'_>, named: &Named<'_>) {
        let reference = Reference {
            place: reader.place(node),
            is_parent: named.is_parent,
            group: named.group.into(),
            kind: named.kind.into(),
            namespace: reader.symbols.text(named.namespace).into(),
            name: named.name.into(),
            target: None,
            reason: None,
        };
        self.references.push((reference, named.port));
    }

    pub(super) fn note(&mut self, place: Place, reason: Reason) {
        self.dangling.push(Dangling { place, reason });
    }
}

/// The references with what they lead to, in the order of the inventory. `gateways` finds one of a group
/// by namespace and name; `dangling` is sorted.
pub(super) fn resolve(
    references: Vec<(Reference, PortRef)>,
    services: &Services,
    find: impl Fn(&str) -> Option<Symbol>,
    gateways: impl Fn(&str, Symbol, Symbol) -> Option<u32>,
    dangling: &[Dangling],
) -> Vec<Reference> {
    let resolve = |(mut reference, port): (Reference, PortRef)| {
        let names = find(&reference.namespace).zip(find(&reference.name));
        match (&*reference.group, &*reference.kind) {
            ("", "Service") => {
                let service = names.and_then(|(namespace, name)| services.find(namespace, name));
                let service = service.and_then(|service| services.list.get(service));
                reference.target = service.map(|service| service.place.resource);
                reference.reason = match service {
                    None => Some(Reason::ServiceNotScanned),
                    Some(service) => {
                        let has_port = service.is_external_name
                            || service.ports.iter().any(|own| port.is(own));
                        (!has_port).then_some(Reason::NoSuchPort)
                    }
                };
            }
            (group, "Gateway") => {
                let gateway = names.and_then(|(namespace, name)| gateways(group, namespace, name));
                reference.target = gateway;
                reference.reason = gateway.is_none().then_some(Reason::GatewayNotScanned);
            }
            _ => reference.reason = Some(Reason::BackendKind),
        }
        let at = dangling.partition_point(|other| other.place < reference.place);
        let noted = dangling[at..]
            .iter()
            .take_while(|other| other.place == reference.place);
        let refused = |reason| matches!(reason, Reason::NoGrant | Reason::NotAccepted);
        let mut refusals = noted
            .map(|other| other.reason)
            .filter(|&reason| refused(reason));
        reference.reason = reference.reason.or(refusals.next());
        reference
    };
    let mut references: Vec<_> = references.into_iter().map(resolve).collect();
    references.sort_by_key(|reference| reference.place);
    references
}
