//! Compact nodes and the borrowed view that everything reads them through.

use std::collections::HashSet;

use foldhash::fast::FixedState;

use crate::document::Document;
use crate::keys::{KeyId, Keys};

/// Position of a node in its document's arena. A container's children come after it, and the nodes
/// below a container are the contiguous ids that follow it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct NodeId(pub(crate) u32);

impl NodeId {
    /// The position, for tables beside the arena.
    pub fn index(self) -> u32 {
        self.0
    }
}

/// Position in a document's table of origins.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct OriginId(pub(crate) u32);

/// What a node is, references resolved.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// `null`, or nothing at all after a key.
    Null,
    /// `true` or `false`.
    Bool,
    /// An integer that fits `i64`.
    Int,
    /// An integer above `i64::MAX` that fits `u64`.
    Uint,
    /// A floating point number.
    Float,
    /// A string.
    String,
    /// A sequence.
    Sequence,
    /// A mapping.
    Mapping,
}

#[repr(u8)]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Tag {
    Null,
    False,
    True,
    /// `a`, `b`: low and high half of an `i64`.
    Int,
    /// `a`, `b`: low and high half of a `u64`.
    Uint,
    /// `a`, `b`: low and high half of the bits of an `f64`.
    Float,
    /// `a..b` in the text of the source that the origin names.
    SourceStr,
    /// `a..b` in the document's pool.
    PoolStr,
    /// `b` items from `a` on.
    Sequence,
    /// `b` entries from `a` on, each key once and none a merge key.
    Mapping,
    /// `b` entries from `a` on, with merge keys or repeated keys.
    IrregularMapping,
    /// A reference (YAML alias) to node `a`.
    Alias,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    pub(crate) tag: Tag,
    /// Of a mapping: which [`bits`](KeyBits) its keys have. A key whose bit is not there need not be searched.
    pub(crate) keys: KeyBits,
    pub(crate) a: u32,
    pub(crate) b: u32,
    pub(crate) origin: OriginId,
}

impl Node {
    /// What an id that is not of the document gives.
    pub(crate) const NOWHERE: Node = Node {
        tag: Tag::Null,
        keys: KeyBits(0),
        a: 0,
        b: 0,
        origin: OriginId(u32::MAX),
    };
}

/// A set of keys that may hold more than was put in: it lies in what a node would else leave unused.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) struct KeyBits(u16);

impl KeyBits {
    /// The set with a key.
    #[inline]
    pub(crate) fn with(self, key: KeyId) -> Self {
        KeyBits(self.0 | Self::bit(key))
    }

    /// Whether the set may hold a key.
    #[inline]
    fn may_have(self, key: KeyId) -> bool {
        self.0 & Self::bit(key) != 0
    }

    /// Keys that are looked for together tend to have neighbouring ids, so the ids are spread.
    #[inline]
    fn bit(key: KeyId) -> u16 {
        1 << (key.0.wrapping_mul(0x9E37_79B1) >> 28)
    }
}

/// One key with its value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    pub(crate) key: KeyId,
    pub(crate) key_origin: OriginId,
    pub(crate) value: NodeId,
}

/// A node of a document, borrowed. Copied freely; every accessor resolves references (aliases).
#[derive(Clone, Copy, Debug)]
pub struct NodeRef<'a> {
    pub(crate) document: &'a Document,
    pub(crate) id: NodeId,
}

/// How far keys lead: see [`NodeRef::walk`].
#[derive(Clone, Copy, Debug)]
pub struct Walk<'a> {
    /// The last node that was reached.
    pub node: NodeRef<'a>,
    /// Number of keys that were followed.
    pub done: usize,
    /// Why it ended there.
    pub end: WalkEnd,
    /// What the search in large mappings cost: entries by [`Walk::UNIT`].
    pub searched: usize,
}

impl Walk<'_> {
    /// Entries of one mapping that count as one.
    pub const UNIT: usize = 64;
}

/// Why a [`Walk`] ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WalkEnd {
    /// There were no more keys.
    Reached,
    /// The node, a mapping or null, has no value under the next key.
    Absent,
    /// The node is of another kind.
    NoMapping,
}

