//! Shapes that occur in most expressions, with code of their own: comparison with a string, membership
//! in a list of strings and of a string in a list, loops that ask only that, regular expressions that are
//! literals.

use std::sync::OnceLock;

use regex::Regex;

use crate::ast::Operator;
use crate::code::{Code, Part, binary, evaluate_arguments};
use crate::compare::same_text;
use crate::error::ErrorKind;
use crate::extension::Extension;
use crate::frame::{Frame, Outcome};
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

/// Strings, sorted, each once.
pub(crate) struct Texts(Box<[Box<str>]>);

/// Up to this many texts are compared one by one.
const FEW: usize = 6;

impl Texts {
    pub(crate) fn new(mut texts: Vec<Box<str>>) -> Self {
        texts.sort_unstable();
        texts.dedup();
        Texts(texts.into())
    }

    #[inline]
    fn has(&self, text: &str) -> bool {
        if self.0.len() <= FEW {
            self.0.iter().any(|other| same_text(other, text))
        } else {
            self.0.binary_search_by(|other| (**other).cmp(text)).is_ok()
        }
    }
}

/// `part in ["a", "b", …]`.
pub(crate) struct InTexts {
    pub(crate) part: Part,
    pub(crate) texts: Texts,
}

impl Code for InTexts {
    fn run<'a>(&'a self, frame: &mut Frame<'a>) -> Value<'a> {
        let value = self.part.run(frame);
        if value.is_fault() {
            return value;
        }
        Value::Bool(value.as_str().is_some_and(|text| self.texts.has(text)))
    }
}

/// `"text" in part`.
pub(crate) struct HasText {
    pub(crate) text: Box<str>,
    pub(crate) part: Part,
    pub(crate) at: u32,
}

impl Code for HasText {
    fn run<'a>(&'a self, frame: &mut Frame<'a>) -> Value<'a> {
        let value = self.part.run(frame);
        if value.is_fault() {
            return value;
        }
        self.is_in(value, frame).unwrap_or_else(|fault| {
            let operands = [Value::String(&self.text), value];
            frame.operator_fault(fault, Operator::In.symbol(), &operands, self.at)
        })
    }
}

impl HasText {
    fn is_in<'a>(&'a self, value: Value<'a>, frame: &mut Frame<'a>) -> Outcome<'a> {
        let Some(items) = value.items() else {
            return binary(frame, Operator::In, Value::String(&self.text), value);
        };
        for item in items.iter() {
            frame.charge(1)?;
            if item
                .as_str()
                .is_some_and(|text| same_text(text, &self.text))
            {
                return Ok(Value::Bool(true));
            }
        }
        Ok(Value::Bool(false))
    }
}

/// The body of a loop that asks only whether the element is one of some texts: `exists(x, x in ["a", "b"])`,
/// `all(x, x != "a")`.
pub(crate) struct TextTest {
    pub(crate) texts: Texts,
    /// Whether it asks that the element is none of them.
    pub(crate) negated: bool,
}

impl TextTest {
    /// What the body comes to for an element that is no fault.
    #[inline]
    pub(crate) fn holds(&self, element: Value<'_>) -> bool {
        element.as_str().is_some_and(|text| self.texts.has(text)) != self.negated
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
