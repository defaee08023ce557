//! Provenance: which node wrote a byte, through which calls and conditions, and which values decided it.
//!
//! Values carry an [`Origin`] of four bytes. The caller numbers what it wants to find again, say the
//! entries of a values file, and puts these numbers on the values; unions and rendered texts get
//! numbers of their own here. Nothing is kept while an execution does not trace.

mod record;

pub(crate) use record::Recorder;

use std::ops::Range;

use crate::origin::{Kind, Origin};
use crate::source::Span;

/// Why a node is executed: a template that was called, a condition that held, a round of a loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameKind {
    /// `template`, or a function that executes templates.
    Call,
    /// `if`, `with` or `else`.
    Branch,
    /// One round of `range`.
    Loop,
}

#[derive(Clone, Copy, Debug)]
struct FrameData {
    parent: u32,
    kind: FrameKind,
    span: Span,
    origin: Origin,
}

/// Bytes that one node wrote, up to `end`.
#[derive(Clone, Copy, Debug)]
struct Segment {
    end: u32,
    origin: Origin,
    frame: u32,
    span: Span,
    /// Whether the bytes are those of the span: text that a template has as it is, no result of an action.
    is_text: bool,
}

impl Segment {
    /// A part of the bytes, which end elsewhere now.
    fn part(self, from: u32, to: u32, end: u32) -> Self {
        let span = if self.is_text {
            Span {
                start: self.span.start + from,
                end: self.span.start + to,
                ..self.span
            }
        } else {
            self.span
        };
        Segment { end, span, ..self }
    }
}

/// A text with the provenance of its bytes.
#[derive(Debug, Default)]
pub struct Trace {
    segments: Vec<Segment>,
    frames: Vec<FrameData>,
    unions: Vec<(Origin, Origin)>,
    /// Segments of texts that were rendered and became values.
    stored: Vec<Segment>,
    /// The segments of each such text.
    texts: Vec<Range<u32>>,
}

/// A stretch of the output that one node wrote.
#[derive(Clone, Copy, Debug)]
pub struct Piece<'t> {
    trace: &'t Trace,
    segment: Segment,
    start: u32,
}

/// Number of a frame of a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FrameId(u32);

/// What a piece was written inside of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// What it is.
    pub kind: FrameKind,
    /// The node: an action, or the call of a function.
    pub span: Span,
    /// What decided it.
    pub origin: Origin,
    /// The frame around it.
    pub parent: Option<FrameId>,
}

impl FrameId {
    /// From the numbers of the recorder, where 0 is outside of all frames.
    fn of(number: u32) -> Option<Self> {
        Some(Self(number.checked_sub(1)?))
    }
}

impl Trace {
    /// A frame.
    pub fn frame(&self, id: FrameId) -> Option<Frame> {
        let data = self.frames.get(id.0 as usize)?;
        Some(Frame {
            kind: data.kind,
            span: data.span,
            origin: data.origin,
            parent: FrameId::of(data.parent),
        })
    }

