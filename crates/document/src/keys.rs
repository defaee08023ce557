//! Interned mapping keys: field access is an integer comparison.

use std::collections::HashMap;

use foldhash::fast::FixedState;

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
    names: Vec<Box<str>>,
    ids: HashMap<Box<str>, KeyId, FixedState>,
}

impl Keys {
    /// The merge key of YAML 1.1 (`<<`): always the first name of a table.
    pub const MERGE: KeyId = KeyId(0);

    /// Freezes a table; repeated names get one id, in order of first appearance.
    pub fn new<'n>(names: impl IntoIterator<Item = &'n str>) -> Self {
        let mut table = Keys {
            names: Vec::new(),
            ids: HashMap::with_hasher(FixedState::default()),
        };
        for name in std::iter::once("<<").chain(names) {
            if !table.ids.contains_key(name) {
                let id = KeyId(table.names.len() as u32);
                table.names.push(name.into());
                table.ids.insert(name.into(), id);
            }
        }
        table
    }

    /// The id of a name, when the table has it.
    pub fn get(&self, name: &str) -> Option<KeyId> {
        self.ids.get(name).copied()
    }

    /// The name behind an id of this table.
    pub fn name(&self, id: KeyId) -> Option<&str> {
        self.names.get(id.index()).map(AsRef::as_ref)
    }

    /// Number of names, the merge key included.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Never true: the merge key is always there.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
}
