//! What became of the findings between two reports.

use crate::record::{ControlRecord, FindingRecord, ProblemRecord};
use crate::report::State;

/// What became of a finding.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Change {
    /// It was not there before.
    New,
    /// It is gone.
    Fixed,
    /// It was there and is.
    Unchanged,
    /// It was there, and whether it still is was not evaluated.
    NotEvaluated,
}

impl Change {
    /// All of them, in the order in which people read them.
    pub const ALL: [Change; 4] = [
        Change::New,
        Change::Fixed,
        Change::Unchanged,
        Change::NotEvaluated,
    ];

    /// The word that stands in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Change::New => "new",
            Change::Fixed => "fixed",
            Change::Unchanged => "unchanged",
            Change::NotEvaluated => "not-evaluated",
        }
    }
}

/// A finding and what became of it.
#[derive(Clone, PartialEq, Debug)]
pub struct ComparedFinding {
    /// What became of it.
    pub change: Change,
    /// As the head tells it; as the base does where the head does not have it.
    pub finding: FindingRecord,
    /// Whether it counted in the base; none where the base does not have it.
    pub base_state: Option<State>,
}

impl ComparedFinding {
    /// Whether it counts in the head: an exception accepts nothing that is new.
    pub fn counts(&self) -> bool {
        self.finding.state != State::Excepted
    }

    /// Whether an exception that the base does not have accepts it.
    pub fn is_accepted_now(&self) -> bool {
        let is_in_head = matches!(self.change, Change::New | Change::Unchanged);
        is_in_head && !self.counts() && self.base_state != Some(State::Excepted)
    }

    /// Whether it makes the head worse than the base.
    pub fn is_worse(&self) -> bool {
        self.change == Change::New && self.counts()
    }
}

/// One of the two reports that were compared.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Side {
    /// What was asked for: a path, a file, a revision.
    pub name: String,
    /// The version of the tool.
    pub tool_version: String,
    /// `YYYY-MM-DD`.
    pub date: String,
    /// The version of Kubernetes.
    pub kubernetes_version: String,
    /// Number of resources.
    pub resources: usize,
    /// What could not be evaluated.
    pub problems: Vec<ProblemRecord>,
}

/// Two reports, finding by finding.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Comparison {
    /// What there was.
    pub base: Side,
    /// What there is.
    pub head: Side,
    /// The controls of both, in order of their ids.
    pub controls: Vec<ControlRecord>,
    /// By change, in the order of the reports.
    pub findings: Vec<ComparedFinding>,
    /// Why the two can only be compared in part: one sentence each.
    pub notes: Vec<String>,
}

impl Comparison {
    /// The findings with a change.
    pub fn of(&self, change: Change) -> impl Iterator<Item = &ComparedFinding> {
        let findings = self.findings.iter();
        findings.filter(move |finding| finding.change == change)
    }

    /// The control with an id.
    pub fn control(&self, id: &str) -> Option<&ControlRecord> {
        let by_id = |control: &ControlRecord| control.id.as_str().cmp(id);
        let index = self.controls.binary_search_by(by_id).ok()?;
        self.controls.get(index)
    }
}