/// One entry of a mapping: its own, or one that a merge key brought.
#[derive(Clone, Copy, Debug)]
pub struct EntryRef<'a> {
    /// The key's id.
    pub key: KeyId,
    /// Where the key is written.
    pub key_origin: OriginId,
    /// The value, references not yet resolved (every accessor does).
    pub value: NodeRef<'a>,
}

impl<'a> EntryRef<'a> {
    #[inline]
    fn of(document: &'a Document, entry: &Entry) -> Self {
        EntryRef {
            key: entry.key,
            key_origin: entry.key_origin,
            value: NodeRef {
                document,
                id: entry.value,
            },
        }
    }

    /// The key as text.
    pub fn name(&self) -> &'a str {
        self.value.document.key_name(self.key)
    }
}

impl<'a> NodeRef<'a> {
    /// The document that owns the node.
    pub fn document(self) -> &'a Document {
        self.document
    }

    /// The node's id, references not resolved.
    pub fn id(self) -> NodeId {
        self.id
    }

    /// The node that a reference stands for; the node itself otherwise.
    #[must_use]
    pub fn resolved(self) -> NodeRef<'a> {
        let node = self.document.node(self.id);
        if node.tag == Tag::Alias {
            // The builder lets an alias name only a finished, earlier node, so chains end.
            NodeRef {
                document: self.document,
                id: NodeId(node.a),
            }
            .resolved()
        } else {
            self
        }
    }

    /// Whether the node is a mapping with merge keys or repeated keys: [`entries`](Self::entries) then differs
    /// from [`written_entries`](Self::written_entries).
    pub fn is_irregular(self) -> bool {
        self.raw().tag == Tag::IrregularMapping
    }

    /// Whether the node is a reference to another one.
    pub fn is_reference(self) -> bool {
        self.document.node(self.id).tag == Tag::Alias
    }

    #[inline]
    fn raw(self) -> &'a Node {
        let node = self.document.node(self.id);
        if node.tag == Tag::Alias {
            self.document.node(self.resolved().id)
        } else {
            node
        }
    }

    /// What the node is.
    #[inline]
    pub fn kind(self) -> Kind {
        match self.raw().tag {
            Tag::Null | Tag::Alias => Kind::Null,
            Tag::False | Tag::True => Kind::Bool,
            Tag::Int => Kind::Int,
            Tag::Uint => Kind::Uint,
            Tag::Float => Kind::Float,
            Tag::SourceStr | Tag::PoolStr => Kind::String,
            Tag::Sequence => Kind::Sequence,
            Tag::Mapping | Tag::IrregularMapping => Kind::Mapping,
        }
    }

    /// Whether the node is null.
    #[inline]
    pub fn is_null(self) -> bool {
        self.kind() == Kind::Null
    }

    /// The value of a boolean.
    #[inline]
    pub fn as_bool(self) -> Option<bool> {
        match self.raw().tag {
            Tag::True => Some(true),
            Tag::False => Some(false),
            _ => None,
        }
    }

    /// The value of an integer that fits.
    #[inline]
    pub fn as_i64(self) -> Option<i64> {
        let node = self.raw();
        (node.tag == Tag::Int).then(|| join(node.a, node.b).cast_signed())
    }

    /// The value of an integer that is not negative.
    pub fn as_u64(self) -> Option<u64> {
        let node = self.raw();
        match node.tag {
            Tag::Uint => Some(join(node.a, node.b)),
            Tag::Int => u64::try_from(join(node.a, node.b).cast_signed()).ok(),
            _ => None,
        }
    }

    /// The value of a floating point number (integers are not converted).
    pub fn as_f64(self) -> Option<f64> {
        let node = self.raw();
        (node.tag == Tag::Float).then(|| f64::from_bits(join(node.a, node.b)))
    }

    /// The text of a string.
    #[inline]
    pub fn as_str(self) -> Option<&'a str> {
        let node = self.raw();
        match node.tag {
            Tag::SourceStr => Some(self.document.source_text(node)),
            Tag::PoolStr => Some(self.document.pool_text(node)),
            _ => None,
        }
    }

    /// Number of items, or of entries (merged ones included).
    pub fn len(self) -> usize {
        match self.kind() {
            Kind::Sequence => self.raw().b as usize,
            Kind::Mapping => self.entries().len(),
            _ => 0,
        }
    }

    /// Whether there are no items or entries.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The value under a key of a mapping, as the last that sets it leaves it.
    #[inline]
    pub fn get(self, key: KeyId) -> Option<NodeRef<'a>> {
        self.entry(key).map(|entry| entry.value)
    }

    /// The value under a key given as text.
    pub fn get_str(self, key: &str) -> Option<NodeRef<'a>> {
        /// So many names are compared sooner than one is looked up.
        const FEW: usize = 6;
        let node = self.raw();
        let own = self.document.entries_of(node);
        if node.tag != Tag::Mapping || own.len() > FEW {
            return self.get(self.document.key_id(key)?);
        }
        let mut named = own.iter();
        let entry = named.find(|entry| self.document.key_name(entry.key) == key)?;
        Some(self.entry_ref(entry).value)
    }

    /// The entry under a key of a mapping, as the last that sets it leaves it: for Kubernetes a repeated
    /// key counts as its last, and a merge key overrides what stands before it.
    #[inline]
    pub fn entry(self, key: KeyId) -> Option<EntryRef<'a>> {
        let node = self.raw();
        let own = self.document.entries_of(node);
        if node.tag == Tag::IrregularMapping {
            return self.irregular_entry(own, key);
        }
        Some(self.entry_ref(search(node, own, key)?))
    }

    /// Follows keys down from mapping to mapping. A value that is null counts as absent.
    #[inline]
    pub fn walk(self, keys: impl IntoIterator<Item = KeyId>) -> Walk<'a> {
        let document = self.document;
        let mut raw = self.raw();
        let mut walk = Walk {
            node: self,
            done: 0,
            end: WalkEnd::Reached,
            searched: 0,
        };
        for key in keys {
            let own = document.entries_of(raw);
            walk.searched += own.len() / Walk::UNIT;
            let found = match raw.tag {
                Tag::Mapping => search(raw, own, key).map(|entry| NodeRef {
                    document,
                    id: entry.value,
                }),
                Tag::IrregularMapping => walk.node.get(key),
                Tag::Null | Tag::Alias => None,
                _ => {
                    walk.end = WalkEnd::NoMapping;
                    break;
                }
            };
            let Some(next) = found else {
                walk.end = WalkEnd::Absent;
                break;
            };
            raw = next.raw();
            if raw.tag == Tag::Null {
                walk.end = WalkEnd::Absent;
                break;
            }
            walk.node = next;
            walk.done += 1;
        }
        walk
    }

    #[cold]
    fn irregular_entry(self, own: &'a [Entry], key: KeyId) -> Option<EntryRef<'a>> {
        own.iter().rev().find_map(|entry| {
            if entry.key == Keys::MERGE {
                merged_maps(self.entry_ref(entry).value).find_map(|map| map.entry(key))
            } else {
                (entry.key == key).then(|| self.entry_ref(entry))
            }
        })
    }

    /// The items of a sequence (none for anything else).
    #[inline]
    pub fn items(self) -> Items<'a> {
        let document = self.document;
        Items {
            document,
            ids: document.items_of(self.raw()).iter(),
        }
    }

    /// The item at an index of a sequence.
    #[inline]
    pub fn item(self, index: usize) -> Option<NodeRef<'a>> {
        let id = *self.document.items_of(self.raw()).get(index)?;
        Some(NodeRef {
            document: self.document,
            id,
        })
    }

    /// The entries of a mapping in the order of the text, merged ones after its own, each key once.
    pub fn entries(self) -> Entries<'a> {
        let node = self.raw();
        let own = self.document.entries_of(node);
        Entries(match node.tag {
            Tag::IrregularMapping => EntriesKind::Flat(flatten(self).into_iter()),
            _ => EntriesKind::Own(self.document, own.iter()),
        })
    }

    /// The entries exactly as written: repeated keys and merge keys included, references not followed.
    #[inline]
    pub fn written_entries(
        self,
    ) -> impl DoubleEndedIterator<Item = EntryRef<'a>> + ExactSizeIterator + 'a {
        let own = self.document.entries_of(self.raw());
        own.iter().map(move |entry| self.entry_ref(entry))
    }

    /// The entry at a position among those that [`written_entries`](Self::written_entries) gives.
    pub fn written_entry(self, index: usize) -> Option<EntryRef<'a>> {
        let own = self.document.entries_of(self.raw());
        own.get(index).map(|entry| self.entry_ref(entry))
    }

    /// Whether another node is this one or lies below it, references not followed.
    pub fn holds(self, other: NodeRef<'_>) -> bool {
        std::ptr::eq(self.document, other.document) && self.contains(other.id)
    }

    /// Where the node is written (for a reference: where the reference is written).
    pub fn origin(self) -> OriginId {
        self.document.node(self.id).origin
    }

    #[inline]
    fn entry_ref(self, entry: &Entry) -> EntryRef<'a> {
        EntryRef::of(self.document, entry)
    }
}

