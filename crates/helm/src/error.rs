//! Why a chart cannot be rendered, and where the reason is written.

use std::sync::Arc;

use document::{Source, Span};

/// A text and the bytes in it.
pub type Place = (Arc<Source>, Span);

/// The reason that a rendering stopped, with the place that an author would change, where there is one.
#[derive(Debug, thiserror::Error)]
#[error("{kind}")]
pub struct Error {
    /// What is wrong.
    pub kind: ErrorKind,
    /// Where.
    pub place: Option<Place>,
    /// What led there, nearest first: the calls of the template that failed, the value that decided it.
    pub through: Vec<Place>,
    /// What to do about it.
    pub hint: Option<String>,
}

/// What is wrong with a chart, or with what was asked of it.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A file or folder that is not there.
    #[error("'{0}' is not there")]
    Missing(String),
    /// A file or folder that cannot be read.
    #[error("cannot read '{path}': {reason}")]
    Unreadable {
        /// What it is called.
        path: String,
        /// Why not.
        reason: String,
    },
    /// Something in the folder of the chart that is no file of a chart, such as a link that leads in a circle.
    #[error("{0}")]
    Folder(String),
    /// An archive that is none, or that must not be unpacked.
    #[error("{0}")]
    Archive(String),
    /// `Chart.yaml` or one of its kind does not say what it must.
    #[error("{0}")]
    Metadata(String),
    /// Charts that are named as dependencies, but are not in `charts/`.
    #[error("dependencies that are not in charts/: {0}")]
    Dependencies(String),
    /// The release cannot be called that.
    #[error(
        "'{0}' is no release name: lower case letters, digits, '-' and '.', at most 53 of them"
    )]
    ReleaseName(String),
    /// A text that is no YAML, or not what it should be.
    #[error("{0}")]
    Values(String),
    /// A flag that sets values and cannot be read.
    #[error("{flag}: {message}")]
    Flag {
        /// The flag's name.
        flag: &'static str,
        /// What is wrong.
        message: String,
    },
    /// Values that `values.schema.json` does not allow, or a schema that is none.
    #[error("{0}")]
    Schema(String),
    /// A schema with a part that would have to be fetched. Helm would do that; here the values can only be taken
    /// without looking ([`skip_schema_validation`](crate::Options::skip_schema_validation)).
    #[error("{message}")]
    RemoteSchema {
        /// Where it is.
        url: String,
        /// The whole sentence.
        message: String,
    },
    /// A version of Kubernetes that is none, or that the chart does not support.
    #[error("{0}")]
    KubernetesVersion(String),
    /// A template that is none, or that failed.
    #[error("{0}")]
    Template(String),
    /// What the chart's author says when values are missing or do not fit: `required` and `fail`.
    #[error("{0}")]
    Refused(String),
    /// A manifest that the templates printed, and that is no YAML or no object.
    #[error("{0}")]
    Manifest(String),
    /// `show_only` names a template that printed nothing.
    #[error("no manifest comes from '{0}'")]
    NoManifest(String),
    /// More than [`Limits`](crate::Limits) allow.
    #[error("too large: {0}")]
    TooLarge(String),
}

/// Something worth knowing that does not stop a rendering: what Helm logs.
#[derive(Clone, Debug)]
pub struct Notice {
    /// What it is: lower case, no full stop.
    pub message: String,
    /// Where.
    pub place: Option<Place>,
}

pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Error {
            kind,
            place: None,
            through: Vec::new(),
            hint: None,
        }
    }
}

impl Error {
    /// The same, at a place.
    pub(crate) fn at(mut self, source: &Arc<Source>, span: Span) -> Self {
        self.place = Some((Arc::clone(source), span));
        self
    }

    /// The same, with what to do.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}
