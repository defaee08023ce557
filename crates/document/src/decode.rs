//! Bytes to text: only UTF-8 is read, and what else was met is named.

use crate::source::Span;

/// Why bytes are not a text.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum DecodeError {
    /// The file begins like UTF-16 or UTF-32.
    #[error("the file is {encoding}, only UTF-8 is read")]
    WideEncoding {
        /// The encoding's name.
        encoding: &'static str,
    },
    /// A byte that no text contains.
    #[error("the file is binary: NUL byte at offset {offset}")]
    Binary {
        /// Where the first one is.
        offset: usize,
    },
    /// Bytes that are not UTF-8.
    #[error("invalid UTF-8 at offset {offset}")]
    Utf8 {
        /// Where they begin.
        offset: usize,
    },
}

impl DecodeError {
    /// Where the reason lies, in bytes of the input.
    pub fn span(&self) -> Span {
        let offset = match *self {
            DecodeError::WideEncoding { .. } => 0,
            DecodeError::Binary { offset } | DecodeError::Utf8 { offset } => offset,
        };
        offset as u32..offset as u32
    }
}

/// Takes bytes as text. A byte-order mark of UTF-8 is kept: the parsers skip it, edits leave it.
pub fn decode(bytes: Vec<u8>) -> Result<String, DecodeError> {
    if let Some(encoding) = wide_encoding(&bytes) {
        return Err(DecodeError::WideEncoding { encoding });
    }
    if let Some(offset) = memchr::memchr(0, &bytes) {
        return Err(DecodeError::Binary { offset });
    }
    String::from_utf8(bytes).map_err(|error| DecodeError::Utf8 {
        offset: error.utf8_error().valid_up_to(),
    })
}

fn wide_encoding(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xFF, 0xFE, 0, 0, ..]
        | [0, 0, 0xFE, 0xFF, ..]
        | [0, 0, 0, 1..=0x7F, ..]
        | [1..=0x7F, 0, 0, 0, ..] => Some("UTF-32"),
        [0xFF, 0xFE, ..]
        | [0xFE, 0xFF, ..]
        | [0, 1..=0x7F, 0, 1..=0x7F, ..]
        | [1..=0x7F, 0, 1..=0x7F, 0, ..] => Some("UTF-16"),
        _ => None,
    }
}
