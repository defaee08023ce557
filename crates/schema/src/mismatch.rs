//! What does not fit the schema, and where.

use std::fmt;

use document::{KeyId, Kind, NodeRef, OriginId, Path, Step};

use crate::lifecycle::Lifecycle;
use crate::types::Scalar;

/// One thing that does not fit.
#[derive(Clone, Copy, Debug)]
pub struct Mismatch<'a, 'd, 's> {
    /// The value that it is about; for something missing, the mapping that lacks it.
    pub node: NodeRef<'d>,
    /// Where the key of the value is written, when it has one.
    pub key: Option<OriginId>,
    /// What it is.
    pub kind: MismatchKind<'d, 's>,
    pub(crate) place: &'a Place<'a>,
}

impl Mismatch<'_, '_, '_> {
    /// The path of [`node`](Self::node) from the object, through the references that were followed.
    pub fn path(&self) -> Path {
        let document = self.node.document();
        let mut steps: Vec<Step> = std::iter::successors(Some(self.place), |place| place.above)
            .filter_map(|place| match place.step {
                PlaceStep::Root => None,
                PlaceStep::Key(key) => Some(Step::Key(document.key_name(key).into())),
                PlaceStep::Index(index) => Some(Step::Index(index)),
            })
            .collect();
        steps.reverse();
        Path(steps)
    }
}

/// The way down to a value while it is being looked at: a list on the call stack.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub(crate) above: Option<&'a Place<'a>>,
    pub(crate) step: PlaceStep,
    pub(crate) key: Option<OriginId>,
    /// What the value is, when it is a struct.
    pub(crate) structure: Option<crate::types::StructRef>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum PlaceStep {
    Root,
    Key(KeyId),
    Index(usize),
}

/// What can be wrong with a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MismatchKind<'d, 's> {
    /// A field that the minor does not have.
    UnknownField {
        /// Its name.
        name: &'d str,
        /// What may have been meant.
        hint: Option<Hint<'s>>,
        /// The first minor that has such a field, when it came later.
        since: Option<u32>,
        /// The last minor that had such a field, when it is gone.
        until: Option<u32>,
    },
    /// A value that the API server cannot decode into its field.
    WrongType {
        /// What goes there.
        expected: Expected,
        /// What stands there.
        found: Kind,
    },
    /// The right type with a text or number that the API server cannot decode.
    WrongFormat {
        /// What goes there.
        expected: Expected,
    },
    /// A field that the published schema demands.
    MissingRequired {
        /// Its name.
        name: &'s str,
    },
    /// A key that the mapping has already.
    RepeatedKey {
        /// The key.
        name: &'d str,
    },
    /// An API that the minor serves, but that is to go.
    DeprecatedApi(Lifecycle),
    /// An API that the minor no longer serves.
    RemovedApi(Lifecycle),
    /// An API that the minor does not serve, without more being known than the minors that do.
    UnservedApi {
        /// The first minor that serves it, when it came later.
        since: Option<u32>,
        /// The last minor that served it, when it is gone.
        until: Option<u32>,
        /// The best version of the same group that the minor serves.
        instead: Option<&'s str>,
    },
}

/// What goes into a field.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Expected {
    /// A value without parts.
    Scalar(Scalar),
    /// A sequence.
    List,
    /// A mapping.
    Mapping,
}

/// What may have been meant by an unknown field.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Hint<'s> {
    /// A field of the same mapping with nearly that name.
    Spelling(&'s str),
    /// A field of that name in the mapping around.
    Above,
    /// A field of that name one level below the named one.
    Below(&'s str),
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expected::Scalar(scalar) => scalar.fmt(f),
            Expected::List => f.write_str("a list"),
            Expected::Mapping => f.write_str("a mapping"),
        }
    }
}

impl fmt::Display for MismatchKind<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MismatchKind::UnknownField {
                name,
                hint,
                since,
                until,
            } => {
                write!(f, "unknown field '{name}'")?;
                match hint {
                    Some(Hint::Spelling(nearest)) => write!(f, "; did you mean '{nearest}'?"),
                    Some(Hint::Above) => write!(f, "; it belongs one level further up"),
                    Some(Hint::Below(field)) => write!(f, "; it belongs under '{field}'"),
                    None => served(f, *since, *until),
                }
            }
            MismatchKind::WrongType { expected, found } => {
                write!(f, "expected {expected}, found {}", noun(*found))
            }
            MismatchKind::WrongFormat { expected } => write!(f, "the value is not {expected}"),
            MismatchKind::MissingRequired { name } => write!(f, "field '{name}' is required"),
            MismatchKind::RepeatedKey { name } => write!(f, "key '{name}' is repeated"),
            MismatchKind::DeprecatedApi(lifecycle) => deprecated(f, lifecycle),
            MismatchKind::RemovedApi(lifecycle) => removed(f, lifecycle),
            MismatchKind::UnservedApi {
                since,
                until,
                instead,
            } => {
                write!(f, "this API is not served")?;
                served(f, *since, *until)?;
                instead.map_or(Ok(()), |version| write!(f, "; use version {version}"))
            }
        }
    }
}

fn served(f: &mut fmt::Formatter<'_>, since: Option<u32>, until: Option<u32>) -> fmt::Result {
    if let Some(since) = since {
        write!(f, "; it exists since Kubernetes 1.{since}")?;
    }
    if let Some(until) = until {
        write!(f, "; the last Kubernetes version with it was 1.{until}")?;
    }
    Ok(())
}

fn deprecated(f: &mut fmt::Formatter<'_>, lifecycle: &Lifecycle) -> fmt::Result {
    let kind = lifecycle.kind;
    write!(f, "{} {kind} is deprecated", lifecycle.api_version)?;
    if let Some(minor) = lifecycle.deprecated {
        write!(f, " since Kubernetes 1.{minor}")?;
    }
    if let Some(minor) = lifecycle.removed {
        write!(f, " and gone in 1.{minor}")?;
    }
    instead(f, lifecycle)
}

fn removed(f: &mut fmt::Formatter<'_>, lifecycle: &Lifecycle) -> fmt::Result {
    write!(f, "{} {} is gone", lifecycle.api_version, lifecycle.kind)?;
    if let Some(minor) = lifecycle.removed {
        write!(f, " since Kubernetes 1.{minor}")?;
    }
    instead(f, lifecycle)
}

fn instead(f: &mut fmt::Formatter<'_>, lifecycle: &Lifecycle) -> fmt::Result {
    match lifecycle.replacement {
        "" => Ok(()),
        replacement => write!(f, "; use {replacement}"),
    }
}

fn noun(kind: Kind) -> &'static str {
    match kind {
        Kind::Null => "null",
        Kind::Bool => "true or false",
        Kind::Int | Kind::Uint => "an integer",
        Kind::Float => "a number",
        Kind::String => "a string",
        Kind::Sequence => "a list",
        Kind::Mapping => "a mapping",
    }
}
