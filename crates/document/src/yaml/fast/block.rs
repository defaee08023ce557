//! Literal block scalars.

use super::{Fast, HandOver, Result};

impl Fast<'_, '_> {
    /// Adds the block scalar whose indicator is here; gives the next line behind it.
    pub(super) fn block_scalar(&mut self, at: usize) -> Result<usize> {
        if self.bytes[at] != b'|' {
            return Err(HandOver);
        }
        let chomping = self.peek(at + 1).filter(|byte| b"+-".contains(byte));
        let header_end = at + 1 + usize::from(chomping.is_some());
        let body = self.skip_spaces(header_end);
        if self.peek(body) != Some(b'\n') {
            return Err(HandOver);
        }
        let parent = self.levels.last().map_or(0, |level| level.indent);
        let indent = self
            .content_indent(body + 1)
            .filter(|&indent| indent > parent)
            .ok_or(HandOver)?;
        self.scratch.clear();
        let lines = self.literal_lines(body + 1, indent)?;
        self.chomp(chomping);
        self.last_end = lines.last_end;
        let origin = self.origin_of(at, lines.last_end);
        self.builder.string(&self.scratch, origin)?;
        self.pending = super::Pending::Nothing;
        Ok(lines.next)
    }

    /// Column of the first line that is not blank.
    fn content_indent(&self, mut at: usize) -> Option<usize> {
        loop {
            let content = self.skip_spaces(at);
            match self.peek(content)? {
                b'\n' if content == at => at = content + 1,
                // Blanks before the first line have rules of their own.
                b'\n' => return None,
                _ => return Some(content - at),
            }
        }
    }

    /// Collects the lines that are indented this far, each with its line feed.
    fn literal_lines(&mut self, mut at: usize, indent: usize) -> Result<Lines> {
        let mut last_end = at;
        while at < self.bytes.len() {
            let content = self.skip_spaces(at);
            let end = self.line_end(content);
            if content == end {
                if content - at > indent {
                    return Err(HandOver);
                }
                // Blanks that end the text are no line.
                if end < self.bytes.len() {
                    self.scratch.push('\n');
                }
            } else if content - at >= indent {
                let line = &self.text[at + indent..end];
                self.scratch.push_str(line);
                // The end of the text is no line feed.
                if end < self.bytes.len() {
                    self.scratch.push('\n');
                }
                last_end = at + indent + line.trim_end_matches(' ').len();
            } else {
                let parent = self.levels.last().map_or(0, |level| level.indent);
                let is_outside = content - at <= parent;
                return if is_outside {
                    Ok(Lines { next: at, last_end })
                } else {
                    Err(HandOver)
                };
            }
            at = end + 1;
        }
        Ok(Lines { next: at, last_end })
    }

    /// Cuts the line feeds at the end as the chomping indicator says.
    fn chomp(&mut self, chomping: Option<u8>) {
        let content = self.scratch.trim_end_matches('\n').len();
        match chomping {
            Some(b'-') => self.scratch.truncate(content),
            Some(_) => {}
            // Does nothing where the text ended before the line feed.
            None => self.scratch.truncate(content + 1),
        }
    }
}

struct Lines {
    next: usize,
    last_end: usize,
}
