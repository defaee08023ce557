//! Charts, rendered as `helm template` (version 4) does, with the origin of every value.
//!
//! No I/O: a [`Folder`] gives the files, or the bytes of an archive do. Knows Helm and nothing of this product.

mod chart;
mod coalesce;
mod dependencies;
mod error;
mod folder;
mod node;
mod options;
mod pattern;
mod schema;
mod semver;
mod values;

pub use chart::Chart;
pub use error::{Error, ErrorKind, Notice, Place};
pub use folder::{Entry, EntryKind, Folder, Resolved};
pub use options::{Flag, FlagKind, Limits, Options};
