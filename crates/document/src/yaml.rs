//! YAML in: chooses the parser for each YAML document of a text.

mod full;
mod scalar;

use std::sync::Arc;

use crate::builder::Builder;
use crate::error::{Parsed, SyntaxError, SyntaxErrorKind};
use crate::keys::Keys;
use crate::limits::Limits;
use crate::source::Source;

/// Reads all the YAML documents of a text; a broken one loses only itself.
pub fn parse_yaml(source: Arc<Source>, keys: &Arc<Keys>, limits: &Limits) -> Parsed {
    let mut builder = Builder::new(keys, limits);
    let id = builder.source(&source);
    let mut errors = Vec::new();
    match too_long(&source, limits) {
        Some(error) => errors.push(error),
        None => full::parse(source.text(), id, limits, &mut builder, &mut errors),
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
