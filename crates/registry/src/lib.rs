//! Images and other artifacts of registries (OCI distribution): manifests, and blobs as streams.
//!
//! A connection that is cut goes on where it ended, a server that is busy is asked again after a pause, and logins come from
//! where container tools keep them. What is in a blob is the caller's: digests are checked where content is read.

mod blob;
mod challenge;
mod client;
mod credentials;
#[cfg(unix)]
mod engine;
mod error;
mod patience;
mod repository;
mod roots;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod token;

pub use blob::Blob;
pub use client::{Client, Settings};
pub use credentials::{Keyring, KeyringError, Places};
#[cfg(unix)]
pub use engine::{EngineError, export};
pub use error::{Error, Fault};
pub use patience::Patience;
pub use repository::Repository;
pub use roots::RootsError;
