//! C and C++: `conan.lock` and `vcpkg.json`.

mod conan_lock;
mod vcpkg;

use crate::reader::Reader;

pub(super) const READERS: &[Reader] = &[conan_lock::READER, vcpkg::READER];
