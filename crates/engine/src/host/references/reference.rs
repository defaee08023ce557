//! A reference by name, as expressions see it.

use bumpalo::Bump;
use document::NodeRef;
use expr::{Host, MemberId, MethodId, Value};

use super::{TARGET, meant};
use crate::host::member;
use crate::host::resource::{absent, unknown};
use crate::relations::{Existence, Reference, Relations, has_key};

const VIA: MemberId = member("via");
const KIND: MemberId = member("kind");
const GROUP: MemberId = member("group");
const NAME: MemberId = member("name");
const NAMESPACE: MemberId = member("namespace");
const KEY: MemberId = member("key");
const VOLUME: MemberId = member("volume");
const OPTIONAL: MemberId = member("optional");
const EXISTS: MemberId = member("exists");
const HAS_KEY: MemberId = member("hasKey");

/// A reference; its node is the place where it stands.
pub(super) struct ReferenceHost<'a, 'r> {
    pub(super) relations: &'a Relations<'r>,
    pub(super) reference: Reference<'r>,
}

impl<'a, 'r: 'a> ReferenceHost<'a, 'r> {
    fn exists(&'a self, arena: &'a Bump) -> Value<'a> {
        match self.relations.existence(&self.reference) {
            Existence::Scanned(_) | Existence::Surely => Value::Bool(true),
            Existence::NotScanned => {
                let Reference {
                    kind, name, node, ..
                } = self.reference;
                let reason = format_args!("the {kind} `{name}` was not scanned");
                absent(self.relations, Value::Bool(false), node, reason, arena)
            }
        }
    }

    fn has_key(&'a self, arena: &'a Bump) -> Value<'a> {
        let key = self.reference.key;
        if key.is_empty() {
            return Value::Bool(true);
        }
        let Reference {
            kind, name, node, ..
        } = self.reference;
        let reason = format_args!("the {kind} `{name}` was not scanned");
        let object = match self.relations.existence(&self.reference) {
            Existence::Scanned(index) => self.relations.resource(index),
            Existence::Surely => None,
            Existence::NotScanned => {
                return absent(self.relations, Value::Bool(false), node, reason, arena);
            }
        };
        match object.and_then(|object| has_key(object, key)) {
            Some(has_key) => Value::Bool(has_key),
            None => unknown(arena, Some(node), &reason.to_string()),
        }
    }
}

impl<'a, 'r: 'a> Host<'a> for ReferenceHost<'a, 'r> {
    fn type_name(&self) -> &'static str {
        "reference"
    }

    fn node(&self) -> Option<NodeRef<'a>> {
        Some(self.reference.node)
    }

    fn member(&'a self, member: MemberId, arena: &'a Bump) -> Option<Value<'a>> {
        let reference = &self.reference;
        Some(match member {
            VIA => Value::String(reference.via.as_str()),
            KIND => Value::String(reference.kind),
            GROUP => Value::String(reference.group),
            NAME => Value::String(reference.name),
            NAMESPACE => Value::String(reference.namespace),
            KEY => Value::String(reference.key),
            VOLUME => Value::String(reference.volume),
            OPTIONAL => Value::Bool(reference.is_optional),
            EXISTS => self.exists(arena),
            HAS_KEY => self.has_key(arena),
            _ => return None,
        })
    }

    fn call(&'a self, method: MethodId, _: &[Value<'a>], arena: &'a Bump) -> Option<Value<'a>> {
        (method == TARGET).then(|| meant(self.relations, &self.reference, arena))
    }
}
