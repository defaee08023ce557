//! YAML and JSON text as compact nodes that know where they were written.
//!
//! Knows nothing of Kubernetes. Does no I/O: callers bring the text.

mod document;
mod keys;
mod node;
mod path;
mod source;

pub use document::{Cause, Document, Origin, Place, Role};
pub use keys::{KeyId, Keys};
pub use node::{EntryRef, Kind, NodeId, NodeRef, OriginId};
pub use path::{Path, Step};
pub use source::{LineColumn, Source, Span};
