//! The fast path: plain block YAML, as manifests are written, straight from its bytes into the builder.
//!
//! It reads one YAML document at a time and hands over to the full parser at the first thing that it does not
//! know; it never reports an error itself. What it does read must come out exactly as from the full parser.

mod block;
mod flow;
mod folded;
mod quoted;

use crate::builder::{Builder, SourceId};
use crate::document::node::{NodeId, OriginId};
use crate::limits::LimitExceeded;
use crate::source::Span;
use crate::yaml::scalar::{self, Scalar};

/// The document is for the full parser.
#[derive(Debug)]
pub(crate) struct HandOver;

impl From<LimitExceeded> for HandOver {
    // The full parser meets the same limit and says where.
    fn from(_: LimitExceeded) -> Self {
        HandOver
    }
}

type Result<T> = std::result::Result<T, HandOver>;

/// Reads the YAML documents of one text.
pub(crate) struct Fast<'t, 'b> {
    text: &'t str,
    bytes: &'t [u8],
    source: SourceId,
    pub(crate) builder: &'b mut Builder,
    /// Where the next byte is that only the full parser judges.
    next_odd: usize,
    /// The containers around, innermost last.
    levels: Vec<Level>,
    pending: Pending,
    /// Where the last key, value or dash ended.
    last_end: usize,
    scratch: String,
}

#[derive(Clone, Copy)]
struct Level {
    indent: usize,
    is_sequence: bool,
}

/// What waits for a value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pending {
    Nothing,
    /// The document itself.
    Root,
    /// A key; its colon ends here.
    Key(usize),
    /// A dash; it ends here.
    Dash(usize),
}

impl<'t, 'b> Fast<'t, 'b> {
    pub(crate) fn new(text: &'t str, source: SourceId, builder: &'b mut Builder) -> Self {
        let bytes = text.as_bytes();
        Fast {
            text,
            bytes,
            source,
            builder,
            next_odd: find_odd(bytes, 0),
            levels: Vec::new(),
            pending: Pending::Root,
            last_end: 0,
            scratch: String::new(),
        }
    }

    /// Reads the YAML document that begins at an offset; gives where the next one begins.
    pub(crate) fn document(&mut self, start: usize) -> Result<usize> {
        self.levels.clear();
        self.pending = Pending::Root;
        if self.next_odd < start {
            self.next_odd = find_odd(self.bytes, start);
        }
        let end = self.lines(start)?;
        if end > self.next_odd {
            return Err(HandOver);
        }
        self.settle_pending()?;
        while self.levels.pop().is_some() {
            self.end_container();
        }
        Ok(end)
    }

    fn lines(&mut self, start: usize) -> Result<usize> {
        let mut at = start;
        let mut is_open = false;
        while at < self.bytes.len() {
            let content = self.skip_spaces(at);
            match self.peek(content) {
                None | Some(b'\n') => {
                    at = content + 1;
                    continue;
                }
                Some(b'#') => {
                    at = self.comment(content);
                    continue;
                }
                Some(b'-' | b'.') if content == at => match self.marker(at)? {
                    Marker::None => {}
                    Marker::Start if is_open => return Ok(at),
                    Marker::Start => {
                        is_open = true;
                        at = self.rest_of_line(at + 3)?;
                        continue;
                    }
                },
                Some(_) => {}
            }
            if at > self.next_odd {
                return Err(HandOver);
            }
            is_open = true;
            at = self.line(content, content - at)?;
        }
        Ok(self.bytes.len())
    }

