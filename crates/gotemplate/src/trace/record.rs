//! Writing a trace down while templates are executed.

use std::collections::HashMap;

use super::{FrameData, FrameKind, Segment, Trace};
use crate::edit::{Edit, Part};
use crate::origin::{INDEX, Kind, Origin, TEXT, UNION};
use crate::source::Span;

/// A trace in the making, or nothing.
pub(crate) struct Recorder {
    is_on: bool,
    trace: Trace,
    /// The frame that is open, from 1; 0 is outside of all.
    frame: u32,
    known_unions: HashMap<(Origin, Origin), Origin, foldhash::fast::FixedState>,
}

/// The state of a frame's beginning, to end it with.
pub(crate) struct Opened {
    outer: u32,
    segments: usize,
    texts: usize,
}

impl Recorder {
    pub(crate) fn new(is_on: bool) -> Self {
        Self {
            is_on,
            trace: Trace::default(),
            frame: 0,
            known_unions: HashMap::default(),
        }
    }

    pub(crate) fn is_on(&self) -> bool {
        self.is_on
    }

    pub(crate) fn finish(self) -> Option<Trace> {
        self.is_on.then_some(self.trace)
    }

    pub(crate) fn sources(&self, origin: Origin) -> Vec<u32> {
        self.trace.sources(origin)
    }

    /// Follows the output when ranges of one length are taken out of it.
    pub(crate) fn remove(&mut self, starts: &[usize], length: usize) {
        self.trace.remove(starts, length);
    }

    /// Notes that the output now reaches `end`.
    pub(crate) fn wrote(&mut self, end: usize, span: Span, origin: Origin, is_text: bool) {
        if !self.is_on {
            return;
        }
        if let Kind::Text(index) = origin.kind() {
            return self.wrote_stored(end, index, span);
        }
        self.push(Segment {
            end: end as u32,
            origin,
            frame: self.frame,
            span,
            is_text,
        });
    }

    fn push(&mut self, segment: Segment) {
        let start = self.trace.segments.last().map_or(0, |before| before.end);
        if segment.end > start {
            self.trace.segments.push(segment);
        }
    }

    /// A text that was rendered before: its bytes keep the nodes that wrote them.
    fn wrote_stored(&mut self, end: usize, index: usize, span: Span) {
        let range = self.trace.texts[index].clone();
        let stored = range.start as usize..range.end as usize;
        let length = self.text_length(index);
        let start = (end as u32).saturating_sub(length);
        for at in stored {
            let segment = self.trace.stored[at];
            self.push(Segment {
                end: start + segment.end,
                ..segment
            });
        }
        self.push(Segment {
            end: end as u32,
            origin: Origin::NONE,
            frame: self.frame,
            span,
            is_text: false,
        });
    }

    pub(crate) fn open(&mut self, kind: FrameKind, span: Span, origin: Origin) -> Opened {
        let opened = Opened {
            outer: self.frame,
            segments: self.trace.segments.len(),
            texts: self.trace.texts.len(),
        };
        if self.is_on {
            self.trace.frames.push(FrameData {
                parent: self.frame,
                kind,
                span,
                origin,
            });
            self.frame = self.trace.frames.len() as u32;
        }
        opened
    }

    /// Ends a frame, and forgets it if nothing was written in it.
    pub(crate) fn close(&mut self, opened: &Opened) {
        if !self.is_on {
            return;
        }
        let is_last = self.trace.frames.len() as u32 == self.frame;
        if is_last
            && self.trace.segments.len() == opened.segments
            && self.trace.texts.len() == opened.texts
        {
            self.trace.frames.pop();
        }
        self.frame = opened.outer;
    }

    /// What decided the conditions around, as far as the template that is executed has them.
    pub(crate) fn conditions(&mut self) -> Origin {
        let (mut decided, mut number) = (Origin::NONE, self.frame);
        while let Some(index) = number.checked_sub(1) {
            let frame = self.trace.frames[index as usize];
            match frame.kind {
                FrameKind::Call => break,
                FrameKind::Branch => decided = self.union(decided, frame.origin),
                FrameKind::Loop => {}
            }
            number = frame.parent;
        }
        decided
    }

    /// What two origins decided together.
    pub(crate) fn union(&mut self, first: Origin, second: Origin) -> Origin {
        if !self.is_on || second.is_none() || first == second {
            return first;
        }
        if first.is_none() {
            return second;
        }
        let next = Origin(UNION | (self.trace.unions.len() as u32 & INDEX));
        let union = *self.known_unions.entry((first, second)).or_insert(next);
        if union == next {
            self.trace.unions.push((first, second));
        }
        union
    }

    /// What decided something that was made of a value: bytes of a rendered text are no longer in their places.
    pub(crate) fn mixed(&mut self, origin: Origin) -> Origin {
        if !self.is_text(origin) {
            return origin;
        }
        let index = self.trace.unions.len() as u32;
        self.trace.unions.push((origin, Origin::NONE));
        Origin(UNION | (index & INDEX))
    }

