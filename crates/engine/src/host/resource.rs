//! A resource as a host object: its fields, and the relations that its kind has.

use std::fmt;

use bumpalo::Bump;
use document::NodeRef;
use expr::{Host, MemberId, MethodId, Unknown, Value};
use model::Resource;

use super::{network, pod::PodHost, rbac, references};
use crate::relations::{Existence, Relations};

/// A resource of the inventory.
pub(crate) struct ResourceHost<'a, 'r> {
    pub(crate) relations: &'a Relations<'r>,
    /// Position in the inventory.
    pub(crate) index: u32,
    pub(crate) resource: &'r Resource,
}

impl<'a, 'r: 'a> ResourceHost<'a, 'r> {
    /// The host object of a resource; `None` for a position that the inventory does not have.
    pub(crate) fn new(
        relations: &'a Relations<'r>,
        index: u32,
        arena: &'a Bump,
    ) -> Option<&'a Self> {
        let resource = relations.resource(index)?;
        Some(arena.alloc(ResourceHost {
            relations,
            index,
            resource,
        }))
    }

    /// Whether it is of one of Kubernetes' own kinds: the core group, or one of Kubernetes' groups.
    pub(crate) fn is(&self, group: &str, kind: &str) -> bool {
        &*self.resource.kind == kind && self.resource.group() == group
    }
}

/// The value of a resource.
pub(crate) fn resource_value<'a, 'r: 'a>(
    relations: &'a Relations<'r>,
    index: u32,
    arena: &'a Bump,
) -> Value<'a> {
    ResourceHost::new(relations, index, arena).map_or(Value::Null, |host| Value::Host(host))
}

/// A list of resources.
pub(crate) fn resource_list<'a, 'r: 'a>(
    relations: &'a Relations<'r>,
    indexes: impl IntoIterator<Item = u32>,
    arena: &'a Bump,
) -> Value<'a> {
    let indexes = indexes.into_iter();
    list(
        arena,
        indexes.map(|index| resource_value(relations, index, arena)),
    )
}

/// The values of the whole pods that a resource carries.
pub(crate) fn pods_of<'a, 'r: 'a>(
    relations: &'a Relations<'r>,
    index: u32,
    arena: &'a Bump,
) -> impl Iterator<Item = Value<'a>> {
    let whole = relations.pods_of(index).iter().filter(|pod| pod.is_whole());
    whole.map(move |view| -> Value<'a> { Value::Host(PodHost::new(view, index, relations, arena)) })
}

/// A list of values in the arena.
pub(crate) fn list<'a>(arena: &'a Bump, values: impl IntoIterator<Item = Value<'a>>) -> Value<'a> {
    let mut items = bumpalo::collections::Vec::new_in(arena);
    items.extend(values);
    Value::List(items.into_bump_slice())
}

/// A value that is not decidable, and why in one line.
pub(crate) fn unknown<'a>(arena: &'a Bump, node: Option<NodeRef<'a>>, reason: &str) -> Value<'a> {
    let reason = arena.alloc_str(reason);
    Value::Unknown(arena.alloc(Unknown { node, reason }))
}

/// The object behind a name: null where it does not exist, unknown where only a scan of more would show it.
pub(crate) fn existing<'a, 'r: 'a>(
    relations: &'a Relations<'r>,
    existence: Existence,
    node: NodeRef<'a>,
    reason: fmt::Arguments<'_>,
    arena: &'a Bump,
) -> Value<'a> {
    match existence {
        Existence::Scanned(index) => resource_value(relations, index, arena),
        Existence::Surely => unknown(arena, Some(node), &reason.to_string()),
        Existence::NotScanned => absent(relations, Value::Null, node, reason, arena),
    }
}

/// What rests on something that was not scanned: sure where the scan holds all that there is, else unknown.
pub(crate) fn absent<'a>(
    relations: &Relations<'_>,
    sure: Value<'a>,
    node: impl Into<Option<NodeRef<'a>>>,
    reason: fmt::Arguments<'_>,
    arena: &'a Bump,
) -> Value<'a> {
    if relations.inventory().is_complete {
        return sure;
    }
    unknown(arena, node.into(), &reason.to_string())
}

impl<'a, 'r: 'a> Host<'a> for ResourceHost<'a, 'r> {
    fn type_name(&self) -> &'static str {
        "resource"
    }

    fn node(&self) -> Option<NodeRef<'a>> {
        Some(self.resource.object())
    }

    fn member(&'a self, _: MemberId, _: &'a Bump) -> Option<Value<'a>> {
        None
    }

    fn call(
        &'a self,
        method: MethodId,
        arguments: &[Value<'a>],
        arena: &'a Bump,
    ) -> Option<Value<'a>> {
        references::of_resource(self, method, arguments, arena)
            .or_else(|| network::of_resource(self, method, arguments, arena))
            .or_else(|| rbac::of_resource(self, method, arguments, arena))
    }
}
