//! The arena: nodes, entries, origins and the texts they point into.

pub(crate) mod made;
pub(crate) mod node;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::document::made::Made;
use crate::document::node::{Entry, Node, NodeId, NodeRef, OriginId, Tag};
use crate::keys::{self, KeyId, Keys, NameTable};
use crate::source::{Source, Span};

/// The part that something played in making a node.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Role {
    /// The template that printed the node.
    Template,
    /// The value that decided it.
    Value,
    /// The base that a kustomization took it from.
    Base,
    /// The patch that set it.
    Patch,
    /// A command-line flag.
    Flag,
    /// A default.
    Default,
    /// The YAML alias or merge key that brought it.
    Alias,
}

impl Role {
    /// The word that stands in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Template => "template",
            Role::Value => "value",
            Role::Base => "base",
            Role::Patch => "patch",
            Role::Flag => "flag",
            Role::Default => "default",
            Role::Alias => "alias",
        }
    }
}

/// Where a node was written: a span of one of the document's sources.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Origin {
    pub(crate) source: u32,
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// Index into the causes, plus one; 0 when the node was simply written here.
    pub(crate) cause: u32,
}

/// One step of how a node came to be, nearest cause first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cause {
    /// The part it played.
    pub role: Role,
    /// Where it is written.
    pub at: OriginId,
}

/// A span of one of a document's sources.
#[derive(Clone, Debug)]
pub struct Place<'a> {
    /// The text.
    pub source: &'a Arc<Source>,
    /// The bytes.
    pub span: Span,
}

/// All the YAML documents of one input text (or one rendering): nodes in one arena, one root each.
///
/// Owned by the inventory, never changed after it was built, shared between threads.
#[derive(Debug)]
pub struct Document {
    pub(crate) sources: Arc<[Arc<Source>]>,
    pub(crate) keys: Arc<Keys>,
    pub(crate) extra_keys: NameTable,
    pub(crate) nodes: Vec<Node>,
    pub(crate) items: Vec<NodeId>,
    pub(crate) entries: Vec<Entry>,
    pub(crate) origins: Vec<Origin>,
    pub(crate) causes: Vec<Cause>,
    pub(crate) pool: String,
    pub(crate) roots: Vec<NodeId>,
    pub(crate) comments: Vec<Origin>,
    pub(crate) is_json: bool,
    /// The text that the document was parsed from, where its origins lie in others.
    pub(crate) made: Option<Made>,
    /// Paths that origins lie at in their own texts, where that is known.
    pub(crate) paths: BTreeMap<OriginId, Box<str>>,
    /// Of a rendering: for each node the line where it is printed.
    pub(crate) rendered_lines: Box<[u32]>,
}

impl Document {
    pub(crate) fn empty(keys: &Arc<Keys>) -> Self {
        Document {
            sources: Arc::new([]),
            keys: Arc::clone(keys),
            extra_keys: NameTable::default(),
            nodes: Vec::new(),
            items: Vec::new(),
            entries: Vec::new(),
            origins: Vec::new(),
            causes: Vec::new(),
            pool: String::new(),
            roots: Vec::new(),
            comments: Vec::new(),
            is_json: false,
            made: None,
            paths: BTreeMap::new(),
            rendered_lines: Box::default(),
        }
    }

    /// Gives back what was reserved and not used.
    pub(crate) fn shrink(&mut self) {
        self.nodes.shrink_to_fit();
        self.items.shrink_to_fit();
        self.entries.shrink_to_fit();
        self.origins.shrink_to_fit();
        self.causes.shrink_to_fit();
        self.pool.shrink_to_fit();
        self.extra_keys.shrink();
        self.roots.shrink_to_fit();
        self.comments.shrink_to_fit();
    }

    /// Bytes that the document holds, its sources not counted.
    pub fn memory(&self) -> usize {
        size_of_val(&self.nodes[..])
            + size_of_val(&self.items[..])
            + size_of_val(&self.entries[..])
            + size_of_val(&self.origins[..])
            + size_of_val(&self.causes[..])
            + size_of_val(&self.comments[..])
            + size_of_val(&self.roots[..])
            + size_of_val(&self.rendered_lines[..])
            + self.pool.len()
            + self.made.as_ref().map_or(0, Made::memory)
    }

    /// Notes for each node the line where a rendering prints it, counted from the first line of its YAML document.
    pub fn set_rendered_lines(&mut self, lines: Vec<u32>) {
        self.rendered_lines = lines.into();
    }

    /// The line where a rendering prints a node, counted from 1 in its YAML document; 1 where that is not known.
    pub fn rendered_line(&self, node: NodeId) -> u32 {
        let line = self.rendered_lines.get(node.0 as usize).copied();
        line.unwrap_or(1).max(1)
    }

