//! Numbers in foreign bytes: what lies outside is no number.

/// The bytes of a place.
pub(super) fn slice(bytes: &[u8], start: usize, length: usize) -> Option<&[u8]> {
    bytes.get(start..start.checked_add(length)?)
}

/// A number of four bytes, the least first.
pub(super) fn little(bytes: &[u8], at: usize) -> Option<u32> {
    let four = slice(bytes, at, 4)?;
    Some(u32::from_le_bytes(four.try_into().ok()?))
}

/// A number of four bytes, the greatest first.
pub(super) fn big(bytes: &[u8], at: usize) -> Option<u32> {
    little(bytes, at).map(u32::swap_bytes)
}

/// A place in memory.
pub(super) fn place(number: u32) -> usize {
    // Memory has at least 32 bits.
    number as usize
}
