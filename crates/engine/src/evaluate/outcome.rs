//! What an evaluation gives: findings as ids, counts, and what could not be decided.

use std::collections::BTreeMap;

use catalog::UnknownPolicy;
use document::{Kind, NodeId};
use expr::{ErrorKind, Value};
use model::{Inventory, Problem, ProblemKind, ProblemLevel, Resource};

use crate::compiled::Compiled;
use crate::engine::Engine;
use crate::funnel::RawFinding;
use crate::native::{NativeFindings, contradiction, noun};
use crate::place::{location_of, path_of};

/// Which of the things in a resource a finding is about, so that its texts can be made later.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Anchor {
    /// The pod among those of the resource.
    pub pod: u32,
    /// The container or volume of the pod.
    pub part: u32,
    /// The item of `each`, or of what a native control found.
    pub item: Option<u32>,
}

impl Anchor {
    /// The resource itself.
    pub(crate) const NONE: Anchor = Anchor {
        pod: 0,
        part: 0,
        item: None,
    };
}

/// How many of the things in a control's scope ended how.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// Without a finding.
    pub passed: usize,
    /// With one.
    pub failed: usize,
    /// Not decidable.
    pub unknown: usize,
}

impl Counts {
    /// Counts one thing: a finding goes before what could not be decided.
    pub(crate) fn add(&mut self, failed: bool, unknown: bool) {
        match (failed, unknown) {
            (true, _) => self.failed += 1,
            (false, true) => self.unknown += 1,
            (false, false) => self.passed += 1,
        }
    }
}

/// What the controls said about an inventory.
#[derive(Debug, Default)]
pub struct Evaluation {
    /// In order of resource, then of the place in it, then of the control.
    pub findings: Vec<RawFinding>,
    /// One for each finding.
    pub anchors: Vec<Anchor>,
    /// One for each selected control.
    pub counts: Vec<Counts>,
    /// What could not be decided.
    pub problems: Vec<Problem>,
}

impl Evaluation {
    /// Takes in what the same controls said about other resources. What was said before of a control that could not
    /// decide, or of a place, is not said again.
    pub(crate) fn join(&mut self, mut other: Evaluation) {
        let subjects = self.findings.iter().map(|finding| finding.subject + 1);
        let subjects = subjects.max().unwrap_or_default();
        let moved = other.findings.iter().map(|finding| RawFinding {
            subject: finding.subject + subjects,
            ..*finding
        });
        self.findings.extend(moved);
        self.anchors.append(&mut other.anchors);
        self.counts.resize(other.counts.len(), Counts::default());
        for (own, counts) in self.counts.iter_mut().zip(other.counts) {
            own.passed += counts.passed;
            own.failed += counts.failed;
            own.unknown += counts.unknown;
        }
        let place = |problem: &Problem| {
            let span = problem.location.as_ref().map(|at| at.span.clone());
            (problem.file.clone(), span)
        };
        let is_known = |problem: &Problem| {
            self.problems.iter().any(|own| {
                own.kind == problem.kind
                    && own.message == problem.message
                    && (own.level == ProblemLevel::Unknown || place(own) == place(problem))
            })
        };
        other.problems.retain(|problem| !is_known(problem));
        self.problems.append(&mut other.problems);
    }

    /// Puts the findings into the order of the resources.
    pub(crate) fn sort(&mut self) {
        let findings = self.findings.iter().copied();
        let mut both: Vec<_> = findings.zip(self.anchors.iter().copied()).collect();
        both.sort_by_key(|(finding, _)| finding.resource);
        (self.findings, self.anchors) = both.into_iter().unzip();
    }
}

/// What an expression's value means for a control.
#[derive(Clone, Copy)]
pub(super) enum Verdict<'a> {
    Pass,
    Fail,
    Undecided(Value<'a>),
}

impl<'a> Verdict<'a> {
    pub(super) fn of(value: Value<'a>) -> Self {
        match value.as_bool() {
            Some(true) => Verdict::Fail,
            Some(false) => Verdict::Pass,
            None => Verdict::Undecided(value),
        }
    }
}

/// Control → a resource, and why the control could not evaluate it.
type Reasons = BTreeMap<u32, (u32, String)>;

