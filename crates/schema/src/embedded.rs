//! The table that the program carries.

use crate::table::Table;

/// Generated from `data/openapi.txt` by `cargo xtask generate`.
static BYTES: &[u8] = include_bytes!("../data/openapi.bin");

/// Reads the header; nothing else happens until something is looked up.
pub(crate) fn embedded() -> Table<'static> {
    Table::new(BYTES, false).expect("invariant: the embedded table is whole (tested)")
}