    #[inline]
    fn peek(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    /// Whether a byte that needs space behind it has it.
    #[inline]
    fn is_space_or_end(&self, at: usize) -> bool {
        matches!(self.peek(at), None | Some(b' ' | b'\n'))
    }

    #[inline]
    fn skip_spaces(&self, mut at: usize) -> usize {
        while self.peek(at) == Some(b' ') {
            at += 1;
        }
        at
    }

    fn line_end(&self, at: usize) -> usize {
        memchr::memchr(b'\n', &self.bytes[at..]).map_or(self.bytes.len(), |length| at + length)
    }

    /// Notes the comment that begins here; gives the next line.
    fn comment(&mut self, at: usize) -> usize {
        let end = self.line_end(at);
        self.builder.comment(self.source, at as u32..end as u32);
        end + 1
    }

    /// Behind a value only a comment may follow; gives the next line.
    fn rest_of_line(&mut self, at: usize) -> Result<usize> {
        let next = self.skip_spaces(at);
        match self.peek(next) {
            None | Some(b'\n') => Ok(next + 1),
            Some(b'#') if next > at => Ok(self.comment(next)),
            Some(_) => Err(HandOver),
        }
    }

    fn marker(&self, at: usize) -> Result<Marker> {
        let is_marker = self.bytes[at..]
            .get(..3)
            .is_some_and(|word| word == b"---" || word == b"...")
            && self.is_space_or_end(at + 3);
        match self.peek(at) {
            _ if !is_marker => Ok(Marker::None),
            Some(b'-') => Ok(Marker::Start),
            _ => Err(HandOver),
        }
    }

    fn origin(&mut self, span: Span) -> OriginId {
        self.builder.origin(self.source, span)
    }

    fn origin_of(&mut self, start: usize, end: usize) -> OriginId {
        self.origin(start as u32..end as u32)
    }

    fn end_container(&mut self) {
        self.builder.end(Some(self.last_end as u32));
    }

    /// What still waits for a value gets a null.
    fn settle_pending(&mut self) -> Result<()> {
        if let Pending::Key(at) | Pending::Dash(at) = self.pending {
            let origin = self.origin_of(at, at);
            self.builder.null(origin)?;
            self.pending = Pending::Nothing;
        }
        Ok(())
    }

    /// Reads a line whose content begins at an offset and column; gives the next line that it did not read.
    fn line(&mut self, at: usize, column: usize) -> Result<usize> {
        let is_dash = self.is_dash(at);
        self.settle(column, is_dash)?;
        self.content(at, column)
    }

    #[inline]
    fn is_dash(&self, at: usize) -> bool {
        self.bytes[at] == b'-' && self.is_space_or_end(at + 1)
    }

    /// Ends the containers that a line at this column does not belong to.
    fn settle(&mut self, column: usize, is_dash: bool) -> Result<()> {
        let indent = self.levels.last().map_or(0, |level| level.indent);
        match self.pending {
            Pending::Root => return Ok(()),
            Pending::Key(_) | Pending::Dash(_) if column > indent => return Ok(()),
            // A sequence may stand right below its key.
            Pending::Key(_) if is_dash && column == indent => return Ok(()),
            _ => self.settle_pending()?,
        }
        while let Some(&level) = self.levels.last() {
            let is_around = level.indent == column && (is_dash || !level.is_sequence);
            if level.indent < column || is_around {
                break;
            }
            self.levels.pop();
            self.end_container();
        }
        match self.levels.last() {
            Some(level) if level.indent == column && level.is_sequence == is_dash => Ok(()),
            _ => Err(HandOver),
        }
    }

    /// Reads dashes, then a key with its value or a value alone.
    fn content(&mut self, mut at: usize, mut column: usize) -> Result<usize> {
        while self.is_dash(at) {
            if self.pending != Pending::Nothing {
                let origin = self.origin_of(at, at);
                self.builder.begin_sequence(origin)?;
                self.open(column, true);
            }
            self.last_end = at + 1;
            self.pending = Pending::Dash(at + 1);
            let next = self.skip_spaces(at + 1);
            if let None | Some(b'\n' | b'#') = self.peek(next) {
                return self.rest_of_line(at + 1);
            }
            column += next - at;
            at = next;
        }
        match self.key(at)? {
            Some(key) => self.entry(at, column, &key),
            None if matches!(self.pending, Pending::Key(_) | Pending::Dash(_)) => self.value(at),
            None => Err(HandOver),
        }
    }

    fn open(&mut self, indent: usize, is_sequence: bool) {
        self.levels.push(Level {
            indent,
            is_sequence,
        });
        self.pending = Pending::Nothing;
    }

    fn entry(&mut self, start: usize, column: usize, key: &Key) -> Result<usize> {
        if self.pending != Pending::Nothing {
            let origin = self.origin_of(start, start);
            self.builder.begin_mapping(origin)?;
            self.open(column, false);
        }
        let origin = self.origin_of(start, key.end);
        self.name(key, origin)?;
        let after = key.colon + 1;
        self.last_end = after;
        self.pending = Pending::Key(after);
        let next = self.skip_spaces(after);
        match self.peek(next) {
            None | Some(b'\n' | b'#') => self.rest_of_line(after),
            Some(_) => self.value(next),
        }
    }

    fn name(&mut self, key: &Key, origin: OriginId) -> Result<()> {
        let text = &self.text[key.start..key.inner_end];
        let value = if key.is_plain {
            scalar::resolve(text)
        } else {
            Scalar::String
        };
        match value {
            Scalar::String if key.is_plain && text == "<<" => return Err(HandOver),
            Scalar::String => self.builder.key(text, origin),
            _ => self
                .builder
                .key(&scalar::key_text(value).ok_or(HandOver)?, origin),
        }
        Ok(())
    }

    /// The key that begins here, if the line goes on like one.
    fn key(&self, at: usize) -> Result<Option<Key>> {
        let found = match self.bytes[at] {
            quote @ (b'"' | b'\'') => self.quoted_key(at, quote),
            _ => self.plain_key(at)?,
        };
        // Longer keys are not simple keys any more.
        let is_simple = |key: &Key| key.colon - at < 1000 && self.is_space_or_end(key.colon + 1);
        match found {
            Some(key) if !is_simple(&key) => Err(HandOver),
            found => Ok(found),
        }
    }

    fn plain_key(&self, at: usize) -> Result<Option<Key>> {
        let plain = self.plain(at);
        let Some(colon) = plain.colon else {
            return Ok(None);
        };
        self.check_first(at)?;
        Ok(Some(Key {
            start: at,
            inner_end: plain.end,
            end: plain.end,
            colon,
            is_plain: true,
        }))
    }

    fn quoted_key(&self, at: usize, quote: u8) -> Option<Key> {
        let close = self.plain_quoted(at, quote)?;
        let colon = self.skip_spaces(close + 1);
        (self.peek(colon) == Some(b':')).then_some(Key {
            start: at + 1,
            inner_end: close,
            end: close + 1,
            colon,
            is_plain: false,
        })
    }

    /// Goes on to the colon, the comment or the line end that ends a plain scalar.
    #[inline]
    fn plain(&self, start: usize) -> Plain {
        let mut at = start;
        let colon = loop {
            match self.peek(at) {
                None | Some(b'\n') => break None,
                Some(b':') if self.is_space_or_end(at + 1) => break Some(at),
                Some(b'#') if at > start && self.bytes[at - 1] == b' ' => break None,
                Some(_) => at += 1,
            }
        };
        let mut end = at;
        while end > start && self.bytes[end - 1] == b' ' {
            end -= 1;
        }
        Plain { end, colon }
    }

    /// Hands over where a plain scalar cannot begin, or may not.
    #[inline]
    fn check_first(&self, at: usize) -> Result<()> {
        match self.bytes[at] {
            b'?' | b':' | b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|'
            | b'>' | b'\'' | b'"' | b'%' | b'@' | b'`' => Err(HandOver),
            b'-' if self.is_space_or_end(at + 1) || b",[]{}".contains(&self.bytes[at + 1]) => {
                Err(HandOver)
            }
            _ => Ok(()),
        }
    }

    /// Reads the value that begins here; gives the next line.
    fn value(&mut self, at: usize) -> Result<usize> {
        match self.bytes[at] {
            b'"' | b'\'' => {
                let end = self.quoted(at, true)?;
                self.rest_after(end)
            }
            b'[' | b'{' => {
                let end = self.flow(at)?;
                self.rest_after(end)
            }
            b'|' | b'>' => self.block_scalar(at),
            _ => {
                self.check_first(at)?;
                let plain = self.plain(at);
                if plain.colon.is_some() {
                    return Err(HandOver);
                }
                if let Some(end) = self.folded_plain(at, plain.end)? {
                    return self.rest_after(end);
                }
                self.scalar(at, plain.end)?;
                self.rest_after(plain.end)
            }
        }
    }

    fn rest_after(&mut self, end: usize) -> Result<usize> {
        self.last_end = end;
        self.pending = Pending::Nothing;
        self.rest_of_line(end)
    }

    /// Adds a plain scalar.
    fn scalar(&mut self, start: usize, end: usize) -> Result<NodeId> {
        let text = &self.text[start..end];
        let value = scalar::through_json(scalar::resolve(text)).ok_or(HandOver)?;
        let span = start as u32..end as u32;
        let origin = self.origin(span.clone());
        Ok(match value {
            Scalar::Null => self.builder.null(origin),
            Scalar::Bool(value) => self.builder.bool(value, origin),
            Scalar::Int(value) => self.builder.int(value, origin),
            Scalar::Uint(value) => self.builder.uint(value, origin),
            Scalar::Float(value) => self.builder.float(value, origin),
            Scalar::String => self.builder.source_string(span, origin),
        }?)
    }
}

enum Marker {
    None,
    Start,
}

struct Plain {
    /// Behind the last byte that is not a space.
    end: usize,
    /// The colon that makes it a key.
    colon: Option<usize>,
}

struct Key {
    start: usize,
    inner_end: usize,
    /// Behind the closing quote.
    end: usize,
    colon: usize,
    is_plain: bool,
}

/// The next character that YAML treats apart: controls, line separators, the byte-order mark.
fn find_odd(bytes: &[u8], from: usize) -> usize {
    let may_be_odd = |byte: u8| matches!(byte, 0..=9 | 11..=0x1F | 0x7F | 0xC2 | 0xE2 | 0xEF);
    let mut at = from;
    for chunk in bytes[from..].chunks(64) {
        // Without an early exit the compiler takes many bytes at once.
        if chunk
            .iter()
            .fold(false, |odd, &byte| odd | may_be_odd(byte))
        {
            let found = (at..at + chunk.len())
                .find(|&index| may_be_odd(bytes[index]) && is_odd(&bytes[index..]));
            if let Some(found) = found {
                return found;
            }
        }
        at += chunk.len();
    }
    usize::MAX
}

/// Whether a text that begins with a control character or one of three lead bytes begins oddly.
fn is_odd(rest: &[u8]) -> bool {
    match rest {
        // C1 controls with NEL; other Latin-1.
        [0xC2, second, ..] => *second < 0xA0,
        // Line and paragraph separator; other punctuation and symbols.
        [0xE2, second, third, ..] => *second == 0x80 && matches!(third, 0xA8 | 0xA9),
        // Byte-order mark and non-characters; other forms.
        [0xEF, second, third, ..] => matches!((second, third), (0xBB, 0xBF) | (0xBF, 0xBE | 0xBF)),
        _ => true,
    }
}
