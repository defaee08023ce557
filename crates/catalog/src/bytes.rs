//! The byte form: variable-length integers, lengths before texts, sections that can be skipped.

use std::collections::BTreeMap;

use expr::Checked;

/// Bytes that are no catalogue (another version of the program wrote them, or they are damaged).
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("damaged catalogue bytes")]
pub struct DecodeError;

pub(crate) trait Write {
    fn number(&mut self, value: u64);
    fn text(&mut self, value: &str);

    fn flag(&mut self, value: bool) {
        self.number(u64::from(value));
    }

    fn section(&mut self, write: impl FnOnce(&mut Vec<u8>));

    fn list<T>(&mut self, items: &[T], mut write: impl FnMut(&mut Self, &T)) {
        self.number(items.len() as u64);
        for item in items {
            write(self, item);
        }
    }

    fn texts(&mut self, items: &[String]) {
        self.list(items, |out, item| out.text(item));
    }

    fn option<T>(&mut self, item: Option<&T>, mut write: impl FnMut(&mut Self, &T)) {
        self.list(item.map_or(&[], std::slice::from_ref), |out, item| {
            write(out, item);
        });
    }

    fn text_lists(&mut self, map: &BTreeMap<String, Vec<String>>) {
        self.number(map.len() as u64);
        for (key, values) in map {
            self.text(key);
            self.texts(values);
        }
    }
}

impl Write for Vec<u8> {
    fn number(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.push(value as u8);
    }

    fn text(&mut self, value: &str) {
        self.number(value.len() as u64);
        self.extend_from_slice(value.as_bytes());
    }

    fn section(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        let mut inner = Vec::new();
        write(&mut inner);
        self.number(inner.len() as u64);
        self.append(&mut inner);
    }
}

/// Reads what [`Write`] wrote, from the front.
pub(crate) struct Reader<'b> {
    pub(crate) rest: &'b [u8],
}

type Read<T> = Result<T, DecodeError>;

impl<'b> Reader<'b> {
    pub(crate) fn new(bytes: &'b [u8]) -> Self {
        Reader { rest: bytes }
    }

    pub(crate) fn number(&mut self) -> Read<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let (&byte, rest) = self.rest.split_first().ok_or(DecodeError)?;
            self.rest = rest;
            value |= u64::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(DecodeError)
    }

    pub(crate) fn length(&mut self) -> Read<usize> {
        let length = self.number()? as usize;
        // Every item takes at least one byte, so a larger count is damage (and would exhaust memory).
        (length <= self.rest.len())
            .then_some(length)
            .ok_or(DecodeError)
    }

    pub(crate) fn section(&mut self) -> Read<&'b [u8]> {
        let length = self.length()?;
        let (section, rest) = self.rest.split_at_checked(length).ok_or(DecodeError)?;
        self.rest = rest;
        Ok(section)
    }

    pub(crate) fn str(&mut self) -> Read<&'b str> {
        std::str::from_utf8(self.section()?).map_err(|_| DecodeError)
    }

    pub(crate) fn text(&mut self) -> Read<String> {
        self.str().map(str::to_owned)
    }

    pub(crate) fn flag(&mut self) -> Read<bool> {
        Ok(self.number()? != 0)
    }

    pub(crate) fn list<T>(&mut self, mut read: impl FnMut(&mut Self) -> Read<T>) -> Read<Vec<T>> {
        (0..self.length()?).map(|_| read(self)).collect()
    }

    pub(crate) fn option<T>(&mut self, read: impl FnMut(&mut Self) -> Read<T>) -> Read<Option<T>> {
        Ok(self.list(read)?.pop())
    }

    pub(crate) fn texts(&mut self) -> Read<Vec<String>> {
        self.list(Reader::text)
    }

    pub(crate) fn text_lists(&mut self) -> Read<BTreeMap<String, Vec<String>>> {
        (0..self.length()?)
            .map(|_| Ok((self.text()?, self.texts()?)))
            .collect()
    }

    pub(crate) fn checked(&mut self) -> Read<Checked> {
        Checked::read(&mut self.rest).map_err(|_| DecodeError)
    }
}
