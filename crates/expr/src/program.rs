//! A compiled expression, and what an evaluation needs.

use bumpalo::Bump;
use document::Keys;

use crate::ast::{Checked, Expr, ExprKind};
use crate::code::Code;
use crate::compile::Compiler;
use crate::declarations::Declarations;
use crate::error::CompileError;
use crate::fold::{Folder, Known};
use crate::frame::{self, Frame};
use crate::memory::Memory;
use crate::value::Value;

/// A checked expression as native code nodes. Immutable, shared between threads.
pub struct Program {
    root: Box<dyn Code>,
    locals: u16,
    /// A bit for each variable that is read, by [`bit`].
    variables: u64,
    calls_methods: bool,
}

/// The surroundings of evaluations: made once for each thing that is looked at, used for many programs.
pub struct Activation<'a> {
    frame: Frame<'a>,
    budget: u64,
}

impl Checked {
    /// Computes what depends on known variables and on literals only. The variables must have those values
    /// in every evaluation.
    pub fn fold(&mut self, declarations: &Declarations, keys: &Keys, known: &[Known<'_>]) {
        let read = variables(&self.root);
        if known.iter().any(|known| read & bit(known.slot) != 0) {
            let compiler = Compiler::new(declarations, keys);
            Folder { compiler, known }.fold(&mut self.root);
        }
    }
}

impl Program {
    /// Compiles an expression that was checked against the same declarations. Field names that the
    /// table of keys has are compared as integers, others as text.
    pub fn compile(
        checked: &Checked,
        declarations: &Declarations,
        keys: &Keys,
    ) -> Result<Program, CompileError> {
        let compiler = Compiler::new(declarations, keys);
        Ok(Program {
            root: compiler.compile(&checked.root)?,
            locals: checked.locals,
            variables: variables(&checked.root),
            calls_methods: checked.root.calls_methods(),
        })
    }

    /// Whether evaluations read a variable.
    pub fn reads(&self, slot: u16) -> bool {
        self.variables & bit(slot) != 0
    }

    /// Whether evaluations may call methods of host objects.
    pub fn calls_methods(&self) -> bool {
        self.calls_methods
    }

    /// The value for these variables; failures are values too.
    #[inline]
    pub fn evaluate<'a>(&'a self, activation: &mut Activation<'a>) -> Value<'a> {
        activation.frame.reset(self.locals, activation.budget);
        self.root.run(&mut activation.frame)
    }
}

/// The bit of a variable; the variables beyond share the last one.
pub(crate) fn bit(slot: u16) -> u64 {
    1 << slot.min(63)
}

fn variables(root: &Expr) -> u64 {
    let mut bits = 0;
    root.visit(&mut |expr| {
        if let ExprKind::Variable(slot) = expr.kind {
            bits |= bit(slot);
        }
    });
    bits
}

impl std::fmt::Debug for Program {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Program").finish_non_exhaustive()
    }
}

impl<'a> Activation<'a> {
    /// Steps that an evaluation may take unless told otherwise. Each turn of a loop costs as many steps
    /// as its body has parts, and functions cost by the size of what they read.
    pub const BUDGET: u64 = frame::BUDGET;

    /// Variables in the order in which they were declared, and the arena for what evaluations make.
    pub fn new(arena: &'a Bump, variables: &'a [Value<'a>]) -> Self {
        Activation {
            frame: Frame::new(arena, variables),
            budget: Self::BUDGET,
        }
    }

    /// The same with one variable's value replaced.
    #[must_use]
    pub fn with_variable(mut self, slot: u16, value: Value<'a>) -> Self {
        self.set_variable(slot, value);
        self
    }

    /// Replaces one variable's value, and nothing else that was replaced before.
    #[inline]
    pub fn set_variable(&mut self, slot: u16, value: Value<'a>) {
        self.frame.own = (slot, value);
    }

    /// The same where programs remember what they share. The variables that the [`Sharing`](crate::Sharing) is
    /// for must be the same in all activations with this memory. Steps of what is remembered count once.
    #[must_use]
    pub fn with_memory(mut self, memory: Memory<'a>) -> Self {
        self.frame.memory = memory;
        self
    }

    /// The same with another budget for each evaluation.
    #[must_use]
    pub fn with_budget(mut self, steps: u64) -> Self {
        self.budget = steps;
        self
    }

    /// The arena.
    pub fn arena(&self) -> &'a Bump {
        self.frame.arena
    }
}
