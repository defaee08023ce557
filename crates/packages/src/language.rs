//! Packages of programming languages: lock files, manifests, and what is installed.

mod dotnet;
mod go;
mod node;
mod python;
mod rust;
#[cfg(test)]
mod testing;

use crate::reader::Reader;

/// The readers, language by language.
pub(crate) const READERS: &[&[Reader]] = &[
    node::READERS,
    python::READERS,
    go::READERS,
    rust::READERS,
    dotnet::READERS,
];
