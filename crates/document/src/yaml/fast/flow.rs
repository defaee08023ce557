//! Flow collections: only the empty ones.

use super::{Fast, HandOver, Result};

impl Fast<'_, '_> {
    /// Adds the flow collection that begins here; gives its end.
    pub(super) fn flow(&mut self, at: usize) -> Result<usize> {
        let origin = self.origin_of(at, at + 2);
        match (self.bytes[at], self.peek(at + 1)) {
            (b'[', Some(b']')) => self.builder.begin_sequence(origin)?,
            (b'{', Some(b'}')) => self.builder.begin_mapping(origin)?,
            _ => return Err(HandOver),
        };
        self.builder.end(Some(at as u32 + 2));
        Ok(at + 2)
    }
}
