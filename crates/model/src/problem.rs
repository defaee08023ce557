//! What could not be evaluated, and why.

use std::sync::Arc;

use document::{LineColumn, Source, Span};

use crate::problem_kind::ProblemKind;

/// A place in a file, as a person finds it.
#[derive(Clone, Debug)]
pub struct Location {
    /// The text; its name is the path to print.
    pub source: Arc<Source>,
    /// The bytes meant.
    pub span: Span,
}

impl Location {
    /// The file to print.
    pub fn file(&self) -> &str {
        self.source.name()
    }

    /// Whether it is in an object that nobody wrote down: one of a running cluster, which has no lines.
    pub fn is_live(&self) -> bool {
        self.source.text().is_empty()
    }

    /// The place to print: `file:line:column`, or the name alone where there are no lines.
    pub fn words(&self) -> String {
        if self.is_live() {
            return self.file().to_owned();
        }
        let start = self.start();
        format!("{}:{}:{}", self.file(), start.line, start.column)
    }

    /// Where it begins.
    pub fn start(&self) -> LineColumn {
        self.source.line_column(self.span.start)
    }

    /// Where it ends (the position after the last character).
    pub fn end(&self) -> LineColumn {
        self.source.line_column(self.span.end)
    }
}

/// What a problem does to the outcome.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ProblemLevel {
    /// Input was lost: the scan is not complete (exit 2).
    Error,
    /// Not decidable from what was scanned.
    Unknown,
}

impl ProblemLevel {
    /// The word that stands in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            ProblemLevel::Error => "error",
            ProblemLevel::Unknown => "unknown",
        }
    }
}

/// Something that we could not evaluate, and why.
#[derive(Clone, Debug)]
pub struct Problem {
    /// What it does to the outcome.
    pub level: ProblemLevel,
    /// What happened.
    pub kind: ProblemKind,
    /// The path it is about, relative to the root; empty when it is about no file.
    pub file: String,
    /// Where in the file, when a place can be named.
    pub location: Option<Location>,
    /// One sentence, lower case, without a full stop.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}
