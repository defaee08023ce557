//! Chains of causes: the values that decided something, and the calls of templates around it, each made once.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use document::{OriginId, Relocation, Role, Source, SourceId, Span, Standing};
use foldhash::fast::FixedState;
use gotemplate::{FrameId, FrameKind, Origin, Piece, Trace};

use super::Pieces;
use crate::engine::{Written, place_in_value};
use crate::error::Place;
use crate::values::Sources;

/// Most values that are named for one text or one condition.
const MAX_VALUES: usize = 8;

type Table<K, V> = HashMap<K, V, FixedState>;

/// One step of a chain.
#[derive(Clone, Copy)]
struct Link {
    role: Role,
    at: OriginId,
    /// The number of a value.
    number: Option<u32>,
    next: Option<LinkId>,
}

type LinkId = u32;

/// What a number of a value leads to, in the document.
#[derive(Clone)]
struct Known {
    role: Role,
    source: SourceId,
    span: Span,
    path: Rc<str>,
}

/// All chains of one document.
pub(super) struct Chains<'p> {
    written: &'p Written,
    trace: &'p Trace,
    values: &'p Sources,
    links: Vec<Link>,
    sources: Table<*const Source, SourceId>,
    /// By the numbers of values.
    known: Table<u32, Option<Known>>,
    numbers: Table<Origin, Rc<[u32]>>,
    frames: Table<FrameId, Option<LinkId>>,
    /// What decided a piece: its own origin and its frame.
    decided: Table<(Origin, Option<FrameId>), Option<LinkId>>,
}

impl<'p> Chains<'p> {
    pub(super) fn new(written: &'p Written, trace: &'p Trace, values: &'p Sources) -> Self {
        Chains {
            written,
            trace,
            values,
            links: Vec::new(),
            sources: Table::default(),
            known: Table::default(),
            numbers: Table::default(),
            frames: Table::default(),
            decided: Table::default(),
        }
    }

    /// Where some bytes were written, and what decided them.
    pub(super) fn written(
        &mut self,
        relocation: &mut Relocation,
        pieces: &Pieces<'_>,
        standing: Standing,
    ) -> document::Written {
        let place = pieces
            .span(self)
            .and_then(|span| Some((span, self.place(span)?)));
        let (Some((template, (source, span))), Some(first)) = (place, pieces.first()) else {
            return self.nowhere(relocation);
        };
        let mut chain = match standing {
            Standing::Container if !first.is_text() => self.container(relocation, pieces, &first),
            _ => self.chain(relocation, first.origin(), first.frame()),
        };
        if standing == Standing::Scalar {
            for piece in pieces.all().skip(1) {
                for &number in self.numbers(piece.origin()).iter().rev() {
                    chain = self.value(relocation, number, chain);
                }
            }
        }
        let source = self.source(relocation, &source);
        let written = document::Written {
            source,
            span,
            cause: self.cause(chain),
        };
        self.called(relocation, template, first.frame(), &written)
            .unwrap_or(written)
    }

    /// What a library printed lies where the chart called it: nobody changes a library for one chart. The line in the library
    /// is the nearest cause.
    fn called(
        &mut self,
        relocation: &mut Relocation,
        template: gotemplate::Span,
        frame: Option<FrameId>,
        written: &document::Written,
    ) -> Option<document::Written> {
        if !self.is_of_library(template) {
            return None;
        }
        let innermost = frame.and_then(|frame| self.trace.frame(frame));
        let trace = self.trace;
        let mut frames = std::iter::successors(innermost, |frame| trace.frame(frame.parent?));
        let call = frames
            .find(|frame| frame.kind == FrameKind::Call && !self.is_of_library(frame.span))?;
        let (source, span) = self.place(self.action(call.span))?;
        let at = relocation.origin(written);
        Some(document::Written {
            source: self.source(relocation, &source),
            span,
            cause: Some((Role::Template, at)),
        })
    }

    fn is_of_library(&self, template: gotemplate::Span) -> bool {
        let libraries = &self.written.of_libraries;
        libraries.get(template.source.0 as usize) == Some(&true)
    }

    /// The chain of a mapping or list that a value was printed as. Its first entry tells which: what that lies in.
    fn container(
        &mut self,
        relocation: &mut Relocation,
        pieces: &Pieces<'_>,
        first: &Piece<'_>,
    ) -> Option<LinkId> {
        let numbers = self.numbers(first.origin());
        let printed = &self.written.rendered.text[pieces.bytes.clone()];
        let line = printed.lines().next().unwrap_or_default();
        let around = match numbers[..] {
            [number] if !self.values.has_text(number, line) => self.values.parent(number),
            _ => None,
        };
        match around {
            Some(number) => {
                let chain = first
                    .frame()
                    .and_then(|frame| self.frame(relocation, frame));
                self.value(relocation, number, chain)
            }
            None => self.chain(relocation, first.origin(), first.frame()),
        }
    }

    /// What cannot be found lies at the beginning of nothing.
    pub(super) fn nowhere(&mut self, relocation: &mut Relocation) -> document::Written {
        let first = self.written.sources.first().map(Arc::clone);
        let source = first.unwrap_or_else(|| Source::new("", ""));
        document::Written {
            source: self.source(relocation, &source),
            span: 0..0,
            cause: None,
        }
    }

