//! Repetitions.

use super::parse::Parser;
use super::piece::{ParseError, Parsed};

/// Copies that nested repetitions may make.
const MAX_COPIES: u64 = 1000;

impl Parser<'_> {
    /// `{2}`, `{2,}` or `{2,3}`; anything else is plain text.
    pub(super) fn counted(&mut self, before: Option<usize>) -> Parsed<()> {
        let start = self.at;
        let Some((least, most, length)) = counts(self.rest()) else {
            self.at += 1;
            self.literal('{');
            return Ok(());
        };
        self.at += length;
        let is_too_large = |count: Option<u64>| count.is_some_and(|count| count > MAX_COPIES);
        if is_too_large(Some(least)) || is_too_large(most) || most.is_some_and(|most| most < least)
        {
            return Err(ParseError::new(
                "invalid repeat count",
                &self.pattern[start..self.at],
            ));
        }
        let (least, most) = (least as u32, most.map(|most| most as u32));
        self.repeat(start, before, least, most)?;
        let copies = self.current.pieces.last().map_or(1, |piece| piece.copies);
        if (least >= 2 || most.is_some_and(|most| most >= 2)) && copies > MAX_COPIES {
            return Err(ParseError::new(
                "invalid repeat count",
                &self.pattern[start..self.at],
            ));
        }
        Ok(())
    }

    /// Repeats the last piece. The sign begins at `start`, and one stood right before it at `before`.
    pub(super) fn repeat(
        &mut self,
        start: usize,
        before: Option<usize>,
        least: u32,
        most: Option<u32>,
    ) -> Parsed<()> {
        let is_counted = self.pattern[start..].starts_with('{');
        let mut is_lazy = self.flags.is_lazy;
        if self.rest().starts_with('?') {
            self.at += 1;
            is_lazy = !is_lazy;
        }
        if let Some(before) = before {
            return Err(ParseError::new(
                "invalid nested repetition operator",
                &self.pattern[before..self.at],
            ));
        }
        let Some(piece) = self.current.pieces.last_mut() else {
            return Err(ParseError::new(
                "missing argument to repetition operator",
                &self.pattern[start..self.at],
            ));
        };
        if !piece.is_atom {
            piece.text = format!("(?:{})", piece.text);
        }
        match (least, most) {
            (0, None) if !is_counted => piece.text.push('*'),
            (1, None) if !is_counted => piece.text.push('+'),
            (0, Some(1)) if !is_counted => piece.text.push('?'),
            (_, None) => piece.text.push_str(&format!("{{{least},}}")),
            (_, Some(most)) => piece.text.push_str(&format!("{{{least},{most}}}")),
        }
        if is_lazy {
            piece.text.push('?');
        }
        piece.is_atom = false;
        let copies = u64::from(most.unwrap_or(least).max(1));
        if is_counted {
            piece.copies = if most == Some(0) {
                1
            } else {
                piece.copies * copies
            };
        }
        piece.size = piece.size.saturating_mul(copies).saturating_add(1);
        self.last_repeat = Some(start);
        Ok(())
    }
}

/// The numbers of a counted repetition, and its length.
fn counts(text: &str) -> Option<(u64, Option<u64>, usize)> {
    let inner = text.strip_prefix('{')?;
    let (least, after) = count(inner)?;
    let (most, after) = match after.strip_prefix(',') {
        None => (Some(least), after),
        Some(after) if after.starts_with('}') => (None, after),
        Some(after) => {
            let (most, after) = count(after)?;
            (Some(most), after)
        }
    };
    let after = after.strip_prefix('}')?;
    Some((least, most, text.len() - after.len()))
}

/// A number without zeros before it; one that is much too large stays so.
fn count(text: &str) -> Option<(u64, &str)> {
    let end = text
        .find(|found: char| !found.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    if digits.is_empty() || (digits.len() > 1 && digits.starts_with('0')) {
        return None;
    }
    Some((digits.parse().unwrap_or(u64::MAX), rest))
}
