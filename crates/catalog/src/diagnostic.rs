//! A mistake in a definition, with its place.

use std::fmt;
use std::sync::Arc;

use document::{Source, Span};

/// A mistake in a definition: what a person sees with a caret under it.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// The file.
    pub source: Arc<Source>,
    /// The bytes meant.
    pub span: Span,
    /// One sentence, lower case, without a full stop.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let start = self.source.line_column(self.span.start);
        let file = self.source.name();
        write!(
            f,
            "{file}:{}:{}: {}",
            start.line, start.column, self.message
        )?;
        match &self.hint {
            Some(hint) => write!(f, " ({hint})"),
            None => Ok(()),
        }
    }
}
