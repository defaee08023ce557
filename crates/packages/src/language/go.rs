//! Go: modules, and the programs that are made of them.

mod go_mod;
mod go_sum;

use crate::list;
use crate::package::Package;
use crate::reader::Reader;

pub(super) const READERS: &[Reader] = &[go_mod::READER, go_sum::READER];

/// A module, its version with its `v`.
pub(crate) fn module(path: &str, version: &str) -> Option<Package> {
    let mut found = list::pathed("generic", path, version)?;
    // `stdlib` and modules of one segment have no namespace, which the type's definition asks for.
    "golang".clone_into(&mut found.parsed.kind);
    found.purl = found.parsed.to_string();
    Some(found)
}
