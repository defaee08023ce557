//! Which finding is which: fingerprints of findings that would be equal get numbers, and a baseline knows some.

use std::collections::{HashMap, HashSet};

use foldhash::fast::FixedState;
use model::State;
use rayon::prelude::{IntoParallelRefIterator, ParallelIterator};

use super::baseline::Baseline;
use super::{Describe, Described, Draft, Evaluated, control_id, described, order, place};

/// Numbers findings whose fingerprints are equal, in the order of the report.
pub(super) fn number(evaluated: &Evaluated, described: &mut [Described]) {
    let fingerprints = described.iter().map(|one| one.detail.fingerprint.as_str());
    for (index, ordinal) in repeated(fingerprints) {
        let Described { draft, detail, .. } = &mut described[index];
        let id = control_id(evaluated, &draft.finding);
        detail.fingerprint = place(evaluated, &draft.finding).fingerprint(id, ordinal);
    }
}

/// Marks the findings that the baseline knows.
pub(super) fn recognise(described: &mut [Described], baseline: Option<&Baseline>) {
    let Some(baseline) = baseline else {
        return;
    };
    for Described { draft, detail, .. } in described {
        if draft.state == State::New && baseline.contains(&detail.fingerprint) {
            draft.state = State::Baselined;
        }
    }
}

/// The same where nobody needs texts: only findings that would be equal are described, because their
/// numbers follow the order of the report.
pub(super) fn recognise_plain(
    evaluated: &Evaluated,
    drafts: &mut [Draft],
    baseline: &Baseline,
    describe: Describe<'_>,
) {
    let fingerprint = |draft: &Draft| {
        let id = control_id(evaluated, &draft.finding);
        place(evaluated, &draft.finding).fingerprint(id, 0)
    };
    let fingerprints: Vec<String> = drafts.par_iter().map(fingerprint).collect();
    let repeated = repeated(fingerprints.iter().map(String::as_str));
    let shared: HashSet<&str, FixedState> = repeated
        .iter()
        .map(|&(at, _)| fingerprints[at].as_str())
        .collect();
    let equal: Vec<Draft> = drafts
        .iter()
        .zip(&fingerprints)
        .filter(|(_, fingerprint)| shared.contains(fingerprint.as_str()))
        .map(|(draft, _)| *draft)
        .collect();
    let mut equal = described(evaluated, &equal, describe);
    order::sort(evaluated, &mut equal);
    number(evaluated, &mut equal);
    recognise(&mut equal, Some(baseline));
    let states: HashMap<usize, State, FixedState> = equal
        .iter()
        .map(|one| (one.draft.raw, one.draft.state))
        .collect();

    for (draft, fingerprint) in drafts.iter_mut().zip(&fingerprints) {
        if let Some(&state) = states.get(&draft.raw) {
            draft.state = state;
        } else if draft.state == State::New && baseline.contains(fingerprint) {
            draft.state = State::Baselined;
        }
    }
}

/// The positions whose fingerprint occurred before, with how often.
fn repeated<'f>(fingerprints: impl ExactSizeIterator<Item = &'f str>) -> Vec<(usize, usize)> {
    let mut counts: HashMap<&str, usize, FixedState> =
        HashMap::with_capacity_and_hasher(fingerprints.len(), FixedState::default());
    let mut repeated = Vec::new();
    for (index, fingerprint) in fingerprints.enumerate() {
        let count = counts.entry(fingerprint).or_default();
        if *count > 0 {
            repeated.push((index, *count));
        }
        *count += 1;
    }
    repeated
}
