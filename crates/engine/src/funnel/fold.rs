//! Which findings say the same as another one, and how many things in scope are excepted.

use std::collections::HashMap;

use document::NodeId;
use foldhash::fast::FixedState;
use model::{ControlResult, Finding, State};

use super::{Draft, Evaluated};

/// Marks findings whose control is superseded by one with a finding at the same place and state.
pub(super) fn supersede(controls: &[ControlResult], findings: &mut [Finding]) {
    let superseders = superseders(controls);
    if superseders.is_empty() {
        return;
    }
    let mut is_stronger = vec![false; controls.len()];
    superseders
        .values()
        .flatten()
        .for_each(|&control| is_stronger[control as usize] = true);
    let mut places: HashMap<(u32, NodeId, u32), u32, FixedState> = HashMap::default();
    for (index, finding) in findings.iter().enumerate() {
        if is_stronger[finding.control as usize] {
            let place = (finding.resource, finding.node, finding.control);
            places.entry(place).or_insert(index as u32);
        }
    }
    let stronger = |finding: &Finding| {
        let controls = superseders.get(&finding.control)?;
        controls.iter().find_map(|&control| {
            let other = *places.get(&(finding.resource, finding.node, control))?;
            (findings[other as usize].state == finding.state).then_some(other)
        })
    };
    let links: Vec<Option<u32>> = findings.iter().map(stronger).collect();
    for (finding, &link) in findings.iter_mut().zip(&links) {
        finding.superseded_by = link.and_then(|link| leader(link, &links));
    }
}

/// The end of a chain of links; `None` for a circle, in which nobody goes before the others.
fn leader(first: u32, links: &[Option<u32>]) -> Option<u32> {
    let mut leader = first;
    // No chain is longer than this: each link leads to another control.
    for _ in 0..links.len().min(64) {
        match links[leader as usize] {
            Some(next) => leader = next,
            None => return Some(leader),
        }
    }
    None
}

/// Control → the controls that supersede it, as indices in the order of the report.
fn superseders(controls: &[ControlResult]) -> HashMap<u32, Vec<u32>, FixedState> {
    let mut superseders: HashMap<u32, Vec<u32>, FixedState> = HashMap::default();
    for (stronger, control) in controls.iter().enumerate() {
        for id in &control.info.supersedes {
            if let Ok(weaker) = controls.binary_search_by(|other| other.info.id.cmp(id)) {
                superseders
                    .entry(weaker as u32)
                    .or_default()
                    .push(stronger as u32);
            }
        }
    }
    superseders
}

/// For each control, how many of its failed things have no finding that is not excepted.
pub(super) fn count_excepted(evaluated: &Evaluated, drafts: &[Draft]) -> Vec<usize> {
    let mut counts = vec![0; evaluated.controls.len()];
    if drafts.iter().all(|draft| draft.state != State::Excepted) {
        return counts;
    }
    let mut open: HashMap<(u32, u32), bool, FixedState> = HashMap::default();
    for draft in drafts {
        let thing = (draft.finding.control, draft.finding.subject);
        *open.entry(thing).or_default() |= draft.state != State::Excepted;
    }
    let mut closed: Vec<u32> = open
        .into_iter()
        .filter(|(_, open)| !open)
        .map(|((control, _), _)| control)
        .collect();
    closed.sort_unstable();
    for control in closed {
        counts[control as usize] += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::leader;

    #[test]
    fn chains_fold_under_their_end_and_circles_do_not() {
        let links = [Some(1), Some(2), None, Some(4), Some(3)];
        assert_eq!(leader(1, &links), Some(2));
        assert_eq!(leader(2, &links), Some(2));
        assert_eq!(leader(4, &links), None);
    }
}
