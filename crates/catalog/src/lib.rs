//! Control and framework definitions: text → located diagnostics or a checked definition → bytes → definition.
//!
//! The same bytes are embedded in the product at build time and made at run time from a folder that
//! the user names, so both take one path. Evaluates nothing and does no I/O: callers bring the texts.

mod bytes;
mod catalog;
mod control;
mod date;
mod declarations;
mod diagnostic;
mod encode;
mod expression;
mod fields;
mod framework;
mod json;
mod parse;
mod relations;
mod scalar;
mod suggest;

pub use bytes::DecodeError;
pub use catalog::{Builder, Catalog, Control};
pub use control::{
    Condition, ControlDefinition, FixDefinition, Header, KindPattern, MessagePart, ParamDefinition,
    ParamType, ParamValue, RelatedDefinition, Rendering, Scope, Texts, UnknownPolicy, VersionRange,
};
pub use date::is_date;
pub use declarations::{MEMBERS, Slot, declarations, declarations_for};
pub use diagnostic::Diagnostic;
pub use framework::{Coverage, Evidence, FrameworkDefinition, Requirement};
pub use parse::{ControlTexts, NATIVE_NAMES, PEERS, parse_control};
pub use relations::{Relation, method_number, relations};
pub use suggest::nearest;
