//! Bytes of a source, and the words of actions.

use crate::lex::{count_while, find_pair, is_ascii_word};

/// Reads a text from its start.
pub(super) struct Scan<'t> {
    text: &'t str,
    pub(super) at: usize,
}

pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

impl<'t> Scan<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at == self.text.len()
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'t [u8] {
        &self.text.as_bytes()[self.at..]
    }

    /// The text up to the next action, which is next then.
    pub(super) fn until_action(&mut self) -> &'t str {
        let start = self.at;
        let length = find_pair(self.rest(), *b"{{");
        self.at = length.map_or(self.text.len(), |length| start + length);
        &self.text[start..self.at]
    }

    /// Takes a byte if it is next.
    pub(super) fn take(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    pub(super) fn take_all(&mut self, bytes: &[u8]) -> bool {
        let is_next = self.rest().starts_with(bytes);
        self.at += if is_next { bytes.len() } else { 0 };
        is_next
    }

    /// Takes spaces, and says whether there were any.
    pub(super) fn spaces(&mut self) -> bool {
        let count = count_while(self.rest(), is_space);
        self.at += count;
        count > 0
    }

    /// Takes a trim marker behind `{{`.
    pub(super) fn left_marker(&mut self) {
        if matches!(self.rest(), [b'-', space, ..] if is_space(*space)) {
            self.at += 2;
        }
    }

    /// Takes the rest of a comment, and the end of its action. `None` if it does not end as one should.
    pub(super) fn comment(&mut self) -> Option<()> {
        self.at += find_pair(self.rest(), *b"*/")? + 2;
        let trims = matches!(self.rest(), [space, b'-', ..] if is_space(*space));
        self.at += if trims { 2 } else { 0 };
        self.take_all(b"}}").then_some(())
    }

    /// Takes letters, digits and underscores.
    pub(super) fn word(&mut self) -> &'t str {
        let start = self.at;
        self.at += count_while(self.rest(), is_ascii_word);
        &self.text[start..self.at]
    }

    /// Takes a name, which may be empty but does not begin with a digit.
    pub(super) fn name(&mut self) -> Option<&'t str> {
        let word = self.word();
        let first = word.as_bytes().first();
        (!first.is_some_and(u8::is_ascii_digit)).then_some(word)
    }

    /// Takes a small whole number.
    pub(super) fn number(&mut self) -> Option<()> {
        let _ = self.take(b'-') || self.take(b'+');
        let word = self.word();
        let is_plain =
            matches!(word.len(), 1..=9) && word.bytes().all(|byte| byte.is_ascii_digit());
        (is_plain && (word.len() == 1 || !word.starts_with('0'))).then_some(())
    }

    /// Takes a string with plain escapes, and gives what is between its quotes.
    pub(super) fn string(&mut self) -> Option<&'t str> {
        let start = self.at + 1;
        if self.take(b'`') {
            self.at += memchr::memchr(b'`', self.rest())?;
        } else if self.take(b'"') {
            loop {
                self.at += memchr::memchr3(b'"', b'\\', b'\n', self.rest())?;
                match self.peek()? {
                    b'"' => break,
                    b'\\' if is_plain_escape(*self.rest().get(1)?) => self.at += 2,
                    _ => return None,
                }
            }
        } else {
            return None;
        }
        self.at += 1;
        Some(&self.text[start..self.at - 1])
    }
}

fn is_plain_escape(byte: u8) -> bool {
    matches!(byte, b'n' | b't' | b'r' | b'\\' | b'"')
}
