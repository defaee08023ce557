//! YAML and JSON text as compact nodes that know where they were written.
//!
//! Knows nothing of Kubernetes. Does no I/O: callers bring the text.

mod builder;
mod compact;
mod copy;
mod decode;
mod document;
pub mod edit;
mod error;
mod inside;
mod json;
mod keys;
mod limits;
mod locate;
mod named;
mod path;
pub mod print;
mod relocate;
mod source;
mod yaml;

pub use builder::{Builder, SourceId};
pub use compact::Compaction;
pub use copy::{Replace, Replaced};
pub use decode::{DecodeError, decode};
pub use document::node::{
    Entries, EntryRef, Items, Kind, NodeId, NodeRef, OriginId, Walk, WalkEnd,
};
pub use document::{Cause, Document, Origin, Place, Role};
pub use error::{Parsed, SyntaxError, SyntaxErrorKind};
pub use inside::{Inside, parse_inside};
pub use json::parse_json;
pub use keys::{KeyId, Keys};
pub use limits::{LimitExceeded, Limits};
pub use named::parse_named;
pub use path::{Path, PathError, Step, StepRef};
pub use relocate::{Relocation, Standing, Written};
pub use source::{LineColumn, Source, Span};
pub use yaml::{is_plain_string, parse_yaml, parse_yaml_fully};
