//! A text put together from parts of another: what continuation lines make, with the way back to where each byte stands.

use std::ops::Range;

use document::Span;

/// Parts of a source as one text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Text {
    text: String,
    /// Where each part begins here, and in the source.
    parts: Vec<(u32, u32)>,
}

impl Text {
    /// A text that stands in the source as it is.
    pub(crate) fn plain(text: &str, at: u32) -> Self {
        let mut whole = Text::default();
        whole.push(text, at);
        whole
    }

    /// Adds what stands at a place of the source.
    pub(crate) fn push(&mut self, text: &str, at: u32) {
        if text.is_empty() {
            return;
        }
        self.parts.push((self.text.len() as u32, at));
        self.text.push_str(text);
    }

    /// A part of it.
    pub(crate) fn part(&self, range: &Range<usize>) -> Self {
        let mut part = Text::default();
        let first = self
            .parts
            .partition_point(|&(start, _)| start as usize <= range.start);
        let parts = &self.parts[first.saturating_sub(1)..];
        for (index, &(start, _)) in parts.iter().enumerate() {
            let end = parts
                .get(index + 1)
                .map_or(self.text.len(), |next| next.0 as usize);
            let (start, end) = ((start as usize).max(range.start), end.min(range.end));
            if start >= end {
                break;
            }
            part.push(&self.text[start..end], self.place(start));
        }
        part
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Where a byte stands in the source; past the end, behind the last one.
    pub(crate) fn place(&self, at: usize) -> u32 {
        let Some(last) = self.text.len().checked_sub(1) else {
            return 0;
        };
        let inside = at.min(last) as u32;
        let part = self.parts.partition_point(|&(start, _)| start <= inside);
        let (start, source) = part
            .checked_sub(1)
            .and_then(|part| self.parts.get(part))
            .copied()
            .unwrap_or_default();
        source + (inside - start) + u32::from(at > last)
    }

    /// Where a part stands in the source, from its first byte to behind its last.
    pub(crate) fn span(&self, range: &Range<usize>) -> Span {
        let start = self.place(range.start);
        if range.is_empty() {
            return start..start;
        }
        start..self.place(range.end - 1) + 1
    }
}

#[cfg(test)]
mod tests {
    use super::Text;

    #[test]
    fn parts_know_where_they_stand() {
        let mut text = Text::default();
        text.push("RUN a ", 10);
        text.push("b", 30);
        assert_eq!(text.as_str(), "RUN a b");
        assert_eq!(text.span(&(0..3)), 10..13);
        assert_eq!(text.span(&(4..7)), 14..31);
        assert_eq!(text.span(&(6..7)), 30..31);
        assert_eq!(text.span(&(7..7)), 31..31);
        assert_eq!(Text::default().span(&(0..0)), 0..0);
    }
}
