//! Why a kustomization cannot be built, and where the reason is written.

use std::sync::Arc;

use document::{LimitExceeded, Source, Span};

/// The reason that a build stopped, with the place that an author would change, where there is one.
#[derive(Debug, thiserror::Error)]
#[error("{kind}")]
pub struct Error {
    /// What is wrong.
    pub kind: ErrorKind,
    /// The text it is wrong in, and the bytes.
    pub place: Option<(Arc<Source>, Span)>,
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Error { kind, place: None }
    }
}

impl From<LimitExceeded> for Error {
    fn from(limit: LimitExceeded) -> Self {
        ErrorKind::TooLarge(limit.to_string()).into()
    }
}

/// What is wrong with a kustomization.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// No kustomization file where one is needed.
    #[error("'{0}' has no kustomization.yaml, kustomization.yml or Kustomization")]
    NoKustomization(String),
    /// More than one kustomization file in a folder.
    #[error("'{0}' has more than one kustomization file")]
    SeveralKustomizations(String),
    /// A kustomization that says nothing.
    #[error("the kustomization is empty")]
    Empty,
    /// A text that is no YAML, or not what it should be.
    #[error("{file}: {message}")]
    Syntax {
        /// The file.
        file: String,
        /// What its parser says.
        message: String,
    },
    /// A field of a kustomization that Kustomize does not have, or that has the wrong type.
    #[error("{0}")]
    Field(String),
    /// A file or folder that is not there.
    #[error("cannot read '{0}'")]
    Missing(String),
    /// A file that is there and gives no text.
    #[error("cannot read '{path}': {reason}")]
    Unreadable {
        /// The file.
        path: String,
        /// Why not.
        reason: String,
    },
    /// A file outside the folder of the kustomization that names it.
    #[error("'{path}' is not in or below '{root}'; Kustomize loads files from there only")]
    Restricted {
        /// The file.
        path: String,
        /// The folder of the kustomization.
        root: String,
    },
    /// A base that would have to be fetched.
    #[error("'{0}' is remote; fetch it and name the local copy")]
    Remote(String),
    /// A kustomization that includes itself.
    #[error("'{0}' includes itself")]
    Cycle(String),
    /// A component where a kustomization is needed, or the other way round.
    #[error("{0}")]
    Kind(String),
    /// An object that Kustomize refuses.
    #[error("{0}")]
    Resource(String),
    /// Two objects with the same group, version, kind, namespace and name.
    #[error("{0} is there twice")]
    Duplicate(String),
    /// A patch, replacement, variable or field specification that does not fit.
    #[error("{0}")]
    Transform(String),
    /// A patch that matches nothing.
    #[error("no resource matches {0}")]
    NoMatch(String),
    /// Something that only a program could do: an exec or container plugin, or a chart without a renderer.
    #[error("{0}")]
    Unsupported(String),
    /// A chart that cannot be rendered.
    #[error("{0}")]
    Chart(String),
    /// More than [`Options`](crate::Options) allows.
    #[error("too large: {0}")]
    TooLarge(String),
}

pub(crate) type Result<T> = std::result::Result<T, Error>;

/// An error about a transformation.
pub(crate) fn transform(message: impl Into<String>) -> Error {
    ErrorKind::Transform(message.into()).into()
}

/// An error about a field of a kustomization.
pub(crate) fn field(message: impl Into<String>) -> Error {
    ErrorKind::Field(message.into()).into()
}
