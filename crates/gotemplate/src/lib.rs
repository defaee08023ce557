//! Go's `text/template` (<https://pkg.go.dev/text/template>), with provenance.
//!
//! The whole language as of Go 1.26: what Go prints, and what Go says when something is wrong, word for
//! word. Beyond that an execution can trace: then every byte of the output knows the node that wrote it,
//! the calls and conditions around that node, and which of the caller's values decided it.
//!
//! ```
//! use std::rc::Rc;
//! use gotemplate::{Functions, Map, Options, Origin, Set, Value};
//!
//! let mut set = Set::new(Rc::new(Functions::new()));
//! set.parse("greeting", "Hello {{.name | printf \"%q\"}}")?;
//! let data = Map::from_iter([("name", Value::from("world").with_origin(Origin::source(7)))]);
//! let rendered = set.execute("greeting", &data.into(), &Options { trace: true, ..Options::default() })?;
//! assert_eq!(rendered.text, "Hello \"world\"");
//! let piece = rendered.trace.as_ref().and_then(|trace| trace.at(8)).expect("a traced byte");
//! assert_eq!(piece.sources(), [7]);
//! # Ok::<(), Box<gotemplate::Error>>(())
//! ```
//!
//! # How it works
//!
//! A [`Set`] holds parsed templates; [`Set::execute`] walks them with a [`Value`]. [`Functions`] are
//! declared with the types of their parameters, because Go's errors name these. They get the
//! [`Context`] of the execution, in which they can execute further templates under the same [`Limits`].
//!
//! # Where it differs from Go
//!
//! - Texts are UTF-8. What would make another text (a byte of a letter, `"\xff"`) makes U+FFFD.
//! - Values have Go's types as far as templates can tell; channels and iterators are not among them.
//! - Addresses (`%p`) print the same in every run.
//! - Slices have no capacity beyond their length.
//! - There are limits where Go has none, or higher ones: nesting of 150 in a text, and [`Limits`].
//!
//! Knows nothing of Helm. No I/O, no clock, no environment.

#![expect(
    clippy::unnecessary_box_returns,
    reason = "errors are large and rare: they travel boxed"
)]

mod builtin;
mod edit;
mod error;
mod execute;
mod format;
mod function;
mod lex;
mod limits;
mod origin;
mod parse;
mod skim;
mod source;
mod trace;
mod tree;
mod unicode;
mod value;

pub use edit::Edit;
pub use error::{Error, ErrorKind, Failure};
pub use execute::{MissingKey, Options, Rendered, Session, Set};
pub use format::{quoted, sprint, sprintf, sprintln};
pub use function::Functions;
pub use limits::Limits;
pub use origin::Origin;
pub use skim::Outlined;
pub use source::{Source, SourceId, Span, Text};
pub use trace::{Frame, FrameId, FrameKind, Piece, Trace};
pub use unicode::is_print;
pub use value::{
    Code, Context, Data, Function, Host, IntType, Library, List, Map, Passing, Shape, Signature,
    Type, UintType, Value, WeakMap,
};
