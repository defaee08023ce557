//! Charts, rendered as `helm template` (version 4) does, with the origin of every value.
//!
//! No I/O: a [`Folder`] gives the files, or the bytes of an archive do. Knows Helm and nothing of this product.
//!
//! ```
//! # struct NoFiles;
//! # impl helm::Folder for NoFiles {
//! #     fn resolve(&self, _: &str) -> Option<helm::Resolved> { None }
//! #     fn read(&self, _: &str) -> Result<Vec<u8>, String> { Err("none".to_owned()) }
//! #     fn entries(&self, _: &str) -> Result<Vec<helm::Entry>, String> { Err("none".to_owned()) }
//! # }
//! # let folder = NoFiles;
//! use helm::{Chart, Flag, FlagKind, Options, render};
//!
//! let options = Options {
//!     namespace: "shop".to_owned(),
//!     flags: vec![Flag::new(FlagKind::Set, "replicas=3")],
//!     origins: true,
//!     ..Options::default()
//! };
//! match Chart::load(&folder, "charts/web", &options.limits).and_then(|chart| render(&chart, &options)) {
//!     Ok(rendering) => println!("{}", rendering.text.text()),
//!     Err(error) => println!("{error}, at {:?}", error.place),
//! }
//! ```
//!
//! # How a rendering goes
//!
//! 1. The files of a chart are found and told apart (`chart`).
//! 2. Values are read from files and flags (`values`), tags and conditions decide which dependencies take part
//!    (`dependencies`), and values are merged for all charts (`coalesce`), then held against their schemas
//!    (`schema`).
//! 3. The templates of all charts become one set and are executed in one session (`engine`), each in the scope of
//!    its chart (`objects`).
//! 4. What they wrote is split into manifests, told from hooks and ordered (`manifests`), and printed (`print`).
//! 5. If origins are asked for, the printed text becomes a [`document::Document`] whose nodes lie in the templates
//!    that wrote them (`provenance`).
//!
//! # What origins say
//!
//! | the node was | its place | its causes, nearest first |
//! |---|---|---|
//! | written in a template | there | `value`: what decided the conditions and loops around it; `template`: calls of the template |
//! | the result of an action | the action | `value` or `flag`: what decided the result; then as above |
//! | printed by a library chart | the action that called it | `template`: the line of the library; then as above |
//! | in a text that `tpl` executed | in the value that has the text | as above |
//! | in a file of `crds/` | there | none |
//!
//! A mapping lies where its first key is written. [`Document::made`](document::Document::made) says where a node is
//! in the printed text, [`Document::path_at`](document::Document::path_at) the path of a value in its file.
//!
//! # Where it differs from Helm
//!
//! - What is not in the chart is not fetched: dependencies, schemas.
//! - Where Helm takes subcharts in the random order of a Go map, the order here is that of their names.
//! - Texts are UTF-8: `.Files.Get` of another file has U+FFFD for the rest. `.GetBytes` and `.AsSecrets` have all bytes.
//! - There are [`Limits`].

mod chart;
mod coalesce;
mod dependencies;
mod engine;
mod error;
mod folder;
mod functions;
mod manifests;
mod node;
mod objects;
mod options;
mod pattern;
mod print;
mod provenance;
mod render;
mod schema;
mod semver;
mod values;

pub use chart::Chart;
pub use error::{Error, ErrorKind, Notice, Place};
pub use folder::{Entry, EntryKind, Folder, Resolved, ShowText};
pub use options::{Flag, FlagKind, Given, Limits, Options};
pub use render::{Manifest, Rendering, render};
