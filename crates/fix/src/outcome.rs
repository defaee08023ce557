//! What came of fixing.

use std::sync::Arc;

use document::Source;
use model::{Location, Report};

use crate::Texts;

/// What came of fixing.
#[derive(Debug)]
pub struct Outcome {
    /// The new texts of the files that are to be written; what they do was proven.
    pub texts: Texts,
    /// The texts of those files as they are.
    pub before: Vec<Arc<Source>>,
    /// What is fixed, in the order in which it was.
    pub fixed: Vec<Fixed>,
    /// Findings that were to be fixed and are not, and those that nobody wanted fixed.
    pub left: Vec<Left>,
    /// The scan of the files as they will be.
    pub report: Report,
}

/// A finding that is gone.
#[derive(Clone, Debug)]
pub struct Fixed {
    /// The control's id.
    pub control: String,
    /// `Deployment shop/web`.
    pub resource: String,
    /// Where the finding was.
    pub location: Location,
    /// The finding's path in its resource.
    pub path: String,
    /// Its fingerprint.
    pub fingerprint: String,
    /// What was edited for it.
    pub edits: Vec<Edited>,
}

/// One edit of a file.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Edited {
    /// The file.
    pub file: Box<str>,
    /// What was done: `set spec.hostIPC: false`.
    pub what: String,
}

/// A finding that is still there.
#[derive(Clone, Debug)]
pub struct Left {
    /// The control's id.
    pub control: String,
    /// `Deployment shop/web`.
    pub resource: String,
    /// Where it is.
    pub location: Location,
    /// Its path in its resource.
    pub path: String,
    /// Its fingerprint.
    pub fingerprint: String,
    /// Why.
    pub why: Why,
}

/// Why a finding is not fixed.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Why {
    /// It was to be, and could not be: one sentence.
    Refused(String),
    /// Its fix can change behaviour, and nobody allowed it.
    Unsafe,
    /// Its control has no fix that is right everywhere.
    NoFix,
}
