//! The printed text as a document whose nodes lie where they were written, with what decided them as causes.

mod chain;

use std::sync::Arc;

use document::{Document, Keys, Relocation, Source, Span, Standing};
use gotemplate::{Piece, Trace};

use crate::engine::Written;
use crate::error::{Notice, Place};
use crate::options::Options;
use crate::print::{From, Part, Printed};
use crate::values::Sources;
use chain::Chains;

/// Most pieces of a scalar that are asked for what decided them.
const MAX_PIECES: usize = 16;

/// What is known about the bytes of a printed text.
pub(crate) struct Provenance<'p> {
    pub(crate) printed: &'p Printed,
    pub(crate) written: &'p Written,
    /// The files of `crds/` in it.
    pub(crate) resources: &'p [Arc<Source>],
    pub(crate) sources: &'p Sources,
}

impl Provenance<'_> {
    /// The document of the text, and what of it is no YAML.
    pub(crate) fn document(
        &self,
        text: &Arc<Source>,
        options: &Options<'_>,
    ) -> (Document, Vec<Notice>) {
        let keys: &Arc<Keys> = &options.keys;
        let parsed = document::parse_yaml(Arc::clone(text), keys, &options.limits.yaml);
        let notices = parsed.errors.iter().map(|error| Notice {
            message: error.to_string(),
            place: self.place(&error.span),
        });
        let notices = notices.collect();
        let mut document = parsed.document;
        if let Some(trace) = &self.written.rendered.trace {
            let mut chains = Chains::new(self.written, trace, self.sources);
            document.relocate(|relocation, span, standing| {
                self.locate(relocation, &mut chains, trace, &span, standing)
            });
        }
        (document, notices)
    }

    /// The part that a byte belongs to; for one of Helm's own, the part behind it.
    fn part(&self, offset: u32) -> Option<&Part> {
        let parts = &self.printed.parts;
        let index = parts.partition_point(|part| part.range.end < offset as usize);
        parts.get(index).or(parts.last())
    }

    fn locate(
        &self,
        relocation: &mut Relocation,
        chains: &mut Chains<'_>,
        trace: &Trace,
        span: &Span,
        standing: Standing,
    ) -> document::Written {
        let Some(part) = self.part(span.start) else {
            return chains.nowhere(relocation);
        };
        let inside = |offset: u32| {
            let end = part.range.end;
            (offset as usize).clamp(part.range.start, end) - part.range.start
        };
        let (start, end) = (inside(span.start), inside(span.end));
        match part.from {
            From::File(index, from) => {
                let source = &self.resources[index];
                document::Written {
                    source: chains.source(relocation, source),
                    span: (from + start) as u32..(from + end) as u32,
                    cause: None,
                }
            }
            From::Templates(from) => {
                let bytes = from + start..from + end;
                let pieces = Pieces { trace, bytes };
                chains.written(relocation, &pieces, standing)
            }
        }
    }

    /// Where a span of the printed text was written.
    fn place(&self, span: &Span) -> Option<Place> {
        let part = self.part(span.start)?;
        let start = (span.start as usize).max(part.range.start) - part.range.start;
        match part.from {
            From::File(index, from) => {
                let at = (from + start) as u32;
                Some((Arc::clone(&self.resources[index]), at..at))
            }
            From::Templates(from) => {
                place_of(self.written, self.sources, from + start..from + start)
            }
        }
    }
}

/// Where bytes of what the templates wrote were written.
pub(crate) fn place_of(
    written: &Written,
    sources: &Sources,
    bytes: std::ops::Range<usize>,
) -> Option<Place> {
    let trace = written.rendered.trace.as_ref()?;
    let pieces = Pieces { trace, bytes };
    let chains = Chains::new(written, trace, sources);
    chains.place(pieces.span(&chains)?)
}

/// Bytes of what the templates wrote, and the pieces that they lie in.
struct Pieces<'t> {
    trace: &'t Trace,
    bytes: std::ops::Range<usize>,
}

impl<'t> Pieces<'t> {
    /// The piece that the first byte is in; of nothing, the piece before it.
    fn first(&self) -> Option<Piece<'t>> {
        let at = if self.bytes.is_empty() {
            self.bytes.start.saturating_sub(1)
        } else {
            self.bytes.start
        };
        self.trace.at(at)
    }

    /// All pieces, up to a limit.
    fn all(&self) -> impl Iterator<Item = Piece<'t>> {
        let (trace, end) = (self.trace, self.bytes.end);
        std::iter::successors(self.first(), move |piece| {
            let next = piece.range().end;
            (next < end).then(|| trace.at(next)).flatten()
        })
        .take(MAX_PIECES)
    }

    /// Where the bytes lie in templates: from the first piece to the last one, if both stand in one place.
    fn span(&self, chains: &Chains<'_>) -> Option<gotemplate::Span> {
        let first = self.first()?;
        let mut span = self.part_of(&first, chains);
        if self.bytes.end > first.range().end
            && let Some(last) = self.trace.at(self.bytes.end - 1)
        {
            let end = self.part_of(&last, chains);
            let is_beside = end.source == span.source && last.frame() == first.frame();
            if is_beside && end.end >= span.start {
                span.end = end.end;
            }
        }
        Some(span)
    }

    /// What of a piece's template wrote the bytes: exactly those of text, the whole of an action.
    fn part_of(&self, piece: &Piece<'_>, chains: &Chains<'_>) -> gotemplate::Span {
        let span = piece.span();
        if !piece.is_text() {
            return chains.action(span);
        }
        let range = piece.range();
        let inside = |offset: usize| {
            span.start + (offset.clamp(range.start, range.end) - range.start) as u32
        };
        gotemplate::Span {
            start: inside(self.bytes.start),
            end: inside(self.bytes.end),
            ..span
        }
    }
}