/// The entry under a key of a regular mapping, among its own.
#[inline]
fn search<'a>(mapping: &Node, own: &'a [Entry], key: KeyId) -> Option<&'a Entry> {
    if !mapping.keys.may_have(key) {
        return None;
    }
    own.iter().find(|entry| entry.key == key)
}

/// The items of a sequence.
#[derive(Clone, Debug)]
pub struct Items<'a> {
    document: &'a Document,
    ids: std::slice::Iter<'a, NodeId>,
}

impl<'a> Items<'a> {
    fn at(document: &'a Document) -> impl Fn(&NodeId) -> NodeRef<'a> {
        move |&id| NodeRef { document, id }
    }
}

impl<'a> Iterator for Items<'a> {
    type Item = NodeRef<'a>;

    #[inline]
    fn next(&mut self) -> Option<NodeRef<'a>> {
        self.ids.next().map(Items::at(self.document))
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.ids.size_hint()
    }
}

impl DoubleEndedIterator for Items<'_> {
    #[inline]
    fn next_back(&mut self) -> Option<Self::Item> {
        self.ids.next_back().map(Items::at(self.document))
    }
}

impl ExactSizeIterator for Items<'_> {}

/// The entries of a mapping, each key once.
#[derive(Clone, Debug)]
pub struct Entries<'a>(EntriesKind<'a>);

