//! Programs: what they carry of how they were built, and what their bytes give away.

mod classifier;
mod go;
mod image;
mod rust;

use crate::reader::{Entry, Reader};

/// The readers of programs.
pub(crate) const READERS: &[Reader] = &[go::READER, rust::READER, classifier::READER];

/// Whether a file may be a program or a library.
fn may_be_program(entry: &Entry<'_>) -> bool {
    let is_named = entry
        .extension()
        .is_some_and(|extension| ["exe", "dll", "so", "dylib"].contains(&extension));
    entry.size > 512 && (entry.is_executable || is_named || entry.name().contains(".so."))
}
