//! One running evaluation: the arena, the variables, the loop variables and the budget.

use bumpalo::Bump;
use document::NodeRef;

use crate::error::{ErrorKind, EvalError, Fault};
use crate::memory::Memory;
use crate::types::Types;
use crate::value::Value;

/// A value, or why there is none.
pub(crate) type Outcome<'a> = Result<Value<'a>, Fault>;

/// Steps that an evaluation may take unless told otherwise.
pub(crate) const BUDGET: u64 = 1_000_000;

/// What code nodes run in.
pub(crate) struct Frame<'a> {
    pub(crate) arena: &'a Bump,
    pub(crate) variables: &'a [Value<'a>],
    /// A variable that has another value than there.
    pub(crate) own: (u16, Value<'a>),
    pub(crate) memory: Memory<'a>,
    pub(crate) locals: &'a mut [Value<'a>],
    /// Steps that are left.
    pub(crate) budget: u64,
}

impl<'a> Frame<'a> {
    pub(crate) fn new(arena: &'a Bump, variables: &'a [Value<'a>]) -> Self {
        Frame {
            arena,
            variables,
            // No expression has that variable.
            own: (u16::MAX, Value::Null),
            memory: Memory::default(),
            locals: &mut [],
            budget: BUDGET,
        }
    }

    /// Makes it ready for an evaluation with so many loop variables.
    #[inline]
    pub(crate) fn reset(&mut self, locals: u16, budget: u64) {
        self.budget = budget;
        // What an earlier evaluation left in them is written before it is read.
        if self.locals.len() < locals as usize {
            self.locals = self
                .arena
                .alloc_slice_fill_copy(locals as usize, Value::Null);
        }
    }

    /// The value of a variable.
    #[inline]
    pub(crate) fn variable(&self, slot: u16) -> Option<Value<'a>> {
        if slot == self.own.0 {
            return Some(self.own.1);
        }
        self.variables.get(slot as usize).copied()
    }

    /// Takes steps from the budget.
    #[inline]
    pub(crate) fn charge(&mut self, steps: usize) -> Result<(), Fault> {
        if let Some(left) = self.budget.checked_sub(steps as u64) {
            self.budget = left;
            Ok(())
        } else {
            self.budget = 0;
            Err(Fault::Failed(ErrorKind::CostExceeded))
        }
    }

    /// An error value.
    #[cold]
    pub(crate) fn error(&self, kind: ErrorKind, at: u32, subject: &'a str) -> Value<'a> {
        self.error_at(kind, at, subject, None)
    }

    /// An error value that blames a node.
    #[cold]
    pub(crate) fn error_at(
        &self,
        kind: ErrorKind,
        offset: u32,
        subject: &'a str,
        node: Option<NodeRef<'a>>,
    ) -> Value<'a> {
        Value::Error(self.arena.alloc(EvalError {
            kind,
            offset,
            node,
            subject,
        }))
    }

    /// The error of a value that is not of the types that something wants; faults stay what they are.
    #[cold]
    pub(crate) fn mismatch(&self, value: Value<'a>, at: u32, subject: &'a str) -> Value<'a> {
        match value {
            Value::Unknown(_) | Value::Error(_) => value,
            Value::Node(node) => self.error_at(ErrorKind::TypeMismatch, at, subject, Some(node)),
            _ => self.error(ErrorKind::NoSuchOverload, at, subject),
        }
    }

    /// The value of a function that failed on some arguments.
    #[cold]
    pub(crate) fn fault(
        &self,
        fault: Fault,
        (name, parameters): (&'static str, &'static [Types]),
        arguments: &[Value<'a>],
        at: u32,
    ) -> Value<'a> {
        match fault {
            Fault::Failed(kind) => self.error(kind, at, name),
            Fault::Overload => {
                let misfits = |&(value, types): &(&Value<'a>, &Types)| {
                    types.excludes(Types::of(value.type_of()))
                };
                let mut pairs = arguments.iter().zip(parameters);
                self.overload(
                    pairs.find(misfits).map(|(value, _)| *value),
                    arguments,
                    at,
                    name,
                )
            }
        }
    }

    /// The value of an operator that failed on some operands.
    #[cold]
    pub(crate) fn operator_fault(
        &self,
        fault: Fault,
        symbol: &'static str,
        operands: &[Value<'a>],
        at: u32,
    ) -> Value<'a> {
        match fault {
            Fault::Failed(kind) => self.error(kind, at, symbol),
            Fault::Overload => self.overload(None, operands, at, symbol),
        }
    }

    /// Blames the misfit, or the first node among the arguments.
    fn overload(
        &self,
        misfit: Option<Value<'a>>,
        arguments: &[Value<'a>],
        at: u32,
        name: &'static str,
    ) -> Value<'a> {
        let node = |value: &Value<'a>| matches!(value, Value::Node(_));
        let blamed = misfit.or_else(|| arguments.iter().copied().find(node));
        self.mismatch(blamed.unwrap_or(Value::Null), at, name)
    }
}

/// Which of two faults a strict operation gives: an unknown before an error, else the first.
pub(crate) fn worse<'a>(first: Option<Value<'a>>, second: Value<'a>) -> Value<'a> {
    match (first, second) {
        (None, _) | (Some(Value::Error(_)), Value::Unknown(_)) => second,
        (Some(first), _) => first,
    }
}
