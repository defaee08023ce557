//! Field access: chains of `.a`, `.?a` and `has()` from a root, in one code node.

use document::{KeyId, Kind, NodeRef, Walk, WalkEnd};

use crate::code::{Code, Part, call};
use crate::error::ErrorKind;
use crate::frame::Frame;
use crate::function::Function;
use crate::value::MemberId;
use crate::value::Value;

/// Where a chain begins.
pub(crate) enum Root {
    Slot(u16),
    Local(u16),
    Part(Part),
}

impl Root {
    #[inline]
    pub(crate) fn value<'a>(&'a self, frame: &mut Frame<'a>) -> Value<'a> {
        match self {
            Root::Slot(slot) => match frame.variable(*slot) {
                Some(value) => value,
                None => frame.error(ErrorKind::NoSuchKey, 0, "variable"),
            },
            Root::Local(slot) => frame
                .locals
                .get(*slot as usize)
                .copied()
                .unwrap_or(Value::Null),
            Root::Part(part) => part.run(frame),
        }
    }
}

impl Code for Root {
    fn run<'a>(&'a self, frame: &mut Frame<'a>) -> Value<'a> {
        self.value(frame)
    }
}

/// One step of a chain.
pub(crate) struct Field {
    pub(crate) name: Box<str>,
    pub(crate) key: Option<KeyId>,
    pub(crate) member: Option<MemberId>,
    pub(crate) at: u32,
}

/// What a step finds.
pub(crate) enum Found<'a> {
    Value(Value<'a>),
    Absent,
    Fault(Value<'a>),
}

impl Field {
    /// The field of a value that is no optional.
    #[inline]
    fn find<'a>(&'a self, value: Value<'a>, frame: &mut Frame<'a>) -> Found<'a> {
        match value {
            Value::Node(node) => self.find_in(node, frame),
            _ => self.find_elsewhere(value, frame),
        }
    }

    /// The field of a node; one that is `null` is absent.
    #[inline]
    fn find_in<'a>(&'a self, node: NodeRef<'a>, frame: &Frame<'a>) -> Found<'a> {
        let key = self.key.or_else(|| node.document().key_id(&self.name));
        let walk = node.walk(key);
        match walk.end {
            WalkEnd::Reached if key.is_some() => Found::Value(Value::Node(walk.node)),
            WalkEnd::Absent => Found::Absent,
            // A name that the document does not have.
            WalkEnd::Reached if matches!(node.kind(), Kind::Mapping | Kind::Null) => Found::Absent,
            _ => Found::Fault(frame.mismatch(Value::Node(node), self.at, &self.name)),
        }
    }

    /// The field of a host object, of a map that the expression made, or of null.
    fn find_elsewhere<'a>(&'a self, value: Value<'a>, frame: &mut Frame<'a>) -> Found<'a> {
        match value {
            Value::Host(host) => {
                let member = self
                    .member
                    .and_then(|member| host.member(member, frame.arena));
                match (member, host.node()) {
                    (Some(value), _) if value.is_fault() => Found::Fault(value),
                    (Some(value), _) => Found::Value(value),
                    (None, Some(node)) => self.find(Value::Node(node), frame),
                    (None, None) => Found::Absent,
                }
            }
            Value::Map(map) => {
                let mut entries = map.entries.iter();
                match entries.find(|(key, _)| key.as_str() == Some(&self.name)) {
                    Some((_, value)) if value.is_fault() => Found::Fault(*value),
                    Some((_, value)) => Found::Value(*value),
                    None => Found::Absent,
                }
            }
            // As for a node that is `null`.
            Value::Null => Found::Absent,
            _ => Found::Fault(frame.mismatch(value, self.at, &self.name)),
        }
    }
}

/// A root with steps; from some step on they are optional.
pub(crate) struct Chain {
    pub(crate) root: Root,
    pub(crate) fields: Box<[Field]>,
    /// Position of the first optional step.
    pub(crate) optional_from: usize,
    /// Whether looking through large mappings must count: it is done again and again.
    pub(crate) in_loop: bool,
}

