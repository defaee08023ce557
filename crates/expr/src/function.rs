//! The table of functions: names, signatures, and what runs.

use crate::ast::FunctionId;
use crate::error::Fault;
use crate::frame::{Frame, Outcome};
use crate::types::Types;
use crate::value::Value;

mod clock;
mod convert;
mod encoding;
mod lists;
mod math;
mod named_format;
mod network;
mod optional;
mod quantity;
pub(crate) mod regex;
mod semver;
mod standard;
mod strings;
mod text_format;
mod url;

/// How a function is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Form {
    /// `name(a, b)`
    Global,
    /// `a.name(b)`: the receiver is the first argument.
    Member,
    /// `namespace.name(a, b)`
    Namespaced(&'static str),
}

/// One function, all its overloads.
pub(crate) struct Function {
    pub(crate) form: Form,
    pub(crate) name: &'static str,
    /// What each argument may be, the receiver first.
    pub(crate) parameters: &'static [Types],
    /// How many of the last parameters may be left out.
    pub(crate) optional: usize,
    #[cfg_attr(
        not(feature = "parse"),
        expect(dead_code, reason = "only the checker asks")
    )]
    pub(crate) result: Types,
    pub(crate) run: Native,
}

/// The implementation: it reads nodes through, and never sees an unknown or an error.
pub(crate) type Native = for<'a> fn(&mut Frame<'a>, &[Value<'a>]) -> Outcome<'a>;

/// All the functions, by group. Checked expressions name functions by position: when this changes,
/// so does the version of the bytes.
const GROUPS: [&[Function]; 15] = [
    standard::FUNCTIONS,
    optional::FUNCTIONS,
    convert::FUNCTIONS,
    clock::FUNCTIONS,
    strings::FUNCTIONS,
    text_format::FUNCTIONS,
    regex::FUNCTIONS,
    lists::FUNCTIONS,
    math::FUNCTIONS,
    encoding::FUNCTIONS,
    quantity::FUNCTIONS,
    semver::FUNCTIONS,
    network::FUNCTIONS,
    url::FUNCTIONS,
    named_format::FUNCTIONS,
];

impl FunctionId {
    /// The function, when the table has it.
    pub(crate) fn function(self) -> Option<&'static Function> {
        GROUPS.get(self.group as usize)?.get(self.place as usize)
    }
}

impl Function {
    /// What a failure of it names, and how it finds the argument to blame.
    pub(crate) fn blame(&'static self) -> (&'static str, &'static [Types]) {
        (self.name, self.parameters)
    }

    /// Whether it takes so many arguments, receiver included.
    pub(crate) fn takes(&self, arguments: usize) -> bool {
        let most = self.parameters.len();
        (most - self.optional..=most).contains(&arguments)
    }
}

/// All functions with their ids.
pub(crate) fn functions() -> impl Iterator<Item = (FunctionId, &'static Function)> {
    GROUPS.iter().zip(0..).flat_map(|(group, position)| {
        group.iter().zip(0..).map(move |(function, place)| {
            (
                FunctionId {
                    group: position,
                    place,
                },
                function,
            )
        })
    })
}

/// A function that is written `name(…)`.
const fn global(
    name: &'static str,
    parameters: &'static [Types],
    result: Types,
    run: Native,
) -> Function {
    Function {
        form: Form::Global,
        name,
        parameters,
        optional: 0,
        result,
        run,
    }
}

/// A function that is written `receiver.name(…)`.
const fn member(
    name: &'static str,
    parameters: &'static [Types],
    result: Types,
    run: Native,
) -> Function {
    Function {
        form: Form::Member,
        name,
        parameters,
        optional: 0,
        result,
        run,
    }
}

/// A function that is written `namespace.name(…)`.
const fn namespaced(
    namespace: &'static str,
    name: &'static str,
    parameters: &'static [Types],
    result: Types,
    run: Native,
) -> Function {
    Function {
        form: Form::Namespaced(namespace),
        name,
        parameters,
        optional: 0,
        result,
        run,
    }
}

impl Function {
    /// The same with so many of the last parameters optional.
    const fn optional(mut self, count: usize) -> Self {
        self.optional = count;
        self
    }
}

/// The argument at a position as text.
fn text<'a>(arguments: &[Value<'a>], position: usize) -> Result<&'a str, Fault> {
    arguments
        .get(position)
        .and_then(|value| value.as_str())
        .ok_or(Fault::Overload)
}

/// The argument at a position as an integer.
fn argument_int(arguments: &[Value<'_>], position: usize) -> Result<i64, Fault> {
    arguments
        .get(position)
        .and_then(|value| value.as_int())
        .ok_or(Fault::Overload)
}

/// A size as CEL counts it.
fn int(size: usize) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}
