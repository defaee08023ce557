//! Objects of the embedding program as values.

use bumpalo::Bump;
use document::NodeRef;

use crate::value::Value;

/// A name that host objects answer to besides the fields of their node. Given by
/// [`Declarations::member`](crate::Declarations::member), in order from 0.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct MemberId(pub u16);

/// A method of host objects. Given by [`Declarations::method`](crate::Declarations::method), in order from 0.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct MethodId(pub u16);

/// An object of the embedding program that an expression can look into.
pub trait Host<'a> {
    /// The name to print for its type.
    fn type_name(&self) -> &'static str;

    /// The node that it stands for: a field that is not a member is looked up there, and it is the
    /// origin of the object.
    fn node(&self) -> Option<NodeRef<'a>> {
        None
    }

    /// The value of a member; `None` when it has no such member, or when it is absent.
    fn member(&'a self, member: MemberId, arena: &'a Bump) -> Option<Value<'a>> {
        let _ = (member, arena);
        None
    }

    /// Calls a method; `None` when it has no such method for such arguments.
    fn call(
        &'a self,
        method: MethodId,
        arguments: &[Value<'a>],
        arena: &'a Bump,
    ) -> Option<Value<'a>> {
        let _ = (method, arguments, arena);
        None
    }
}
