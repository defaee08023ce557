//! Makes a [`Document`] node by node, in the order of the text. Every producer goes through it.

use std::sync::Arc;

use crate::document::node::{Entry, KeyBits, Kind, Node, NodeId, OriginId, Tag};
use crate::document::{Cause, Document, Origin, Role};
use crate::keys::{self, KeyId, Keys};
use crate::limits::{LimitExceeded, Limits};
use crate::source::{Source, Span};

/// A source of the document that is being built.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SourceId(pub(crate) u32);

/// Collects nodes in preorder: a container begins before what it holds and ends after it.
///
/// Inside a mapping every value follows its [`key`](Builder::key). A finished node that stands in no
/// container is a root.
#[derive(Debug)]
pub struct Builder {
    document: Document,
    sources: Vec<Arc<Source>>,
    limits: Limits,
    frames: Vec<Frame>,
    /// Entries and items of the containers that have not ended yet, outermost first.
    entries: Vec<Entry>,
    items: Vec<NodeId>,
    /// For each key the last mapping that was seen to have it: finds repeated keys.
    seen: Vec<u32>,
    ended_mappings: u32,
    /// The references so far, each with the bytes of text that it and those before it stand for.
    aliases: Vec<(NodeId, u64)>,
    allowed_expansion: u64,
}

#[derive(Clone, Copy, Debug)]
struct Frame {
    node: NodeId,
    /// Where the frame's entries or items begin among the unfinished ones.
    base: u32,
    key: Option<(KeyId, OriginId)>,
    is_mapping: bool,
}

/// A point to go back to when a YAML document turns out to be broken.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    nodes: usize,
    items: usize,
    entries: usize,
    origins: usize,
    causes: usize,
    pool: usize,
    roots: usize,
    comments: usize,
}

impl Builder {
    /// A builder for one document.
    pub fn new(keys: &Arc<Keys>, limits: &Limits) -> Self {
        Builder {
            document: Document::empty(keys),
            sources: Vec::new(),
            limits: *limits,
            frames: Vec::new(),
            entries: Vec::new(),
            items: Vec::new(),
            seen: Vec::new(),
            ended_mappings: 0,
            aliases: Vec::new(),
            allowed_expansion: limits.alias_expansion(0),
        }
    }

    /// Makes room for what a text of this size usually gives.
    pub(crate) fn reserve(&mut self, bytes: usize) {
        // Measured on manifests: a node every 17 bytes, an entry every 20.
        self.document.nodes.reserve(bytes / 17);
        self.document.origins.reserve(bytes / 9);
        self.document.entries.reserve(bytes / 20);
    }

    /// Adds a text that origins can point into.
    pub fn source(&mut self, source: &Arc<Source>) -> SourceId {
        self.sources.push(Arc::clone(source));
        let size = self.sources.iter().map(|source| source.text().len()).sum();
        self.allowed_expansion = self.limits.alias_expansion(size);
        SourceId(self.sources.len() as u32 - 1)
    }

    /// A source that was added before.
    pub(crate) fn find_source(&self, source: &Arc<Source>) -> Option<SourceId> {
        let found = self
            .sources
            .iter()
            .rposition(|own| Arc::ptr_eq(own, source));
        found.map(|index| SourceId(index as u32))
    }

    /// An origin: written here.
    pub fn origin(&mut self, source: SourceId, span: Span) -> OriginId {
        self.push_origin(source, span, 0)
    }

    /// An origin with the nearest step of how the node came to be; the chain goes on at `at`'s own cause.
    pub fn origin_from(
        &mut self,
        source: SourceId,
        span: Span,
        role: Role,
        at: OriginId,
    ) -> OriginId {
        self.document.causes.push(Cause { role, at });
        let cause = self.document.causes.len() as u32;
        self.push_origin(source, span, cause)
    }

    fn push_origin(&mut self, source: SourceId, span: Span, cause: u32) -> OriginId {
        let id = OriginId(self.document.origins.len() as u32);
        self.document.origins.push(Origin {
            source: source.0,
            start: span.start,
            end: span.end,
            cause,
        });
        id
    }

    /// Begins a mapping; its origin's end may be set when it [ends](Builder::end).
    pub fn begin_mapping(&mut self, origin: OriginId) -> Result<NodeId, LimitExceeded> {
        let base = self.entries.len();
        self.begin(Tag::Mapping, base, origin)
    }

    /// Begins a sequence; its origin's end may be set when it [ends](Builder::end).
    pub fn begin_sequence(&mut self, origin: OriginId) -> Result<NodeId, LimitExceeded> {
        let base = self.items.len();
        self.begin(Tag::Sequence, base, origin)
    }

    fn begin(&mut self, tag: Tag, base: usize, origin: OriginId) -> Result<NodeId, LimitExceeded> {
        if self.frames.len() >= self.limits.depth as usize {
            return Err(LimitExceeded::Depth);
        }
        let node = self.push(tag, 0, 0, origin)?;
        self.frames.push(Frame {
            node,
            base: base as u32,
            key: None,
            is_mapping: tag == Tag::Mapping,
        });
        Ok(node)
    }

