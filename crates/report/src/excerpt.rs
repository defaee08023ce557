//! Which lines of a source are shown for a finding.

use std::ops::Range;

use document::Source;
use model::{Excerpt, Location};

use crate::mask;
use crate::view::View;

/// How many bytes of lines are shown whole: of JSON on one line only a window is.
pub(crate) const MAX_BYTES: u32 = 2_000;

/// How many bytes of such a window lie on each side of the place, and how many of the place itself.
const WINDOW: (u32, u32) = (40, 160);

/// The bytes of some lines, numbered from 1.
pub(crate) fn lines(source: &Source, first: u32, last: u32) -> Range<u32> {
    let start = source.line_span(first).map_or(0, |span| span.start);
    let end = source.line_span(last).map_or(start, |span| span.end);
    start..end.max(start)
}

/// The part of long lines around the place.
pub(crate) fn window(view: &View<'_>, lines: &Range<u32>) -> Range<u32> {
    window_around(&view.detail.location, lines)
}

/// The same for any place.
pub(crate) fn window_around(location: &Location, lines: &Range<u32>) -> Range<u32> {
    let (around, inside) = WINDOW;
    let span = &location.span;
    let text = location.source.text();
    let start = span.start.saturating_sub(around).max(lines.start) as usize;
    let end = span.end.min(span.start + inside).saturating_add(around);
    let end = end.min(lines.end) as usize;
    text.floor_char_boundary(start) as u32..text.ceil_char_boundary(end) as u32
}

/// The bytes of the place, counted from the first that is shown.
pub(crate) fn marked(view: &View<'_>, lines: &Range<u32>) -> Range<usize> {
    marked_in(&view.detail.location, lines)
}

/// The same for any place.
pub(crate) fn marked_in(location: &Location, lines: &Range<u32>) -> Range<usize> {
    let span = &location.span;
    let start = span.start.clamp(lines.start, lines.end);
    let end = span.end.clamp(start, lines.end);
    (start - lines.start) as usize..(end - lines.start) as usize
}

/// Lines shown before and after the place.
const CONTEXT: u32 = 2;

/// How many lines of a long place are shown.
const MAX_LINES: u32 = 8;

/// The lines around a finding with secrets masked; of a line that is too long, the part around the place.
pub(crate) fn excerpt(view: &View<'_>) -> Excerpt {
    let location = &view.detail.location;
    let start = location.start().line;
    let last = location.end().line.clamp(start, start + MAX_LINES - 1);
    let place = lines(&location.source, start, last);
    if place.end - place.start > MAX_BYTES {
        return part(view, start, &window(view, &place));
    }
    let is_short = |line: &u32| {
        let span = location.source.line_span(*line);
        span.is_some_and(|span| span.end - span.start <= MAX_BYTES)
    };
    let first = (start.saturating_sub(CONTEXT).max(1)..start)
        .rev()
        .take_while(is_short)
        .last()
        .unwrap_or(start);
    let shown = (first..=last + CONTEXT).take_while(is_short);
    let spans = shown.filter_map(|line| location.source.line_span(line));
    Excerpt {
        first_line: first,
        lines: spans.map(|span| mask::masked(view, &span)).collect(),
        part: None,
    }
}

fn part(view: &View<'_>, line: u32, bytes: &Range<u32>) -> Excerpt {
    let marked = marked(view, bytes);
    let text = mask::masked(view, bytes);
    let characters = |to: usize| text.get(..to).map_or(0, |part| part.chars().count());
    Excerpt {
        first_line: line,
        part: Some(characters(marked.start)..characters(marked.end)),
        lines: vec![text],
    }
}
