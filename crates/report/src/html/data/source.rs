//! The lines that findings are drawn on, each once, with secrets masked.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::html::foreign::Foreign;
use crate::view::View;
use crate::{excerpt, mask};

/// Lines shown before and after the place.
const CONTEXT: u32 = 2;

/// How many lines of a long place are shown.
const MAX_LINES: u32 = 8;

/// The lines of a file by their numbers.
pub(super) type Lines = BTreeMap<u32, String>;

/// A part of a line, and the characters of it that the finding is about.
#[derive(Serialize)]
pub(super) struct Window {
    text: String,
    from: usize,
    to: usize,
}

/// Adds the lines of a finding to those of its file, or gives the part of them that can be shown.
pub(super) fn lines(view: &View<'_>, known: &mut Lines) -> Option<Window> {
    let location = &view.detail.location;
    let start = location.start().line;
    let last = location.end().line.clamp(start, start + MAX_LINES - 1);
    let first = start.saturating_sub(CONTEXT).max(1);
    let wanted = first..=last + CONTEXT;
    if wanted.clone().all(|line| known.contains_key(&line)) {
        return None;
    }
    let bytes = excerpt::lines(&location.source, start, last);
    if bytes.end - bytes.start > excerpt::MAX_BYTES {
        return Some(window(view, &excerpt::window(view, &bytes)));
    }
    for line in wanted {
        let Some(span) = location.source.line_span(line) else {
            break;
        };
        if span.end - span.start > excerpt::MAX_BYTES {
            continue;
        }
        known.entry(line).or_insert_with(|| {
            let text = mask::masked(view, &span);
            Foreign(&text).to_string()
        });
    }
    None
}

fn window(view: &View<'_>, bytes: &std::ops::Range<u32>) -> Window {
    let marked = excerpt::marked(view, bytes);
    let text = mask::masked(view, bytes);
    let characters = |to: usize| text.get(..to).map_or(0, |part| part.chars().count());
    Window {
        from: characters(marked.start),
        to: characters(marked.end),
        text: Foreign(&text).to_string(),
    }
}
