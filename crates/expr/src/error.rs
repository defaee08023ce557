//! What can go wrong: in an expression's text, in its bytes, and while it runs.

use std::fmt;

use document::NodeRef;
use thiserror::Error;

/// A mistake in the text of an expression.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[error("{line}:{column}: {message}")]
pub struct Diagnostic {
    /// Byte offset in the text.
    pub offset: u32,
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1, in characters.
    pub column: u32,
    /// What is wrong, in one line.
    pub message: String,
}

/// Bytes that are no checked expression.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
pub enum DecodeError {
    /// The bytes end too early.
    #[error("a checked expression ends too early")]
    Truncated,
    /// Written by another version of the format.
    #[error("a checked expression has format version {0}, not the one of this program")]
    Version(u8),
    /// A byte that means nothing where it stands.
    #[error("a checked expression is malformed")]
    Malformed,
    /// Nested deeper than any expression that was checked.
    #[error("a checked expression is nested too deeply")]
    TooDeep,
}

/// Why a checked expression cannot be compiled: it was checked against other declarations.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum CompileError {
    /// A variable slot that the declarations do not have.
    #[error("variable {0} is not declared")]
    Variable(u16),
    /// A method name that the declarations do not have.
    #[error("method '{0}' is not declared")]
    Method(Box<str>),
}

/// What kind of failure an evaluation met.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ErrorKind {
    /// A field or key that is not there.
    NoSuchKey,
    /// A function or operator met types that it is not defined for, and no document is to blame.
    NoSuchOverload,
    /// A node of a document is not of the kind that the expression expects: the object contradicts
    /// its schema, or the expression is wrong about it. The node is in the error.
    TypeMismatch,
    /// Division or modulus by zero.
    DivisionByZero,
    /// A number outside its range.
    Overflow,
    /// An index outside the list or string.
    OutOfRange,
    /// An argument that the function refuses.
    InvalidArgument,
    /// A conversion of a value that has no such form.
    InvalidConversion,
    /// A map with the same key twice.
    RepeatedKey,
    /// A regular expression that is malformed or too large.
    InvalidPattern,
    /// The evaluation used up its budget.
    CostExceeded,
    /// A failure that a host object reports.
    Host,
}

/// Why a function has no value.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    /// Not defined for such arguments.
    Overload,
    /// Failed on these arguments.
    Failed(ErrorKind),
}

/// A failed evaluation, as a value.
#[derive(Clone, Copy, Debug)]
pub struct EvalError<'a> {
    /// What kind of failure.
    pub kind: ErrorKind,
    /// Byte offset of the failing part in the expression's text.
    pub offset: u32,
    /// The node that is to blame; always there for [`ErrorKind::TypeMismatch`].
    pub node: Option<NodeRef<'a>>,
    /// The field, function or text that the failure is about.
    pub subject: &'a str,
}

impl fmt::Display for EvalError<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let subject = self.subject;
        match self.kind {
            ErrorKind::NoSuchKey => write!(f, "no such key '{subject}'"),
            ErrorKind::NoSuchOverload => write!(f, "'{subject}' is not defined for these types"),
            ErrorKind::TypeMismatch => write!(f, "'{subject}' met a value of an unexpected type"),
            ErrorKind::DivisionByZero => write!(f, "division by zero"),
            ErrorKind::Overflow => write!(f, "'{subject}' left the range of numbers"),
            ErrorKind::OutOfRange => write!(f, "index out of range in '{subject}'"),
            ErrorKind::InvalidArgument => write!(f, "invalid argument for '{subject}'"),
            ErrorKind::InvalidConversion => {
                write!(f, "no conversion by '{subject}' for this value")
            }
            ErrorKind::RepeatedKey => write!(f, "a map has key '{subject}' twice"),
            ErrorKind::InvalidPattern => write!(f, "invalid regular expression '{subject}'"),
            ErrorKind::CostExceeded => write!(f, "the evaluation exceeded its cost budget"),
            ErrorKind::Host => write!(f, "{subject}"),
        }
    }
}

/// A value that is not decidable, and why.
#[derive(Clone, Copy, Debug)]
pub struct Unknown<'a> {
    /// The node that would decide it, or that refers to what would.
    pub node: Option<NodeRef<'a>>,
    /// Why it is not decidable, in one line.
    pub reason: &'a str,
}
