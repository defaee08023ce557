//! From raw findings to a report: severities, exceptions, the baseline, what folds, counts, frameworks,
//! and the order of everything. The only place that decides what a finding counts for.

mod baseline;
mod directive;
mod exceptions;
mod fingerprint;
mod fold;
mod framework;
mod inline;
mod order;
mod scope;
mod selector;
mod settings;

use std::collections::HashMap;

use document::NodeId;
use foldhash::fast::FixedState;
use model::{ControlResult, Detail, Finding, Inventory, Problem, Report, Severity, State, Target};
use rayon::prelude::{ParallelIterator, ParallelSlice};

pub use baseline::{Baseline, BaselineEntry};
pub use exceptions::{Exception, InlinePolicy, is_date};
pub use fingerprint::Place;
pub use framework::{Framework, framework_result};
pub use selector::{InvalidPattern, Patterns, Selector};
pub use settings::{FunnelSettings, KnownControls, SeverityOverride};

use exceptions::{Exceptions, Known, Rules};

/// How many findings one thread takes at a time to write their texts.
const TEXTS_AT_ONCE: usize = 64;

/// One place where a control fails, as the evaluation found it. Indices point into [`Evaluated`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RawFinding {
    /// Index into [`Evaluated::controls`].
    pub control: u32,
    /// Index into the resources of the inventory.
    pub resource: u32,
    /// The node to change, or the nearest that exists.
    pub node: NodeId,
    /// Which of the things in scope it is about: findings of one control with the same number are
    /// counted as one failed thing.
    pub subject: u32,
}

/// What an evaluation hands to the funnel: everything counted, nothing excepted yet.
#[derive(Debug)]
pub struct Evaluated {
    /// What was scanned.
    pub target: Target,
    /// The resources.
    pub inventory: Inventory,
    /// The controls that were asked for, sorted by id.
    pub controls: Vec<ControlResult>,
    /// Their findings, in any order.
    pub findings: Vec<RawFinding>,
    /// What could not be evaluated.
    pub problems: Vec<Problem>,
    /// Files that were walked and are not Kubernetes.
    pub skipped_files: Vec<String>,
}

/// Writes the texts of a finding; fingerprint and exception are filled in by the funnel.
pub type Describe<'d> = &'d (dyn Fn(&Evaluated, usize) -> Detail + Sync);

/// Makes the report. `describe` gives the texts of the finding at an index of
/// [`Evaluated::findings`]; it is asked only where somebody needs them.
pub fn funnel(
    evaluated: Evaluated,
    settings: &FunnelSettings<'_>,
    describe: Describe<'_>,
) -> Report {
    let mut drafts = drafts(&evaluated, settings);
    let mut accepted = HashMap::default();
    let exception_problems = except(&evaluated, &mut drafts, settings, &mut accepted, describe);
    let excepted = fold::count_excepted(&evaluated, &drafts);
    drafts.retain(|draft| {
        settings
            .min_severity
            .is_none_or(|least| draft.severity >= least)
    });

    order::sort_plain(&mut drafts);
    let mut findings: Vec<Finding> = if settings.needs_detail || settings.baseline.is_some() {
        let mut described = described(&evaluated, &drafts, describe);
        order::sort(&evaluated, &mut described);
        identify(&evaluated, &mut described, settings.baseline.as_ref());
        let complete = described.into_iter().map(|(draft, mut detail)| {
            detail.exception = accepted.remove(&draft.raw);
            finding(&draft, Some(detail))
        });
        complete.collect()
    } else {
        drafts.iter().map(|draft| finding(draft, None)).collect()
    };
    fold::supersede(&evaluated.controls, &mut findings);
    finish(evaluated, findings, &excepted, exception_problems, settings)
}

/// A finding on its way to the report.
#[derive(Clone, Copy, Debug)]
struct Draft {
    /// Index into [`Evaluated::findings`].
    raw: usize,
    finding: RawFinding,
    severity: Severity,
    state: State,
}

fn drafts(evaluated: &Evaluated, settings: &FunnelSettings<'_>) -> Vec<Draft> {
    let overrides = settings.overrides_by_control(&evaluated.controls);
    evaluated
        .findings
        .iter()
        .enumerate()
        .map(|(raw, finding)| {
            let resource = &evaluated.inventory.resources[finding.resource as usize];
            let severity = overrides
                .get(&finding.control)
                .and_then(|rows| {
                    rows.iter()
                        .rev()
                        .find(|row| row.resources.matches(resource))
                })
                .map_or(
                    evaluated.controls[finding.control as usize].info.severity,
                    |row| row.severity,
                );
            Draft {
                raw,
                finding: *finding,
                severity,
                state: State::New,
            }
        })
        .collect()
}

