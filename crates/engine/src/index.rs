//! Which controls are tried on what: by scope, and for whole resources by kind.

use std::collections::HashMap;

use catalog::{KindPattern, Scope};
use foldhash::fast::FixedState;

use crate::compiled::Compiled;

/// Controls by what they look at; what cannot match is not tried.
#[derive(Debug, Default)]
pub(crate) struct Index {
    /// By the number of the scope; those of whole resources lie in the other fields.
    by_scope: [Vec<u32>; Scope::ALL.len()],
    /// Whole resources of every kind.
    pub(crate) any_kind: Vec<u32>,
    /// Kind → the patterns that name it, with their controls, in the order of the controls.
    by_kind: HashMap<Box<str>, Vec<(u32, KindPattern)>, FixedState>,
}

impl Index {
    pub(crate) fn new(controls: &[Compiled]) -> Self {
        let mut index = Index::default();
        for (position, control) in controls
            .iter()
            .enumerate()
            .filter(|(_, control)| control.applies)
        {
            let position = position as u32;
            match control.header.scope {
                Scope::Resource => index.add_resource(position, &control.header.kinds),
                scope => index.by_scope[scope as usize].push(position),
            }
        }
        index
    }

    /// The controls of a scope; none for whole resources.
    pub(crate) fn of(&self, scope: Scope) -> &[u32] {
        &self.by_scope[scope as usize]
    }

    fn add_resource(&mut self, position: u32, kinds: &[KindPattern]) {
        if kinds.contains(&KindPattern::Any) {
            self.any_kind.push(position);
            return;
        }
        for pattern in kinds {
            if let KindPattern::BuiltIn(kind) | KindPattern::Grouped { kind, .. } = pattern {
                let list = self.by_kind.entry(kind.as_str().into()).or_default();
                list.push((position, pattern.clone()));
            }
        }
    }

    /// The controls that name a resource's kind, in order.
    pub(crate) fn named(&self, group: &str, kind: &str) -> impl Iterator<Item = u32> {
        let named = self.by_kind.get(kind).map_or(&[][..], Vec::as_slice);
        let mut last = None;
        named.iter().filter_map(move |(position, pattern)| {
            let is_new = last != Some(*position) && pattern.matches(group, kind);
            is_new.then(|| *last.insert(*position))
        })
    }
}

/// Whether a control means resources of a group and kind; one that names no kind means all.
pub(crate) fn matches(control: &Compiled, group: &str, kind: &str) -> bool {
    let kinds = &control.header.kinds;
    kinds.is_empty() || kinds.iter().any(|pattern| pattern.matches(group, kind))
}
