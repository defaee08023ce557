//! JSON in: a strict parser (RFC 8259) straight into the builder. Like `kubectl`, it takes several
//! objects or lists one after the other.

use std::sync::Arc;

use crate::builder::{Builder, SourceId};
use crate::document::node::OriginId;
use crate::error::{Parsed, SyntaxError, SyntaxErrorKind};
use crate::keys::Keys;
use crate::limits::{LimitExceeded, Limits};
use crate::source::{Source, Span};

/// Reads a JSON text: a value, or several objects and arrays one after the other, each a root.
/// What comes before a mistake is kept.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the document keeps the source"
)]
pub fn parse_json(source: Arc<Source>, keys: &Arc<Keys>, limits: &Limits) -> Parsed {
    let mut builder = Builder::new(keys, limits);
    let id = builder.source(&source);
    let mut errors = Vec::new();
    if let Some(error) = crate::yaml::too_long(&source, limits) {
        errors.push(error);
    } else {
        builder.reserve(source.text().len());
        let read = Reader::new(source.text(), id, &mut builder).stream();
        errors.extend(read.err());
    }
    let mut document = builder.finish();
    document.is_json = true;
    Parsed { document, errors }
}

struct Reader<'t, 'b> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    source: SourceId,
    builder: &'b mut Builder,
    /// The bracket of each container around, innermost last.
    open: Vec<u8>,
    unescaped: String,
}

type Result<T> = std::result::Result<T, SyntaxError>;

impl<'t, 'b> Reader<'t, 'b> {
    fn new(text: &'t str, source: SourceId, builder: &'b mut Builder) -> Self {
        Reader {
            text,
            bytes: text.as_bytes(),
            at: if text.starts_with('\u{FEFF}') { 3 } else { 0 },
            source,
            builder,
            open: Vec::new(),
            unescaped: String::new(),
        }
    }

    fn stream(mut self) -> Result<()> {
        self.skip_space();
        loop {
            let mark = self.builder.mark();
            if let Err(error) = self.document() {
                self.builder.rollback(mark);
                return Err(error);
            }
            self.skip_space();
            match self.peek() {
                None => return Ok(()),
                Some(b'{' | b'[') => {}
                Some(_) => return Err(self.error("expected nothing more after the value")),
            }
        }
    }