/// Marks what exceptions accept; gives the problems with exceptions.
fn except(
    evaluated: &Evaluated,
    drafts: &mut [Draft],
    settings: &FunnelSettings<'_>,
    accepted: &mut HashMap<usize, model::AppliedException, FixedState>,
    describe: Describe<'_>,
) -> Vec<Problem> {
    let known = |id: &str| match evaluated
        .controls
        .binary_search_by(|control| control.info.id.as_str().cmp(id))
    {
        Ok(index) => Known::Runs(index as u32),
        Err(_) if settings.known.contains(id) => Known::Exists,
        Err(_) => Known::No(settings.known.nearest(id)),
    };
    let rules = Rules {
        inline: settings.inline,
        locked: &settings.locked,
        date: &settings.date,
        known: &known,
    };
    let resources = &evaluated.inventory.resources;
    let mut exceptions = Exceptions::new(&settings.exceptions, resources, &rules);
    if !exceptions.is_empty() {
        for draft in drafts {
            let RawFinding {
                control,
                resource,
                node,
                ..
            } = draft.finding;
            let container = || describe(evaluated, draft.raw).container;
            let resource = &resources[resource as usize];
            if let Some(entry) = exceptions.accept(control, resource, node, container) {
                draft.state = State::Excepted;
                accepted.insert(draft.raw, exceptions.applied(entry).clone());
            }
        }
    }
    exceptions.into_problems()
}

/// The texts of findings that lie in the order of the inventory, with fingerprints that do not count
/// equals yet.
fn described(
    evaluated: &Evaluated,
    drafts: &[Draft],
    describe: Describe<'_>,
) -> Vec<(Draft, Box<Detail>)> {
    let chunks: Vec<Vec<(Draft, Box<Detail>)>> = drafts
        .par_chunks(TEXTS_AT_ONCE)
        .map(|chunk| {
            let mut last: Option<(u32, NodeId, Place)> = None;
            let described = chunk.iter().map(|draft| {
                let mut detail = Box::new(describe(evaluated, draft.raw));
                let RawFinding { resource, node, .. } = draft.finding;
                let (.., place) = match last.take() {
                    Some(known) if known.0 == resource && known.1 == node => last.insert(known),
                    _ => last.insert((resource, node, place(evaluated, &draft.finding))),
                };
                detail.fingerprint = place.fingerprint(control_id(evaluated, &draft.finding), 0);
                (*draft, detail)
            });
            described.collect()
        })
        .collect();
    let mut all = Vec::with_capacity(drafts.len());
    all.extend(chunks.into_iter().flatten());
    all
}

fn place(evaluated: &Evaluated, finding: &RawFinding) -> Place {
    Place::new(
        &evaluated.inventory.resources[finding.resource as usize],
        finding.node,
    )
}

fn control_id<'e>(evaluated: &'e Evaluated, finding: &RawFinding) -> &'e str {
    &evaluated.controls[finding.control as usize].info.id
}

fn finding(draft: &Draft, detail: Option<Box<Detail>>) -> Finding {
    Finding {
        control: draft.finding.control,
        resource: draft.finding.resource,
        node: draft.finding.node,
        severity: draft.severity,
        state: draft.state,
        superseded_by: None,
        detail,
    }
}

/// Numbers findings whose fingerprints are equal, in the order of the report, and marks those that the
/// baseline knows.
fn identify(evaluated: &Evaluated, described: &mut [(Draft, Box<Detail>)], baseline: Option<&Baseline>) {
    let mut equals: HashMap<String, usize, FixedState> = HashMap::default();
    for (draft, detail) in described {
        let ordinal = match equals.get_mut(&detail.fingerprint) {
            None => {
                equals.insert(detail.fingerprint.clone(), 0);
                0
            }
            Some(last) => {
                *last += 1;
                *last
            }
        };
        if ordinal > 0 {
            let id = control_id(evaluated, &draft.finding);
            detail.fingerprint = place(evaluated, &draft.finding).fingerprint(id, ordinal);
        }
        let is_known = baseline.is_some_and(|known| known.contains(&detail.fingerprint));
        if is_known && draft.state == State::New {
            draft.state = State::Baselined;
        }
    }
}

fn finish(
    evaluated: Evaluated,
    findings: Vec<Finding>,
    excepted: &[usize],
    exception_problems: Vec<Problem>,
    settings: &FunnelSettings<'_>,
) -> Report {
    let Evaluated {
        target,
        inventory,
        mut controls,
        findings: _,
        mut problems,
        skipped_files,
    } = evaluated;
    for (control, &excepted) in controls.iter_mut().zip(excepted) {
        control.failed = control.failed.saturating_sub(excepted);
        control.excepted += excepted;
    }
    problems.extend(exception_problems);
    order::sort_problems(&mut problems);
    let frameworks = settings
        .frameworks
        .iter()
        .map(|framework| framework_result(framework, &controls, target.kubernetes_version))
        .collect();
    Report {
        date: settings.date.clone(),
        target,
        inventory,
        controls,
        findings,
        frameworks,
        problems,
        skipped_files,
    }
}
