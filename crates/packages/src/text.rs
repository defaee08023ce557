//! Texts in the formats that lock files are written in, as nodes that know their lines.

mod headers;
mod toml;
mod xml;

use std::borrow::Cow;
use std::sync::Arc;

use document::{Document, EntryRef, Keys, Kind, Limits, NodeRef, Source, SyntaxError};

use crate::reader::{File, ReadError};

pub(crate) use headers::headers;
pub(crate) use xml::{Element, xml};

/// What one lock file may ask for.
const LIMITS: Limits = Limits {
    bytes: 128 << 20,
    depth: 128,
    nodes: 16 << 20,
    alias_factor: 10,
    alias_bytes: 1 << 20,
};

impl ReadError {
    /// An error at a node.
    pub(crate) fn at(node: NodeRef<'_>, message: impl Into<String>) -> Self {
        let place = node.document().place(node.origin());
        let at = place.source.line_column(place.span.start);
        Self {
            message: message.into(),
            at: Some((at.line, at.column)),
        }
    }

    /// An error in a line.
    pub(crate) fn in_line(line: u32, message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            at: Some((line, 1)),
        }
    }
}

/// The text of a file: UTF-8, or UTF-16 that says so at its beginning.
pub(crate) fn text(file: &File<'_>) -> Result<String, ReadError> {
    if is_wide(file.bytes) {
        return wide(file.bytes)
            .ok_or_else(|| ReadError::new("expected UTF-16, as its first bytes say"));
    }
    document::decode(file.bytes.to_vec()).map_err(|error| ReadError::new(error.to_string()))
}

/// The text of a file, with what is no text replaced: for formats where it only stands in free text.
pub(crate) fn lossy<'a>(file: &File<'a>) -> Cow<'a, str> {
    match wide(file.bytes) {
        Some(text) => Cow::Owned(text),
        _ => String::from_utf8_lossy(
            file.bytes
                .strip_prefix(b"\xEF\xBB\xBF")
                .unwrap_or(file.bytes),
        ),
    }
}

fn is_wide(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF")
}

/// The text of a file that begins with a mark of UTF-16.
fn wide(bytes: &[u8]) -> Option<String> {
    let (rest, unit): (_, fn([u8; 2]) -> u16) = match bytes {
        [0xFF, 0xFE, rest @ ..] => (rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => (rest, u16::from_be_bytes),
        _ => return None,
    };
    let units = rest.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let text: Result<String, _> = char::decode_utf16(units).collect();
    text.ok().filter(|text| !text.contains('\0'))
}

fn keys() -> Arc<Keys> {
    Arc::new(Keys::new([]))
}

fn located(source: &Source, error: &SyntaxError) -> ReadError {
    let at = source.line_column(error.span.start);
    ReadError {
        message: error.message.clone(),
        at: Some((at.line, at.column)),
    }
}

/// Reads JSON.
pub(crate) fn json(file: &File<'_>) -> Result<Document, ReadError> {
    json_text(text(file)?)
}

/// Reads JSON with comments and commas before closing brackets.
pub(crate) fn relaxed_json(file: &File<'_>) -> Result<Document, ReadError> {
    json_text(strict(text(file)?))
}

fn json_text(text: String) -> Result<Document, ReadError> {
    let source = Source::new("", text);
    let parsed = document::parse_json(Arc::clone(&source), &keys(), &LIMITS);
    match parsed.errors.first() {
        Some(error) => Err(located(&source, error)),
        None => Ok(parsed.document),
    }
}

/// Comments and commas that strict JSON has not, replaced by spaces: every other byte stays where it is.
fn strict(text: String) -> String {
    let mut bytes = text.into_bytes();
    let mut comma = None;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let next = bytes.get(at + 1).copied();
        match (byte, next) {
            (b'"', _) => {
                comma = None;
                at = string_end(&bytes, at);
            }
            (b'/', Some(b'/' | b'*')) => at = blank_comment(&mut bytes, at),
            (b',', _) => {
                comma = Some(at);
                at += 1;
            }
            (b']' | b'}', _) => {
                if let Some(comma) = comma.take() {
                    bytes[comma] = b' ';
                }
                at += 1;
            }
            (b' ' | b'\t' | b'\r' | b'\n', _) => at += 1,
            _ => {
                comma = None;
                at += 1;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_default()
}

/// The byte after a string that begins here.
fn string_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

fn blank_comment(bytes: &mut [u8], start: usize) -> usize {
    let is_line = bytes.get(start + 1) == Some(&b'/');
    let rest = &bytes[start + 2..];
    let length = if is_line {
        rest.iter().position(|&byte| byte == b'\n')
    } else {
        rest.windows(2)
            .position(|pair| pair == b"*/")
            .map(|at| at + 2)
    };
    let end = length.map_or(bytes.len(), |length| start + 2 + length);
    for byte in &mut bytes[start..end] {
        if *byte != b'\n' {
            *byte = b' ';
        }
    }
    end
}

/// Reads YAML.
pub(crate) fn yaml(file: &File<'_>) -> Result<Document, ReadError> {
    let source = Source::new("", text(file)?);
    let parsed = document::parse_yaml(Arc::clone(&source), &keys(), &LIMITS);
    match parsed.errors.first() {
        Some(error) => Err(located(&source, error)),
        None => Ok(parsed.document),
    }
}

/// Reads TOML.
pub(crate) fn toml(file: &File<'_>) -> Result<Document, ReadError> {
    let source = Source::new("", text(file)?);
    toml::read(&source, &keys(), &LIMITS)
}

/// The root of a text that holds a mapping.
pub(crate) fn mapping<'a>(document: &'a Document, what: &str) -> Result<NodeRef<'a>, ReadError> {
    match document.root(0) {
        Some(root) if root.kind() == Kind::Mapping => Ok(root),
        Some(root) => Err(ReadError::at(root, format!("expected {what}, a mapping"))),
        None => Err(ReadError::new(format!("expected {what}, found nothing"))),
    }
}

/// The line of a key: the mapping below begins later in YAML.
pub(crate) fn key_line(entry: EntryRef<'_>) -> u32 {
    let place = entry.value.document().place(entry.key_origin);
    place.source.line_column(place.span.start).line
}

/// What readers ask nodes.
pub(crate) trait Node<'a>: Copy {
    /// The first and last line, from 1.
    fn lines(self) -> (u32, u32);
    /// A scalar as it was written, strings without their quotes.
    fn word(self) -> Option<&'a str>;
    /// The scalar under a key.
    fn word_at(self, key: &str) -> Option<&'a str>;
    /// The entries under a key, none where it is missing.
    fn entries_at(self, key: &str) -> document::Entries<'a>;
    /// The items under a key, none where it is missing.
    fn items_at(self, key: &str) -> document::Items<'a>;
    /// Whether true stands under a key.
    fn is_set(self, key: &str) -> bool;
    /// Whether the node is a mapping.
    fn is_mapping(self) -> bool;
}

