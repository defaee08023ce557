//! The functions that Helm's templates can call: those of [Sprig](https://masterminds.github.io/sprig/) but
//! for `env` and `expandenv`, and Helm's own conversions between values and YAML, JSON and TOML.
//!
//! They answer what Helm 4 answers, byte for byte, and fail with its words. `include`, `tpl`, `required`,
//! `fail` and `lookup` belong to whoever renders charts.
//!
//! ```
//! use std::rc::Rc;
//! use gotemplate::{Functions, Map, Options, Set, Value};
//! use sprig::Environment;
//!
//! let mut functions = Functions::new();
//! sprig::define(&mut functions, &Rc::new(Environment::seeded(1)));
//! let mut set = Set::new(Rc::new(functions));
//! set.parse("main", "{{ dict \"a\" (list 1 \"true\") | toYaml | nindent 2 }}")?;
//! let rendered = set.execute("main", &Value::nil(), &Options::default())?;
//! assert_eq!(rendered.text, "\n  a:\n  - 1\n  - \"true\"");
//! # Ok::<(), Box<gotemplate::Error>>(())
//! ```
//!
//! # How it works
//!
//! All functions stand in one static table; [`define`] adds it to a set's functions and allocates nothing.
//! What they do not compute they take from an [`Environment`]: randomness and the time.
//!
//! When an execution traces, a function keeps what decided its result as precisely as it can. Cuts keep the
//! bytes that they leave; `toYaml` gives every scalar of its text the origin of its value; `fromYaml` gives
//! every value the origin of its text; what chooses (`default`, `ternary`, `merge`) keeps the origin of what
//! it chose, and adds that of what decided the choice.
//!
//! # Where it differs from Helm
//!
//! - Maps have an order: `keys` and `values` follow it.
//! - Texts are UTF-8: a byte that is none becomes U+FFFD, be it cut from a letter or decoded from base64.
//! - Memory, steps and bytes are limited by [`gotemplate::Limits`]; work that they do not measure, such as
//!   keys and hashes of passwords, is limited by [`Environment`].
//! - A map that holds itself is cut open when the [`Environment`] is dropped, or it would never be freed.
//! - `getHostByName` answers nothing, as Helm does without `--enable-dns`.
//!
//! No I/O, no clock, no environment.

mod base64;
mod call;
mod cast;
mod cycles;
mod entry;
mod environment;
mod functions;
pub mod json;
mod kind;
mod library;
mod number;
mod plain;
mod regexp;
mod semver;
mod text;
mod time;
pub mod toml;
mod url;
mod x509;
pub mod yaml;

pub use environment::Environment;
pub use library::define;
pub use regexp::Regexp;
pub use semver::{Constraint, Version};