/// What one chunk of resources gave.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) findings: Vec<(RawFinding, Anchor)>,
    pub(super) counts: Vec<Counts>,
    /// Number of things in scope so far.
    subjects: u32,
    /// Resource → its first node of an unexpected type, and the control that met it.
    mismatches: BTreeMap<u32, (NodeId, Option<u32>)>,
    /// Control → where its expression fails, and why.
    errors: Reasons,
    /// Control → why it could not decide.
    reasons: Reasons,
}

impl Outcome {
    pub(super) fn new(controls: usize) -> Self {
        Outcome {
            findings: Vec::new(),
            counts: vec![Counts::default(); controls],
            subjects: 0,
            mismatches: BTreeMap::new(),
            errors: BTreeMap::new(),
            reasons: BTreeMap::new(),
        }
    }

    /// The number of another thing.
    pub(super) fn next_subject(&mut self) -> u32 {
        self.subjects += 1;
        self.subjects
    }

    /// Puts the findings into the order of the things, then of the controls. They come control by control,
    /// so they are dealt out to the things first.
    pub(super) fn sort(&mut self) {
        let mut places = vec![0; self.subjects as usize + 2];
        for (finding, _) in &self.findings {
            places[finding.subject as usize + 1] += 1;
        }
        let mut sum = 0;
        for place in &mut places {
            sum += *place;
            *place = sum;
        }
        let Some(&any) = self.findings.first() else {
            return;
        };
        let mut sorted = vec![any; self.findings.len()];
        for found in &self.findings {
            let place: &mut usize = &mut places[found.0.subject as usize];
            sorted[*place] = *found;
            *place += 1;
        }
        for of_thing in sorted.chunk_by_mut(|left, right| left.0.subject == right.0.subject) {
            of_thing.sort_by_key(|(finding, _)| finding.control);
        }
        self.findings = sorted;
    }

    /// A node is not of the type that a control expects; the first node of each object counts.
    pub(super) fn mismatch(&mut self, resource: u32, node: NodeId, control: Option<u32>) {
        let found = (node, control);
        let first = self.mismatches.entry(resource).or_insert(found);
        *first = found.min(*first);
    }

    /// Whether a thing fails; `None`: not decidable.
    pub(super) fn settle(
        &mut self,
        resource: u32,
        position: u32,
        control: &Compiled,
        verdict: Verdict<'_>,
    ) -> Option<bool> {
        let undecided = match verdict {
            Verdict::Pass => return Some(false),
            Verdict::Fail => return Some(true),
            Verdict::Undecided(value) => value,
        };
        match undecided {
            Value::Unknown(unknown) => {
                return self.unknown(resource, position, control, unknown.reason);
            }
            Value::Error(error) => match (error.kind, error.node) {
                (ErrorKind::TypeMismatch, Some(node)) => {
                    self.mismatch(resource, node.id(), Some(position));
                }
                _ => self.error(
                    resource,
                    position,
                    format!("{error} (at byte {})", error.offset),
                ),
            },
            Value::Node(node) => self.mismatch(resource, node.id(), Some(position)),
            other => {
                let kind = other.type_of().name();
                self.error(resource, position, format!("the result is of type {kind}"));
            }
        }
        None
    }

    fn unknown(
        &mut self,
        resource: u32,
        position: u32,
        control: &Compiled,
        reason: &str,
    ) -> Option<bool> {
        match control.header.unknown {
            UnknownPolicy::Pass => Some(false),
            UnknownPolicy::Fail => Some(true),
            UnknownPolicy::Report => {
                let reason = || (resource, reason.to_owned());
                self.reasons.entry(position).or_insert_with(reason);
                None
            }
        }
    }

    fn error(&mut self, resource: u32, position: u32, message: String) {
        self.errors.entry(position).or_insert((resource, message));
    }
}

