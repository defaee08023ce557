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
