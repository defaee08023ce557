//! Texts made of pieces of another text, so that every byte keeps its node: what `indent` and `trim` do.

use std::ops::Range;

use crate::origin::Origin;

/// A text in the making: kept ranges of an input, and what is put between them.
///
/// Made by [`Context::edit`](crate::Context::edit), ended by [`Context::edited`](crate::Context::edited).
#[derive(Debug, Default)]
pub struct Edit {
    text: String,
    parts: Vec<Part>,
    is_traced: bool,
    /// Parts with origins of their own were put in.
    has_origins: bool,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    /// Where it ends in the new text.
    pub(crate) end: u32,
    /// Where it began in the input; none for what was put in.
    pub(crate) kept_from: Option<u32>,
    pub(crate) origin: Origin,
}

impl Part {
    fn is_continued_by(&self, kept_from: Option<u32>, origin: Origin) -> bool {
        let are_inserts = self.kept_from.is_none() && kept_from.is_none();
        are_inserts && self.origin == origin && !origin.is_text()
    }
}

impl Edit {
    pub(crate) fn new(is_traced: bool) -> Self {
        Self {
            is_traced,
            ..Self::default()
        }
    }

    /// Makes room for so many bytes.
    pub fn reserve(&mut self, bytes: usize) {
        self.text.reserve(bytes);
    }

    /// Appends a range of the input.
    pub fn keep(&mut self, input: &str, range: Range<usize>) {
        let start = range.start as u32;
        self.text.push_str(&input[range]);
        self.part(Some(start), Origin::NONE);
    }

    /// Appends something new.
    pub fn insert(&mut self, text: &str) {
        self.text.push_str(text);
        self.part(None, Origin::NONE);
    }

    /// Appends something new that a value decided.
    pub fn insert_from(&mut self, text: &str, origin: Origin) {
        self.text.push_str(text);
        self.has_origins |= !origin.is_none();
        self.part(None, origin);
    }

    /// The text so far.
    pub fn text(&self) -> &str {
        &self.text
    }

    fn part(&mut self, kept_from: Option<u32>, origin: Origin) {
        if !self.is_traced {
            return;
        }
        let end = self.text.len() as u32;
        match self.parts.last_mut() {
            Some(last) if last.is_continued_by(kept_from, origin) => last.end = end,
            _ => self.parts.push(Part {
                end,
                kept_from,
                origin,
            }),
        }
    }

    pub(crate) fn parts(&self) -> &[Part] {
        &self.parts
    }

    pub(crate) fn is_made_of_parts(&self) -> bool {
        self.has_origins
    }

    pub(crate) fn take_text(&mut self) -> String {
        std::mem::take(&mut self.text)
    }
}