    /// Ends the innermost container; `end` moves the end of its origin's span. Does nothing when none is open.
    pub fn end(&mut self, end: Option<u32>) {
        let Some(frame) = self.frames.pop() else {
            return;
        };
        let base = frame.base as usize;
        let (tag, keys, (a, b)) = if frame.is_mapping {
            let (is_irregular, keys) = self.inspect(base);
            let tag = if is_irregular {
                Tag::IrregularMapping
            } else {
                Tag::Mapping
            };
            (
                tag,
                keys,
                move_tail(&mut self.entries, base, &mut self.document.entries),
            )
        } else {
            (
                Tag::Sequence,
                KeyBits::default(),
                move_tail(&mut self.items, base, &mut self.document.items),
            )
        };
        let node = &mut self.document.nodes[frame.node.0 as usize];
        (node.tag, node.keys, node.a, node.b) = (tag, keys, a, b);
        if let Some(end) = end {
            self.document.origins[node.origin.0 as usize].end = end;
        }
        self.attach(frame.node);
    }

    /// The key of the next value of the innermost mapping.
    pub fn key(&mut self, name: &str, origin: OriginId) {
        let key = self.intern(name);
        self.set_key(key, origin);
    }

    /// The merge key as key of the next value, which is a mapping, a sequence of mappings or a reference to a mapping.
    pub fn merge_key(&mut self, origin: OriginId) {
        self.set_key(Keys::MERGE, origin);
    }

    fn set_key(&mut self, key: KeyId, origin: OriginId) {
        if let Some(frame) = self.frames.last_mut() {
            frame.key = Some((key, origin));
        }
    }

    /// A null.
    pub fn null(&mut self, origin: OriginId) -> Result<NodeId, LimitExceeded> {
        self.leaf(Tag::Null, 0, origin)
    }

    /// A boolean.
    pub fn bool(&mut self, value: bool, origin: OriginId) -> Result<NodeId, LimitExceeded> {
        self.leaf(if value { Tag::True } else { Tag::False }, 0, origin)
    }

    /// An integer.
    pub fn int(&mut self, value: i64, origin: OriginId) -> Result<NodeId, LimitExceeded> {
        self.leaf(Tag::Int, value.cast_unsigned(), origin)
    }

    /// An integer above `i64::MAX` (a smaller one is stored as [`int`](Builder::int) does).
    pub fn uint(&mut self, value: u64, origin: OriginId) -> Result<NodeId, LimitExceeded> {
        let tag = if i64::try_from(value).is_ok() {
            Tag::Int
        } else {
            Tag::Uint
        };
        self.leaf(tag, value, origin)
    }

    /// A floating point number.
    pub fn float(&mut self, value: f64, origin: OriginId) -> Result<NodeId, LimitExceeded> {
        self.leaf(Tag::Float, value.to_bits(), origin)
    }

    /// A string that stands in the origin's source exactly as it is: `span` says where.
    pub fn source_string(&mut self, span: Span, origin: OriginId) -> Result<NodeId, LimitExceeded> {
        let id = self.push(Tag::SourceStr, span.start, span.end, origin)?;
        self.attach(id);
        Ok(id)
    }

    /// A string of the document's own.
    pub fn string(&mut self, text: &str, origin: OriginId) -> Result<NodeId, LimitExceeded> {
        let start = self.document.pool.len() as u32;
        self.document.pool.push_str(text);
        let id = self.push(Tag::PoolStr, start, self.document.pool.len() as u32, origin)?;
        self.attach(id);
        Ok(id)
    }

    /// A string that is in the pool already.
    pub(crate) fn pooled_string(
        &mut self,
        range: Span,
        origin: OriginId,
    ) -> Result<NodeId, LimitExceeded> {
        let id = self.push(Tag::PoolStr, range.start, range.end, origin)?;
        self.attach(id);
        Ok(id)
    }

    /// The strings of the document's own so far.
    pub(crate) fn pool(&self) -> &str {
        &self.document.pool
    }

    /// A reference to a finished, earlier node.
    pub fn alias(&mut self, target: NodeId, origin: OriginId) -> Result<NodeId, LimitExceeded> {
        let expansion = self.expansion().saturating_add(self.weight(target));
        if expansion > self.allowed_expansion {
            return Err(LimitExceeded::AliasExpansion);
        }
        let id = self.leaf(Tag::Alias, u64::from(target.0), origin)?;
        self.aliases.push((id, expansion));
        Ok(id)
    }

    /// Bytes of text that all the references so far stand for.
    fn expansion(&self) -> u64 {
        self.aliases.last().map_or(0, |&(_, expansion)| expansion)
    }

    /// Bytes of text that a finished node stands for, the references below it followed.
    fn weight(&self, node: NodeId) -> u64 {
        let document = &self.document;
        let origin = document.origins[document.node(node).origin.0 as usize];
        let own = u64::from(origin.end.saturating_sub(origin.start)) + 1;
        let last = document.last_below(node);
        let before = |id: NodeId| match self.aliases.partition_point(|&(alias, _)| alias < id) {
            0 => 0,
            count => self.aliases[count - 1].1,
        };
        own + before(NodeId(last.0 + 1)) - before(node)
    }

