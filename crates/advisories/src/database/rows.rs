//! Rows of numbers in bytes.

/// Bytes of which numbers are read; what lies outside is zero.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row<'a>(pub(crate) &'a [u8]);

impl Row<'_> {
    /// The number at a place, four bytes each.
    #[inline]
    pub(crate) fn number(self, place: usize) -> u32 {
        self.0
            .get(place * 4..place * 4 + 4)
            .and_then(|bytes| bytes.try_into().ok())
            .map_or(0, u32::from_le_bytes)
    }

    /// The number of eight bytes at a place of four.
    #[inline]
    pub(crate) fn long(self, place: usize) -> u64 {
        u64::from(self.number(place)) | u64::from(self.number(place + 1)) << 32
    }
}

/// Rows one after the other.
#[derive(Debug, Clone)]
pub(crate) struct RowRange<'a> {
    rows: std::slice::ChunksExact<'a, u8>,
}

impl<'a> RowRange<'a> {
    pub(crate) fn new(bytes: &'a [u8], width: usize) -> Self {
        Self {
            rows: bytes.chunks_exact(width),
        }
    }
}

impl<'a> Iterator for RowRange<'a> {
    type Item = Row<'a>;

    #[inline]
    fn next(&mut self) -> Option<Row<'a>> {
        self.rows.next().map(Row)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.rows.size_hint()
    }
}

impl ExactSizeIterator for RowRange<'_> {}