impl<'a> Node<'a> for NodeRef<'a> {
    fn lines(self) -> (u32, u32) {
        let place = self.document().place(self.origin());
        let first = place.source.line_column(place.span.start).line;
        // Block mappings of YAML end where the next line begins.
        let written = place.source.slice(&place.span).trim_end().len() as u32;
        let end = (place.span.start + written).saturating_sub(1);
        let last = place.source.line_column(end).line;
        (first, last.max(first))
    }

    fn word(self) -> Option<&'a str> {
        if let Some(text) = self.as_str() {
            return Some(text);
        }
        let is_scalar = matches!(
            self.kind(),
            Kind::Int | Kind::Uint | Kind::Float | Kind::Bool
        );
        let node = self.resolved();
        let place = node.document().place(node.origin());
        is_scalar.then(|| place.source.slice(&place.span).trim())
    }

    fn word_at(self, key: &str) -> Option<&'a str> {
        self.get_str(key)?.word()
    }

    fn entries_at(self, key: &str) -> document::Entries<'a> {
        self.get_str(key)
            .map_or_else(|| nothing(self).entries(), NodeRef::entries)
    }

    fn items_at(self, key: &str) -> document::Items<'a> {
        self.get_str(key)
            .map_or_else(|| nothing(self).items(), NodeRef::items)
    }

    fn is_set(self, key: &str) -> bool {
        self.get_str(key).and_then(NodeRef::as_bool) == Some(true)
    }

    fn is_mapping(self) -> bool {
        self.kind() == Kind::Mapping
    }
}

/// A node of the same document that holds nothing.
fn nothing(node: NodeRef<'_>) -> NodeRef<'_> {
    node.document().nth(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::strict;

    #[test]
    fn comments_and_last_commas_become_spaces() {
        let text = "{ // x\n \"a,}//\": [1, /* , */ 2, ],\n}".to_owned();
        let length = text.len();
        let strict = strict(text);
        assert_eq!(strict.len(), length);
        assert_eq!(strict, "{     \n \"a,}//\": [1,         2  ] \n}");
    }
}
