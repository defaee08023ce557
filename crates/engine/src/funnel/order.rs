//! The order of findings and problems: file, line, kind, namespace, name, path.

use std::cmp::Ordering;
use std::collections::HashMap;

use foldhash::fast::FixedState;
use model::{Detail, Problem};

use super::{Draft, Evaluated};

/// Sorts findings that nobody will read one by one: as they lie in the inventory.
pub(super) fn sort_plain(drafts: &mut [Draft]) {
    drafts.sort_by_key(|Draft { finding, .. }| (finding.resource, finding.node, finding.control));
}

/// Sorts findings with their texts as the report says.
pub(super) fn sort(evaluated: &Evaluated, findings: &mut [(Draft, Box<Detail>)]) {
    let resources = &evaluated.inventory.resources;
    let files = file_ranks(findings);
    let line = |detail: &Detail| (files[detail.location.file()], detail.location.start().line);
    let mut lines: Vec<_> = findings
        .iter()
        .map(|(_, detail)| line(detail))
        .enumerate()
        .collect();
    lines.sort_by(|&(left, left_line), &(right, right_line)| {
        let ((left, left_detail), (right, right_detail)) = (&findings[left], &findings[right]);
        let who = |draft: &Draft| {
            let resource = &resources[draft.finding.resource as usize];
            (
                &*resource.kind,
                resource.namespace.as_deref(),
                &*resource.name,
            )
        };
        let is_same = left.finding.resource == right.finding.resource;
        let rest = |draft: &Draft| (draft.finding.control, draft.finding.resource, draft.raw);
        left_line
            .cmp(&right_line)
            .then_with(|| {
                if is_same {
                    Ordering::Equal
                } else {
                    who(left).cmp(&who(right))
                }
            })
            .then_with(|| left_detail.path.cmp(&right_detail.path))
            .then_with(|| rest(left).cmp(&rest(right)))
    });
    let order: Vec<usize> = lines.into_iter().map(|(at, _)| at).collect();
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

/// The rank of each file in the order of names.
fn file_ranks(findings: &[(Draft, Box<Detail>)]) -> HashMap<&str, u32, FixedState> {
    let mut names: Vec<&str> = findings
        .iter()
        .map(|(_, detail)| detail.location.file())
        .collect();
    // Findings of one file lie together.
    names.dedup();
    names.sort_unstable();
    names.dedup();
    names.into_iter().zip(0..).collect()
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
