//! Functions: their parameters, their code, and what decided their results.

use std::rc::Rc;

use super::{Context, Type, Value};
use crate::error::Failure;

/// Parameters of a function.
#[derive(Clone, Copy, Debug, Default)]
pub struct Signature {
    /// Types in order; of a variadic function the last one is that of all further arguments.
    pub parameters: &'static [Type],
    /// Whether the last parameter may be given any number of times.
    pub is_variadic: bool,
}

impl Signature {
    /// Exactly these parameters.
    pub const fn new(parameters: &'static [Type]) -> Self {
        Self {
            parameters,
            is_variadic: false,
        }
    }

    /// These parameters, the last one any number of times.
    pub const fn variadic(parameters: &'static [Type]) -> Self {
        Self {
            parameters,
            is_variadic: true,
        }
    }

    /// Parameters that every call has.
    pub(crate) fn fixed(&self) -> usize {
        self.parameters.len() - usize::from(self.is_variadic)
    }

    /// The type of an argument.
    pub(crate) fn parameter(&self, index: usize) -> Type {
        self.parameters
            .get(index)
            .or(self.parameters.last())
            .copied()
            .unwrap_or(Type::Any)
    }
}

/// How what decided the arguments passes on to a result that has no origin of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passing {
    /// All arguments decided it.
    All,
    /// The function says so itself, or nothing did.
    Own,
}

/// The code of a function. Arguments fit the signature; they may be taken out of the slice.
pub type Code = dyn Fn(&mut dyn Context, &mut [Value]) -> Result<Value, Failure>;

/// Functions that are there before anybody defines them: a table in the program, with what they share.
///
/// A set of templates is often made for one execution, and defining hundreds of functions would take longer
/// than that.
pub trait Library {
    /// The number of a function.
    fn find(&self, name: &str) -> Option<u32>;

    /// Parameters of a function that [`find`](Self::find) knows, and how its arguments pass origins on.
    fn signature(&self, function: u32) -> (&'static Signature, Passing);

    /// Calls a function that [`find`](Self::find) knows. Arguments fit the signature; they may be taken out.
    ///
    /// # Errors
    /// What the template's error says after `error calling NAME`.
    fn call(
        &self,
        function: u32,
        context: &mut dyn Context,
        arguments: &mut [Value],
    ) -> Result<Value, Failure>;
}

/// A function with its signature.
pub struct Function {
    pub(crate) signature: Signature,
    pub(crate) passing: Passing,
    result: Type,
    pub(crate) code: Rc<Code>,
}

impl Function {
    /// A function whose result all its arguments decide.
    pub fn new(
        signature: Signature,
        code: impl Fn(&mut dyn Context, &mut [Value]) -> Result<Value, Failure> + 'static,
    ) -> Self {
        Self {
            signature,
            passing: Passing::All,
            result: Type::Any,
            code: Rc::new(code),
        }
    }

    /// The same with a type of results, which only its own type's name tells.
    pub fn returning(mut self, result: Type) -> Self {
        self.result = result;
        self
    }

    /// Its Go type.
    pub(crate) fn type_name(&self) -> String {
        let last = self.signature.parameters.len().wrapping_sub(1);
        let parameter = |(index, parameter): (usize, &Type)| {
            let dots = if self.signature.is_variadic && index == last {
                "..."
            } else {
                ""
            };
            format!("{dots}{}", parameter.name())
        };
        let parameters: Vec<_> = self
            .signature
            .parameters
            .iter()
            .enumerate()
            .map(parameter)
            .collect();
        format!("func({}) {}", parameters.join(", "), self.result.name())
    }

    /// The same with another way to pass origins on.
    pub fn passing(mut self, passing: Passing) -> Self {
        self.passing = passing;
        self
    }
}
