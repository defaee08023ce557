//! Manifests that are parsed at once: what is made of them stays near.

use std::ops::Range;
use std::sync::Arc;

use document::{Keys, Limits, NodeRef, Parsed, Source, Span, SyntaxError};

use super::Chunk;
use super::head::Head;

/// Bytes of a piece, after which another one begins.
const ENOUGH: usize = 24 << 10;

/// Manifests, joined.
#[derive(Default)]
pub(super) struct Piece {
    text: String,
    chunks: Vec<Chunk>,
}

/// The text of a piece, and where its manifests end.
pub(super) struct Work {
    text: String,
    ends: Vec<usize>,
}

/// What Helm reads of the manifests of a piece.
pub(super) struct Heads {
    /// The first place that is not YAML.
    pub(super) error: Option<SyntaxError>,
    /// One for each manifest.
    pub(super) list: Vec<Result<Head, (String, Span)>>,
}

impl Piece {
    pub(super) fn is_full(&self) -> bool {
        self.text.len() >= ENOUGH
    }

    /// Adds a manifest that is a part of a text.
    pub(super) fn add(&mut self, output: usize, text: &str, range: Range<usize>) {
        self.text.push_str("---\n");
        let at = self.text.len();
        self.text.push_str(&text[range.clone()]);
        self.text.push('\n');
        self.chunks.push(Chunk { output, range, at });
    }

    /// What there is to do, and the manifests that it is done for.
    pub(super) fn work(self) -> (Work, Vec<Chunk>) {
        let ends = self.chunks.iter().map(Chunk::end).collect();
        let text = self.text;
        (Work { text, ends }, self.chunks)
    }
}

impl Work {
    /// Reads the piece. Little of its document is wanted, so that goes at once.
    pub(super) fn read(self, limits: &Limits) -> Heads {
        let keys = Arc::new(Keys::new([]));
        let source = Source::new("", self.text);
        let Parsed { document, errors } = document::parse_yaml(source, &keys, limits);
        let mut roots = document.roots().peekable();
        let mut list = Vec::with_capacity(self.ends.len());
        for end in self.ends {
            let begins_here = |root: &NodeRef<'_>| (root.place().span.start as usize) < end;
            let root = roots.next_if(begins_here);
            // Helm reads only the first document, should there be more.
            while roots.next_if(begins_here).is_some() {}
            list.push(Head::read(root));
        }
        Heads {
            error: errors.into_iter().next(),
            list,
        }
    }
}