    /// Takes the segments since `mark` out of the output that begins at `start`: they are a value now.
    pub(crate) fn store(&mut self, mark: usize, start: usize) -> Origin {
        if !self.is_on || self.trace.segments.len() <= mark {
            return Origin::NONE;
        }
        let first = self.trace.stored.len() as u32;
        for segment in self.trace.segments.drain(mark..) {
            self.trace.stored.push(Segment {
                end: segment.end - start as u32,
                ..segment
            });
        }
        self.text_since(first)
    }

    /// Number of segments that belong to values.
    pub(crate) fn stored(&self) -> usize {
        self.trace.stored.len()
    }

    pub(crate) fn mark(&self) -> usize {
        self.trace.segments.len()
    }

    fn text_since(&mut self, first: u32) -> Origin {
        self.trace.texts.push(first..self.trace.stored.len() as u32);
        Origin(TEXT | ((self.trace.texts.len() - 1) as u32 & INDEX))
    }

    /// Whether the bytes of a value have nodes of their own.
    pub(crate) fn is_text(&self, origin: Origin) -> bool {
        self.is_on && matches!(origin.kind(), Kind::Text(_))
    }

    /// The origin of an edited text.
    pub(crate) fn edited(&mut self, origin: Origin, edit: &Edit, span: Span) -> Origin {
        let index = match origin.kind() {
            Kind::Text(index) if self.is_on => Some(index),
            _ if self.is_on && edit.is_made_of_parts() => None,
            _ => return origin,
        };
        let first = self.trace.stored.len() as u32;
        for part in edit.parts() {
            match (part.kept_from, index) {
                (Some(start), Some(index)) => self.keep(index, start, part.end, first, span),
                (Some(_), None) => self.push_stored(part.end, origin, span, first),
                (None, _) => self.insert(part, first, span),
            }
        }
        self.text_since(first)
    }

    /// Something that was put in; a whole rendered text keeps the nodes that wrote it.
    fn insert(&mut self, part: &Part, first: u32, span: Span) {
        let length = part.end - self.stored_end(first);
        match part.origin.kind() {
            Kind::Text(index) if self.text_length(index) == length => {
                self.keep(index, 0, part.end, first, span);
            }
            _ => self.push_stored(part.end, part.origin, span, first),
        }
    }

    fn text_length(&self, index: usize) -> u32 {
        let range = self.trace.texts[index].clone();
        self.trace.stored[range.start as usize..range.end as usize]
            .last()
            .map_or(0, |last| last.end)
    }

    /// The origin of a value that something else decided, too.
    pub(crate) fn decided(&mut self, origin: Origin, by: Origin) -> Origin {
        let Kind::Text(index) = origin.kind() else {
            return self.union(origin, by);
        };
        if !self.is_on || by.is_none() {
            return origin;
        }
        let by = self.mixed(by);
        let first = self.trace.stored.len() as u32;
        let range = self.trace.texts[index].clone();
        for at in range.start as usize..range.end as usize {
            let segment = self.trace.stored[at];
            let origin = self.union(segment.origin, by);
            self.trace.stored.push(Segment { origin, ..segment });
        }
        self.text_since(first)
    }

    /// Copies the segments of a stored text from `start` on, until the new text reaches `end`.
    fn keep(&mut self, index: usize, start: u32, end: u32, first: u32, span: Span) {
        let range = self.trace.texts[index].clone();
        let mut written = self.stored_end(first);
        let offset = i64::from(written) - i64::from(start);
        let skipped = self.trace.stored[range.start as usize..range.end as usize]
            .partition_point(|segment| segment.end <= start);
        for at in range.start as usize + skipped..range.end as usize {
            let segment = self.trace.stored[at];
            let reached = u32::try_from(i64::from(segment.end) + offset)
                .unwrap_or(end)
                .min(end);
            if reached <= written {
                break;
            }
            let begin = if at == range.start as usize {
                0
            } else {
                self.trace.stored[at - 1].end
            };
            let from = start.max(begin) - begin;
            let part = segment.part(from, from + reached - written, reached);
            written = reached;
            self.trace.stored.push(part);
        }
        if written < end {
            self.push_stored(end, Origin::NONE, span, first);
        }
    }

    fn stored_end(&self, first: u32) -> u32 {
        let known = self.trace.stored.len() as u32 > first;
        if known {
            self.trace.stored.last().map_or(0, |segment| segment.end)
        } else {
            0
        }
    }

    fn push_stored(&mut self, end: u32, origin: Origin, span: Span, first: u32) {
        if end > self.stored_end(first) {
            self.trace.stored.push(Segment {
                end,
                origin,
                frame: self.frame,
                span,
                is_text: false,
            });
        }
    }
}
