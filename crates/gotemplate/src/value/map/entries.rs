//! Keys in order with their values: a sorted vector as long as they are few, which nearly all maps of charts are.
//!
//! A template looks up some keys in each action, so that a search has to be short: the first bytes of a key lie in the
//! vector, as a number that sorts as they do, and most keys are told apart by it.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::value::Value;

/// Keys in a vector, at most: to insert one moves all that follow.
const FEW: usize = 64;

pub(super) enum Entries {
    Few(Vec<Entry>),
    Many(BTreeMap<Rc<str>, Value>),
}

pub(super) struct Entry {
    start: u64,
    key: Rc<str>,
    value: Value,
}

impl Entry {
    fn new(key: Rc<str>, value: Value) -> Self {
        let start = start_of(&key);
        Entry { start, key, value }
    }

    fn order(&self, start: u64, key: &str) -> Ordering {
        self.start.cmp(&start).then_with(|| {
            let (own, other) = (self.key.len(), key.len());
            if own.max(other) <= size_of::<u64>() {
                // All their bytes are the same, but for zeros that may stand for none.
                own.cmp(&other)
            } else {
                order_of_rest(self.key.as_bytes(), key.as_bytes())
            }
        })
    }
}

/// The first bytes of a key, of which the very first weighs most.
fn start_of(key: &str) -> u64 {
    number_of(key.as_bytes())
}

/// Up to eight bytes as a number that sorts as they do; zeros stand for those that are not there.
fn number_of(bytes: &[u8]) -> u64 {
    if let Some(first) = bytes.first_chunk() {
        return u64::from_be_bytes(*first);
    }
    let number = bytes
        .iter()
        .fold(0, |number, &byte| number << 8 | u64::from(byte));
    // No byte at all would be shifted by all bits.
    number.unbounded_shl(64 - 8 * bytes.len() as u32)
}

fn behind_start(key: &[u8]) -> &[u8] {
    key.get(size_of::<u64>()..).unwrap_or_default()
}

/// The order of keys whose starts are the same. Keys that differ late differ by a few bytes, for which a call of the C
/// library takes longer than eight bytes at a time.
fn order_of_rest(one: &[u8], other: &[u8]) -> Ordering {
    let (mut left, mut right) = (behind_start(one), behind_start(other));
    while let (Some((start, rest)), Some((against, behind))) = (
        left.split_first_chunk::<8>(),
        right.split_first_chunk::<8>(),
    ) {
        if start != against {
            return u64::from_be_bytes(*start).cmp(&u64::from_be_bytes(*against));
        }
        (left, right) = (rest, behind);
    }
    let (left, right) = (number_of(left), number_of(right));
    left.cmp(&right).then_with(|| one.len().cmp(&other.len()))
}

impl Default for Entries {
    fn default() -> Self {
        Entries::Few(Vec::new())
    }
}

