//! CEL: expressions from text or bytes, compiled to native code nodes over document values.
//!
//! Text is parsed and checked into [`Checked`], which is written to bytes and read back; with a table of
//! keys that becomes a [`Program`], which is evaluated over variables in an arena. The parser is that of the
//! `cel` crate; its interpreter, and Kubernetes' own libraries, are what the tests compare with.
//!
//! # What there is
//!
//! The language definition with optionals and two-variable macros (`cel.bind`, `transformList`, …), the
//! string, math, set and encoder extensions, and Kubernetes' libraries: lists, regex, quantity, semver, ip,
//! cidr, url, format. No messages. Unknown values are absorbed where they do not matter.
//!
//! # Where it differs from Kubernetes' CEL
//!
//! - A field of a document that is `null` is absent for `.a`, `.?a`, `has`, `[]` and `in`, as the API server
//!   reads it. Loops over a mapping do see it.
//! - Types are checked only as far as the text tells; everything else is decided while it runs.
//! - Patterns run on the `regex` crate: `\C` and Unicode classes are refused.
//! - Time zones are `UTC` or offsets; timestamps are kept in UTC.
//! - Numbers of different types are compared exactly.
//! - `format` follows the current string extension, not the older one that Kubernetes keeps.
//! - Quantities beyond about 10^29 are refused.
//!
//! # Limits
//!
//! Text of 64 KiB, nesting of about 100, a budget of steps for each evaluation
//! ([`Activation::BUDGET`]), patterns of 4 KiB and 1 MiB compiled.
//!
//! Knows nothing of Kubernetes but the function libraries that Kubernetes adds to CEL.
//! No I/O, no clock, no environment.

mod arithmetic;
mod ast;
#[cfg(feature = "parse")]
mod check;
mod code;
mod compare;
mod compile;
mod declarations;
mod error;
mod extension;
mod fold;
mod frame;
mod function;
mod memory;
#[cfg(feature = "parse")]
mod parse;
mod pattern;
mod plain;
mod program;
mod share;
mod time;
mod types;
mod value;
mod wire;

pub use ast::Checked;
pub use declarations::Declarations;
pub use error::{CompileError, DecodeError, Diagnostic, ErrorKind, EvalError, Unknown};
pub use extension::{Cidr, Extension, Format, Quantity, Semver, Url};
pub use fold::Known;
pub use memory::Memory;
pub use plain::{
    MAX_TEXT, Meaning, Member, NotPlain, Plain, PlainCondition, PlainText, Thing, ThingList,
};
pub use program::{Activation, Program};
pub use share::Sharing;
pub use time::{Duration, Timestamp};
pub use types::Type;
pub use value::{Host, Items, ItemsIter, MapValue, MemberId, MethodId, Value};
