//! A user, group or service account, and what it may do.

use bumpalo::Bump;
use document::{Kind, NodeRef};
use expr::{Host, MapValue, MemberId, MethodId, Value};
use rbac::{BindingId, Bound, Decision, Grant, Request, Subject};

use super::escalation::{EscalationHost, takeover};
use super::{binding_value, role_value};
use crate::host::pod::PodHost;
use crate::host::resource::{absent, list, resource_value};
use crate::host::{member, method};
use crate::relations::{BindingsOf, Relations, ask_by_binding_of};

const KIND: MemberId = member("kind");
const NAME: MemberId = member("name");
const NAMESPACE: MemberId = member("namespace");

/// The members that say who a subject is.
pub(crate) const SUBJECT_PARTS: [MemberId; 3] = [KIND, NAME, NAMESPACE];

const CAN: MethodId = method("can");
const CAN_ANYWHERE: MethodId = method("canAnywhere");
const VIA: MethodId = method("via");
const IS_CLUSTER_ADMIN: MethodId = method("isClusterAdmin");
const PERMISSIONS: MethodId = method("permissions");
const BINDINGS: MethodId = method("bindings");
const ROLES: MethodId = method("roles");
const ESCALATIONS: MethodId = method("escalations");
const TAKEOVER: MethodId = method("takeover");
const OBJECT: MethodId = method("object");
const PODS: MethodId = method("pods");

/// Lists of a rule, by their fields.
const LISTS: [&str; 5] = [
    "verbs",
    "apiGroups",
    "resources",
    "resourceNames",
    "nonResourceURLs",
];

/// A subject.
pub(crate) struct SubjectHost<'a, 'r> {
    pub(super) relations: &'a Relations<'r>,
    pub(super) subject: Subject<'a>,
    /// The entry that names it, or the pod or account that it was asked of.
    pub(super) node: Option<NodeRef<'a>>,
}

impl<'a, 'r: 'a> SubjectHost<'a, 'r> {
    /// A subject at an entry of a binding.
    pub(crate) fn bound(
        relations: &'a Relations<'r>,
        bound: &Bound<'a>,
        arena: &'a Bump,
    ) -> Option<&'a Self> {
        let index = u32::try_from(bound.place.resource.index()).ok()?;
        let resource = relations.resource(index)?;
        Some(arena.alloc(SubjectHost {
            relations,
            subject: bound.subject,
            node: Some(resource.document.at(bound.place.node)),
        }))
    }

    /// `verb, resource[, namespace[, name]]`.
    pub(super) fn can(&self, arguments: &[Value<'a>], arena: &'a Bump) -> Option<Value<'a>> {
        let (verb, resource) = (text(arguments.first())?, text(arguments.get(1))?);
        let mut request = request(verb, resource);
        if let Some(namespace) = arguments.get(2) {
            request = request.in_namespace(text(Some(namespace))?);
        }
        if let Some(name) = arguments.get(3) {
            request = request.named(text(Some(name))?);
        }
        ask_by_binding_of(self.relations, BindingsOf::Subject(self.subject));
        let decision = self.relations.graph().can(self.subject, &request);
        Some(self.decided(decision.allowed, arena))
    }

    fn anywhere(&self, arguments: &[Value<'a>]) -> Option<Decision> {
        let (verb, resource) = (text(arguments.first())?, text(arguments.get(1))?);
        let graph = self.relations.graph();
        Some(graph.can_anywhere(self.subject, &request(verb, resource)))
    }

    /// No is only sure when all that the subject is granted was scanned.
    fn decided(&self, holds: bool, arena: &'a Bump) -> Value<'a> {
        if holds {
            return Value::Bool(true);
        }
        let graph = self.relations.graph();
        let bindings = graph.bindings_for(self.subject);
        let dangling = bindings.iter().find(|id| graph.role_of(**id).is_none());
        let Some(binding) = dangling.and_then(|id| graph.binding(*id)) else {
            return Value::Bool(false);
        };
        let name = binding.name;
        let reason = format_args!("the role that the binding `{name}` grants was not scanned");
        absent(self.relations, Value::Bool(false), self.node, reason, arena)
    }

    /// The scanned bindings of grants, then their roles, each once.
    fn chain(&self, grants: &[Grant], arena: &'a Bump) -> Value<'a> {
        let bindings = bindings_of(self.relations, grants, arena);
        list(
            arena,
            bindings.chain(roles_of(self.relations, grants, arena)),
        )
    }

    fn permission(&self, grant: Grant, arena: &'a Bump) -> Option<Value<'a>> {
        let graph = self.relations.graph();
        let place = graph.rule(grant.rule()?)?;
        let resource = graph.resource(self.relations.inventory(), place.resource)?;
        let rule = resource.document.at(place.node);
        let binding = graph.binding(grant.binding()?)?;
        let granted = graph.role(graph.role_of(grant.binding()?)?)?;
        let lists = LISTS.map(|key| {
            let written = rule
                .get_str(key)
                .filter(|list| list.kind() == Kind::Sequence);
            let value: Value<'a> = written.map_or(Value::List(&[]), Value::Node);
            (Value::String(key), value)
        });
        let texts = [
            ("namespace", binding.namespace.unwrap_or_default()),
            ("role", granted.name),
            ("binding", binding.name),
        ];
        let texts = texts.map(|(key, value)| (Value::String(key), Value::String(value)));
        let entries: Vec<_> = lists.into_iter().chain(texts).collect();
        let entries = arena.alloc_slice_copy(&entries);
        Some(Value::Map(arena.alloc(MapValue { entries })))
    }

    /// The bindings that name it, and not only a group of it.
    fn own_bindings(&self) -> Vec<BindingId> {
        let graph = self.relations.graph();
        let id = graph.find(self.subject);
        let mut bindings: Vec<_> = id
            .into_iter()
            .flat_map(|id| graph.bindings_of(id))
            .collect();
        bindings.sort_unstable();
        bindings
    }

    /// The account, where it was scanned.
    fn object(&self) -> Option<u32> {
        match self.subject {
            Subject::ServiceAccount { namespace, name } => {
                self.relations.find("", "ServiceAccount", namespace, name)
            }
            _ => None,
        }
    }

    fn pods(&self, arena: &'a Bump) -> Value<'a> {
        let Subject::ServiceAccount { namespace, name } = self.subject else {
            return list(arena, []);
        };
        let relations = self.relations;
        let running = relations.pods_running_as(namespace, name).iter();
        let pods = running.filter_map(|at| {
            let view = relations.pods_of(at.resource).get(at.ordinal as usize)?;
            let host: Value<'a> = Value::Host(PodHost::new(view, at.resource, relations, arena));
            Some(host)
        });
        list(arena, pods)
    }
}

/// The scanned bindings of grants, each once.
pub(super) fn bindings_of<'a, 'r: 'a>(
    relations: &'a Relations<'r>,
    grants: &[Grant],
    arena: &'a Bump,
) -> impl Iterator<Item = Value<'a>> {
    let mut ids: Vec<_> = grants.iter().filter_map(|grant| grant.binding()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.into_iter()
        .filter_map(move |id| binding_value(relations, id, arena))
}

/// The scanned roles of grants, each once.
pub(super) fn roles_of<'a, 'r: 'a>(
    relations: &'a Relations<'r>,
    grants: &[Grant],
    arena: &'a Bump,
) -> impl Iterator<Item = Value<'a>> {
    let graph = relations.graph();
    let bindings = grants.iter().filter_map(|grant| grant.binding());
    let mut ids: Vec<_> = bindings.filter_map(|id| graph.role_of(id)).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.into_iter()
        .filter_map(move |id| role_value(relations, id, arena))
}

fn text<'v>(value: Option<&Value<'v>>) -> Option<&'v str> {
    match value?.plain() {
        Value::String(text) => Some(text),
        _ => None,
    }
}

