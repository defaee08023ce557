//! Answers: escalations in two tables, so that many that rest on the same grants cost nothing each.

use std::ops::Range;

use super::Target;
use super::pattern::Pattern;
use crate::tables::Grant;

/// A pattern that a subject's permissions make possible.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Escalation<'e> {
    /// The pattern.
    pub pattern: &'static Pattern,
    /// What it leads to.
    pub target: Target,
    /// The grants that make it possible, sorted.
    pub grants: &'e [Grant],
}

/// Escalations, in order.
#[derive(Clone, Default, Debug)]
pub struct Escalations {
    found: Vec<Found>,
    pub(super) grants: Vec<Grant>,
}

/// One of them, with its grants in the table.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) pattern: &'static Pattern,
    pub(super) target: Target,
    pub(super) grants: Range<u32>,
}

impl Escalations {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.found.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// One by its position.
    pub fn get(&self, position: usize) -> Option<Escalation<'_>> {
        self.found.get(position).map(|found| self.seen(found))
    }

    /// All of them.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Escalation<'_>> + Clone {
        self.found.iter().map(|found| self.seen(found))
    }

    fn seen(&self, found: &Found) -> Escalation<'_> {
        Escalation {
            pattern: found.pattern,
            target: found.target,
            grants: self.grants_in(&found.grants),
        }
    }

    fn grants_in(&self, range: &Range<u32>) -> &[Grant] {
        let range = range.start as usize..range.end as usize;
        self.grants.get(range).unwrap_or_default()
    }

    pub(super) fn push(&mut self, found: Found) {
        self.found.push(found);
    }

    /// Adds one of another answer.
    pub(crate) fn push_copy(&mut self, escalation: Escalation<'_>) {
        // Those of one answer follow each other, and most rest on the same grants.
        let last = self.found.last().map(|found| found.grants.clone());
        let same = last.filter(|last| self.grants_in(last) == escalation.grants);
        let grants = same.unwrap_or_else(|| {
            let start = self.grants.len();
            self.grants.extend_from_slice(escalation.grants);
            start as u32..self.grants.len() as u32
        });
        self.push(Found {
            pattern: escalation.pattern,
            target: escalation.target,
            grants,
        });
    }

    /// Sorts the grants from a position on, each once; gives their range.
    pub(super) fn sort_grants_from(&mut self, start: usize) -> Range<u32> {
        self.grants[start..].sort_unstable();
        let mut kept = start;
        for next in start..self.grants.len() {
            if kept == start || self.grants[kept - 1] != self.grants[next] {
                self.grants[kept] = self.grants[next];
                kept += 1;
            }
        }
        self.grants.truncate(kept);
        start as u32..kept as u32
    }

    /// Sorts what was found from a position on by target, and takes equal targets together.
    pub(super) fn merge_from(&mut self, first: usize) {
        let own = &mut self.found[first..];
        if own.is_sorted_by(|left, right| left.target < right.target) {
            return;
        }
        own.sort_by_key(|found| found.target);
        let has_twins = own.windows(2).any(|pair| pair[0].target == pair[1].target);
        if !has_twins {
            return;
        }
        let own = self.found.split_off(first);
        for twins in own.chunk_by(|left, right| left.target == right.target) {
            let mut merged = twins[0].clone();
            if twins.len() > 1 {
                let start = self.grants.len();
                for twin in twins {
                    let range = twin.grants.start as usize..twin.grants.end as usize;
                    self.grants.extend_from_within(range);
                }
                merged.grants = self.sort_grants_from(start);
            }
            self.found.push(merged);
        }
    }
}
