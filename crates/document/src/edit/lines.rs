//! Lines and columns of a text, by byte offset.

use crate::source::Span;

/// A text to edit.
#[derive(Clone, Copy)]
pub(super) struct Lines<'a>(pub(super) &'a str);

impl<'a> Lines<'a> {
    pub(super) fn written(self, span: &Span) -> &'a str {
        self.0
            .get(span.start as usize..span.end as usize)
            .unwrap_or_default()
    }

    pub(super) fn line_start(self, at: u32) -> u32 {
        let before = &self.0[..at as usize];
        before
            .rfind('\n')
            .map_or(0, |line_break| line_break as u32 + 1)
    }

    /// Where the line of an offset ends, its line break not included.
    pub(super) fn line_end(self, at: u32) -> u32 {
        let rest = &self.0[at as usize..];
        let line = rest.split('\n').next().unwrap_or_default();
        at + line.trim_end_matches('\r').len() as u32
    }

    /// Characters between the start of the line and an offset.
    pub(super) fn column(self, at: u32) -> usize {
        let line = self.written(&(self.line_start(at)..at));
        line.trim_start_matches('\u{FEFF}').chars().count()
    }
}
