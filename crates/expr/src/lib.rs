//! CEL: expressions from text or bytes, compiled to native code nodes over document values.
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
mod display;
mod error;
mod extension;
mod frame;
mod function;
mod host;
#[cfg(feature = "parse")]
mod parse;
mod pattern;
mod program;
mod time;
mod types;
mod value;
mod wire;

pub use ast::Checked;
pub use declarations::Declarations;
pub use error::{CompileError, DecodeError, Diagnostic, ErrorKind, EvalError, Unknown};
pub use extension::{Cidr, Extension, Format, Quantity, Semver, Url};
pub use host::{Host, MemberId, MethodId};
pub use program::{Activation, Program};
pub use time::{Duration, Timestamp};
pub use value::{Items, MapValue, Type, Value};
