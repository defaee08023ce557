//! Two reports, finding by finding: what is new, fixed, unchanged, and what cannot be told.
//!
//! Findings are recognised by their fingerprints, in which there is no line and no file: what was moved, reordered or
//! written differently is unchanged.

mod shared;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use foldhash::fast::FixedState;
use model::{
    Change, ComparedFinding, Comparison, ControlRecord, FindingRecord, ProblemLevel, ReportRecord,
    ResourceName, Side, State,
};

/// Whether a finding is in the head, and its position in its report.
type Number = (bool, usize);

/// How many controls a note names.
const MAX_NAMED: usize = 5;

/// Compares two reports; each comes with the name that people know it by.
pub fn compare(base: (&str, ReportRecord), head: (&str, ReportRecord)) -> Comparison {
    let ((base_name, mut base), (head_name, mut head)) = (base, head);
    let notes = notes(&base, &head);
    let numbers = [shared::separate(&mut base), shared::separate(&mut head)];
    let pairs = pairs(&base, &head);
    let findings = findings(&base, &head, &pairs, &numbers);
    Comparison {
        notes,
        findings,
        controls: controls(&base, &head),
        base: side(base_name, base),
        head: side(head_name, head),
    }
}

fn side(name: &str, report: ReportRecord) -> Side {
    Side {
        name: name.to_owned(),
        tool_version: report.tool_version,
        date: report.date,
        kubernetes_version: report.kubernetes_version,
        resources: report.resources,
        problems: report.problems,
    }
}

/// For each finding of the head the one of the base that it is, if any.
fn pairs(base: &ReportRecord, head: &ReportRecord) -> Vec<Option<usize>> {
    let mut known: HashMap<&str, Vec<usize>, FixedState> = HashMap::default();
    for (index, finding) in base.findings.iter().enumerate().rev() {
        known.entry(&finding.fingerprint).or_default().push(index);
    }
    let mut pairs: Vec<Option<usize>> = head
        .findings
        .iter()
        .map(|finding| known.get_mut(finding.fingerprint.as_str())?.pop())
        .collect();
    let mut lost: Vec<usize> = known.into_values().flatten().collect();
    lost.sort_unstable();
    keep_files(base, head, &mut pairs, &lost);
    pairs
}

/// What findings with fingerprints that differ in their number only have in common.
type Alike<'f> = (&'f str, &'f ResourceName, Option<&'f str>, &'f str);

fn alike(finding: &FindingRecord) -> Alike<'_> {
    (
        &finding.control,
        &finding.resource,
        finding.container.as_deref(),
        &finding.message,
    )
}

/// Resources of the same name in several files have the same findings, which are numbered in the order of the
/// files: with one file more or less all the numbers behind it move. Where it makes no other difference, a finding
/// is paired with the one of its own file, so that the file that was added or removed is told.
fn keep_files(
    base: &ReportRecord,
    head: &ReportRecord,
    pairs: &mut [Option<usize>],
    lost: &[usize],
) {
    let base_file = |at: usize| base.shared_name(&base.findings[at].place.file);
    let head_file = |at: usize| head.shared_name(&head.findings[at].place.file);
    let (base, head) = (&base.findings, &head.findings);
    let fresh: Vec<usize> = (0..head.len()).filter(|&at| pairs[at].is_none()).collect();
    let open: BTreeSet<Alike<'_>> = fresh
        .iter()
        .map(|&at| alike(&head[at]))
        .chain(lost.iter().map(|&at| alike(&base[at])))
        .collect();
    let mut moved: BTreeMap<Alike<'_>, Vec<usize>> = BTreeMap::new();
    for (at, pair) in pairs.iter().enumerate() {
        let is_moved = pair.is_some_and(|pair| base_file(pair) != head_file(at));
        if is_moved && open.contains(&alike(&head[at])) {
            moved.entry(alike(&head[at])).or_default().push(at);
        }
    }
    for at in fresh {
        let others = moved.get_mut(&alike(&head[at]));
        let fits = |other: &usize| pairs[*other].is_some_and(|it| base_file(it) == head_file(at));
        if let Some(others) = others
            && let Some(position) = others.iter().position(fits)
        {
            let other = others.swap_remove(position);
            pairs[at] = pairs[other].take();
        }
    }
    for &at in lost {
        if let Some(others) = moved.get_mut(&alike(&base[at]))
            && let Some(position) = others
                .iter()
                .position(|&other| head_file(other) == base_file(at))
        {
            let other = others.swap_remove(position);
            pairs[other] = Some(at);
        }
    }
}

