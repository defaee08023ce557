//! Selectors of one namespace, filed under a label that all they select have: a pod asks for those that
//! name one of its labels instead of all.

use std::collections::{HashMap, HashSet};

use foldhash::fast::FixedState;

use crate::label::{Labels, Selector};
use crate::symbol::Symbol;

/// Positions of selectors; all lists are ascending.
#[derive(Debug, Default)]
pub(crate) struct Filed {
    pub(crate) all: Vec<u32>,
    by_label: HashMap<(Symbol, Symbol), Vec<u32>, FixedState>,
    /// The keys of these labels.
    keys: HashSet<Symbol, FixedState>,
    /// Those that select without one.
    rest: Vec<u32>,
}

impl Filed {
    /// Files a selector; positions ascend.
    pub(crate) fn add(&mut self, position: u32, selector: &Selector) {
        self.all.push(position);
        match selector.required().first() {
            Some(&label) => {
                self.keys.insert(label.0);
                self.by_label.entry(label).or_default().push(position);
            }
            None => self.rest.push(position),
        }
    }

    /// Those that may select pods with such labels, ascending.
    pub(crate) fn of_labels(&self, labels: &Labels) -> Vec<u32> {
        let is_vague = labels.maybe.iter().any(|key| self.keys.contains(key));
        if is_vague || labels.incomplete.is_some() {
            return self.all.clone();
        }
        let found = labels
            .pairs
            .iter()
            .filter_map(|pair| self.by_label.get(pair));
        let mut found: Vec<u32> = found.flatten().chain(&self.rest).copied().collect();
        found.sort_unstable();
        found
    }
}
