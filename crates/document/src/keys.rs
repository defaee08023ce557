//! Interned mapping keys: field access is an integer comparison.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

/// A mapping key as an integer.
///
/// Ids below [`Keys::len`] name the same key in every document that was parsed with that table;
/// the others are local to one document. Their order means nothing and never shows in an output.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct KeyId(pub(crate) u32);

impl KeyId {
    /// Position in the table that gave the id.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// The names that are known before the first document is parsed: what the schema, the controls and
/// their expressions mention. Built once, frozen, and shared by all the documents of an inventory, so
/// parsing in parallel needs no lock and ids do not depend on thread order.
///
/// A name that is not in the table gets an id in the document that it occurs in.
#[derive(Debug)]
pub struct Keys {
    names: NameTable,
}

impl Keys {
    /// The merge key of YAML 1.1 (`<<`): always the first id of a table. A quoted `"<<"` is another key.
    pub const MERGE: KeyId = KeyId(0);

    /// Freezes a table; repeated names get one id, in order of first appearance.
    pub fn new<'n>(names: impl IntoIterator<Item = &'n str>) -> Self {
        let mut table = NameTable::default();
        // The id is taken, the name is not: only a producer can say that a key merges.
        table.insert("<<", hash("<<"));
        for name in names {
            table.find_or_insert(name, hash(name));
        }
        Keys { names: table }
    }

    /// The id of a name, when the table has it.
    pub fn get(&self, name: &str) -> Option<KeyId> {
        self.find(name, hash(name))
    }

    /// The id of a name whose hash is known.
    #[inline]
    pub(crate) fn find(&self, name: &str, hash: u64) -> Option<KeyId> {
        self.names
            .find(name, hash)
            .filter(|&index| index != Self::MERGE.0)
            .map(KeyId)
    }

    /// The name behind an id of this table.
    pub fn name(&self, id: KeyId) -> Option<&str> {
        self.names.name(id.0)
    }

    /// Number of names, the merge key included.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Never true: the merge key is always there.
    pub fn is_empty(&self) -> bool {
        self.names.len() == 0
    }
}

/// The hash that every [`NameTable`] uses: the same in every run.
#[inline]
pub(crate) fn hash(name: &str) -> u64 {
    FixedState::default().hash_one(name.as_bytes())
}

/// Names in one text, numbered in order of arrival.
#[derive(Debug, Default)]
pub(crate) struct NameTable {
    text: String,
    ends: Vec<u32>,
    index: HashTable<u32>,
}

impl NameTable {
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn name(&self, index: u32) -> Option<&str> {
        let end = *self.ends.get(index as usize)?;
        let start = match index {
            0 => 0,
            _ => self.ends[index as usize - 1],
        };
        self.text.get(start as usize..end as usize)
    }

    #[inline]
    pub(crate) fn find(&self, name: &str, hash: u64) -> Option<u32> {
        self.index
            .find(hash, |&index| self.name(index) == Some(name))
            .copied()
    }

    pub(crate) fn find_or_insert(&mut self, name: &str, hash: u64) -> u32 {
        self.find(name, hash)
            .unwrap_or_else(|| self.insert(name, hash))
    }

    fn insert(&mut self, name: &str, hash: u64) -> u32 {
        let index = self.ends.len() as u32;
        self.text.push_str(name);
        self.ends.push(self.text.len() as u32);
        let (text, ends) = (&self.text, &self.ends);
        self.index.insert_unique(hash, index, |&other| {
            let start = other
                .checked_sub(1)
                .map_or(0, |before| ends[before as usize]);
            self::hash(&text[start as usize..ends[other as usize] as usize])
        });
        index
    }

    pub(crate) fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
}