impl Entries {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Few(list) => list.len(),
            Self::Many(tree) => tree.len(),
        }
    }

    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        match self {
            Self::Few(list) => find(list, key).ok().map(|at| &list[at].value),
            Self::Many(tree) => tree.get(key),
        }
    }

    /// Sets a key, and gives back what it had.
    pub(super) fn insert(&mut self, key: Rc<str>, value: Value) -> Option<Value> {
        match self {
            Self::Few(list) => match find(list, &key) {
                Ok(at) => return Some(std::mem::replace(&mut list[at].value, value)),
                Err(at) if list.len() < FEW => list.insert(at, Entry::new(key, value)),
                Err(_) => {
                    let list = std::mem::take(list).into_iter();
                    let mut tree: BTreeMap<_, _> =
                        list.map(|entry| (entry.key, entry.value)).collect();
                    tree.insert(key, value);
                    *self = Self::Many(tree);
                }
            },
            Self::Many(tree) => return tree.insert(key, value),
        }
        None
    }

    pub(super) fn remove(&mut self, key: &str) -> Option<Value> {
        match self {
            Self::Few(list) => {
                let at = find(list, key).ok()?;
                Some(list.remove(at).value)
            }
            Self::Many(tree) => tree.remove(key),
        }
    }

    /// Copies of keys and values, in the order of keys.
    pub(super) fn to_vec(&self) -> Vec<(Rc<str>, Value)> {
        match self {
            Self::Few(list) => {
                let entries = list.iter();
                let entries = entries.map(|entry| (Rc::clone(&entry.key), entry.value.clone()));
                entries.collect()
            }
            Self::Many(tree) => {
                let entries = tree.iter();
                let entries = entries.map(|(key, value)| (Rc::clone(key), value.clone()));
                entries.collect()
            }
        }
    }

    /// Whether something holds for a value.
    pub(super) fn any(&self, holds: impl Fn(&Value) -> bool) -> bool {
        match self {
            Self::Few(list) => list.iter().any(|entry| holds(&entry.value)),
            Self::Many(tree) => tree.values().any(holds),
        }
    }

    pub(super) fn into_values(self) -> Vec<Value> {
        match self {
            Self::Few(list) => list.into_iter().map(|entry| entry.value).collect(),
            Self::Many(tree) => tree.into_values().collect(),
        }
    }
}

/// The place of a key, or where it would have to be.
fn find(list: &[Entry], key: &str) -> Result<usize, usize> {
    let start = start_of(key);
    list.binary_search_by(|entry| entry.order(start, key))
}

/// Of equal keys the last counts.
impl FromIterator<(Rc<str>, Value)> for Entries {
    fn from_iter<I: IntoIterator<Item = (Rc<str>, Value)>>(entries: I) -> Self {
        let entries = entries.into_iter();
        let mut list: Vec<Entry> = entries.map(|(key, value)| Entry::new(key, value)).collect();
        if list.len() > FEW {
            let entries = list.into_iter().map(|entry| (entry.key, entry.value));
            return Self::Many(entries.collect());
        }
        list.sort_by(|one, other| one.order(other.start, &other.key));
        list.dedup_by(|later, earlier| {
            let is_same = later.key == earlier.key;
            if is_same {
                std::mem::swap(&mut later.value, &mut earlier.value);
            }
            is_same
        });
        Self::Few(list)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::rc::Rc;

    use proptest::prelude::{any, prop, proptest};

    use super::Entries;
    use crate::value::Value;

    fn shown(entries: &Entries) -> Vec<(Rc<str>, String)> {
        let entries = entries.to_vec().into_iter();
        let shown = entries.map(|(key, value)| (key, format!("{value:?}")));
        shown.collect()
    }

    proptest! {
        #[test]
        fn a_tree_says_the_same(
            first in prop::collection::vec(("[ab\u{0}é]{0,10}|a{8}[ab\u{0}]{0,20}", any::<i64>()), 0..90),
            then in prop::collection::vec(("[ab\u{0}é]{0,10}|a{8}[ab\u{0}]{0,20}", any::<i64>(), any::<bool>()), 0..90),
        ) {
            let pairs = || first.iter().map(|(key, number)| (Rc::from(key.as_str()), Value::from(number.to_string())));
            let mut entries: Entries = pairs().collect();
            let mut tree: BTreeMap<Rc<str>, Value> = pairs().collect();
            for (key, number, inserts) in &then {
                let (one, other) = if *inserts {
                    (
                        entries.insert(key.as_str().into(), Value::from(number.to_string())),
                        tree.insert(key.as_str().into(), Value::from(number.to_string())),
                    )
                } else {
                    (entries.remove(key), tree.remove(key.as_str()))
                };
                assert_eq!(format!("{one:?}"), format!("{other:?}"));
                assert_eq!(entries.get(key).is_some(), tree.contains_key(key.as_str()));
            }
            let expected: Vec<_> = tree.into_iter().map(|(key, value)| (key, format!("{value:?}"))).collect();
            assert_eq!(shown(&entries), expected);
            assert_eq!(entries.len(), expected.len());
        }
    }
}
