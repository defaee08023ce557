//! The order of findings and problems: file, line, kind, namespace, name, path.

use std::cmp::Ordering;
use std::collections::HashMap;

use foldhash::fast::FixedState;
use model::Problem;

use super::trail::{Hop, trail};
use super::{Draft, Evaluated};

/// Sorts findings as the report says. `by_path` decides ties by the path as text, which costs; without
/// it they stay in the order of the document.
pub(super) fn sort(evaluated: &Evaluated, drafts: &mut Vec<Draft>, by_path: bool) {
    let resources = &evaluated.inventory.resources;
    let mut lines: Vec<(u32, Draft)> = drafts
        .iter()
        .map(|draft| (line(evaluated, draft), *draft))
        .collect();
    let files = file_ranks(evaluated);
    let place = |(line, draft): &(u32, Draft)| (files[draft.finding.resource as usize], *line);
    lines.sort_by(|left, right| {
        let (a, b) = (&left.1.finding, &right.1.finding);
        let who = |index: u32| {
            let resource = &resources[index as usize];
            (&resource.kind, &resource.namespace, &resource.name, index)
        };
        place(left)
            .cmp(&place(right))
            .then_with(|| match a.resource == b.resource {
                true => Ordering::Equal,
                false => who(a.resource).cmp(&who(b.resource)),
            })
            .then_with(|| (a.node, a.control, left.1.raw).cmp(&(b.node, b.control, right.1.raw)))
    });
    if by_path {
        for ties in lines.chunk_by_mut(|left, right| {
            place(left) == place(right) && left.1.finding.resource == right.1.finding.resource
        }) {
            if ties
                .iter()
                .any(|tie| tie.1.finding.node != ties[0].1.finding.node)
            {
                ties.sort_by_cached_key(|(_, draft)| {
                    (path(evaluated, draft), draft.finding.control)
                });
            }
        }
    }
    drafts.clear();
    drafts.extend(lines.into_iter().map(|(_, draft)| draft));
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

fn line(evaluated: &Evaluated, draft: &Draft) -> u32 {
    let resource = &evaluated.inventory.resources[draft.finding.resource as usize];
    resource.location(draft.finding.node).start().line
}

/// The rank of each resource's file in the order of file names.
fn file_ranks(evaluated: &Evaluated) -> Vec<u32> {
    let names: Vec<&str> = evaluated
        .inventory
        .resources
        .iter()
        .map(|resource| {
            let place = resource.document.place(resource.object().origin());
            place.source.name()
        })
        .collect();
    let mut sorted = names.clone();
    sorted.sort_unstable();
    sorted.dedup();
    let ranks: HashMap<&str, u32, FixedState> = sorted.into_iter().zip(0..).collect();
    names.iter().map(|name| ranks[name]).collect()
}

fn path(evaluated: &Evaluated, draft: &Draft) -> String {
    let resource = &evaluated.inventory.resources[draft.finding.resource as usize];
    let mut path = String::new();
    for hop in trail(resource.object(), draft.finding.node).unwrap_or_default() {
        match hop {
            Hop::Key(key) => path.extend([".", key]),
            Hop::Item(index, _) => path.push_str(&format!("[{index}]")),
        }
    }
    path
}
