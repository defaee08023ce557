//! Assignments of Lua that hold only data: strings, numbers, tables. Nothing is evaluated.

use std::collections::HashSet;
use std::ops::Range;

use crate::reader::ReadError;

/// Tables inside each other.
const MAX_DEPTH: usize = 32;

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// A string, a number or a word.
    Word(String),
    /// Entries in their order; those without a key have an empty one.
    Table(Vec<Entry>),
}

/// An entry of a table.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) value: Value,
    pub(super) line: u32,
}

impl Value {
    /// The entries of a table; none of a word.
    pub(super) fn entries(&self) -> &[Entry] {
        match self {
            Value::Table(entries) => entries,
            Value::Word(_) => &[],
        }
    }

    /// The text of a word.
    pub(super) fn word(&self) -> Option<&str> {
        match self {
            Value::Word(word) => Some(word),
            Value::Table(_) => None,
        }
    }
}

/// The entry under a key.
pub(super) fn under<'v>(entries: &'v [Entry], key: &str) -> Option<&'v Entry> {
    entries.iter().find(|entry| entry.key == key)
}

/// Reads the assignments of a file; what is no assignment of data is passed over.
pub(super) fn read(text: &str) -> Result<Vec<Entry>, ReadError> {
    let mut reader = Reader {
        bytes: text.as_bytes(),
        at: 0,
        line: 1,
        open: HashSet::new(),
    };
    let mut entries = Vec::new();
    while let Some(token) = reader.token()? {
        let line = reader.line;
        let Token::Word(key) = token else { continue };
        let mark = (reader.at, reader.line);
        if reader.token()? == Some(Token::Sign(b'=')) {
            let value = reader.value(0)?;
            entries.push(Entry { key, value, line });
        } else {
            (reader.at, reader.line) = mark;
        }
    }
    Ok(entries)
}

#[derive(Debug, PartialEq)]
enum Token {
    Word(String),
    Sign(u8),
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u32,
    /// Levels of long brackets that nothing closes any more.
    open: HashSet<usize>,
}

