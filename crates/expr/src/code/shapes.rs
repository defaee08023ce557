//! Shapes that occur in most expressions, with code of their own: comparison with a string, membership
//! in a list of strings.

use crate::code::{Code, Part};
use crate::frame::Frame;
use crate::value::Value;

/// `part == "text"`, or `!=`.
pub(crate) struct EqualsText {
    pub(crate) part: Part,
    pub(crate) text: Box<str>,
    pub(crate) negated: bool,
}

impl Code for EqualsText {
    fn run<'a>(&'a self, frame: &mut Frame<'a>) -> Value<'a> {
        let value = self.part.run(frame);
        if value.is_fault() {
            return value;
        }
        Value::Bool((value.as_str() == Some(&self.text)) != self.negated)
    }
}

/// `part in ["a", "b", …]`: sorted, and each once.
pub(crate) struct InTexts {
    pub(crate) part: Part,
    pub(crate) texts: Box<[Box<str>]>,
}

/// Up to this many texts are compared one by one.
const FEW: usize = 6;

impl Code for InTexts {
    fn run<'a>(&'a self, frame: &mut Frame<'a>) -> Value<'a> {
        let value = self.part.run(frame);
        if value.is_fault() {
            return value;
        }
        Value::Bool(value.as_str().is_some_and(|text| self.has(text)))
    }
}

impl InTexts {
    fn has(&self, text: &str) -> bool {
        if self.texts.len() <= FEW {
            self.texts.iter().any(|other| **other == *text)
        } else {
            self.texts.binary_search_by(|other| (**other).cmp(text)).is_ok()
        }
    }
}
