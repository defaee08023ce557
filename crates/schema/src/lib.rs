//! What Kubernetes' published OpenAPI says, for the supported minors, as one compact table that is read in place:
//! kinds, fields, types, merge keys, defaults, which version has what, and which APIs were deprecated and removed.
//! Kinds of custom resource definitions that a scan found are added at run time.
//!
//! No I/O, and nothing of this product: it says what does not fit, not how bad that is.
//!
//! ```
//! use std::sync::Arc;
//! use document::{Keys, Limits, Source, parse_yaml};
//! use schema::{MismatchKind, Schema, Validator};
//!
//! // The names of the schema come first: then a key of the document is an index into the table.
//! let keys = Arc::new(Keys::new(schema::names().chain(["a name that controls mention"])));
//! let text = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: a\n    securityContex: {}\n";
//! let parsed = parse_yaml(Source::new("pod.yaml", text), &keys, &Limits::default());
//!
//! let validator = Validator::new(Schema::embedded(), &keys, 34);
//! let mut found = Vec::new();
//! for object in parsed.document.roots() {
//!     validator.validate(object, &mut |mismatch| {
//!         found.push(format!("{}: {}", mismatch.path(), mismatch.kind));
//!     });
//! }
//! assert_eq!(found, ["spec.containers[0].securityContex: unknown field 'securityContex'; did you mean 'securityContext'?"]);
//! ```

mod custom;
mod definitions;
mod embedded;
mod encode;
mod format;
mod layout;
mod lifecycle;
mod mismatch;
mod nearest;
mod schema;
mod table;
mod types;
mod unknown_api;
mod validate;

pub use custom::CustomKinds;
pub use definitions::{
    Definitions, FieldDefinition, KindDefinition, Span, StructDefinition, TypeDefinition,
};
pub use encode::EncodeError;
pub use lifecycle::{Lifecycle, lifecycle, lifecycles};
pub use mismatch::{Expected, Hint, Mismatch, MismatchKind};
pub use schema::{KindInfo, Schema, names};
pub use types::{Field, ListType, Scalar, Shape, StructRef, TypeRef};
pub use unknown_api::{UnknownApi, is_own_group};
pub use validate::{Outcome, Validator};
