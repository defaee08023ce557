//! Where the nodes of a rendering were written, and what brought them there.

use std::sync::Arc;

use document::{Builder, Document, Inside, NodeRef, OriginId, Role, Source, SourceId, Span};

/// Causes of one origin that are kept.
const MOST: usize = 32;

/// The number of an origin in the table of one build.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct At(u32);

/// All the origins of one build: spans of sources, each with the nearest step of how it came to be.
#[derive(Debug, Default)]
pub(crate) struct Origins {
    sources: Vec<Arc<Source>>,
    rows: Vec<Row>,
    /// The last mapping that was read with a key twice.
    pub(crate) repeated: Option<At>,
}

#[derive(Clone, Copy, Debug)]
struct Row {
    source: u32,
    start: u32,
    end: u32,
    cause: Option<(Role, At)>,
}

/// How the positions of a parsed text become origins.
#[derive(Debug)]
pub(crate) enum Placed {
    /// The text is a source of its own.
    File(u32, Option<(Role, At)>),
    /// The text stands inside another one.
    Inside {
        source: u32,
        inside: Inside,
        cause: Option<(Role, At)>,
    },
    /// The text stands in another one in a way that no position can be carried over: everything is there.
    Whole(At),
    /// The nodes are those of another document: where they were written is known. The numbers of its sources here.
    Known(Vec<u32>),
}

impl Origins {
    /// Adds a text.
    pub(crate) fn source(&mut self, source: &Arc<Source>) -> u32 {
        self.sources.push(Arc::clone(source));
        self.sources.len() as u32 - 1
    }

    fn push(&mut self, row: Row) -> At {
        self.rows.push(row);
        At(self.rows.len() as u32 - 1)
    }

    /// An origin: a span of a source.
    pub(crate) fn add(&mut self, source: u32, span: &Span, cause: Option<(Role, At)>) -> At {
        self.push(Row {
            source,
            start: span.start,
            end: span.end,
            cause,
        })
    }

    /// The same place as `at`, made from what stands at `from`: the chain goes on there.
    pub(crate) fn derived(&mut self, at: At, role: Role, from: At) -> At {
        let row = self.row(at);
        self.push(Row {
            cause: Some((role, from)),
            ..row
        })
    }

    /// The same origin, its chain going on at `from` where it ends.
    pub(crate) fn append(&mut self, at: At, role: Role, from: At) -> At {
        let row = self.row(at);
        let cause = match row.cause {
            None => (role, from),
            Some((first, next)) => {
                let next = self.row(next);
                let end = self.push(Row {
                    cause: next.cause.or(Some((role, from))),
                    ..next
                });
                (first, end)
            }
        };
        self.push(Row {
            cause: Some(cause),
            ..row
        })
    }

    /// The text and the span of an origin.
    pub(crate) fn lookup(&self, at: At) -> Option<(&Arc<Source>, Span)> {
        let row = self.row(at);
        Some((self.sources.get(row.source as usize)?, row.start..row.end))
    }

    fn row(&self, at: At) -> Row {
        let nowhere = Row {
            source: 0,
            start: 0,
            end: 0,
            cause: None,
        };
        self.rows.get(at.0 as usize).copied().unwrap_or(nowhere)
    }

    /// The origin of a node of a parsed text.
    pub(crate) fn place(&mut self, placed: &Placed, node: NodeRef<'_>) -> At {
        self.place_origin(placed, node.document(), node.origin())
    }

    /// The origin of a key of a parsed text.
    pub(crate) fn place_origin(
        &mut self,
        placed: &Placed,
        document: &Document,
        origin: OriginId,
    ) -> At {
        if let Placed::Known(sources) = placed {
            return self.import(document, origin, sources);
        }
        let span = document.place(origin).span;
        self.carry(placed, &span)
    }

    /// How to place the nodes of another document.
    pub(crate) fn known(&mut self, document: &Document) -> Placed {
        let sources = document.sources().iter();
        Placed::Known(sources.map(|source| self.source(source)).collect())
    }

