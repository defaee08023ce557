//! What routes name, as expressions see it.

use bumpalo::Bump;
use document::NodeRef;
use expr::{Host, MemberId, MethodId, Value};
use network::{Reason, Reference};

use super::super::resource::{ResourceHost, absent, list, resource_value};
use super::super::{member, method};
use crate::relations::Relations;

const GROUP: MemberId = member("group");
const KIND: MemberId = member("kind");
const NAMESPACE: MemberId = member("namespace");
const NAME: MemberId = member("name");
const EXISTS: MemberId = member("exists");
const HAS_PORT: MemberId = member("hasPort");
const IS_ACCEPTED: MemberId = member("isAccepted");
const TARGET: MethodId = method("target");

/// The backends of a route, or the gateways that it hangs on.
pub(super) fn references<'a, 'r: 'a>(
    route: &'a ResourceHost<'a, 'r>,
    parents: bool,
    arena: &'a Bump,
) -> Value<'a> {
    let relations = route.relations;
    let all = relations.network().references(route.index).iter();
    let found = all.filter(|reference| reference.is_parent == parents);
    let hosts = found.map(|reference| -> Value<'a> {
        Value::Host(arena.alloc(BackendHost {
            relations,
            reference,
            node: route.resource.document.at(reference.place.node),
        }))
    });
    list(arena, hosts)
}

/// A reference of a route.
struct BackendHost<'a, 'r> {
    relations: &'a Relations<'r>,
    reference: &'a Reference,
    node: NodeRef<'a>,
}

impl<'a, 'r: 'a> BackendHost<'a, 'r> {
    fn target(&self) -> Option<u32> {
        let Reference {
            group,
            kind,
            namespace,
            name,
            ..
        } = self.reference;
        let target = self.reference.target;
        target.or_else(|| self.relations.find(group, kind, namespace, name))
    }

    /// What a missing thing counts as: no for the scan of a whole cluster, else unknown.
    fn missing(&self, value: Value<'a>, arena: &'a Bump) -> Value<'a> {
        let Some(reason) = self.reference.reason else {
            return value;
        };
        let reason = format_args!("{}", reason.sentence());
        absent(self.relations, value, self.node, reason, arena)
    }

    fn has_port(&self, arena: &'a Bump) -> Value<'a> {
        match self.reference.reason {
            Some(Reason::NoSuchPort) => Value::Bool(false),
            Some(Reason::ServiceNotScanned) => self.missing(Value::Bool(false), arena),
            _ => Value::Bool(true),
        }
    }

    fn is_accepted(&self, arena: &'a Bump) -> Value<'a> {
        match self.reference.reason {
            Some(Reason::NotAccepted) => Value::Bool(false),
            Some(Reason::NoGrant) => self.missing(Value::Bool(false), arena),
            _ => Value::Bool(true),
        }
    }
}

impl<'a, 'r: 'a> Host<'a> for BackendHost<'a, 'r> {
    fn type_name(&self) -> &'static str {
        "backend"
    }

    fn node(&self) -> Option<NodeRef<'a>> {
        Some(self.node)
    }

    fn member(&'a self, member: MemberId, arena: &'a Bump) -> Option<Value<'a>> {
        let reference = self.reference;
        match member {
            GROUP => Some(Value::String(&reference.group)),
            KIND => Some(Value::String(&reference.kind)),
            NAMESPACE => Some(Value::String(&reference.namespace)),
            NAME => Some(Value::String(&reference.name)),
            EXISTS => Some(match self.target() {
                Some(_) => Value::Bool(true),
                None => self.missing(Value::Bool(false), arena),
            }),
            HAS_PORT => Some(self.has_port(arena)),
            IS_ACCEPTED => Some(self.is_accepted(arena)),
            _ => None,
        }
    }

    fn call(&'a self, method: MethodId, _: &[Value<'a>], arena: &'a Bump) -> Option<Value<'a>> {
        (method == TARGET).then(|| match self.target() {
            Some(index) => resource_value(self.relations, index, arena),
            None => self.missing(Value::Null, arena),
        })
    }
}