impl Reader<'_> {
    fn error(&self, message: &str) -> ReadError {
        ReadError::in_line(self.line, message)
    }

    fn rest(&self) -> &[u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn skip(&mut self, count: usize) {
        let end = (self.at + count).min(self.bytes.len());
        let passed = &self.bytes[self.at..end];
        self.line += memchr::memchr_iter(b'\n', passed).count() as u32;
        self.at = end;
    }

    fn token(&mut self) -> Result<Option<Token>, ReadError> {
        loop {
            let rest = self.rest();
            if rest.starts_with(b"--") {
                let line = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
                let block = self.long(self.at + 2).map(|(_, whole)| whole + 2);
                let length = block.unwrap_or(line);
                self.skip(length);
            } else if rest.first().is_some_and(u8::is_ascii_whitespace) {
                self.skip(1);
            } else {
                break;
            }
        }
        let rest = self.rest();
        let Some(&first) = rest.first() else {
            return Ok(None);
        };
        if matches!(first, b'"' | b'\'') {
            return self.quoted(first).map(Some);
        }
        if first == b'['
            && let Some((content, whole)) = self.long(self.at)
        {
            let word = String::from_utf8_lossy(&self.bytes[content]).into_owned();
            self.skip(whole);
            return Ok(Some(Token::Word(word)));
        }
        let rest = self.rest();
        let is_part =
            |byte: &u8| byte.is_ascii_alphanumeric() || b"_.-".contains(byte) || *byte >= 0x80;
        let length = rest.iter().take_while(|byte| is_part(byte)).count();
        if length == 0 {
            self.skip(1);
            return Ok(Some(Token::Sign(first)));
        }
        let word = String::from_utf8_lossy(&rest[..length]).into_owned();
        self.skip(length);
        Ok(Some(Token::Word(word)))
    }

    /// Where the content of `[[…]]` or `[=[…]=]` lies that begins here, and the length of all of it.
    fn long(&mut self, at: usize) -> Option<(Range<usize>, usize)> {
        let rest = self.bytes.get(at..)?.strip_prefix(b"[")?;
        let level = rest.iter().take_while(|&&byte| byte == b'=').count();
        let content = rest[level..].strip_prefix(b"[")?;
        if self.open.contains(&level) {
            return None;
        }
        let mut end = vec![b']'];
        end.resize(level + 1, b'=');
        end.push(b']');
        let Some(length) = memchr::memmem::find(content, &end) else {
            self.open.insert(level);
            return None;
        };
        let start = at + level + 2;
        Some((start..start + length, level + 2 + length + level + 2))
    }

    fn quoted(&mut self, quote: u8) -> Result<Token, ReadError> {
        let mut word = Vec::new();
        let rest = self.rest();
        let mut at = 1;
        while let Some(&byte) = rest.get(at) {
            match byte {
                b'\\' => {
                    word.extend(rest.get(at + 1));
                    at += 2;
                }
                b'\n' => break,
                _ if byte == quote => {
                    self.skip(at + 1);
                    return Ok(Token::Word(String::from_utf8_lossy(&word).into_owned()));
                }
                _ => {
                    word.push(byte);
                    at += 1;
                }
            }
        }
        Err(self.error("expected the end of a string in its line"))
    }

    fn value(&mut self, depth: usize) -> Result<Value, ReadError> {
        match self.token()? {
            Some(Token::Word(word)) => Ok(Value::Word(word)),
            Some(Token::Sign(b'{')) if depth < MAX_DEPTH => self.table(depth + 1),
            Some(Token::Sign(b'{')) => Err(self.error("too many tables inside each other")),
            _ => Err(self.error("expected a string, a number or a table")),
        }
    }

    fn table(&mut self, depth: usize) -> Result<Value, ReadError> {
        let mut entries = Vec::new();
        loop {
            let mark = (self.at, self.line);
            let key = match self.token()? {
                None => return Err(self.error("expected '}', found the end of the file")),
                Some(Token::Sign(b'}')) => return Ok(Value::Table(entries)),
                Some(Token::Sign(b',' | b';')) => continue,
                // `["key"] = value`
                Some(Token::Sign(b'[')) => {
                    let key = self.token()?;
                    self.expect(b']')?;
                    self.expect(b'=')?;
                    match key {
                        Some(Token::Word(key)) => key,
                        _ => return Err(self.error("expected a key")),
                    }
                }
                Some(Token::Word(key)) if self.is_next(b'=')? => key,
                Some(_) => {
                    (self.at, self.line) = mark;
                    String::new()
                }
            };
            let line = self.line;
            let value = self.value(depth)?;
            entries.push(Entry { key, value, line });
        }
    }

    fn expect(&mut self, sign: u8) -> Result<(), ReadError> {
        if self.token()? == Some(Token::Sign(sign)) {
            return Ok(());
        }
        Err(self.error(&format!("expected '{}'", char::from(sign))))
    }

    /// Whether a sign comes next, which is taken then.
    fn is_next(&mut self, sign: u8) -> Result<bool, ReadError> {
        let mark = (self.at, self.line);
        let is_it = self.token()? == Some(Token::Sign(sign));
        if !is_it {
            (self.at, self.line) = mark;
        }
        Ok(is_it)
    }
}

#[cfg(test)]
mod tests {
    use super::{Value, read, under};

    #[test]
    fn data_is_read_and_code_is_passed_over() {
        let text = "-- a\nlocal x = 1\nname = 'n'\nlist = {\n  \"a\", b = [[\n c]], [\"d-1\"] = { 2; },\n}\nif x then end\n";
        let entries = read(text).unwrap();
        assert_eq!(under(&entries, "name").unwrap().line, 3);
        let list = under(&entries, "list").unwrap().value.entries();
        assert_eq!(list[0].value, Value::Word("a".to_owned()));
        assert_eq!(list[1].value, Value::Word("\n c".to_owned()));
        assert_eq!((list[2].key.as_str(), list[2].line), ("d-1", 6));
        assert_eq!(list[2].value.entries().len(), 1);
    }

    #[test]
    fn depth_is_limited() {
        let error = read(&format!("x = {}", "{".repeat(1000))).unwrap_err();
        assert_eq!(error.message, "too many tables inside each other");
    }
}
