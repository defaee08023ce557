//! Flow collections on one line.

use super::{Fast, HandOver, Key, Result};

impl Fast<'_, '_> {
    /// Adds the flow collection that begins here; gives its end.
    pub(super) fn flow(&mut self, at: usize) -> Result<usize> {
        let origin = self.origin_of(at, at);
        let is_mapping = self.bytes[at] == b'{';
        if is_mapping {
            self.builder.begin_mapping(origin)?;
        } else {
            self.builder.begin_sequence(origin)?;
        }
        // A closing bracket comes two after its opening one in ASCII.
        let close = self.bytes[at] + 2;
        let mut next = self.skip_spaces(at + 1);
        while self.peek(next) != Some(close) {
            if is_mapping {
                next = self.flow_key(next)?;
            }
            next = self.flow_node(next)?;
            next = self.skip_spaces(next);
            match self.peek(next) {
                Some(b',') => next = self.skip_spaces(next + 1),
                Some(byte) if byte == close => {}
                _ => return Err(HandOver),
            }
        }
        self.builder.end(Some(next as u32 + 1));
        Ok(next + 1)
    }

    fn flow_node(&mut self, at: usize) -> Result<usize> {
        match self.peek(at) {
            Some(b'[' | b'{') => self.flow(at),
            Some(b'"' | b'\'') => self.quoted(at, false),
            _ => {
                let end = self.flow_plain(at)?;
                self.scalar(at, end)?;
                Ok(end)
            }
        }
    }

    /// Adds the key that begins here; gives where its value begins.
    fn flow_key(&mut self, at: usize) -> Result<usize> {
        let key = if let Some(quote @ (b'"' | b'\'')) = self.peek(at) {
            self.quoted_key(at, quote).ok_or(HandOver)?
        } else {
            let end = self.flow_plain(at)?;
            Key {
                start: at,
                inner_end: end,
                end,
                colon: self.skip_spaces(end),
                is_plain: true,
            }
        };
        let value = self.skip_spaces(key.colon + 1);
        let is_key = self.peek(key.colon) == Some(b':') && value > key.colon + 1;
        if !is_key || key.colon - at >= 1000 {
            return Err(HandOver);
        }
        let origin = self.origin_of(at, key.end);
        self.name(&key, origin)?;
        Ok(value)
    }

    /// The end of the plain scalar that begins here.
    fn flow_plain(&self, start: usize) -> Result<usize> {
        if start >= self.bytes.len() || self.bytes[start] == b'\n' {
            return Err(HandOver);
        }
        self.check_first(start)?;
        let mut at = start;
        loop {
            match self.peek(at) {
                Some(b',' | b']' | b'}') => break,
                None | Some(b'\n' | b'[' | b'{') => return Err(HandOver),
                Some(b'#') if self.bytes[at - 1] == b' ' => return Err(HandOver),
                Some(b':') => match self.peek(at + 1) {
                    Some(b' ') => break,
                    None | Some(b'\n' | b',' | b'[' | b']' | b'{' | b'}') => return Err(HandOver),
                    Some(_) => at += 1,
                },
                Some(_) => at += 1,
            }
        }
        let text = &self.text[start..at];
        Ok(start + text.trim_end_matches(' ').len())
    }
}
