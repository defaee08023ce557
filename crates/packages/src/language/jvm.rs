//! Java and what else runs on its machine: lock files, projects and archives.

mod archive;
mod gradle_lock;
mod sbt_lock;

use crate::list;
use crate::package::Package;
use crate::reader::Reader;

pub(super) const READERS: &[Reader] = &[archive::READER, gradle_lock::READER, sbt_lock::READER];

/// An artifact of a repository of Maven.
fn package(group: &str, artifact: &str, version: &str) -> Option<Package> {
    list::package("maven", group, artifact, version)
}
