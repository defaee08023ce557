//! .NET: what `NuGet` locks and centrally manages, and what a published program brings.

mod deps_json;
mod lock;
mod packages_config;
mod props;

use crate::list;
use crate::package::Package;
use crate::reader::Reader;

pub(super) const READERS: &[Reader] = &[
    lock::READER,
    packages_config::READER,
    deps_json::READER,
    props::READER,
];

/// A package of `NuGet`.
fn package(name: &str, version: &str) -> Option<Package> {
    list::package("nuget", "", name.trim(), version.trim())
}
