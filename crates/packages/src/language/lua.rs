//! Lua: rockspecs, and the manifest of the rocks that `LuaRocks` installed.

mod manifest;
mod rockspec;
mod table;

use crate::reader::Reader;

pub(super) const READERS: &[Reader] = &[rockspec::READER, manifest::READER];
