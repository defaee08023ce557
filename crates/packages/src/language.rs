//! Packages of programming languages: lock files, manifests, and what is installed.

mod cpp;
mod dart;
mod dotnet;
mod erlang;
mod go;
mod haskell;
mod julia;
mod jvm;
mod lua;
mod node;
mod php;
mod python;
mod r;
mod ruby;
mod rust;
mod swift;
#[cfg(test)]
pub(crate) mod testing;

use crate::reader::Reader;

pub(crate) use go::module as go_module;

/// The readers, language by language.
pub(crate) const READERS: &[&[Reader]] = &[
    node::READERS,
    python::READERS,
    go::READERS,
    rust::READERS,
    jvm::READERS,
    dotnet::READERS,
    php::READERS,
    ruby::READERS,
    erlang::READERS,
    dart::READERS,
    swift::READERS,
    cpp::READERS,
    julia::READERS,
    haskell::READERS,
    r::READERS,
    lua::READERS,
];