/// Joins what the chunks gave, in their order.
pub(super) fn merge(engine: &Engine, inventory: &Inventory, outcomes: Vec<Outcome>) -> Evaluation {
    let mut all = Outcome::new(engine.controls.len());
    let mut evaluation = Evaluation::default();
    let count = outcomes.iter().map(|outcome| outcome.findings.len()).sum();
    evaluation.findings.reserve(count);
    evaluation.anchors.reserve(count);
    for outcome in outcomes {
        let found = outcome.findings.iter();
        let counted_on = |(finding, _): &(RawFinding, Anchor)| RawFinding {
            subject: finding.subject + all.subjects,
            ..*finding
        };
        evaluation.findings.extend(found.clone().map(counted_on));
        evaluation.anchors.extend(found.map(|(_, anchor)| *anchor));
        all.subjects += outcome.subjects;
        for (own, counts) in all.counts.iter_mut().zip(outcome.counts) {
            own.passed += counts.passed;
            own.failed += counts.failed;
            own.unknown += counts.unknown;
        }
        all.mismatches.extend(outcome.mismatches);
        for (own, new) in [
            (&mut all.errors, outcome.errors),
            (&mut all.reasons, outcome.reasons),
        ] {
            for (control, reason) in new {
                own.entry(control).or_insert(reason);
            }
        }
    }
    evaluation.problems = problems(engine, inventory, &all);
    evaluation.counts = all.counts;
    evaluation
}

fn problems(engine: &Engine, inventory: &Inventory, all: &Outcome) -> Vec<Problem> {
    let (mismatches, errors) = blame(engine, inventory, all);
    let mut problems = Vec::new();
    for (index, (node, what)) in mismatches {
        problems.push(schema_mismatch(
            &inventory.resources[index as usize],
            node,
            &what,
        ));
    }
    for (kind, level, verb, reasons) in [
        (
            ProblemKind::ControlError,
            ProblemLevel::Error,
            "failed",
            &errors,
        ),
        (
            ProblemKind::Undecided,
            ProblemLevel::Unknown,
            "could not decide",
            &all.reasons,
        ),
    ] {
        for (&control, (resource, reason)) in reasons {
            let id = &engine.controls[control as usize].header.id;
            let resource = inventory.resources.get(*resource as usize);
            let location = resource.map(|resource| location_of(resource, resource.root));
            problems.push(Problem {
                level,
                kind,
                file: location
                    .as_ref()
                    .map_or_else(String::new, |it| it.file().to_owned()),
                location,
                message: format!("control `{id}` {verb}: {reason}"),
                hint: None,
            });
        }
    }
    problems
}

/// Resource → its node that contradicts the schema, and how.
type Mismatches = BTreeMap<u32, (NodeId, String)>;

/// Tells objects that contradict their schema from controls that expect what no schema says.
fn blame(engine: &Engine, inventory: &Inventory, all: &Outcome) -> (Mismatches, Reasons) {
    let (mut mismatches, mut errors) = (Mismatches::new(), Reasons::new());
    for (&index, &(node, control)) in &all.mismatches {
        let resource = &inventory.resources[index as usize];
        // The schema lets null pass, as the API server does for fields; kubectl refuses it in lists.
        let is_null = resource.document.at(node).kind() == Kind::Null;
        let is_wrong =
            is_null || NativeFindings::new(&engine.validator, resource).contradicts(node);
        match control.filter(|_| !is_wrong) {
            None => {
                let what = noun(resource.document.at(node).kind());
                let what = format!("is {what}, which its type does not allow");
                mismatches.insert(index, (node, what));
            }
            Some(control) => {
                let path = path_of(resource, node);
                let reason = format!("`{path}` is of another type than expected");
                errors.entry(control).or_insert((index, reason));
            }
        }
    }
    for (&control, (index, reason)) in &all.errors {
        let resource = &inventory.resources[*index as usize];
        match contradiction(&engine.validator, resource) {
            Some((node, what)) => {
                let what = format!("contradicts its schema: {what}");
                mismatches.entry(*index).or_insert((node, what));
            }
            None => {
                errors.entry(control).or_insert((*index, reason.clone()));
            }
        }
    }
    (mismatches, errors)
}

fn schema_mismatch(resource: &Resource, node: NodeId, what: &str) -> Problem {
    let location = location_of(resource, node);
    let path = path_of(resource, node);
    let Resource { kind, name, .. } = resource;
    let thing = if path.is_empty() {
        format!("{kind} `{name}`")
    } else {
        format!("`{path}` of {kind} `{name}`")
    };
    Problem {
        level: ProblemLevel::Error,
        kind: ProblemKind::SchemaMismatch,
        file: location.file().to_owned(),
        location: Some(location),
        message: format!("{thing} {what}"),
        hint: Some(HINT.to_owned()),
    }
}

const HINT: &str = "the API server refuses this object, and controls could not evaluate all of it";
