//! The text that a document was parsed from, where its origins lie in others.

use std::sync::Arc;

use super::{Document, Place};
use crate::document::node::OriginId;
use crate::source::Source;

/// The made text, and where in it the nodes of a document stand.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) source: Arc<Source>,
    /// For each of the document's own origins.
    pub(crate) spans: Vec<(u32, u32)>,
}

impl Made {
    pub(crate) fn memory(&self) -> usize {
        size_of_val(&self.spans[..])
    }
}

impl Document {
    /// For each node the line of the made text that it begins on, counted from the line after the `---` before its root;
    /// empty if the document was not [moved](Self::relocate).
    pub fn made_lines(&self) -> Vec<u32> {
        let Some(made) = &self.made else {
            return Vec::new();
        };
        let line_of = |offset: u32| made.source.line_column(offset).line;
        let mut roots = self.roots.iter().peekable();
        let mut first = 1;
        (0..self.size())
            .map(|index| {
                let node = self.nth(index);
                let span = made.spans.get(node.origin().0 as usize);
                let start = span.map_or(0, |&(start, _)| start);
                if roots.next_if(|root| **root == node.id()).is_some() {
                    first = line_of(beginning(made.source.text(), start as usize));
                }
                (line_of(start) + 1).saturating_sub(first)
            })
            .collect()
    }

    /// Where in the made text the key or node at an origin stands; `None` if the document was not
    /// [moved](Self::relocate).
    pub fn made(&self, origin: OriginId) -> Option<Place<'_>> {
        let made = self.made.as_ref()?;
        let &(start, end) = made.spans.get(origin.0 as usize)?;
        Some(Place {
            source: &made.source,
            span: start..end,
        })
    }
}

/// Where the YAML document begins that a position is in.
fn beginning(text: &str, position: usize) -> u32 {
    const SEPARATOR: &str = "---\n";
    let before = text.get(..position).unwrap_or_default();
    let mut separators = before.rmatch_indices(SEPARATOR);
    let is_line = |at: usize| at == 0 || before.as_bytes()[at - 1] == b'\n';
    let found = separators.find(|(at, _)| is_line(*at));
    found.map_or(0, |(at, _)| (at + SEPARATOR.len()) as u32)
}
