//! What can be wrong with an input text, and where.

use crate::document::Document;
use crate::limits::LimitExceeded;
use crate::source::Span;

/// What kind of thing is wrong with an input text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum SyntaxErrorKind {
    /// The text is not YAML.
    YamlSyntax,
    /// The text is YAML, but Kubernetes' converter cannot make JSON of it.
    YamlValue,
    /// The text is not JSON.
    JsonSyntax,
    /// Containers are nested too deeply.
    Depth,
    /// The text is too long.
    Size,
    /// Aliases stand for too much text.
    AliasExpansion,
    /// There are too many values.
    Nodes,
    /// The bytes are not UTF-8.
    Utf8,
}

impl SyntaxErrorKind {
    /// The word for it in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            SyntaxErrorKind::YamlSyntax => "yaml-syntax",
            SyntaxErrorKind::YamlValue => "yaml-value",
            SyntaxErrorKind::JsonSyntax => "json-syntax",
            SyntaxErrorKind::Depth => "depth",
            SyntaxErrorKind::Size => "size",
            SyntaxErrorKind::AliasExpansion => "alias-expansion",
            SyntaxErrorKind::Nodes => "nodes",
            SyntaxErrorKind::Utf8 => "utf8",
        }
    }
}

impl From<LimitExceeded> for SyntaxErrorKind {
    fn from(limit: LimitExceeded) -> Self {
        match limit {
            LimitExceeded::Depth => SyntaxErrorKind::Depth,
            LimitExceeded::Nodes => SyntaxErrorKind::Nodes,
            LimitExceeded::AliasExpansion => SyntaxErrorKind::AliasExpansion,
        }
    }
}

/// Something in an input text that could not be read. The YAML document around it is lost, the others stay.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{message}")]
pub struct SyntaxError {
    /// What kind of thing is wrong.
    pub kind: SyntaxErrorKind,
    /// Where, in bytes of the text.
    pub span: Span,
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// What to do about it, where that is known.
    pub hint: Option<Box<str>>,
}

impl SyntaxError {
    pub(crate) fn new(kind: SyntaxErrorKind, span: Span, message: impl Into<String>) -> Self {
        SyntaxError {
            kind,
            span,
            message: message.into(),
            hint: None,
        }
    }

    pub(crate) fn with_hint(mut self, hint: &str) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(crate) fn limit(limit: LimitExceeded, span: Span) -> Self {
        SyntaxError::new(limit.into(), span, limit.to_string())
    }
}

/// What came of one input text.
#[derive(Debug)]
pub struct Parsed {
    /// What could be read.
    pub document: Document,
    /// What could not, in the order of the text.
    pub errors: Vec<SyntaxError>,
}
