//! From raw findings to a report: severities, exceptions, the baseline, what folds, counts, frameworks,
//! and the order of everything. The only place that decides what a finding counts for.

mod baseline;
mod bootstrap;
mod directive;
mod exceptions;
mod fingerprint;
mod fold;
mod framework;
mod identity;
mod inline;
mod order;
mod packages;
mod rendered;
mod scope;
mod selector;
mod settings;
mod share;

use std::collections::HashMap;
use std::sync::Arc;

use document::NodeId;
use foldhash::fast::FixedState;
use model::{
    ControlResult, Detail, Finding, Inventory, Problem, ProblemKind, Report, Severity, State,
    Target,
};
use rayon::prelude::{IntoParallelRefIterator, ParallelIterator};

pub use baseline::{Baseline, BaselineEntry};
pub use catalog::is_date;
pub use exceptions::{Exception, InlinePolicy};
pub use fingerprint::Place;
pub(crate) use fingerprint::item_identity;
pub use framework::{Framework, framework_result};
pub use packages::{
    Accepts, PackageException, PackageSettings, Product, Statement, judge_packages,
};
pub use selector::{InvalidPattern, PathBase, Patterns, Selector};
pub use settings::{FunnelSettings, KnownControls, SeverityOverride};

use bootstrap::Bootstrap;
use exceptions::{Exceptions, Known, Rules};

/// How many findings one thread takes at a time to write their texts, at least.
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
    pub inventory: Arc<Inventory>,
    /// The controls that were asked for, sorted by id.
    pub controls: Vec<ControlResult>,
    /// Their findings, in any order.
    pub findings: Vec<RawFinding>,
    /// What could not be evaluated.
    pub problems: Vec<Problem>,
    /// Files that were walked and are not Kubernetes.
    pub skipped_files: Vec<String>,
}

/// Writes the texts of the findings at some indices of [`Evaluated::findings`], in their order;
/// fingerprints and exceptions are filled in by the funnel.
pub type Describe<'d> = &'d (dyn Fn(&Evaluated, &[usize]) -> Vec<Detail> + Sync);

/// Makes the report. `describe` is asked only where somebody needs texts, and gets the findings of one
/// resource together.
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
    let mut findings: Vec<Finding> = if settings.needs_detail {
        let mut described = described(&evaluated, &drafts, describe);
        order::sort(&evaluated, &mut described);
        identity::number(&evaluated, &mut described);
        identity::recognise(&mut described, settings.baseline.as_ref());
        share::share(&evaluated, &mut described, &accepted);
        let complete = described.into_iter().map(
            |Described {
                 draft, mut detail, ..
             }| {
                detail.exception = accepted.remove(&draft.raw);
                finding(&draft, Some(detail))
            },
        );
        complete.collect()
    } else {
        if let Some(baseline) = &settings.baseline {
            identity::recognise_plain(&evaluated, &mut drafts, baseline, describe);
        }
        share::share_plain(&evaluated, &mut drafts, &accepted);
        drafts.iter().map(|draft| finding(draft, None)).collect()
    };
    fold::supersede(&evaluated.controls, &mut findings);
    finish(evaluated, findings, &excepted, exception_problems, settings)
}

/// A finding with its texts, before it has its place.
#[derive(Debug)]
struct Described {
    draft: Draft,
    /// The line of its location.
    line: u32,
    detail: Box<Detail>,
}

/// What findings at the same node share.
struct Spot {
    finding: RawFinding,
    place: Place,
    line: u32,
}

impl Spot {
    fn is_of(&self, finding: &RawFinding) -> bool {
        (self.finding.resource, self.finding.node) == (finding.resource, finding.node)
    }
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
    let known = |word: &str| {
        let ids = settings.known.named(word);
        if ids.is_empty() {
            return Known::No(settings.known.nearest(word));
        }
        let controls = ids.into_iter().map(|id| {
            let running = &evaluated.controls;
            let index = running.binary_search_by(|control| control.info.id.cmp(&id));
            (id, index.ok().map(|index| index as u32))
        });
        Known::Controls(controls.collect())
    };
    let rules = Rules {
        inline: settings.inline,
        locked: &settings.locked,
        date: &settings.date,
        known: &known,
    };
    let resources = &evaluated.inventory.resources;
    let mut exceptions = Exceptions::new(&settings.exceptions, resources, &rules);
    let bootstrap = settings
        .is_cluster
        .then(|| Bootstrap::new(&evaluated.controls));
    if !exceptions.is_empty() || bootstrap.is_some() {
        for draft in drafts {
            let RawFinding {
                control,
                resource,
                node,
                ..
            } = draft.finding;
            let container = || describe(evaluated, &[draft.raw]).pop()?.container;
            let resource = &resources[resource as usize];
            // What somebody wrote goes first: then it is not called unused.
            let entry = exceptions.accept(control, resource, node, container);
            let applied = match entry {
                Some(entry) => Some(exceptions.applied(entry).clone()),
                None => bootstrap
                    .as_ref()
                    .and_then(|bootstrap| bootstrap.accept(control, resource, node)),
            };
            if let Some(applied) = applied {
                draft.state = State::Excepted;
                accepted.insert(draft.raw, applied);
            }
        }
    }
    let mut problems = exceptions.into_problems();
    if settings.is_part {
        problems.retain(|problem| problem.kind != ProblemKind::ExceptionUnused);
    }
    problems
}

/// The texts of findings that lie in the order of the inventory, with fingerprints that do not count
/// equals yet.
fn described(evaluated: &Evaluated, drafts: &[Draft], describe: Describe<'_>) -> Vec<Described> {
    let chunks: Vec<Vec<Described>> = by_resource(drafts)
        .par_iter()
        .map(|chunk| {
            let raw: Vec<usize> = chunk.iter().map(|draft| draft.raw).collect();
            let mut last: Option<Spot> = None;
            let details = describe(evaluated, &raw).into_iter().map(Box::new);
            let described = chunk.iter().zip(details).map(|(draft, mut detail)| {
                let known = last.take().filter(|spot| spot.is_of(&draft.finding));
                let spot = last.insert(known.unwrap_or_else(|| Spot {
                    finding: draft.finding,
                    place: place(evaluated, &draft.finding),
                    line: detail.location.start().line,
                }));
                let id = control_id(evaluated, &draft.finding);
                detail.fingerprint = spot.place.fingerprint(id, 0);
                Described {
                    draft: *draft,
                    line: spot.line,
                    detail,
                }
            });
            described.collect()
        })
        .collect();
    let mut all = Vec::with_capacity(drafts.len());
    all.extend(chunks.into_iter().flatten());
    all
}

/// Cuts findings in the order of the inventory into parts that hold all findings of their resources.
fn by_resource(drafts: &[Draft]) -> Vec<&[Draft]> {
    let mut parts = Vec::new();
    let mut rest = drafts;
    while !rest.is_empty() {
        let last = &rest[rest.len().min(TEXTS_AT_ONCE) - 1];
        let end = rest.partition_point(|draft| draft.finding.resource <= last.finding.resource);
        let (part, others) = rest.split_at(end);
        parts.push(part);
        rest = others;
    }
    parts
}

fn place(evaluated: &Evaluated, finding: &RawFinding) -> Place {
    let resource = &evaluated.inventory.resources[finding.resource as usize];
    let entry = resource.rendered.and_then(|rendered| {
        let entries = &evaluated.inventory.entries;
        entries.get(rendered.entry as usize)
    });
    Place::new(resource, entry, finding.node)
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