fn findings(
    base: &ReportRecord,
    head: &ReportRecord,
    pairs: &[Option<usize>],
    [base_numbers, head_numbers]: &[Vec<usize>; 2],
) -> Vec<ComparedFinding> {
    let paired: BTreeSet<usize> = pairs.iter().flatten().copied().collect();
    let unreadable: BTreeSet<&str> = head
        .problems
        .iter()
        .filter(|problem| problem.level == ProblemLevel::Error)
        .map(|problem| head.shared_name(&problem.file))
        .collect();
    // Where each comes from, to keep what stands for it: the report and the position there.
    let in_head = head.findings.iter().enumerate().map(|(at, finding)| {
        let base_state = pairs[at].map(|pair| base.findings[pair].state);
        let compared = ComparedFinding {
            change: change_in_head(finding, base_state),
            finding: finding.clone(),
            base_state,
        };
        ((true, head_numbers[at]), compared)
    });
    let gone = (0..base.findings.len()).filter(|at| !paired.contains(at));
    let gone = gone.map(|at| {
        let finding = &base.findings[at];
        let was_looked_for = head.control(&finding.control).is_some()
            && !unreadable.contains(base.shared_name(&finding.place.file));
        let compared = ComparedFinding {
            change: if was_looked_for {
                Change::Fixed
            } else {
                Change::NotEvaluated
            },
            finding: finding.clone(),
            base_state: Some(finding.state),
        };
        ((false, base_numbers[at]), compared)
    });
    let mut all: Vec<_> = in_head.chain(gone).collect();
    all.sort_by_key(|(_, compared)| compared.change);
    stand_for_one_another(shared::join(all))
}

/// A finding that was accepted, and is not any more, is as good as new.
fn change_in_head(finding: &FindingRecord, base_state: Option<State>) -> Change {
    match base_state {
        None => Change::New,
        Some(State::Excepted) if finding.state != State::Excepted => Change::New,
        Some(_) => Change::Unchanged,
    }
}

/// Positions of findings that say more, in the comparison: only among findings with the same change.
fn stand_for_one_another(all: Vec<(Number, ComparedFinding)>) -> Vec<ComparedFinding> {
    let places: HashMap<(Number, Change), u32, FixedState> = (0..)
        .zip(&all)
        .map(|(position, (number, compared))| ((*number, compared.change), position))
        .collect();
    let findings = all.into_iter().map(|((is_in_head, _), mut compared)| {
        let leader = compared.finding.superseded_by.and_then(|leader| {
            let number = (is_in_head, leader as usize);
            places.get(&(number, compared.change)).copied()
        });
        compared.finding.superseded_by = leader;
        compared
    });
    findings.collect()
}

/// The controls of both; the head's where both have one.
fn controls(base: &ReportRecord, head: &ReportRecord) -> Vec<ControlRecord> {
    let all = base.controls.iter().chain(&head.controls);
    let by_id: BTreeMap<&str, &ControlRecord> =
        all.map(|control| (control.id.as_str(), control)).collect();
    by_id.into_values().cloned().collect()
}

/// Why the two can only be compared in part.
fn notes(base: &ReportRecord, head: &ReportRecord) -> Vec<String> {
    let mut notes = Vec::new();
    if base.tool_version != head.tool_version {
        notes.push(format!(
            "the base was made by version {}, the head by {}",
            base.tool_version, head.tool_version
        ));
    }
    if base.kubernetes_version != head.kubernetes_version {
        notes.push(format!(
            "the base assumes Kubernetes {}, the head {}",
            base.kubernetes_version, head.kubernetes_version
        ));
    }
    let only = |one: &ReportRecord, other: &ReportRecord| -> Vec<String> {
        let controls = one.controls.iter().map(|control| control.id.clone());
        controls.filter(|id| other.control(id).is_none()).collect()
    };
    for (ids, told) in [
        (
            only(head, base),
            "ran for the head only: what they find counts as new",
        ),
        (
            only(base, head),
            "ran for the base only: what they found was not looked for again",
        ),
    ] {
        if !ids.is_empty() {
            notes.push(format!("{} {told}", named(&ids)));
        }
    }
    notes
}

/// `control a`, `controls a, b`, `controls a, b, c, d, e and 7 more`.
fn named(ids: &[String]) -> String {
    let word = if ids.len() == 1 {
        "control"
    } else {
        "controls"
    };
    let (first, others) = ids.split_at(ids.len().min(MAX_NAMED));
    let more = if others.is_empty() {
        String::new()
    } else {
        format!(" and {} more", others.len())
    };
    format!("{word} {}{more}", first.join(", "))
}

#[cfg(test)]
mod tests;