    /// The roots, one for each YAML document that is not empty.
    pub fn roots(&self) -> impl ExactSizeIterator<Item = NodeRef<'_>> {
        self.roots.iter().map(|&id| NodeRef { document: self, id })
    }

    /// The root of the YAML document at a position.
    pub fn root(&self, index: usize) -> Option<NodeRef<'_>> {
        let id = *self.roots.get(index)?;
        Some(NodeRef { document: self, id })
    }

    /// Number of nodes.
    pub fn size(&self) -> u32 {
        self.nodes.len() as u32
    }

    /// The node at a position of the arena (see [`NodeId::index`]); a null of nowhere past its end.
    pub fn nth(&self, index: u32) -> NodeRef<'_> {
        self.at(NodeId(index))
    }

    /// The node behind an id of this document.
    pub fn at(&self, id: NodeId) -> NodeRef<'_> {
        NodeRef { document: self, id }
    }

    /// Whether the text was read as JSON, which is written in another style than YAML.
    pub fn is_json(&self) -> bool {
        self.is_json
    }

    /// The texts that the document was made from.
    pub fn sources(&self) -> &[Arc<Source>] {
        &self.sources
    }

    /// The table of keys that the document was parsed with.
    pub fn keys(&self) -> &Arc<Keys> {
        &self.keys
    }

    /// The text of a key.
    pub fn key_name(&self, key: KeyId) -> &str {
        self.keys.name(key).unwrap_or_else(|| {
            let local = key.0 - self.keys.len() as u32;
            self.extra_keys.name(local).unwrap_or_default()
        })
    }

    /// The id of a key; `None` when no mapping of the document can have it.
    pub fn key_id(&self, name: &str) -> Option<KeyId> {
        let hash = keys::hash(name);
        self.keys.find(name, hash).or_else(|| {
            let local = self.extra_keys.find(name, hash)?;
            Some(KeyId(self.keys.len() as u32 + local))
        })
    }

    /// Where an origin lies.
    pub fn place(&self, origin: OriginId) -> Place<'_> {
        let origin = self.written(origin);
        Place {
            source: &self.sources[origin.source as usize],
            span: origin.start..origin.end,
        }
    }

    /// How the node at an origin came to be, nearest cause first; empty when it was simply written.
    pub fn causes(&self, origin: OriginId) -> impl Iterator<Item = Cause> + '_ {
        std::iter::successors(self.cause_of(origin), |cause| self.cause_of(cause.at))
    }

    /// The path inside of its own text of what stands at an origin, for causes that were given one.
    pub fn path_at(&self, origin: OriginId) -> Option<&str> {
        self.paths.get(&origin).map(|path| &**path)
    }

    /// The comments, in the order of the text, each from its `#` to the end of its line.
    pub fn comments(&self) -> impl ExactSizeIterator<Item = Place<'_>> {
        self.comments.iter().map(|origin| Place {
            source: &self.sources[origin.source as usize],
            span: origin.start..origin.end,
        })
    }

    /// The origin behind an id; the start of the first source for an id of another document.
    pub(crate) fn written(&self, origin: OriginId) -> Origin {
        self.origins
            .get(origin.0 as usize)
            .copied()
            .unwrap_or(Origin {
                source: 0,
                start: 0,
                end: 0,
                cause: 0,
            })
    }

    fn cause_of(&self, origin: OriginId) -> Option<Cause> {
        let index = self.written(origin).cause.checked_sub(1)?;
        self.causes.get(index as usize).copied()
    }

    /// The node; a null of nowhere for an id of another document.
    #[inline]
    pub(crate) fn node(&self, id: NodeId) -> &Node {
        self.nodes.get(id.0 as usize).unwrap_or(&Node::NOWHERE)
    }

    /// The last node below a finished one, or itself; references are not followed.
    pub(crate) fn last_below(&self, mut node: NodeId) -> NodeId {
        loop {
            let raw = self.node(node);
            let entry = self.entries_of(raw).last().map(|entry| entry.value);
            match entry.or(self.items_of(raw).last().copied()) {
                Some(last) => node = last,
                None => return node,
            }
        }
    }

    #[inline]
    pub(crate) fn items_of(&self, node: &Node) -> &[NodeId] {
        match node.tag {
            Tag::Sequence => part(&self.items, node),
            _ => &[],
        }
    }

    #[inline]
    pub(crate) fn entries_of(&self, node: &Node) -> &[Entry] {
        match node.tag {
            Tag::Mapping | Tag::IrregularMapping => part(&self.entries, node),
            _ => &[],
        }
    }

    pub(crate) fn source_text(&self, node: &Node) -> &str {
        let source = match &*self.sources {
            // Nearly always: the table of origins, which is seldom in the cache, need not be read.
            [only] => only,
            sources => &sources[self.written(node.origin).source as usize],
        };
        source.slice(&(node.a..node.b))
    }

    pub(crate) fn pool_text(&self, node: &Node) -> &str {
        self.pool
            .get(node.a as usize..node.b as usize)
            .unwrap_or_default()
    }
}

/// What a container's numbers mean: `b` from `a` on.
#[inline]
fn part<'a, T>(all: &'a [T], node: &Node) -> &'a [T] {
    let (start, count) = (node.a as usize, node.b as usize);
    all.get(start..start + count).unwrap_or_default()
}
