//! Where the nodes of a rendering were written, and what brought them there.

use std::sync::Arc;

use document::{Builder, Document, NodeRef, OriginId, Role, Source, SourceId, Span};

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
    /// The text stands inside another one, in a block scalar: where each of its lines begins there.
    Inside {
        source: u32,
        lines: Vec<(u32, u32)>,
        length: u32,
        cause: Option<(Role, At)>,
    },
    /// The text stands in another one in a way that no position can be carried over: everything is there.
    Whole(At),
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
        let span = node.place().span;
        self.carry(placed, &span)
    }

    /// The origin of a key of a parsed text.
    pub(crate) fn place_origin(
        &mut self,
        placed: &Placed,
        document: &Document,
        origin: OriginId,
    ) -> At {
        let span = document.place(origin).span;
        self.carry(placed, &span)
    }

    fn carry(&mut self, placed: &Placed, span: &Span) -> At {
        match placed {
            Placed::File(source, cause) => self.add(*source, span, *cause),
            Placed::Inside {
                source,
                lines,
                length,
                cause,
            } => {
                let outer = |offset: u32| {
                    let offset = offset.min(*length);
                    let index = lines.partition_point(|&(inner, _)| inner <= offset);
                    let (inner, outer) = lines[index.saturating_sub(1)];
                    outer + (offset - inner)
                };
                let span = outer(span.start)..outer(span.end);
                self.add(*source, &span, *cause)
            }
            Placed::Whole(at) => *at,
        }
    }

    /// How to place the nodes of a text that is the value of a scalar: exactly, where the scalar is a block whose
    /// lines are the lines of the text.
    pub(crate) fn inside(&self, at: At, text: &str, cause: Option<(Role, At)>) -> Placed {
        self.block_lines(at, text)
            .map_or(Placed::Whole(at), |(source, lines)| Placed::Inside {
                source,
                lines,
                length: text.len() as u32,
                cause,
            })
    }

    fn block_lines(&self, at: At, text: &str) -> Option<(u32, Vec<(u32, u32)>)> {
        let row = self.row(at);
        let source = self.sources.get(row.source as usize)?;
        let whole = source.text();
        let begin = row.start as usize;
        if !whole.get(begin..)?.starts_with('|') {
            return None;
        }
        let mut outer = begin + whole[begin..].find('\n')? + 1;
        let first = whole.get(outer..)?;
        let indent = first.len() - first.trim_start_matches(' ').len();
        let mut lines = Vec::new();
        let mut inner = 0;
        for line in text.split_inclusive('\n') {
            let rest = whole.get(outer..)?;
            let written = &rest[..rest.find('\n').map_or(rest.len(), |end| end + 1)];
            let content = written.get(indent..).unwrap_or("\n");
            if content.trim_end() != line.trim_end() {
                return None;
            }
            lines.push((inner as u32, (outer + indent.min(written.len())) as u32));
            inner += line.len();
            outer += written.len();
        }
        (!lines.is_empty()).then_some((row.source, lines))
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
            if chain.len() > 32 {
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
