//! `&&`, `||`, `!` and `?:`, with absorption of unknowns and errors.

use crate::code::{Code, Part};
use crate::frame::{Frame, worse};
use crate::value::Value;

/// `a && b && …` (`absorbing` is false) or `a || b || …` (it is true).
pub(crate) struct Junction {
    pub(crate) parts: Box<[Part]>,
    /// The operand value that decides whatever the others are.
    pub(crate) absorbing: bool,
    pub(crate) at: u32,
}

impl Code for Junction {
    fn run<'a>(&'a self, frame: &mut Frame<'a>) -> Value<'a> {
        let mut fault = None;
        for part in &self.parts {
            let value = part.run(frame);
            match value.as_bool() {
                Some(decides) if decides == self.absorbing => return Value::Bool(self.absorbing),
                Some(_) => {}
                None => fault = Some(worse(fault, self.not_bool(value, frame))),
            }
        }
        fault.unwrap_or(Value::Bool(!self.absorbing))
    }
}

impl Junction {
    #[cold]
    fn not_bool<'a>(&self, value: Value<'a>, frame: &Frame<'a>) -> Value<'a> {
        frame.mismatch(value, self.at, if self.absorbing { "||" } else { "&&" })
    }
}

/// `!a`
pub(crate) struct NotCode {
    pub(crate) operand: Part,
    pub(crate) at: u32,
}

impl Code for NotCode {
    fn run<'a>(&'a self, frame: &mut Frame<'a>) -> Value<'a> {
        let value = self.operand.run(frame);
        match value.as_bool() {
            Some(value) => Value::Bool(!value),
            None => frame.mismatch(value, self.at, "!"),
        }
    }
}

/// `a ? b : c`
pub(crate) struct ConditionalCode {
    pub(crate) condition: Part,
    pub(crate) then: Part,
    pub(crate) otherwise: Part,
    pub(crate) at: u32,
}

impl Code for ConditionalCode {
    fn run<'a>(&'a self, frame: &mut Frame<'a>) -> Value<'a> {
        let condition = self.condition.run(frame);
        match condition.as_bool() {
            Some(true) => self.then.run(frame),
            Some(false) => self.otherwise.run(frame),
            None => frame.mismatch(condition, self.at, "?:"),
        }
    }
}
