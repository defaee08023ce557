//! A text that documents are made of, and its lines.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// A position as people count: lines and columns from 1, columns in characters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct LineColumn {
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1, in Unicode scalar values.
    pub column: u32,
}

/// One input text with the name to print for it. Immutable; shared by everything that points into it.
#[derive(Debug)]
pub struct Source {
    name: Box<str>,
    text: Box<str>,
    line_starts: OnceLock<Box<[u32]>>,
    /// Characters before each [`MILESTONE`]th byte; made for texts with long lines only.
    milestones: OnceLock<Box<[u32]>>,
}

/// Bytes between the places where characters are counted once and for all.
const MILESTONE: usize = 4096;

/// Number of characters that begin in some bytes of UTF-8.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte & 0xC0 != 0x80).count()
}

/// Byte offsets into the text of a [`Source`].
pub type Span = Range<u32>;

impl AsRef<str> for Source {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

impl Source {
    /// Takes a text under a name (a path with `/`, relative to the root of the scan).
    pub fn new(name: impl Into<Box<str>>, text: impl Into<Box<str>>) -> Arc<Self> {
        Arc::new(Source {
            name: name.into(),
            text: text.into(),
            line_starts: OnceLock::new(),
            milestones: OnceLock::new(),
        })
    }

    /// The name to print.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text of a span; empty where the span is not inside the text.
    pub fn slice(&self, span: &Span) -> &str {
        self.text
            .get(span.start as usize..span.end as usize)
            .unwrap_or("")
    }

    /// Line and column of a byte offset; past the end gives the last position.
    pub fn line_column(&self, offset: u32) -> LineColumn {
        let starts = self.line_starts();
        let line = starts.partition_point(|&start| start <= offset).max(1);
        let start = self.content_start(starts[line - 1]) as usize;
        let end = (offset as usize).clamp(start, self.text.len().max(start));
        let column = if end - start < MILESTONE {
            characters(&self.text.as_bytes()[start..end])
        } else {
            self.characters_before(end) - self.characters_before(start)
        };
        LineColumn {
            line: line as u32,
            column: column as u32 + 1,
        }
    }

    /// Characters of the text before a byte. Long lines, such as JSON without line breaks, would take
    /// forever if each look counted from their beginning.
    fn characters_before(&self, offset: usize) -> usize {
        let bytes = self.text.as_bytes();
        let milestones = self.milestones.get_or_init(|| {
            let counts = bytes.chunks(MILESTONE).scan(0, |sum, chunk| {
                let before = *sum;
                *sum += characters(chunk) as u32;
                Some(before)
            });
            counts.collect()
        });
        let Some(&before) = milestones.get(offset / MILESTONE) else {
            return characters(&bytes[..offset]);
        };
        let from = offset / MILESTONE * MILESTONE;
        before as usize + characters(&bytes[from..offset])
    }

    /// Where a line begins, a byte-order mark at the start of the text not counted.
    fn content_start(&self, line_start: u32) -> u32 {
        let has_mark = line_start == 0 && self.text.starts_with('\u{FEFF}');
        if has_mark { 3 } else { line_start }
    }

    /// Byte offset of a line and column; `None` when the text has no such line.
    pub fn offset(&self, position: LineColumn) -> Option<u32> {
        let span = self.line_span(position.line)?;
        let line = self.slice(&span);
        let start = self.content_start(span.start);
        let line = &line[(start - span.start) as usize..];
        let within = line
            .char_indices()
            .nth(position.column.checked_sub(1)? as usize)
            .map_or(line.len(), |(at, _)| at);
        Some(start + within as u32)
    }

    /// Byte span of a line (from 1) without its line break.
    pub fn line_span(&self, line: u32) -> Option<Span> {
        let starts = self.line_starts();
        let index = line.checked_sub(1)? as usize;
        let start = *starts.get(index)?;
        let end = starts
            .get(index + 1)
            .map_or(self.text.len() as u32, |&next| next - 1);
        let line = self.slice(&(start..end));
        Some(start..start + line.trim_end_matches('\r').len() as u32)
    }

    fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            std::iter::once(0)
                .chain(memchr::memchr_iter(b'\n', self.text.as_bytes()).map(|at| at as u32 + 1))
                .collect()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{LineColumn, MILESTONE, Source};

    #[test]
    fn columns_of_long_lines_are_counted_as_those_of_short_ones() {
        let line: String = "aé漢🦀".chars().cycle().take(3 * MILESTONE).collect();
        let source = Source::new("a.json", format!("first\n{line}\nlast"));
        let mut offset = "first\n".len();
        for (column, character) in (1..).zip(line.chars()) {
            let expected = LineColumn { line: 2, column };
            assert_eq!(source.line_column(offset as u32), expected);
            offset += character.len_utf8();
        }
        let last = LineColumn { line: 3, column: 1 };
        assert_eq!(source.line_column(offset as u32 + 1), last);
    }
}
