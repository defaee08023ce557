//! Texts that are cut, and joined from pieces, with the provenance of their bytes.

use std::ops::Range;

use gotemplate::{Origin, Value};

use crate::call::Call;

/// Bytes as text; each byte that belongs to no letter becomes U+FFFD, as Go's decoders see it.
pub(crate) fn lossy(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
    text
}

/// A part of a new text.
pub(crate) enum Part<'t> {
    /// Bytes of the old text.
    Keep(Range<usize>),
    /// Something else, and what decided it.
    Put(&'t str, Origin),
}

impl Part<'_> {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Keep(range) => range.len(),
            Self::Put(text, _) => text.len(),
        }
    }
}

impl Call<'_> {
    /// A text made of parts of an argument's text. Their ends may lie inside of letters.
    pub(crate) fn assemble(&mut self, index: usize, parts: &[Part<'_>]) -> Value {
        let value = self.take(index);
        let text = value.as_str().unwrap_or_default();
        let is_clean = |part: &Part<'_>| match part {
            Part::Keep(range) => {
                text.is_char_boundary(range.start) && text.is_char_boundary(range.end)
            }
            Part::Put(..) => true,
        };
        if !parts.iter().all(is_clean) {
            let mut bytes = Vec::with_capacity(text.len());
            for part in parts {
                match part {
                    Part::Keep(range) => bytes.extend_from_slice(&text.as_bytes()[range.clone()]),
                    Part::Put(new, _) => bytes.extend_from_slice(new.as_bytes()),
                }
            }
            let origin = self.context.mixed(value.origin());
            return Value::from(lossy(&bytes)).with_origin(origin);
        }
        let mut edit = self.context.edit();
        for part in parts {
            match part {
                Part::Keep(range) => edit.keep(text, range.clone()),
                Part::Put(new, origin) => edit.insert_from(new, *origin),
            }
        }
        self.context.edited(&value, edit)
    }

    /// A range of an argument's text, whose ends may lie inside of letters.
    pub(crate) fn cut_bytes(&mut self, index: usize, range: Range<usize>) -> Value {
        self.assemble(index, &[Part::Keep(range)])
    }
}
