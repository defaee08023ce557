//! Configurations that are mappings of known keys: the table of them is what the reader goes by.

use std::collections::BTreeMap;

use document::{EntryRef, Kind, NodeRef};

use crate::Construct;
use crate::draft::From;
use crate::input::key_location;
use crate::reader::Reader;

/// Reads the value of a key.
pub(crate) type Read = fn(&mut Reader<'_>, NodeRef<'_>, &From);

/// A key of a configuration.
pub(crate) struct Key {
    /// Its name, with those of the mappings around it before dots.
    pub(crate) construct: Construct,
    /// What reads it; what is not read is refused or not needed.
    pub(crate) read: Option<Read>,
}

/// A kind of file, as the documentation calls it; makes the rows of its table.
pub(crate) struct File(pub(crate) &'static str);

impl File {
    /// A key that becomes something.
    pub(crate) const fn read(&self, name: &'static str, text: &'static str, read: Read) -> Key {
        Key {
            construct: Construct::read(self.0, name, text),
            read: Some(read),
        }
    }

    /// A key without a counterpart.
    pub(crate) const fn refused(
        &self,
        name: &'static str,
        why: &'static str,
        instead: &'static str,
    ) -> Key {
        Key {
            construct: Construct::refused(self.0, name, why, instead),
            read: None,
        }
    }

    /// A key that nothing is lost without.
    pub(crate) const fn unneeded(&self, name: &'static str, why: &'static str) -> Key {
        Key {
            construct: Construct::unneeded(self.0, name, why),
            read: None,
        }
    }
}

/// The keys of one kind of file, and what becomes of others.
pub(crate) struct Table {
    pub(crate) keys: &'static [Key],
    pub(crate) unknown: &'static Construct,
}

/// Reads a mapping by its table. Keys are read in the order of the table, so that one may look at what
/// another one said.
pub(crate) fn read(reader: &mut Reader<'_>, root: NodeRef<'_>, table: &'static Table) {
    let mut found = BTreeMap::new();
    collect(reader, root, "", table, &mut found);
    for (index, entry) in found {
        let key = &table.keys[index];
        let at = key_location(&entry);
        let from = From {
            at: at.clone(),
            what: key.construct.name.to_owned(),
        };
        match key.read {
            Some(read) => {
                reader.meet(&key.construct);
                read(reader, entry.value, &from);
            }
            None => reader.leave(&key.construct, at, key.construct.name),
        }
    }
}

fn collect<'d>(
    reader: &mut Reader<'_>,
    node: NodeRef<'d>,
    prefix: &str,
    table: &'static Table,
    found: &mut BTreeMap<usize, EntryRef<'d>>,
) {
    for entry in node.entries() {
        let name = format!("{prefix}{}", entry.name());
        let index = table.keys.iter().position(|key| key.construct.name == name);
        if let Some(index) = index {
            found.insert(index, entry);
            continue;
        }
        let below = format!("{name}.");
        let is_group = table
            .keys
            .iter()
            .any(|key| key.construct.name.starts_with(&below));
        if is_group && matches!(entry.value.kind(), Kind::Mapping | Kind::Null) {
            collect(reader, entry.value, &below, table, found);
        } else {
            reader.leave(table.unknown, key_location(&entry), &name);
        }
    }
}

/// The constructs of a table.
pub(crate) fn constructs(table: &'static Table) -> impl Iterator<Item = &'static Construct> {
    let keys = table.keys.iter().map(|key| &key.construct);
    keys.chain([table.unknown])
}
