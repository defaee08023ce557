//! Quoted scalars.

use super::{Fast, HandOver, Result};

impl Fast<'_, '_> {
    /// The closing quote of a quoted scalar on one line without escapes.
    pub(super) fn plain_quoted(&self, at: usize, quote: u8) -> Option<usize> {
        let rest = &self.bytes[at + 1..];
        let close = at + 1 + memchr::memchr3(quote, b'\\', b'\n', rest)?;
        let is_plain = self.bytes[close] == quote && self.peek(close + 1) != Some(b'\'');
        is_plain.then_some(close)
    }

    /// Adds the quoted scalar that begins here; gives its end. Whether it may go on after its line.
    pub(super) fn quoted(&mut self, at: usize, folds: bool) -> Result<usize> {
        let quote = self.bytes[at];
        if let Some(close) = self.plain_quoted(at, quote) {
            let origin = self.origin_of(at, close + 1);
            let inner = at as u32 + 1..close as u32;
            self.builder.source_string(inner, origin)?;
            return Ok(close + 1);
        }
        self.scratch.clear();
        let close = match quote {
            b'"' => self.double_quoted(at + 1, folds)?,
            _ => self.single_quoted(at + 1, folds)?,
        };
        let origin = self.origin_of(at, close + 1);
        self.builder.string(&self.scratch, origin)?;
        Ok(close + 1)
    }

    /// Unescapes up to the closing quote.
    fn single_quoted(&mut self, mut at: usize, folds: bool) -> Result<usize> {
        loop {
            let length = memchr::memchr2(b'\'', b'\n', &self.bytes[at..]).ok_or(HandOver)?;
            let stop = at + length;
            self.scratch.push_str(&self.text[at..stop]);
            if self.bytes[stop] == b'\n' {
                if !folds {
                    return Err(HandOver);
                }
                at = self.quoted_break(stop, 0)?;
                continue;
            }
            if self.peek(stop + 1) != Some(b'\'') {
                return Ok(stop);
            }
            self.scratch.push('\'');
            at = stop + 2;
        }
    }

    /// Unescapes up to the closing quote.
    fn double_quoted(&mut self, mut at: usize, folds: bool) -> Result<usize> {
        let mut fixed = 0;
        loop {
            let length = memchr::memchr3(b'"', b'\\', b'\n', &self.bytes[at..]).ok_or(HandOver)?;
            let stop = at + length;
            self.scratch.push_str(&self.text[at..stop]);
            match self.bytes[stop] {
                b'"' => return Ok(stop),
                b'\n' if folds => {
                    at = self.quoted_break(stop, fixed)?;
                    continue;
                }
                b'\n' => return Err(HandOver),
                _ => {}
            }
            self.scratch.push(match self.peek(stop + 1) {
                Some(letter @ (b'"' | b'\\' | b'/')) => char::from(letter),
                Some(b'n') => '\n',
                Some(b't') => '\t',
                Some(b'r') => '\r',
                _ => return Err(HandOver),
            });
            fixed = self.scratch.len();
            at = stop + 2;
        }
    }
}