    /// The document's number of a text.
    pub(super) fn source(&mut self, relocation: &mut Relocation, source: &Arc<Source>) -> SourceId {
        *self
            .sources
            .entry(Arc::as_ptr(source))
            .or_insert_with(|| relocation.source(source))
    }

    /// The action that a part of one belongs to.
    pub(super) fn action(&self, span: gotemplate::Span) -> gotemplate::Span {
        let written = self.written.sources.get(span.source.0 as usize);
        let text = written.map_or("", |source| source.text());
        let (before, after) = (
            text.get(..span.start as usize),
            text.get(span.end as usize..),
        );
        let (Some(before), Some(after)) = (before, after) else {
            return span;
        };
        let begin = before
            .rfind("{{")
            .filter(|&at| !before[at..].contains("}}"));
        match begin.zip(after.find("}}")) {
            Some((start, length)) => gotemplate::Span {
                start: start as u32,
                end: span.end + length as u32 + 2,
                ..span
            },
            None => span,
        }
    }

    /// Where a span of a template lies in a file.
    pub(super) fn place(&self, span: gotemplate::Span) -> Option<Place> {
        if let Some(source) = self.written.sources.get(span.source.0 as usize) {
            return Some((Arc::clone(source), span.start..span.end));
        }
        let rendered = &self.written.rendered;
        let index = span.source.0.checked_sub(rendered.first_source)?;
        let source = rendered.sources.get(index as usize)?;
        let number = self.trace.sources(source.origin).first().copied();
        Some(place_in_value(source, span, number, self.values))
    }

    fn cause(&self, link: Option<LinkId>) -> Option<(Role, OriginId)> {
        let link = self.links[link? as usize];
        Some((link.role, link.at))
    }

    fn chain(
        &mut self,
        relocation: &mut Relocation,
        origin: Origin,
        frame: Option<FrameId>,
    ) -> Option<LinkId> {
        if let Some(known) = self.decided.get(&(origin, frame)) {
            return *known;
        }
        let mut chain = frame.and_then(|frame| self.frame(relocation, frame));
        for &number in self.numbers(origin).iter().rev() {
            chain = self.value(relocation, number, chain);
        }
        self.decided.insert((origin, frame), chain);
        chain
    }

    /// The chain that begins with a frame.
    fn frame(&mut self, relocation: &mut Relocation, id: FrameId) -> Option<LinkId> {
        if let Some(known) = self.frames.get(&id) {
            return *known;
        }
        let frame = self.trace.frame(id)?;
        let mut chain = frame
            .parent
            .and_then(|parent| self.frame(relocation, parent));
        if frame.kind == FrameKind::Call
            && let Some((source, span)) = self.place(frame.span)
        {
            let source = self.source(relocation, &source);
            let written = document::Written {
                source,
                span,
                cause: self.cause(chain),
            };
            chain = Some(self.push(Link {
                role: Role::Template,
                at: relocation.origin(&written),
                number: None,
                next: chain,
            }));
        }
        for &number in self.numbers(frame.origin).iter().rev() {
            chain = self.value(relocation, number, chain);
        }
        self.frames.insert(id, chain);
        chain
    }

    fn push(&mut self, link: Link) -> LinkId {
        self.links.push(link);
        self.links.len() as u32 - 1
    }

    /// A chain with a value before it, unless that is in it already.
    fn value(
        &mut self,
        relocation: &mut Relocation,
        number: u32,
        chain: Option<LinkId>,
    ) -> Option<LinkId> {
        let mut links = std::iter::successors(chain, |link| self.links[*link as usize].next);
        if links.any(|link| self.links[link as usize].number == Some(number)) {
            return chain;
        }
        let Some(known) = self.known(relocation, number) else {
            return chain;
        };
        let written = document::Written {
            source: known.source,
            span: known.span,
            cause: self.cause(chain),
        };
        let at = if known.path.is_empty() {
            relocation.origin(&written)
        } else {
            relocation.origin_at(&written, &*known.path)
        };
        Some(self.push(Link {
            role: known.role,
            at,
            number: Some(number),
            next: chain,
        }))
    }

    fn known(&mut self, relocation: &mut Relocation, number: u32) -> Option<Known> {
        if let Some(known) = self.known.get(&number) {
            return known.clone();
        }
        let known = self.values.find(number).map(|found| Known {
            role: found.role,
            source: self.source(relocation, &found.source),
            span: found.span,
            path: found.path.into(),
        });
        self.known.insert(number, known.clone());
        known
    }

    /// The numbers of the values that an origin is made of.
    fn numbers(&mut self, origin: Origin) -> Rc<[u32]> {
        if origin.is_none() {
            return Rc::from([]);
        }
        let trace = self.trace;
        let numbers = self.numbers.entry(origin).or_insert_with(|| {
            let mut numbers = trace.sources(origin);
            numbers.truncate(MAX_VALUES);
            numbers.into()
        });
        Rc::clone(numbers)
    }
}