    /// Nesting is kept in a list, so no text can exhaust the stack.
    fn document(&mut self) -> Result<()> {
        let mut opened = self.value()?;
        while let Some(&bracket) = self.open.last() {
            self.skip_space();
            if self.peek() == Some(bracket + 2) {
                self.at += 1;
                self.open.pop();
                self.builder.end(Some(self.at as u32));
                opened = false;
                continue;
            }
            if !opened {
                self.expect(b',', "expected `,` or the end of the container")?;
                self.skip_space();
            }
            if bracket == b'{' {
                self.key()?;
            }
            opened = self.value()?;
        }
        Ok(())
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn expect(&mut self, byte: u8, message: &str) -> Result<()> {
        if self.peek() == Some(byte) {
            self.at += 1;
            Ok(())
        } else {
            Err(self.error(message))
        }
    }

    fn error(&self, message: &str) -> SyntaxError {
        let at = self.at.min(self.bytes.len());
        if at == self.bytes.len() {
            return self.error_at(at, "the text ends too early");
        }
        self.error_at(at, message)
    }

    fn error_at(&self, at: usize, message: &str) -> SyntaxError {
        let length = self.text.get(at..).and_then(|rest| rest.chars().next());
        let end = at + length.map_or(0, char::len_utf8);
        SyntaxError::new(SyntaxErrorKind::JsonSyntax, at as u32..end as u32, message)
    }

    fn limit(&self, limit: LimitExceeded) -> SyntaxError {
        SyntaxError::limit(limit, self.at as u32..self.at as u32)
    }

    fn origin(&mut self, span: Span) -> OriginId {
        self.builder.origin(self.source, span)
    }

    fn key(&mut self) -> Result<()> {
        if self.peek() != Some(b'"') {
            return Err(self.error("expected a key in double quotes"));
        }
        let start = self.at;
        let inner = self.string()?;
        let origin = self.origin(start as u32..self.at as u32);
        match inner {
            Some(inner) => self.builder.key(&self.text[inner], origin),
            None => self.builder.key(&self.unescaped, origin),
        }
        self.skip_space();
        self.expect(b':', "expected `:`")?;
        self.skip_space();
        Ok(())
    }

    /// Reads a value; of a container only its bracket. Gives whether it was one.
    fn value(&mut self) -> Result<bool> {
        match self.peek() {
            Some(bracket @ (b'{' | b'[')) => return self.begin(bracket).map(|()| true),
            Some(b'"') => self.string_value()?,
            Some(b'-' | b'0'..=b'9') => self.number()?,
            _ => self.word()?,
        }
        Ok(false)
    }

    fn begin(&mut self, bracket: u8) -> Result<()> {
        let origin = self.origin(self.at as u32..self.at as u32 + 1);
        match bracket {
            b'{' => self.builder.begin_mapping(origin),
            _ => self.builder.begin_sequence(origin),
        }
        .map_err(|limit| self.limit(limit))?;
        self.at += 1;
        self.open.push(bracket);
        Ok(())
    }

    fn word(&mut self) -> Result<()> {
        let rest = &self.bytes[self.at..];
        let length = rest
            .iter()
            .take_while(|byte| byte.is_ascii_alphanumeric())
            .count();
        let value = match &rest[..length] {
            b"null" => None,
            b"true" => Some(true),
            b"false" => Some(false),
            _ => return Err(self.error("expected a value")),
        };
        let origin = self.origin(self.at as u32..(self.at + length) as u32);
        match value {
            None => self.builder.null(origin),
            Some(value) => self.builder.bool(value, origin),
        }
        .map_err(|limit| self.limit(limit))?;
        self.at += length;
        Ok(())
    }

    fn string_value(&mut self) -> Result<()> {
        let start = self.at;
        let inner = self.string()?;
        let origin = self.origin(start as u32..self.at as u32);
        match inner {
            Some(inner) => {
                let span = inner.start as u32..inner.end as u32;
                self.builder.source_string(span, origin)
            }
            None => self.builder.string(&self.unescaped, origin),
        }
        .map_err(|limit| self.limit(limit))?;
        Ok(())
    }

    /// Reads a string; gives what is between its quotes, or `None` when that lies unescaped in `unescaped`.
    fn string(&mut self) -> Result<Option<std::ops::Range<usize>>> {
        self.at += 1;
        let start = self.at;
        self.plain_characters();
        if self.peek() == Some(b'"') {
            self.at += 1;
            return Ok(Some(start..self.at - 1));
        }
        self.unescaped.clear();
        self.unescaped.push_str(&self.text[start..self.at]);
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(None);
                }
                Some(b'\\') => self.escape()?,
                Some(_) => {
                    return Err(self.error("a control character in a string must be escaped"));
                }
                None => return Err(self.error_at(start - 1, "the string is not closed")),
            }
            let from = self.at;
            self.plain_characters();
            self.unescaped.push_str(&self.text[from..self.at]);
        }
    }

    /// Goes on to the next quote, backslash or control character.
    fn plain_characters(&mut self) {
        let rest = &self.bytes[self.at..];
        let is_special = |&byte: &u8| byte == b'"' || byte == b'\\' || byte < 0x20;
        self.at += rest.iter().position(is_special).unwrap_or(rest.len());
    }

    fn escape(&mut self) -> Result<()> {
        let start = self.at;
        self.at += 1;
        let character = match self.peek() {
            Some(letter @ (b'"' | b'\\' | b'/')) => char::from(letter),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{C}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.at += 1;
                let character = self.code_point(start)?;
                self.unescaped.push(character);
                return Ok(());
            }
            _ => return Err(self.error("unknown escape")),
        };
        self.at += 1;
        self.unescaped.push(character);
        Ok(())
    }

    fn code_point(&mut self, start: usize) -> Result<char> {
        let first = self.hex4()?;
        let is_high = (0xD800..0xDC00).contains(&first);
        let code = if is_high && self.bytes[self.at..].starts_with(b"\\u") {
            self.at += 2;
            match self.hex4()? {
                low @ 0xDC00..0xE000 => 0x10000 + ((first - 0xD800) << 10) + (low - 0xDC00),
                _ => first,
            }
        } else {
            first
        };
        char::from_u32(code).ok_or_else(|| self.error_at(start, "half of a surrogate pair"))
    }

    fn hex4(&mut self) -> Result<u32> {
        let digits = self.text.get(self.at..self.at + 4);
        let is_hex = |digits: &&str| digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        match digits
            .filter(is_hex)
            .map(|digits| u32::from_str_radix(digits, 16))
        {
            Some(Ok(code)) => {
                self.at += 4;
                Ok(code)
            }
            _ => Err(self.error("expected four hexadecimal digits")),
        }
    }

    fn number(&mut self) -> Result<()> {
        let start = self.at;
        self.at += usize::from(self.bytes[start] == b'-');
        let whole = self.at;
        self.digits()?;
        if self.bytes[whole] == b'0' && self.at > whole + 1 {
            return Err(self.error_at(whole, "a number must not begin with 0"));
        }
        let mut is_whole = true;
        if self.peek() == Some(b'.') {
            is_whole = false;
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            is_whole = false;
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        self.number_value(start, is_whole)
    }

    fn digits(&mut self) -> Result<()> {
        let rest = &self.bytes[self.at..];
        let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if count == 0 {
            return Err(self.error("expected a digit"));
        }
        self.at += count;
        Ok(())
    }

    fn number_value(&mut self, start: usize, is_whole: bool) -> Result<()> {
        let text = &self.text[start..self.at];
        let origin = self.origin(start as u32..self.at as u32);
        let int = if is_whole { text.parse().ok() } else { None };
        let uint = if is_whole { text.parse().ok() } else { None };
        let float = || text.parse().ok().filter(|value: &f64| value.is_finite());
        let added = match (int, uint) {
            (Some(int), _) => self.builder.int(int, origin),
            (None, Some(uint)) => self.builder.uint(uint, origin),
            (None, None) => match float() {
                Some(float) => self.builder.float(float, origin),
                None => return Err(self.error_at(start, "the number is out of range")),
            },
        };
        added.map(|_| ()).map_err(|limit| self.limit(limit))
    }
}
