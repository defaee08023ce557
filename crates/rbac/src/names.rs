//! Interned strings, and interned lists of them: the tables hold integers only.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

/// A string of one [`Graph`](crate::Graph), as an integer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Name(pub(crate) u32);

impl Name {
    /// `*`.
    pub(crate) const ANY: Name = Name(0);
    /// The empty string: also the scope of the whole cluster, and the core API group.
    pub(crate) const EMPTY: Name = Name(1);
    /// A string that the graph does not have: equal to none that it has.
    pub(crate) const ABSENT: Name = Name(u32::MAX);
}

/// The strings of a graph, in one text.
#[derive(Debug)]
pub(crate) struct Names {
    text: String,
    ends: Vec<u32>,
    index: HashTable<u32>,
}

impl Default for Names {
    fn default() -> Self {
        let mut names = Names {
            text: String::new(),
            ends: Vec::new(),
            index: HashTable::new(),
        };
        names.intern("*");
        names.intern("");
        names
    }
}

impl Names {
    /// The string's integer; a new one when it is new.
    pub(crate) fn intern(&mut self, text: &str) -> Name {
        let hash = hash(text.as_bytes());
        if let Some(name) = self.lookup(text, hash) {
            return name;
        }
        let name = self.ends.len() as u32;
        self.text.push_str(text);
        self.ends.push(self.text.len() as u32);
        let (all, ends) = (&self.text, &self.ends);
        self.index.insert_unique(hash, name, |&other| {
            self::hash(slice(all, ends, other).as_bytes())
        });
        Name(name)
    }

    /// The string's integer, or [`Name::ABSENT`].
    pub(crate) fn find(&self, text: &str) -> Name {
        self.lookup(text, hash(text.as_bytes()))
            .unwrap_or(Name::ABSENT)
    }

    /// The string.
    pub(crate) fn text(&self, name: Name) -> &str {
        slice(&self.text, &self.ends, name.0)
    }

    /// For each string with a slash, `*` and what stands from the slash on.
    pub(crate) fn any_with_subresource(&self) -> Vec<Name> {
        let any = |name| match self.text(Name(name)).split_once('/') {
            Some((_, subresource)) => self.find(&["*/", subresource].concat()),
            None => Name::ABSENT,
        };
        (0..self.ends.len() as u32).map(any).collect()
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn memory(&self) -> usize {
        self.text.capacity() + self.ends.capacity() * 4 + self.index.allocation_size()
    }

    fn lookup(&self, text: &str, hash: u64) -> Option<Name> {
        let found = self
            .index
            .find(hash, |&name| slice(&self.text, &self.ends, name) == text);
        found.copied().map(Name)
    }
}

fn slice<'t>(text: &'t str, ends: &[u32], index: u32) -> &'t str {
    let Some(&end) = ends.get(index as usize) else {
        return "";
    };
    let start = match index {
        0 => 0,
        _ => ends[index as usize - 1],
    };
    text.get(start as usize..end as usize).unwrap_or_default()
}

/// A list of names, as an integer: most roles repeat the lists of others.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct List(u32);

impl List {
    pub(crate) const EMPTY: List = List(0);
}

/// The lists of a graph, one behind the other.
#[derive(Debug)]
pub(crate) struct Lists {
    items: Vec<Name>,
    ends: Vec<u32>,
    index: HashTable<u32>,
}

impl Default for Lists {
    fn default() -> Self {
        let mut lists = Lists {
            items: Vec::new(),
            ends: Vec::new(),
            index: HashTable::new(),
        };
        lists.intern(&[]);
        lists
    }
}

impl Lists {
    pub(crate) fn intern(&mut self, list: &[Name]) -> List {
        let hash = hash_list(list);
        let found = self.index.find(hash, |&id| self.get(List(id)) == list);
        if let Some(&id) = found {
            return List(id);
        }
        let id = self.ends.len() as u32;
        self.items.extend_from_slice(list);
        self.ends.push(self.items.len() as u32);
        let (items, ends) = (&self.items, &self.ends);
        self.index
            .insert_unique(hash, id, |&other| hash_list(range(items, ends, other)));
        List(id)
    }

    #[inline]
    pub(crate) fn get(&self, list: List) -> &[Name] {
        range(&self.items, &self.ends, list.0)
    }

    pub(crate) fn memory(&self) -> usize {
        (self.items.capacity() + self.ends.capacity()) * 4 + self.index.allocation_size()
    }
}

#[inline]
fn range<'i>(items: &'i [Name], ends: &[u32], index: u32) -> &'i [Name] {
    let Some(&end) = ends.get(index as usize) else {
        return &[];
    };
    let start = match index {
        0 => 0,
        _ => ends[index as usize - 1],
    };
    items.get(start as usize..end as usize).unwrap_or_default()
}

fn hash(bytes: &[u8]) -> u64 {
    FixedState::default().hash_one(bytes)
}

fn hash_list(list: &[Name]) -> u64 {
    FixedState::default().hash_one(list)
}

#[cfg(test)]
mod tests {
    use super::{List, Lists, Name, Names};

    #[test]
    fn a_string_has_one_integer() {
        let mut names = Names::default();
        let pods = names.intern("pods");
        assert_eq!(names.intern("pods"), pods);
        assert_eq!(names.find("pods"), pods);
        assert_eq!(names.text(pods), "pods");
        assert_eq!(names.find("nodes"), Name::ABSENT);
        assert_eq!((names.find("*"), names.find("")), (Name::ANY, Name::EMPTY));
        assert_eq!(names.text(Name::ABSENT), "");
    }

    #[test]
    fn a_list_has_one_integer() {
        let mut lists = Lists::default();
        let pair = lists.intern(&[Name(4), Name(2)]);
        assert_ne!(pair, lists.intern(&[Name(2), Name(4)]));
        assert_eq!(lists.intern(&[Name(4), Name(2)]), pair);
        assert_eq!(lists.get(pair), [Name(4), Name(2)]);
        assert_eq!(lists.intern(&[]), List::EMPTY);
    }
}
