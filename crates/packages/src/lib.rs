//! What files say about installed software.
//!
//! A [`Reader`] knows which files it wants ([`Reader::wants`], by path, size and mode alone) and what one of them says
//! ([`Reader::read`]). Reading is a pure function of one file, so that it can be done as a layer streams by, in parallel,
//! and be kept for the next image that has the same layer. What takes several files (`package.json` beside `yarn.lock`,
//! files that a package of the operating system owns) is joined afterwards. No I/O.

mod executable;
mod join;
mod language;
mod list;
pub mod maven;
pub mod os;
mod os_release;
mod package;
mod reader;
mod registry;
mod text;

pub use join::{Found, join};
pub use os_release::OsRelease;
pub use package::{Package, Relationship};
pub use reader::{Asked, Credential, Entry, File, ReadError, Reader, Told};
pub use registry::readers;