    /// A comment, from its `#` to the end of its line.
    pub fn comment(&mut self, source: SourceId, span: Span) {
        self.document.comments.push(Origin {
            source: source.0,
            start: span.start,
            end: span.end,
            cause: 0,
        });
    }

    /// Whether a container is open.
    pub fn is_open(&self) -> bool {
        !self.frames.is_empty()
    }

    /// The document; containers that are still open are ended.
    pub fn finish(mut self) -> Document {
        while self.is_open() {
            self.end(None);
        }
        if self.sources.is_empty() {
            // `Document::place` always has a source to name.
            self.sources.push(Source::new("", ""));
        }
        self.document.sources = self.sources.into();
        let place = |comment: &Origin| (comment.source, comment.start);
        if !self.document.comments.is_sorted_by_key(place) {
            self.document.comments.sort_by_key(place);
        }
        self.document.shrink();
        self.document
    }

    fn leaf(&mut self, tag: Tag, bits: u64, origin: OriginId) -> Result<NodeId, LimitExceeded> {
        let id = self.push(tag, bits as u32, (bits >> 32) as u32, origin)?;
        self.attach(id);
        Ok(id)
    }

    fn push(
        &mut self,
        tag: Tag,
        a: u32,
        b: u32,
        origin: OriginId,
    ) -> Result<NodeId, LimitExceeded> {
        if self.document.nodes.len() >= self.limits.nodes as usize {
            return Err(LimitExceeded::Nodes);
        }
        let id = NodeId(self.document.nodes.len() as u32);
        self.document.nodes.push(Node {
            tag,
            keys: KeyBits::default(),
            a,
            b,
            origin,
        });
        Ok(id)
    }

    /// Hangs a finished node into the container around it.
    fn attach(&mut self, value: NodeId) {
        match self.frames.last_mut() {
            None => self.document.roots.push(value),
            Some(frame) if !frame.is_mapping => self.items.push(value),
            Some(frame) => {
                if let Some((key, key_origin)) = frame.key.take() {
                    self.entries.push(Entry {
                        key,
                        key_origin,
                        value,
                    });
                }
            }
        }
    }

    /// Whether an ending mapping has merge keys or repeated keys, and the bits of its keys.
    fn inspect(&mut self, base: usize) -> (bool, KeyBits) {
        self.ended_mappings += 1;
        let stamp = self.ended_mappings;
        let mut irregular = false;
        let mut keys = KeyBits::default();
        for entry in &self.entries[base..] {
            let index = entry.key.index();
            if self.seen.len() <= index {
                self.seen.resize(index + 1, 0);
            }
            let before = std::mem::replace(&mut self.seen[index], stamp);
            irregular |= before == stamp || entry.key == Keys::MERGE;
            keys = keys.with(entry.key);
        }
        (irregular, keys)
    }

    fn intern(&mut self, name: &str) -> KeyId {
        let hash = keys::hash(name);
        self.document.keys.find(name, hash).unwrap_or_else(|| {
            let local = self.document.extra_keys.find_or_insert(name, hash);
            KeyId(self.document.keys.len() as u32 + local)
        })
    }

    /// Whether a finished node can be the value of a merge key.
    pub(crate) fn is_mergeable(&self, value: NodeId) -> bool {
        let is_mapping = |id: NodeId| {
            let value = self.document.at(id);
            value.kind() == Kind::Mapping
        };
        let raw = self.document.node(value);
        is_mapping(value)
            || (raw.tag == Tag::Sequence
                && self
                    .document
                    .items_of(raw)
                    .iter()
                    .all(|&item| is_mapping(item)))
    }

    /// Where the document stands now.
    pub(crate) fn mark(&self) -> Mark {
        let document = &self.document;
        Mark {
            nodes: document.nodes.len(),
            items: document.items.len(),
            entries: document.entries.len(),
            origins: document.origins.len(),
            causes: document.causes.len(),
            pool: document.pool.len(),
            roots: document.roots.len(),
            comments: document.comments.len(),
        }
    }

    /// Forgets everything since a mark that was made while no container was open.
    pub(crate) fn rollback(&mut self, mark: Mark) {
        let document = &mut self.document;
        document.nodes.truncate(mark.nodes);
        document.items.truncate(mark.items);
        document.entries.truncate(mark.entries);
        document.origins.truncate(mark.origins);
        document.causes.truncate(mark.causes);
        document.pool.truncate(mark.pool);
        document.roots.truncate(mark.roots);
        document.comments.truncate(mark.comments);
        self.frames.clear();
        self.entries.clear();
        self.items.clear();
        let nodes = mark.nodes as u32;
        let aliases = self.aliases.partition_point(|&(alias, _)| alias.0 < nodes);
        self.aliases.truncate(aliases);
    }
}

fn move_tail<T: Copy>(from: &mut Vec<T>, base: usize, to: &mut Vec<T>) -> (u32, u32) {
    let start = to.len() as u32;
    to.extend_from_slice(&from[base..]);
    let count = (from.len() - base) as u32;
    from.truncate(base);
    (start, count)
}