    /// All pieces in order. They cover the whole text.
    pub fn pieces(&self) -> impl Iterator<Item = Piece<'_>> {
        (0..self.segments.len()).map(|index| self.piece(index))
    }

    /// The piece that a byte is in.
    pub fn at(&self, offset: usize) -> Option<Piece<'_>> {
        let index = self
            .segments
            .partition_point(|segment| segment.end as usize <= offset);
        (index < self.segments.len()).then(|| self.piece(index))
    }

    /// Follows the text when ranges of one length are taken out of it.
    pub(crate) fn remove(&mut self, starts: &[usize], length: usize) {
        let first = starts.first().copied().unwrap_or(usize::MAX);
        let kept = self
            .segments
            .partition_point(|segment| segment.end as usize <= first);
        let mut before = kept
            .checked_sub(1)
            .map_or(0, |last| self.segments[last].end);
        let mut gone = 0;
        let mut next = 0;
        let mut begin = before;
        for mut segment in self.segments.split_off(kept) {
            let end = segment.end as usize;
            // Text with a hole is no longer the text of its span.
            let is_touched = starts
                .get(next)
                .is_some_and(|start| *start < end && start + length > begin as usize);
            segment.is_text &= !is_touched;
            begin = segment.end;
            while starts.get(next).is_some_and(|start| start + length <= end) {
                gone += length;
                next += 1;
            }
            let cut = starts
                .get(next)
                .map_or(0, |start| end.saturating_sub(*start));
            segment.end = (end - gone - cut) as u32;
            if segment.end > before {
                before = segment.end;
                self.segments.push(segment);
            }
        }
    }

    fn piece(&self, index: usize) -> Piece<'_> {
        let start = index
            .checked_sub(1)
            .map_or(0, |before| self.segments[before].end);
        Piece {
            trace: self,
            segment: self.segments[index],
            start,
        }
    }

    /// The caller's numbers that an origin is made of, nearest first, none twice.
    pub fn sources(&self, origin: Origin) -> Vec<u32> {
        let mut found = Vec::new();
        self.collect(origin, &mut found);
        found
    }

    fn collect(&self, origin: Origin, found: &mut Vec<u32>) {
        let mut waiting = vec![origin];
        let mut seen =
            std::collections::HashSet::with_hasher(foldhash::fast::FixedState::default());
        while let Some(origin) = waiting.pop() {
            if origin.is_none() || !seen.insert(origin) {
                continue;
            }
            match origin.kind() {
                Kind::Source(number) if !found.contains(&number) => found.push(number),
                Kind::None | Kind::Source(_) => {}
                Kind::Union(index) => {
                    if let Some((first, second)) = self.unions.get(index) {
                        waiting.push(*second);
                        waiting.push(*first);
                    }
                }
                Kind::Text(index) => {
                    let stored = self.stored_text(index);
                    waiting.extend(self.conditions(stored));
                    waiting.extend(stored.iter().rev().map(|segment| segment.origin));
                }
            }
        }
    }

    /// What decided that these segments were written at all.
    fn conditions(&self, segments: &[Segment]) -> Vec<Origin> {
        let mut frames = std::collections::BTreeSet::new();
        for segment in segments {
            let mut next = segment.frame;
            while next > 0 && frames.insert(next) {
                next = self.frames[next as usize - 1].parent;
            }
        }
        frames
            .into_iter()
            .map(|frame| self.frames[frame as usize - 1].origin)
            .collect()
    }

    fn stored_text(&self, index: usize) -> &[Segment] {
        let range = self.texts.get(index).cloned().unwrap_or(0..0);
        self.stored
            .get(range.start as usize..range.end as usize)
            .unwrap_or_default()
    }
}

impl Piece<'_> {
    /// Its bytes.
    pub fn range(&self) -> Range<usize> {
        self.start as usize..self.segment.end as usize
    }

    /// The node that wrote it: text, or an action.
    pub fn span(&self) -> Span {
        self.segment.span
    }

    /// What decided the text itself; conditions around it are in [`frames`](Self::frames).
    pub fn origin(&self) -> Origin {
        self.segment.origin
    }

    /// Whether its bytes are those of the span: text that the template has as it is.
    pub fn is_text(&self) -> bool {
        self.segment.is_text
    }

    /// The innermost frame that it was written in.
    pub fn frame(&self) -> Option<FrameId> {
        FrameId::of(self.segment.frame)
    }

    /// What it was written inside of, innermost first.
    pub fn frames(&self) -> impl Iterator<Item = Frame> {
        let trace = self.trace;
        let innermost = self.frame().and_then(|id| trace.frame(id));
        std::iter::successors(innermost, |frame| trace.frame(frame.parent?))
    }

    /// The caller's numbers of all that decided it: its value first, then the conditions outwards.
    pub fn sources(&self) -> Vec<u32> {
        let mut found = Vec::new();
        self.trace.collect(self.segment.origin, &mut found);
        for frame in self.frames() {
            self.trace.collect(frame.origin, &mut found);
        }
        found
    }
}
