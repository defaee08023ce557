//! Shapes that occur in most expressions, with code of their own: comparison with a string, membership
//! in a list of strings, regular expressions that are literals.

use std::sync::OnceLock;

use regex::Regex;

use crate::code::{Code, Part, evaluate_arguments};
use crate::compare::same_text;
use crate::error::ErrorKind;
use crate::extension::Extension;
use crate::frame::Frame;
use crate::function::Function;
use crate::function::regex::Apply;
use crate::pattern;
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
        Value::Bool(
            value
                .as_str()
                .is_some_and(|text| same_text(text, &self.text))
                != self.negated,
        )
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
            self.texts.iter().any(|other| same_text(other, text))
        } else {
            self.texts
                .binary_search_by(|other| (**other).cmp(text))
                .is_ok()
        }
    }
}

/// A value of one of Kubernetes' libraries that is made once.
pub(crate) struct Constant(pub(crate) Extension<'static>);

impl Code for Constant {
    fn run<'a>(&'a self, _: &mut Frame<'a>) -> Value<'a> {
        Value::Extension(&self.0)
    }
}

/// `matches`, `find` or `findAll` with a literal pattern, which is made at its first use.
pub(crate) struct PatternCode<const N: usize> {
    pub(crate) function: &'static Function,
    pub(crate) arguments: [Part; N],
    pub(crate) pattern: Pattern,
    pub(crate) apply: Apply,
    pub(crate) at: u32,
}

/// A pattern's text, and what it becomes.
pub(crate) struct Pattern {
    source: Box<str>,
    regex: OnceLock<Option<Regex>>,
}

impl Pattern {
    pub(crate) fn new(source: &str) -> Self {
        Pattern {
            source: source.into(),
            regex: OnceLock::new(),
        }
    }
}

impl<const N: usize> Code for PatternCode<N> {
    fn run<'a>(&'a self, frame: &mut Frame<'a>) -> Value<'a> {
        let values = match evaluate_arguments(&self.arguments, frame) {
            Ok(values) => values,
            Err(fault) => return fault,
        };
        let Pattern { source, regex } = &self.pattern;
        let Some(regex) = regex.get_or_init(|| pattern::compile(source)) else {
            return frame.error(ErrorKind::InvalidPattern, self.at, source);
        };
        (self.apply)(frame, &values, regex)
            .unwrap_or_else(|fault| frame.fault(fault, self.function.blame(), &values, self.at))
    }
}
