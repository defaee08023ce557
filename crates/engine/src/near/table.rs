//! Which objects have a tie, both ways, kept while objects come and go.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use crate::tie::Tie;

/// Objects, by their numbers, with their ties.
#[derive(Debug, Default)]
pub(super) struct Table {
    by_tie: HashMap<Tie, Vec<u32>, FixedState>,
    by_object: Vec<Box<[Tie]>>,
}

impl Table {
    /// An object has these ties from now on, and no others.
    pub(super) fn set(&mut self, object: u32, ties: Vec<Tie>) {
        let position = object as usize;
        if self.by_object.len() <= position {
            self.by_object.resize_with(position + 1, Box::default);
        }
        let before = std::mem::replace(&mut self.by_object[position], ties.into_boxed_slice());
        let after = &self.by_object[position];
        for tie in before
            .iter()
            .filter(|tie| after.binary_search(tie).is_err())
        {
            if let Some(objects) = self.by_tie.get_mut(tie) {
                objects.retain(|other| *other != object);
                if objects.is_empty() {
                    self.by_tie.remove(tie);
                }
            }
        }
        for tie in after
            .iter()
            .filter(|tie| before.binary_search(tie).is_err())
        {
            self.by_tie.entry(*tie).or_default().push(object);
        }
    }

    /// The ties of an object, sorted.
    pub(super) fn of(&self, object: u32) -> &[Tie] {
        self.by_object
            .get(object as usize)
            .map_or(&[], |ties| &**ties)
    }

    /// The objects that have a tie, in no order.
    pub(super) fn with(&self, tie: Tie) -> &[u32] {
        self.by_tie.get(&tie).map_or(&[], Vec::as_slice)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.by_tie.is_empty()
    }
}
