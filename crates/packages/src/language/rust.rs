//! Rust: Cargo's lock files.

mod cargo_lock;
mod manifest;

use crate::list;
use crate::package::Package;
use crate::reader::Reader;

pub(super) const READERS: &[Reader] = &[cargo_lock::READER, manifest::READER];

/// A crate.
fn package(name: &str, version: &str) -> Option<Package> {
    list::package("cargo", "", name, version)
}
