//! The numbers that the writer and the reader of a table agree on.

/// First word of a table; the last byte is the version of the layout.
pub(crate) const MAGIC: u32 = u32::from_le_bytes(*b"KST1");

/// Words of the header: magic, minors, names, strings, bytes of strings, types, structs, fields, slots, kinds.
pub(crate) const HEADER: usize = 10 * 4;
/// Bytes of a type: tag, argument.
pub(crate) const TYPE: usize = 2 * 4;
/// Bytes of a struct: name, first field, counts, displacement, flags.
pub(crate) const STRUCT: usize = 5 * 4;
/// Bytes of a field: name, type, facts, then since, until, flags and one spare.
pub(crate) const FIELD: usize = 4 * 4;
/// Bytes of a kind: kind, group, version, type, then since, until, scope and one spare.
pub(crate) const KIND: usize = 5 * 4;

/// No index.
pub(crate) const NONE: u32 = u32::MAX;

pub(crate) const TAG_SCALAR: u8 = 0;
pub(crate) const TAG_LIST: u8 = 1;
pub(crate) const TAG_MAP: u8 = 2;
pub(crate) const TAG_STRUCT: u8 = 3;

pub(crate) const FLAG_REQUIRED: u8 = 1;
pub(crate) const FLAG_OPEN: u32 = 1;

pub(crate) const SCOPE_UNKNOWN: u8 = 2;
