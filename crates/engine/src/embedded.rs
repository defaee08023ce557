//! The controls and frameworks that the program was built with.

use catalog::{Catalog, DecodeError};

static BYTES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/catalog.bin"));

/// The embedded catalogue. Only headers are decoded here; the rest when it is asked for.
pub fn embedded_catalog() -> Result<Catalog, DecodeError> {
    Catalog::from_static(BYTES)
}