/// As `kubectl auth can-i` takes it: `pods`, `pods/exec`, `deployments.apps/scale`, `*`, `/metrics`.
fn request<'v>(verb: &'v str, resource: &'v str) -> Request<'v> {
    if resource.starts_with('/') {
        return Request::url(verb, resource);
    }
    let (whole, subresource) = resource.split_once('/').unwrap_or((resource, ""));
    let (resource, group) = whole.split_once('.').unwrap_or((whole, ""));
    // The group may also stand at the end: `deployments/scale.apps`.
    let (subresource, group) = match subresource.split_once('.') {
        Some((subresource, group)) => (subresource, group),
        None => (subresource, group),
    };
    Request::Resource {
        verb,
        group,
        resource,
        subresource,
        namespace: "",
        name: "",
    }
}

impl<'a, 'r: 'a> Host<'a> for SubjectHost<'a, 'r> {
    fn type_name(&self) -> &'static str {
        "subject"
    }

    fn node(&self) -> Option<NodeRef<'a>> {
        self.node
    }

    fn member(&'a self, member: MemberId, _: &'a Bump) -> Option<Value<'a>> {
        let (kind, own, within) = match self.subject {
            Subject::User(name) => ("User", name, ""),
            Subject::Group(name) => ("Group", name, ""),
            Subject::ServiceAccount { namespace, name } => ("ServiceAccount", name, namespace),
        };
        match member {
            KIND => Some(Value::String(kind)),
            NAME => Some(Value::String(own)),
            NAMESPACE => Some(Value::String(within)),
            _ => None,
        }
    }

    fn call(
        &'a self,
        method: MethodId,
        arguments: &[Value<'a>],
        arena: &'a Bump,
    ) -> Option<Value<'a>> {
        let relations = self.relations;
        ask_by_binding_of(relations, BindingsOf::Subject(self.subject));
        let graph = || relations.graph();
        Some(match method {
            CAN => return self.can(arguments, arena),
            CAN_ANYWHERE => self.decided(self.anywhere(arguments)?.allowed, arena),
            VIA => self.chain(&self.anywhere(arguments)?.why, arena),
            IS_CLUSTER_ADMIN => self.decided(graph().is_admin(self.subject), arena),
            PERMISSIONS => {
                let grants = graph().grants(self.subject).into_iter();
                list(arena, grants.filter_map(|it| self.permission(it, arena)))
            }
            BINDINGS => {
                let ids = self.own_bindings().into_iter();
                list(
                    arena,
                    ids.filter_map(|id| binding_value(relations, id, arena)),
                )
            }
            ROLES => {
                let bindings = self.own_bindings().into_iter();
                let mut ids: Vec<_> = bindings.filter_map(|id| graph().role_of(id)).collect();
                ids.sort_unstable();
                ids.dedup();
                let ids = ids.into_iter();
                list(arena, ids.filter_map(|id| role_value(relations, id, arena)))
            }
            ESCALATIONS => {
                let found = relations.escalator().escalations(self.subject);
                let hosts = found.iter().map(|escalation| -> Value<'a> {
                    Value::Host(EscalationHost::new(relations, escalation, arena))
                });
                list(arena, hosts)
            }
            TAKEOVER => takeover(relations, self.subject, arena),
            OBJECT => {
                let index = self.object();
                index.map_or(Value::Null, |index| resource_value(relations, index, arena))
            }
            PODS => self.pods(arena),
            _ => return None,
        })
    }
}
