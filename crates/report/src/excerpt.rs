//! Which lines of a source are shown for a finding.

use std::ops::Range;

use document::Source;

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
    let (around, inside) = WINDOW;
    let span = &view.detail.location.span;
    let text = view.detail.location.source.text();
    let start = span.start.saturating_sub(around).max(lines.start) as usize;
    let end = span.end.min(span.start + inside).saturating_add(around);
    let end = end.min(lines.end) as usize;
    text.floor_char_boundary(start) as u32..text.ceil_char_boundary(end) as u32
}

/// The bytes of the place, counted from the first that is shown.
pub(crate) fn marked(view: &View<'_>, lines: &Range<u32>) -> Range<usize> {
    let span = &view.detail.location.span;
    let start = span.start.clamp(lines.start, lines.end);
    let end = span.end.clamp(start, lines.end);
    (start - lines.start) as usize..(end - lines.start) as usize
}