#[derive(Clone, Debug)]
enum EntriesKind<'a> {
    Own(&'a Document, std::slice::Iter<'a, Entry>),
    Flat(std::vec::IntoIter<EntryRef<'a>>),
}

impl<'a> Iterator for Entries<'a> {
    type Item = EntryRef<'a>;

    #[inline]
    fn next(&mut self) -> Option<EntryRef<'a>> {
        match &mut self.0 {
            EntriesKind::Own(document, entries) => Some(EntryRef::of(document, entries.next()?)),
            EntriesKind::Flat(entries) => entries.next(),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match &self.0 {
            EntriesKind::Own(_, entries) => entries.size_hint(),
            EntriesKind::Flat(entries) => entries.size_hint(),
        }
    }
}

impl ExactSizeIterator for Entries<'_> {}

fn join(low: u32, high: u32) -> u64 {
    u64::from(low) | u64::from(high) << 32
}

/// The mappings that the value of a merge key names, the strongest first.
fn merged_maps(value: NodeRef<'_>) -> impl Iterator<Item = NodeRef<'_>> {
    let single = (value.kind() == Kind::Mapping).then_some(value);
    single.into_iter().chain(value.items())
}

fn flatten(map: NodeRef<'_>) -> Vec<EntryRef<'_>> {
    let mut seen = HashSet::with_hasher(FixedState::default());
    let (mut own, mut merged) = (Vec::new(), Vec::new());
    for entry in map.written_entries().rev() {
        if entry.key == Keys::MERGE {
            let maps = merged_maps(entry.value);
            merged.extend(
                maps.flat_map(NodeRef::entries)
                    .filter(|entry| seen.insert(entry.key)),
            );
        } else if seen.insert(entry.key) {
            own.push(entry);
        }
    }
    own.reverse();
    own.append(&mut merged);
    own
}
