//! The order of findings and problems: file, line, kind, namespace, name, path.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::FixedState;
use model::Problem;

use super::{Described, Draft, Evaluated};

/// Sorts findings that nobody will read one by one: as they lie in the inventory.
pub(super) fn sort_plain(drafts: &mut [Draft]) {
    drafts.sort_by_key(|Draft { finding, .. }| (finding.resource, finding.node, finding.control));
}

/// Sorts findings with their texts as the report says.
pub(super) fn sort(evaluated: &Evaluated, findings: &mut [Described]) {
    let resources = &evaluated.inventory.resources;
    let files = file_ranks(findings);
    let mut order: Vec<usize> = (0..findings.len()).collect();
    order.sort_by(|&left, &right| {
        let place = |at: usize| (files[at], findings[at].line);
        let (a, b) = (&findings[left], &findings[right]);
        let who = |described: &Described| {
            let resource = &resources[described.draft.finding.resource as usize];
            (
                &*resource.kind,
                resource.namespace.as_deref(),
                &*resource.name,
            )
        };
        let (a_id, b_id) = (a.draft.finding, b.draft.finding);
        let by_name = || {
            if a_id.resource == b_id.resource {
                Ordering::Equal
            } else {
                who(a).cmp(&who(b))
            }
        };
        place(left)
            .cmp(&place(right))
            .then_with(by_name)
            // One node has several paths where containers share an anchor.
            .then_with(|| a.detail.path.cmp(&b.detail.path))
            .then_with(|| {
                (a_id.control, a_id.resource, left).cmp(&(b_id.control, b_id.resource, right))
            })
    });
    arrange(findings, order);
}

/// Brings items into an order that names each position once.
fn arrange<T>(items: &mut [T], mut order: Vec<usize>) {
    for start in 0..items.len() {
        let mut at = start;
        // Follows one cycle; places already filled point at themselves.
        while order[at] != start {
            let from = order[at];
            items.swap(at, from);
            order[at] = at;
            at = from;
        }
        order[at] = at;
    }
}

/// For each finding, the rank of its file in the order of names.
fn file_ranks(findings: &[Described]) -> Vec<u32> {
    let source = |described: &Described| Arc::as_ptr(&described.detail.location.source);
    // Findings of one file lie together.
    let runs = findings.chunk_by(|left, right| source(left) == source(right));
    let mut names: Vec<&str> = runs
        .clone()
        .map(|run| run[0].detail.location.file())
        .collect();
    names.sort_unstable();
    names.dedup();
    let ranks: HashMap<&str, u32, FixedState> = names.into_iter().zip(0..).collect();
    runs.flat_map(|run| {
        let rank = ranks[run[0].detail.location.file()];
        std::iter::repeat_n(rank, run.len())
    })
    .collect()
}

/// Sorts problems by file, place and kind.
pub(super) fn sort_problems(problems: &mut [Problem]) {
    problems.sort_by(|left, right| {
        let key = |problem: &Problem| {
            problem
                .location
                .as_ref()
                .map(|at| (at.span.start, at.span.end))
        };
        left.file
            .cmp(&right.file)
            .then_with(|| key(left).cmp(&key(right)))
            .then_with(|| (left.kind, &left.message).cmp(&(right.kind, &right.message)))
    });
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop, proptest};

    use super::arrange;

    proptest! {
        #[test]
        fn arranging_gives_the_items_in_the_order(keys in prop::collection::vec(any::<u8>(), 0..40)) {
            let mut order: Vec<usize> = (0..keys.len()).collect();
            order.sort_by_key(|&at| keys[at]);
            let mut arranged: Vec<usize> = (0..keys.len()).collect();
            arrange(&mut arranged, order.clone());
            assert_eq!(arranged, order);
        }
    }
}
