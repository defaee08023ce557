//! What goes wrong, in Go's words.

use std::fmt;
use std::rc::Rc;

use crate::source::Span;

/// What kind of error it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The text is no template.
    Parse,
    /// An action failed.
    Execution,
    /// A limit was hit.
    Limit,
}

/// A template that could not be parsed or executed. Displays as Go would say it.
#[derive(Clone, Debug)]
pub struct Error {
    /// What kind it is. An error that a limit caused stays one through all templates that it passes.
    pub kind: ErrorKind,
    /// The template that was parsed or executed.
    pub template: Rc<str>,
    /// The bare message, without a place.
    pub message: String,
    /// The node that was evaluated, or an empty span where parsing stopped.
    pub span: Option<Span>,
    /// The error in a template that a function executed.
    pub cause: Option<Box<Error>>,
    pub(crate) text: String,
}

impl Error {
    /// The innermost error: where it happened, when functions execute templates.
    pub fn root(&self) -> &Error {
        let mut error = self;
        while let Some(cause) = &error.cause {
            error = cause;
        }
        error
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl std::error::Error for Error {}

/// Why a function or method failed: a message, or an error in a template that it executed.
#[derive(Debug)]
pub struct Failure {
    pub(crate) message: String,
    pub(crate) limit: bool,
    pub(crate) cause: Option<Box<Error>>,
}

impl Failure {
    /// What is wrong.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            limit: false,
            cause: None,
        }
    }

    /// A limit was hit; the execution ends with [`ErrorKind::Limit`].
    pub fn limit(message: impl Into<String>) -> Self {
        Self {
            limit: true,
            ..Self::new(message)
        }
    }

    /// The error in a template that the function executed.
    pub fn cause(&self) -> Option<&Error> {
        self.cause.as_deref()
    }

    /// Puts words before the message.
    pub fn context(mut self, before: &str) -> Self {
        self.message.insert_str(0, before);
        self
    }
}

impl From<String> for Failure {
    fn from(message: String) -> Self {
        Self::new(message)
    }
}

impl From<&str> for Failure {
    fn from(message: &str) -> Self {
        Self::new(message)
    }
}

impl From<Box<Error>> for Failure {
    fn from(error: Box<Error>) -> Self {
        Self {
            message: error.text.clone(),
            limit: error.kind == ErrorKind::Limit,
            cause: Some(error),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}
