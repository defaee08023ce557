//! Plain and quoted scalars over several lines: a line break is a space, and each empty line a line break.

use super::{Fast, HandOver, Result, scalar};
use crate::yaml::scalar::Scalar;

/// Where a line of a scalar goes on.
struct Next {
    /// Its first byte that is no space.
    at: usize,
    /// Empty lines before it.
    empty: usize,
}

impl Fast<'_, '_> {
    /// The line after a line break that belongs to a scalar because it is indented like that. `None` where another node
    /// begins, or the text ends.
    fn next_line(&self, mut break_at: usize) -> Option<Next> {
        let indent = self.levels.last().map_or(0, |level| level.indent);
        let mut empty = 0;
        loop {
            let start = break_at + 1;
            let at = self.skip_spaces(start);
            match self.peek(at) {
                Some(b'\n') => empty += 1,
                Some(_) if at - start > indent => return Some(Next { at, empty }),
                None | Some(_) => return None,
            }
            break_at = at;
        }
    }

    fn fold(&mut self, empty: usize) {
        match empty {
            0 => self.scratch.push(' '),
            _ => self.scratch.extend(std::iter::repeat_n('\n', empty)),
        }
    }

    /// Adds a plain scalar that goes on after its first line, which ends at `end`; gives its end. `None` where it does
    /// not go on.
    pub(super) fn folded_plain(&mut self, start: usize, end: usize) -> Result<Option<usize>> {
        let after = self.skip_spaces(end);
        if self.peek(after) != Some(b'\n') {
            return Ok(None);
        }
        let is_comment = |fast: &Self, next: &Next| fast.peek(next.at) == Some(b'#');
        let Some(mut next) = self.next_line(after).filter(|next| !is_comment(self, next)) else {
            return Ok(None);
        };
        self.scratch.clear();
        self.scratch.push_str(&self.text[start..end]);
        loop {
            let plain = self.plain(next.at);
            if plain.colon.is_some() {
                return Err(HandOver);
            }
            self.fold(next.empty);
            self.scratch.push_str(&self.text[next.at..plain.end]);
            let after = self.skip_spaces(plain.end);
            let following = match self.peek(after) {
                Some(b'\n') => self.next_line(after).filter(|next| !is_comment(self, next)),
                _ => None,
            };
            let Some(following) = following else {
                self.folded(start, plain.end)?;
                return Ok(Some(plain.end));
            };
            next = following;
        }
    }

    fn folded(&mut self, start: usize, end: usize) -> Result<()> {
        if !matches!(scalar::resolve(&self.scratch), Scalar::String) {
            return Err(HandOver);
        }
        let origin = self.origin_of(start, end);
        self.builder.string(&self.scratch, origin)?;
        Ok(())
    }

    /// Folds the line break of a quoted scalar into the text before, of which bytes up to `fixed` are escapes; gives where
    /// the text goes on.
    pub(super) fn quoted_break(&mut self, break_at: usize, fixed: usize) -> Result<usize> {
        let next = self.next_line(break_at).ok_or(HandOver)?;
        let trimmed = self.scratch.trim_end_matches(' ').len().max(fixed);
        self.scratch.truncate(trimmed);
        self.fold(next.empty);
        Ok(next.at)
    }
}
