//! Compact nodes and the borrowed view that everything reads them through.

use crate::document::Document;
use crate::keys::KeyId;

/// Position of a node in its document's arena. A container's children come after it, and the nodes
/// below a container are the contiguous ids that follow it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct NodeId(pub(crate) u32);

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
    /// `b` entries from `a` on.
    Mapping,
    /// A reference (YAML alias) to node `a`.
    Alias,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    pub(crate) tag: Tag,
    pub(crate) a: u32,
    pub(crate) b: u32,
    pub(crate) origin: OriginId,
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

    /// Whether the node is a reference to another one.
    pub fn is_reference(self) -> bool {
        self.document.node(self.id).tag == Tag::Alias
    }

    fn raw(self) -> &'a Node {
        let node = self.document.node(self.id);
        if node.tag == Tag::Alias {
            self.document.node(self.resolved().id)
        } else {
            node
        }
    }

    /// What the node is.
    pub fn kind(self) -> Kind {
        match self.raw().tag {
            Tag::Null | Tag::Alias => Kind::Null,
            Tag::False | Tag::True => Kind::Bool,
            Tag::Int => Kind::Int,
            Tag::Uint => Kind::Uint,
            Tag::Float => Kind::Float,
            Tag::SourceStr | Tag::PoolStr => Kind::String,
            Tag::Sequence => Kind::Sequence,
            Tag::Mapping => Kind::Mapping,
        }
    }

    /// Whether the node is null.
    pub fn is_null(self) -> bool {
        self.kind() == Kind::Null
    }

    /// The value of a boolean.
    pub fn as_bool(self) -> Option<bool> {
        match self.raw().tag {
            Tag::True => Some(true),
            Tag::False => Some(false),
            _ => None,
        }
    }

    /// The value of an integer that fits.
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
            Kind::Mapping => self.entries().count(),
            _ => 0,
        }
    }

    /// Whether there are no items or entries.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The value under a key of a mapping; its own entries go before merged ones.
    pub fn get(self, key: KeyId) -> Option<NodeRef<'a>> {
        self.entry(key).map(|entry| entry.value)
    }

    /// The value under a key given as text.
    pub fn get_str(self, key: &str) -> Option<NodeRef<'a>> {
        self.get(self.document.key_id(key)?)
    }

    /// The entry under a key of a mapping; a repeated key counts as its last, as for Kubernetes.
    pub fn entry(self, key: KeyId) -> Option<EntryRef<'a>> {
        let own = self.document.entries_of(self.raw());
        if let Some(entry) = own.iter().rev().find(|entry| entry.key == key) {
            return Some(self.entry_ref(entry));
        }
        if !self.document.has_merge_keys() {
            return None;
        }
        merged_maps(self).find_map(|map| map.entry(key))
    }

    /// The items of a sequence (none for anything else).
    pub fn items(self) -> impl DoubleEndedIterator<Item = NodeRef<'a>> + ExactSizeIterator + 'a {
        let document = self.document;
        document
            .items_of(self.raw())
            .iter()
            .map(move |&id| NodeRef { document, id })
    }

    /// The item at an index of a sequence.
    pub fn item(self, index: usize) -> Option<NodeRef<'a>> {
        let id = *self.document.items_of(self.raw()).get(index)?;
        Some(NodeRef {
            document: self.document,
            id,
        })
    }

    /// The entries of a mapping in the order of the text, merged ones after its own, each key once.
    pub fn entries(self) -> impl Iterator<Item = EntryRef<'a>> + 'a {
        let own = self.document.entries_of(self.raw());
        let flat: Box<dyn Iterator<Item = EntryRef<'a>> + 'a> =
            if self.document.needs_flattening(own) {
                Box::new(flatten(self).into_iter())
            } else {
                Box::new(std::iter::empty())
            };
        let plain = if self.document.needs_flattening(own) {
            &[][..]
        } else {
            own
        };
        plain.iter().map(move |entry| self.entry_ref(entry)).chain(flat)
    }

    /// The entries exactly as written: repeated keys and merge keys included, references not followed.
    pub fn written_entries(self) -> impl ExactSizeIterator<Item = EntryRef<'a>> + 'a {
        let own = self.document.entries_of(self.raw());
        own.iter().map(move |entry| self.entry_ref(entry))
    }

    /// Where the node is written (for a reference: where the reference is written).
    pub fn origin(self) -> OriginId {
        self.document.node(self.id).origin
    }

    fn entry_ref(self, entry: &Entry) -> EntryRef<'a> {
        EntryRef {
            key: entry.key,
            key_origin: entry.key_origin,
            value: NodeRef {
                document: self.document,
                id: entry.value,
            },
        }
    }
}

fn join(low: u32, high: u32) -> u64 {
    u64::from(low) | u64::from(high) << 32
}

/// The mappings that the merge keys of a mapping name, nearest first.
fn merged_maps(map: NodeRef<'_>) -> impl Iterator<Item = NodeRef<'_>> {
    map.document
        .entries_of(map.raw())
        .iter()
        .filter(|entry| entry.key == crate::Keys::MERGE)
        .flat_map(move |entry| {
            let value = map.entry_ref(entry).value;
            let single = (value.kind() == Kind::Mapping).then_some(value);
            single.into_iter().chain(value.items())
        })
}

fn flatten(map: NodeRef<'_>) -> Vec<EntryRef<'_>> {
    let mut flat: Vec<EntryRef<'_>> = Vec::new();
    for entry in map.written_entries().filter(|entry| entry.key != crate::Keys::MERGE) {
        match flat.iter_mut().find(|seen| seen.key == entry.key) {
            Some(seen) => *seen = entry,
            None => flat.push(entry),
        }
    }
    for entry in merged_maps(map).flat_map(NodeRef::entries) {
        if !flat.iter().any(|seen| seen.key == entry.key) {
            flat.push(entry);
        }
    }
    flat
}
