//! A way to gain permissions, and chains of them.

use bumpalo::Bump;
use document::NodeRef;
use expr::{Host, MemberId, MethodId, Value};
use rbac::{Escalation, Grant, Pattern, Subject, Target};

use super::subject::{bindings_of, roles_of};
use crate::host::resource::list;
use crate::host::{member, method};
use crate::relations::Relations;

const PATTERN: MemberId = member("pattern");
const TITLE: MemberId = member("title");
const SEVERITY: MemberId = member("severity");
const GAIN: MemberId = member("gain");
const BECOMES: MemberId = member("becomes");
const TARGET: MemberId = member("target");

const BINDINGS: MethodId = method("bindings");
const ROLES: MethodId = method("roles");

/// A pattern that permissions make possible.
pub(super) struct EscalationHost<'a, 'r> {
    relations: &'a Relations<'r>,
    pattern: &'static Pattern,
    target: Target,
    grants: &'a [Grant],
}

impl<'a, 'r: 'a> EscalationHost<'a, 'r> {
    pub(super) fn new(
        relations: &'a Relations<'r>,
        escalation: Escalation<'_>,
        arena: &'a Bump,
    ) -> &'a Self {
        arena.alloc(EscalationHost {
            relations,
            pattern: escalation.pattern,
            target: escalation.target,
            grants: arena.alloc_slice_copy(escalation.grants),
        })
    }

    fn target(&self, arena: &'a Bump) -> &'a str {
        let graph = self.relations.graph();
        match self.target {
            Target::Subject(id) => match graph.subject(id) {
                Subject::User(name) | Subject::Group(name) => name,
                Subject::ServiceAccount { namespace, name } => {
                    arena.alloc_str(&[namespace, "/", name].concat())
                }
            },
            Target::Role(id) => graph.role(id).map_or("", |role| role.name),
            Target::Namespace(name) => graph.text(name),
            Target::ClusterAdmin | Target::Node | Target::Cluster => "",
        }
    }
}

/// The shortest chain of escalations to everything in the cluster.
pub(super) fn takeover<'a, 'r: 'a>(
    relations: &'a Relations<'r>,
    subject: Subject<'_>,
    arena: &'a Bump,
) -> Value<'a> {
    let chain = relations.takeover(subject);
    let hosts = chain.iter().map(|escalation| -> Value<'a> {
        Value::Host(EscalationHost::new(relations, escalation, arena))
    });
    list(arena, hosts)
}

impl<'a, 'r: 'a> Host<'a> for EscalationHost<'a, 'r> {
    fn type_name(&self) -> &'static str {
        "escalation"
    }

    fn node(&self) -> Option<NodeRef<'a>> {
        None
    }

    fn member(&'a self, member: MemberId, arena: &'a Bump) -> Option<Value<'a>> {
        Some(Value::String(match member {
            PATTERN => self.pattern.id,
            TITLE => self.pattern.title,
            SEVERITY => self.pattern.severity.as_str(),
            GAIN => self.pattern.gain,
            BECOMES => match self.target {
                Target::ClusterAdmin => "cluster-admin",
                Target::Node => "node",
                Target::Subject(_) => "subject",
                Target::Role(_) => "role",
                Target::Namespace(_) => "namespace",
                Target::Cluster => "cluster",
            },
            TARGET => self.target(arena),
            _ => return None,
        }))
    }

    fn call(&'a self, method: MethodId, _: &[Value<'a>], arena: &'a Bump) -> Option<Value<'a>> {
        match method {
            BINDINGS => Some(list(arena, bindings_of(self.relations, self.grants, arena))),
            ROLES => Some(list(arena, roles_of(self.relations, self.grants, arena))),
            _ => None,
        }
    }
}