    /// An origin of another document, with its chain.
    fn import(&mut self, document: &Document, origin: OriginId, sources: &[u32]) -> At {
        let causes: Vec<_> = document.causes(origin).take(MOST).collect();
        let mut before = None;
        for cause in causes.into_iter().rev() {
            let at = self.import_place(document, cause.at, sources, before);
            before = Some((cause.role, at));
        }
        self.import_place(document, origin, sources, before)
    }

    fn import_place(
        &mut self,
        document: &Document,
        origin: OriginId,
        sources: &[u32],
        cause: Option<(Role, At)>,
    ) -> At {
        let place = document.place(origin);
        let is_it = |source: &&Arc<Source>| Arc::ptr_eq(source, place.source);
        let index = document.sources().iter().position(|source| is_it(&source));
        let source = index.and_then(|index| sources.get(index)).copied();
        self.add(source.unwrap_or_default(), &place.span, cause)
    }

    fn carry(&mut self, placed: &Placed, span: &Span) -> At {
        match placed {
            Placed::File(source, cause) => self.add(*source, span, *cause),
            Placed::Inside {
                source,
                inside,
                cause,
            } => self.add(*source, &inside.span(span), *cause),
            Placed::Whole(at) => *at,
            Placed::Known(sources) => self.add(sources.first().copied().unwrap_or(0), span, None),
        }
    }

    /// How to place the nodes of a text that is the value of a scalar.
    pub(crate) fn inside(&self, at: At, text: &str, cause: Option<(Role, At)>) -> Placed {
        let row = self.row(at);
        let source = self.sources.get(row.source as usize);
        let inside = source.and_then(|source| Inside::locate(source, &(row.start..row.end), text));
        match inside {
            Some(inside) => Placed::Inside {
                source: row.source,
                inside,
                cause,
            },
            None => Placed::Whole(at),
        }
    }
}

/// Copies origins into a document's builder, each once for each resource.
#[derive(Debug)]
pub(crate) struct OriginWriter<'o> {
    origins: &'o Origins,
    sources: Vec<SourceId>,
    /// The entries of kustomizations that brought the resource, nearest first.
    bases: Vec<At>,
    tail: Option<OriginId>,
}

impl<'o> OriginWriter<'o> {
    pub(crate) fn new(origins: &'o Origins, builder: &mut Builder) -> Self {
        let sources = origins.sources.iter();
        OriginWriter {
            origins,
            sources: sources.map(|source| builder.source(source)).collect(),
            bases: Vec::new(),
            tail: None,
        }
    }

    /// Begins a resource that was brought by these entries, nearest first.
    pub(crate) fn resource(&mut self, builder: &mut Builder, bases: &[At]) {
        self.tail = None;
        for &base in bases.iter().rev() {
            let row = self.origins.row(base);
            self.tail = self.copy(builder, row, self.tail.map(|tail| (Role::Base, tail)));
        }
        self.bases = bases.to_vec();
    }

    fn copy(
        &self,
        builder: &mut Builder,
        row: Row,
        cause: Option<(Role, OriginId)>,
    ) -> Option<OriginId> {
        let source = *self.sources.get(row.source as usize)?;
        let span = row.start..row.end;
        Some(match cause {
            Some((role, at)) => builder.origin_from(source, span, role, at),
            None => builder.origin(source, span),
        })
    }

    /// The document's origin for one of ours.
    pub(crate) fn origin(&mut self, builder: &mut Builder, at: At) -> OriginId {
        let mut chain = vec![self.origins.row(at)];
        let mut roles = Vec::new();
        while let Some((role, next)) = chain.last().and_then(|row| row.cause) {
            if chain.len() > MOST {
                break;
            }
            roles.push(role);
            chain.push(self.origins.row(next));
        }
        let mut below = self.tail.map(|tail| (Role::Base, tail));
        let mut made = None;
        for (index, row) in chain.iter().enumerate().rev() {
            made = self.copy(builder, *row, below);
            let role = index.checked_sub(1).and_then(|index| roles.get(index));
            below = role.copied().zip(made);
        }
        made.unwrap_or_else(|| {
            let nowhere = builder.source(&Source::new("", ""));
            builder.origin(nowhere, 0..0)
        })
    }
}