impl Chain {
    /// Follows the chain. The flag tells whether the outcome is that of an optional chain.
    #[inline]
    pub(crate) fn follow<'a>(&'a self, frame: &mut Frame<'a>) -> (Found<'a>, bool) {
        let mut value = self.root.value(frame);
        let mut done = 0;
        if let Value::Host(host) = value
            && let Some(Field { member: None, .. }) = self.fields.first()
            && let Some(node) = host.node()
        {
            // A field that no host object answers to: only its node can have it.
            value = Value::Node(node);
        }
        if let Value::Node(node) = value {
            match self.follow_keys(node, frame) {
                Ok(walk) => (value, done) = (Value::Node(walk.node), walk.done),
                Err(outcome) => return outcome,
            }
        }
        if done == self.fields.len() {
            return (Found::Value(value), done > self.optional_from);
        }
        self.follow_from(done, value, frame)
    }

    /// Follows the chain in a document, up to the first field that the table of keys lacks.
    #[inline]
    fn follow_keys<'a>(
        &'a self,
        node: NodeRef<'a>,
        frame: &mut Frame<'a>,
    ) -> Result<Walk<'a>, (Found<'a>, bool)> {
        let walk = node.walk(self.fields.iter().map_while(|field| field.key));
        if self.in_loop && frame.charge(walk.searched).is_err() {
            return Err((self.too_dear(walk.done, frame), false));
        }
        match walk.end {
            WalkEnd::Reached => Ok(walk),
            WalkEnd::Absent => Err(self.absent(walk.done, frame)),
            WalkEnd::NoMapping => {
                let field = &self.fields[walk.done];
                let fault = frame.mismatch(Value::Node(walk.node), field.at, &field.name);
                Err((Found::Fault(fault), walk.done >= self.optional_from))
            }
        }
    }

    #[cold]
    fn too_dear<'a>(&'a self, position: usize, frame: &Frame<'a>) -> Found<'a> {
        let (at, name) = match self.fields.get(position).or(self.fields.last()) {
            Some(field) => (field.at, &*field.name),
            None => (0, ""),
        };
        Found::Fault(frame.error(ErrorKind::CostExceeded, at, name))
    }

    /// The outcome when the field of a step is not there.
    #[inline]
    fn absent<'a>(&'a self, position: usize, frame: &Frame<'a>) -> (Found<'a>, bool) {
        if position >= self.optional_from {
            return (Found::Absent, true);
        }
        let field = &self.fields[position];
        let error = frame.error(ErrorKind::NoSuchKey, field.at, &field.name);
        (Found::Fault(error), false)
    }

    /// Follows the rest of the chain.
    fn follow_from<'a>(
        &'a self,
        done: usize,
        mut value: Value<'a>,
        frame: &mut Frame<'a>,
    ) -> (Found<'a>, bool) {
        let mut optional = false;
        for (position, field) in self.fields.iter().enumerate().skip(done) {
            optional |= position >= self.optional_from;
            if let Value::Optional(inner) = value {
                optional = true;
                match inner {
                    Some(inner) => value = *inner,
                    None => return (Found::Absent, true),
                }
            }
            match field.find(value, frame) {
                Found::Value(next) => value = next,
                Found::Absent if optional => return (Found::Absent, true),
                Found::Absent => return self.absent(position, frame),
                Found::Fault(fault) => return (Found::Fault(fault), optional),
            }
        }
        (Found::Value(value), optional)
    }
}

impl Code for Chain {
    fn run<'a>(&'a self, frame: &mut Frame<'a>) -> Value<'a> {
        match self.follow(frame) {
            (Found::Value(value), false) | (Found::Fault(value), _) => value,
            (Found::Value(value), true) => Value::Optional(Some(frame.arena.alloc(value))),
            (Found::Absent, _) => Value::Optional(None),
        }
    }
}

/// `has(chain.field)`.
pub(crate) struct Has {
    pub(crate) chain: Chain,
    pub(crate) field: Field,
}

impl Code for Has {
    fn run<'a>(&'a self, frame: &mut Frame<'a>) -> Value<'a> {
        let value = match self.chain.follow(frame) {
            (Found::Absent | Found::Value(Value::Optional(None)), _) => return Value::Bool(false),
            (Found::Fault(fault), _) => return fault,
            (Found::Value(Value::Optional(Some(value))), _) => *value,
            (Found::Value(value), _) => value,
        };
        match self.field.find(value, frame) {
            Found::Value(_) => Value::Bool(true),
            Found::Absent => Value::Bool(false),
            Found::Fault(fault) => fault,
        }
    }
}

/// `chain.orValue(otherwise)`: the alternative is computed only when it is needed.
pub(crate) struct OrValue {
    pub(crate) chain: Chain,
    pub(crate) otherwise: Part,
    pub(crate) at: u32,
}

impl Code for OrValue {
    fn run<'a>(&'a self, frame: &mut Frame<'a>) -> Value<'a> {
        match self.chain.follow(frame) {
            (Found::Value(Value::Optional(Some(value))), false) => *value,
            (Found::Value(value), true) => value,
            (Found::Absent, _) | (Found::Value(Value::Optional(None)), false) => {
                self.otherwise.run(frame)
            }
            (Found::Fault(fault), _) => fault,
            (Found::Value(value), false) => frame.mismatch(value, self.at, "orValue"),
        }
    }
}

/// `chain.hasValue()`.
pub(crate) struct HasValue {
    pub(crate) chain: Chain,
    pub(crate) function: &'static Function,
    pub(crate) at: u32,
}

impl Code for HasValue {
    fn run<'a>(&'a self, frame: &mut Frame<'a>) -> Value<'a> {
        match self.chain.follow(frame) {
            (Found::Value(Value::Optional(value)), false) => Value::Bool(value.is_some()),
            (Found::Value(_), true) => Value::Bool(true),
            (Found::Absent, _) => Value::Bool(false),
            (Found::Fault(fault), _) => fault,
            (Found::Value(value), false) => call(frame, self.function, &[value], self.at),
        }
    }
}

/// `a.or(b)`: the second is computed only when it is needed.
pub(crate) struct OrOptional {
    pub(crate) parts: [Part; 2],
    pub(crate) at: u32,
}

impl Code for OrOptional {
    fn run<'a>(&'a self, frame: &mut Frame<'a>) -> Value<'a> {
        match self.parts[0].run(frame) {
            Value::Optional(None) => match self.parts[1].run(frame) {
                value @ Value::Optional(_) => value,
                value => frame.mismatch(value, self.at, "or"),
            },
            value @ Value::Optional(_) => value,
            value => frame.mismatch(value, self.at, "or"),
        }
    }
}
