//! YAML in: chooses the parser for each YAML document of a text.

mod fast;
mod full;
mod scalar;

pub(crate) use scalar::{Scalar, resolve};

use std::sync::Arc;

use crate::builder::{Builder, SourceId};
use crate::error::{Parsed, SyntaxError, SyntaxErrorKind};
use crate::keys::Keys;
use crate::limits::Limits;
use crate::source::Source;
use fast::Fast;

/// Whether a plain scalar of this text is a string to Kubernetes, and not a number, a boolean or null.
pub fn is_plain_string(text: &str) -> bool {
    matches!(resolve(text), Scalar::String)
}

/// Reads all the YAML documents of a text; a broken one loses only itself.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the document keeps the source"
)]
pub fn parse_yaml(source: Arc<Source>, keys: &Arc<Keys>, limits: &Limits) -> Parsed {
    parse(&source, keys, limits, parse_documents)
}

/// Reads a text with the full parser alone: slower, the same result. For tests.
#[doc(hidden)]
#[expect(clippy::needless_pass_by_value, reason = "as parse_yaml")]
pub fn parse_yaml_fully(source: Arc<Source>, keys: &Arc<Keys>, limits: &Limits) -> Parsed {
    parse(
        &source,
        keys,
        limits,
        |text, id, limits, builder, errors| {
            full::parse(text, 0, id, limits, builder, errors);
        },
    )
}

fn parse(
    source: &Arc<Source>,
    keys: &Arc<Keys>,
    limits: &Limits,
    read: impl FnOnce(&str, SourceId, &Limits, &mut Builder, &mut Vec<SyntaxError>),
) -> Parsed {
    let mut builder = Builder::new(keys, limits);
    let id = builder.source(source);
    let mut errors = Vec::new();
    if let Some(error) = too_long(source, limits) {
        errors.push(error);
    } else {
        builder.reserve(source.text().len());
        read(source.text(), id, limits, &mut builder, &mut errors);
    }
    Parsed {
        document: builder.finish(),
        errors,
    }
}

/// The error for a text that is longer than the limit.
pub(crate) fn too_long(source: &Source, limits: &Limits) -> Option<SyntaxError> {
    let size = source.text().len();
    (size > limits.bytes as usize).then(|| {
        let message = format!("{size} bytes of text, the limit is {}", limits.bytes);
        SyntaxError::new(SyntaxErrorKind::Size, 0..0, message)
    })
}

/// Document by document: the fast path where it can, else the full parser.
fn parse_documents(
    text: &str,
    source: SourceId,
    limits: &Limits,
    builder: &mut Builder,
    errors: &mut Vec<SyntaxError>,
) {
    let mut fast = Fast::new(text, source, builder);
    let mut at = 0;
    let mut is_divisible = None;
    while at < text.len() {
        let mark = fast.builder.mark();
        if let Ok(next) = fast.document(at) {
            at = next;
            continue;
        }
        fast.builder.rollback(mark);
        let end = if *is_divisible.get_or_insert_with(|| is_divisible_from(text, at)) {
            document_end(text, at)
        } else {
            text.len()
        };
        full::parse(&text[at..end], at, source, limits, fast.builder, errors);
        at = end;
    }
}

/// Whether `---` at the start of a line alone says where the documents of the rest of a text begin: there are no
/// directives, end markers or byte-order marks.
fn is_divisible_from(text: &str, at: usize) -> bool {
    let rest = &text.as_bytes()[at..];
    let has = |needle: &[u8]| memchr::memmem::find(rest, needle).is_some();
    let begins_oddly = rest.starts_with(b"%") || rest.starts_with(b"...");
    !begins_oddly && !has(b"\n%") && !has(b"\n...") && !has(b"\r") && !has("\u{FEFF}".as_bytes())
}

/// Where the document that begins at an offset ends: before the next `---` that is not its own.
fn document_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = start;
    let mut is_open = false;
    while at < bytes.len() {
        let end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |length| at + length);
        let line = &bytes[at..end];
        let is_marker =
            line.starts_with(b"---") && matches!(line.get(3), None | Some(b' ' | b'\t'));
        if is_marker && is_open {
            return at;
        }
        let content = line.trim_ascii_start();
        is_open |= !content.is_empty() && content[0] != b'#';
        at = end + 1;
    }
    bytes.len()
}
