//! `effective`: the values after inheritance and defaulting, as host objects.

use std::cell::OnceCell;
use std::sync::LazyLock;

use bumpalo::Bump;
use catalog::MEMBERS;
use document::NodeRef;
use expr::{ErrorKind, EvalError, Host, MapValue, MemberId, Value};
use model::{ContainerMember, ContainerView, Effective, PodMember, PodView};

use super::member;

const CAPABILITIES: MemberId = member("capabilities");
const SECCOMP_PROFILE: MemberId = member("seccompProfile");
const APP_ARMOR_PROFILE: MemberId = member("appArmorProfile");
const RESOURCES: MemberId = member("resources");

const ADD: MemberId = member("add");
const DROP: MemberId = member("drop");
const TYPE: MemberId = member("type");
const REQUESTS: MemberId = member("requests");
const LIMITS: MemberId = member("limits");

/// `pod.effective`.
pub(crate) struct PodEffective<'a, 'r>(&'a PodView<'r>);

impl<'a, 'r> PodEffective<'a, 'r> {
    pub(super) fn new(view: &'a PodView<'r>) -> Self {
        PodEffective(view)
    }
}

impl<'a, 'r: 'a> Host<'a> for PodEffective<'a, 'r> {
    fn type_name(&self) -> &'static str {
        "pod.effective"
    }

    fn member(&'a self, member: MemberId, arena: &'a Bump) -> Option<Value<'a>> {
        static MEMBER: LazyLock<Vec<Option<PodMember>>> = LazyLock::new(|| {
            MEMBERS
                .iter()
                .map(|name| PodMember::from_name(name))
                .collect()
        });
        let member = (*MEMBER.get(usize::from(member.0))?)?;
        value(self.0.effective(member), arena)
    }
}

/// `container.effective`.
pub(crate) struct ContainerEffective<'a, 'r> {
    view: &'a ContainerView<'r>,
    groups: [Group<'a, 'r>; 4],
}

impl<'a, 'r> ContainerEffective<'a, 'r> {
    pub(super) fn new(view: &'a ContainerView<'r>) -> Self {
        let names = [CAPABILITIES, SECCOMP_PROFILE, APP_ARMOR_PROFILE, RESOURCES];
        ContainerEffective {
            view,
            groups: names.map(|name| Group {
                view,
                name,
                requests: OnceCell::new(),
            }),
        }
    }
}

impl<'a, 'r: 'a> Host<'a> for ContainerEffective<'a, 'r> {
    fn type_name(&self) -> &'static str {
        "container.effective"
    }

    fn member(&'a self, member: MemberId, arena: &'a Bump) -> Option<Value<'a>> {
        static MEMBER: LazyLock<Vec<Option<ContainerMember>>> = LazyLock::new(|| {
            MEMBERS
                .iter()
                .map(|name| ContainerMember::from_name(name))
                .collect()
        });
        if let Some(group) = self.groups.iter().find(|group| group.name == member) {
            return Some(Value::Host(group));
        }
        let member = (*MEMBER.get(usize::from(member.0))?)?;
        value(self.view.effective(member), arena)
    }
}

/// `container.effective.capabilities` and the like.
struct Group<'a, 'r> {
    view: &'a ContainerView<'r>,
    name: MemberId,
    /// `resources.requests`, where it had to be put together.
    requests: OnceCell<Value<'a>>,
}

impl<'a, 'r: 'a> Host<'a> for Group<'a, 'r> {
    fn type_name(&self) -> &'static str {
        "container.effective"
    }

    fn member(&'a self, member: MemberId, arena: &'a Bump) -> Option<Value<'a>> {
        let member = match (self.name, member) {
            (CAPABILITIES, ADD) => ContainerMember::CapabilitiesAdd,
            (CAPABILITIES, DROP) => ContainerMember::CapabilitiesDrop,
            (SECCOMP_PROFILE, TYPE) => ContainerMember::SeccompProfileType,
            (APP_ARMOR_PROFILE, TYPE) => ContainerMember::AppArmorProfileType,
            (RESOURCES, REQUESTS) => ContainerMember::ResourcesRequests,
            (RESOURCES, LIMITS) => ContainerMember::ResourcesLimits,
            _ => return None,
        };
        match self.view.effective(member) {
            Effective::Requests { requests, limits } => {
                let make = || requests_or_limits(requests, limits, arena);
                Some(*self.requests.get_or_init(make))
            }
            other => value(other, arena),
        }
    }
}

fn value<'a>(effective: Effective<'a>, arena: &'a Bump) -> Option<Value<'a>> {
    Some(match effective {
        Effective::Node(node) => Value::Node(node),
        Effective::Bool(value) => Value::Bool(value),
        Effective::Int(value) => Value::Int(value),
        Effective::Str(value) => Value::String(value),
        Effective::EmptyList => Value::List(&[]),
        Effective::EmptyMap => Value::Map(arena.alloc(MapValue::default())),
        Effective::Requests { requests, limits } => requests_or_limits(requests, limits, arena),
        Effective::Absent => return None,
        Effective::Mismatch(node) => Value::Error(arena.alloc(EvalError {
            kind: ErrorKind::TypeMismatch,
            offset: 0,
            node: Some(node),
            subject: "effective",
        })),
    })
}

/// A request that is missing is the limit, as the API server defaults it.
fn requests_or_limits<'a>(
    requests: NodeRef<'a>,
    limits: NodeRef<'a>,
    arena: &'a Bump,
) -> Value<'a> {
    let mut entries = bumpalo::collections::Vec::new_in(arena);
    let inherited = limits
        .entries()
        .filter(|limit| requests.get(limit.key).is_none());
    for entry in requests.entries().chain(inherited) {
        entries.push((Value::String(entry.name()), Value::Node(entry.value)));
    }
    Value::Map(arena.alloc(MapValue {
        entries: entries.into_bump_slice(),
    }))
}
