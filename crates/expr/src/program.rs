//! A compiled expression, and what an evaluation needs.

use bumpalo::Bump;
use document::Keys;

use crate::ast::Checked;
use crate::code::Code;
use crate::compile::Compiler;
use crate::declarations::Declarations;
use crate::error::CompileError;
use crate::frame::Frame;
use crate::value::Value;

/// A checked expression as native code nodes. Immutable, shared between threads.
pub struct Program {
    root: Box<dyn Code>,
    locals: u16,
}

/// The surroundings of evaluations: made once for each thing that is looked at, used for many programs.
pub struct Activation<'a> {
    arena: &'a Bump,
    variables: &'a [Value<'a>],
    budget: u64,
}

impl Program {
    /// Compiles an expression that was checked against the same declarations. Field names that the
    /// table of keys has are compared as integers, others as text.
    pub fn compile(
        checked: &Checked,
        declarations: &Declarations,
        keys: &Keys,
    ) -> Result<Program, CompileError> {
        let compiler = Compiler {
            declarations,
            keys,
            in_loop: false,
        };
        Ok(Program {
            root: compiler.compile(&checked.root)?,
            locals: checked.locals,
        })
    }

    /// The value for these variables; failures are values too.
    pub fn evaluate<'a>(&'a self, activation: &mut Activation<'a>) -> Value<'a> {
        let locals: &'a mut [Value<'a>] = if self.locals == 0 {
            &mut []
        } else {
            activation
                .arena
                .alloc_slice_fill_copy(self.locals as usize, Value::Null)
        };
        let mut frame = Frame {
            arena: activation.arena,
            variables: activation.variables,
            locals,
            budget: activation.budget,
        };
        self.root.run(&mut frame)
    }
}

impl std::fmt::Debug for Program {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Program").finish_non_exhaustive()
    }
}

impl<'a> Activation<'a> {
    /// Steps that an evaluation may take unless told otherwise. Each turn of a loop costs as many steps
    /// as its body has parts, and functions cost by the size of what they read.
    pub const BUDGET: u64 = 1_000_000;

    /// Variables in the order in which they were declared, and the arena for what evaluations make.
    pub fn new(arena: &'a Bump, variables: &'a [Value<'a>]) -> Self {
        Activation {
            arena,
            variables,
            budget: Self::BUDGET,
        }
    }

    /// The same with another budget for each evaluation.
    #[must_use]
    pub fn with_budget(mut self, steps: u64) -> Self {
        self.budget = steps;
        self
    }

    /// The arena.
    pub fn arena(&self) -> &'a Bump {
        self.arena
    }
}
