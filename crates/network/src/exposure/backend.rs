//! What all kinds of routes come down to: a service, a port of it, and the way there.

use document::NodeRef;

use super::Step;
use crate::answer::{Dangling, Level, Place, Reason};
use crate::pod::port_number;
use crate::read::Reader;
use crate::service::{ServicePort, Target};
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

/// What routes were found to say.
#[derive(Debug, Default)]
pub(super) struct Edges {
    pub(super) backends: Vec<Backend>,
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

    pub(super) fn note(&mut self, place: Place, reason: Reason) {
        self.dangling.push(Dangling { place, reason });
    }
}
