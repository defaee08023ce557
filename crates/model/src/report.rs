//! The outcome of a scan, ready to be rendered. No serde here: `report` owns the wire types.

use std::collections::BTreeMap;
use std::sync::Arc;

use document::NodeId;

use crate::cluster_facts::ClusterFacts;
use crate::digest::InputDigest;
use crate::inventory::Inventory;
use crate::problem::{Location, Problem};
use crate::provenance::Origin;
use crate::severity::{KubernetesVersion, Profile, Severity};

/// What people may know about a control without running it.
#[derive(Clone, PartialEq, Debug)]
pub struct ControlInfo {
    /// The folder's name; what exceptions and `--control` say.
    pub id: String,
    /// One line.
    pub title: String,
    /// Before overrides.
    pub severity: Severity,
    /// The smallest profile that runs it.
    pub profile: Profile,
    /// Scope word (`container`, `pod`, …).
    pub scope: String,
    /// The first minor of Kubernetes where it applies.
    pub since: Option<KubernetesVersion>,
    /// The last minor of Kubernetes where it applies.
    pub until: Option<KubernetesVersion>,
    /// Free words to select and group by.
    pub tags: Vec<String>,
    /// What an attacker could do.
    pub why: String,
    /// What to change.
    pub remediation: String,
    /// Where the facts come from.
    pub references: Vec<String>,
    /// Peer → its ids that mean the same.
    pub aliases: BTreeMap<String, Vec<String>>,
    /// Peer → its ids of which this decides a part.
    pub partial: BTreeMap<String, Vec<String>>,
    /// Controls whose finding on the same place folds under this one's.
    pub supersedes: Vec<String>,
}

/// How a control fared.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Status {
    /// At least one finding that is not excepted.
    Failed,
    /// Something could not be decided, and nothing failed.
    NotEvaluated,
    /// Everything evaluated passed (or is excepted).
    Passed,
    /// Nothing in scope.
    NotApplicable,
    /// No control evidences it (requirements only).
    Manual,
}

impl Status {
    /// The word that stands in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Failed => "failed",
            Status::NotEvaluated => "not-evaluated",
            Status::Passed => "passed",
            Status::NotApplicable => "not-applicable",
            Status::Manual => "manual",
        }
    }
}

/// A control that was asked for, with its counts. `evaluated` = passed + failed + excepted.
#[derive(Clone, Debug)]
pub struct ControlResult {
    /// What it is (severity after overrides that hold everywhere).
    pub info: ControlInfo,
    /// Things in scope that passed.
    pub passed: usize,
    /// Things in scope with a finding (baselined ones too).
    pub failed: usize,
    /// Things in scope whose findings are all excepted.
    pub excepted: usize,
    /// Things in scope that could not be decided.
    pub unknown: usize,
    /// Why it was not evaluated.
    pub reason: Option<String>,
    /// What tells this definition of the control from others: the first 12 hexadecimal digits of its SHA-256.
    /// Made where an output shows it.
    pub digest: Option<String>,
}

impl ControlResult {
    /// With the counts of an evaluation: nothing is excepted yet.
    pub fn new(info: ControlInfo, passed: usize, failed: usize, unknown: usize) -> Self {
        ControlResult {
            info,
            passed,
            failed,
            excepted: 0,
            unknown,
            reason: None,
            digest: None,
        }
    }

    /// passed + failed + excepted.
    pub fn evaluated(&self) -> usize {
        self.passed + self.failed + self.excepted
    }

    /// The outcome in a word.
    pub fn status(&self) -> Status {
        if self.failed > 0 {
            Status::Failed
        } else if self.unknown > 0 || self.reason.is_some() {
            Status::NotEvaluated
        } else if self.evaluated() > 0 {
            Status::Passed
        } else {
            Status::NotApplicable
        }
    }

    /// 100 × passed / evaluated.
    pub fn score(&self) -> Option<f64> {
        let evaluated = self.evaluated();
        (evaluated > 0).then(|| 100.0 * count(self.passed) / count(evaluated))
    }
}

/// Whether a finding counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum State {
    /// It counts.
    New,
    /// The baseline knows it.
    Baselined,
    /// Somebody accepted it.
    Excepted,
}

impl State {
    /// The word that stands in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            State::New => "new",
            State::Baselined => "baselined",
            State::Excepted => "excepted",
        }
    }
}

/// Who accepted a finding, why and until when.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AppliedException {
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Last day, `YYYY-MM-DD`.
    pub expires: Option<String>,
    /// Where it is written: `file:line`.
    pub at: String,
}

/// What a fix does at its path.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FixOperation {
    /// Set the value, creating what is missing on the way.
    Set,
    /// Remove the entry or item.
    Remove,
    /// Append an item to the sequence.
    Append,
}

impl FixOperation {
    /// The word that stands in controls and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            FixOperation::Set => "set",
            FixOperation::Remove => "remove",
            FixOperation::Append => "append",
        }
    }
}

/// One edit that would make a finding go away.
#[derive(Clone, PartialEq, Debug)]
pub struct Fix {
    /// What to do.
    pub operation: FixOperation,
    /// Where, from the root of the resource.
    pub path: String,
    /// The new value as JSON; absent for `remove`.
    pub value: Option<String>,
    /// Whether the edit cannot change behaviour that anybody relies on.
    pub safe: bool,
}

/// Where a finding stands in what was rendered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RenderedPlace {
    /// Position of the entry in the inventory.
    pub entry: u32,
    /// Which YAML document of the rendering it is in, from 1.
    pub document: u32,
    /// The line in that document, from 1.
    pub line: u32,
}

/// One of several renderings that share a finding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Instance {
    /// Position of the entry in the inventory.
    pub entry: u32,
    /// Position of the resource in the inventory.
    pub resource: u32,
    /// What makes the finding the same one in this rendering in the next scan.
    pub fingerprint: String,
}

/// Another thing in the chain of a finding.
#[derive(Clone, PartialEq, Debug)]
pub struct Related {
    /// Its part in the chain.
    pub role: String,
    /// What it is.
    pub object: RelatedObject,
}

/// A thing in the chain of a finding.
#[derive(Clone, PartialEq, Debug)]
pub enum RelatedObject {
    /// A resource: index into the inventory.
    Resource(usize),
    /// A subject of permissions that no resource describes.
    Subject {
        /// `User`, `Group`, or `ServiceAccount` when that was not scanned.
        kind: String,
        /// The namespace of a service account.
        namespace: Option<String>,
        /// Its name.
        name: String,
    },
}

/// One place where a control fails. Small: texts are rendered into [`Detail`] only when somebody
/// will read them.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Index into [`Report::controls`].
    pub control: u32,
    /// Index into the resources of the inventory.
    pub resource: u32,
    /// The node it is about: the thing to change, or the nearest thing that exists.
    pub node: NodeId,
    /// After overrides.
    pub severity: Severity,
    /// Whether it counts.
    pub state: State,
    /// Another finding at the same place says more (index into [`Report::findings`]).
    pub superseded_by: Option<u32>,
    /// The texts.
    pub detail: Option<Box<Detail>>,
}

/// The texts of a finding.
#[derive(Clone, Debug)]
pub struct Detail {
    /// The control's message for this place.
    pub message: String,
    /// Path of the node from the root of the resource.
    pub path: String,
    /// Where the author changes it.
    pub location: Location,
    /// How what stands there came to be, nearest cause first; empty when it is simply written there.
    pub origins: Vec<Origin>,
    /// Where it stands in the rendering, when it was rendered.
    pub rendered: Option<RenderedPlace>,
    /// All the renderings that share the finding, this one's first; empty when there is only this one.
    pub instances: Vec<Instance>,
    /// The container, where the scope is inside one.
    pub container: Option<String>,
    /// What stands there, redacted where it may be a secret.
    pub evidence: Option<String>,
    /// `v1:` and 64 hexadecimal digits.
    pub fingerprint: String,
    /// Edits that make it go away.
    pub fixes: Vec<Fix>,
    /// The others in the chain.
    pub related: Vec<Related>,
    /// Who accepted it.
    pub exception: Option<AppliedException>,
}

/// What the controls of a requirement came to on all the things that they looked at.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Tally {
    /// Passed.
    pub passed: usize,
    /// With a finding (baselined ones too).
    pub failed: usize,
    /// With findings that are all excepted.
    pub excepted: usize,
    /// Not decidable.
    pub unknown: usize,
}

impl Tally {
    /// passed + failed + excepted.
    pub fn evaluated(&self) -> usize {
        self.passed + self.failed + self.excepted
    }
}

/// A part of a requirement that was not evaluated.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LeftOpen {
    /// The ids of the controls that left it open; none: the whole requirement.
    pub controls: Vec<String>,
    /// Why.
    pub why: String,
}

/// One item of a framework, with the outcome of its controls.
#[derive(Clone, Debug)]
pub struct RequirementResult {
    /// The benchmark's number.
    pub id: String,
    /// Our title.
    pub title: String,
    /// The section or tactic that it belongs to.
    pub group: Option<String>,
    /// The worst of its controls.
    pub status: Status,
    /// Whether it is for the version of Kubernetes that the scan assumes.
    pub applies: bool,
    /// Ids of its controls.
    pub controls: Vec<String>,
    /// Sums over its controls.
    pub tally: Tally,
    /// Mean score of its controls that have one, where it passed or failed.
    pub score: Option<f64>,
    /// What an auditor does; beside controls, what these leave open.
    pub manual: Option<String>,
    /// What of it was not evaluated, and why.
    pub left_open: Vec<LeftOpen>,
}

impl RequirementResult {
    /// Whether its controls leave a part to an auditor.
    pub fn is_partly_evidenced(&self) -> bool {
        !self.controls.is_empty() && self.manual.is_some()
    }

    /// Whether nothing failed and yet something of it was left open: by a control that met nothing in the
    /// scan, or for an auditor.
    pub fn is_passed_in_part(&self) -> bool {
        let is_open = !self.left_open.is_empty() || self.is_partly_evidenced();
        self.status == Status::Passed && is_open
    }

    /// What of it was not evaluated: `a, b: nothing of this kind in the scan; c: did not run`.
    pub fn reason(&self) -> Option<String> {
        let parts = self.left_open.iter().map(|part| {
            if part.controls.is_empty() {
                part.why.clone()
            } else {
                format!("{}: {}", part.controls.join(", "), part.why)
            }
        });
        let parts: Vec<String> = parts.collect();
        (!parts.is_empty()).then(|| parts.join("; "))
    }

    /// Whether it counts in the score and in the coverage.
    pub fn is_evaluated(&self) -> bool {
        matches!(self.status, Status::Failed | Status::Passed)
    }
}

/// A framework that was asked for.
#[derive(Clone, Debug)]
pub struct FrameworkResult {
    /// Its id, with `@version` when it was asked for at a Kubernetes version.
    pub id: String,
    /// Our title.
    pub title: String,
    /// The benchmark's version.
    pub version: String,
    /// Where it is published.
    pub source: String,
    /// The day of the edition, or on which the source was read.
    pub date: Option<String>,
    /// Why it leaves out a part of the publication.
    pub partial: Option<String>,
    /// In the benchmark's order.
    pub requirements: Vec<RequirementResult>,
}

impl FrameworkResult {
    /// How many requirements have a status.
    pub fn count(&self, status: Status) -> usize {
        let requirements = self.requirements.iter();
        requirements.filter(|item| item.status == status).count()
    }

    /// How many requirements were evaluated: those that passed and those that failed.
    pub fn evaluated(&self) -> usize {
        let requirements = self.requirements.iter();
        requirements.filter(|item| item.is_evaluated()).count()
    }

    /// Its requirements by group, in the order in which the groups are first named.
    pub fn groups(&self) -> Vec<(Option<&str>, Vec<&RequirementResult>)> {
        in_groups(&self.requirements, |item| item.group.as_deref())
    }

    /// Mean of the requirements' scores where one exists.
    pub fn score(&self) -> Option<f64> {
        let scores: Vec<f64> = self
            .requirements
            .iter()
            .filter_map(|item| item.score)
            .collect();
        (!scores.is_empty()).then(|| scores.iter().sum::<f64>() / count(scores.len()))
    }

    /// Evaluated requirements / all requirements.
    pub fn coverage(&self) -> Option<f64> {
        (!self.requirements.is_empty())
            .then(|| count(self.evaluated()) / count(self.requirements.len()))
    }
}

/// What was scanned and how.
#[derive(Clone, Debug)]
pub struct Target {
    /// `files` or, later, `cluster`, `image`, …
    pub kind: &'static str,
    /// What file names are relative to, as printed.
    pub root: String,
    /// What was asked for.
    pub paths: Vec<String>,
    /// The version of Kubernetes that controls assumed.
    pub kubernetes_version: KubernetesVersion,
    /// The files that were read; made where an output shows it.
    pub input: Option<InputDigest>,
    /// What was seen of the cluster as a whole, where it is one.
    pub cluster: Option<ClusterFacts>,
}

/// The outcome of a scan. Arrays are sorted as REPORT says: findings by file, line, kind, namespace,
/// name, path; controls and frameworks by id.
#[derive(Debug)]
pub struct Report {
    /// `YYYY-MM-DD`: what expiry dates were compared with.
    pub date: String,
    /// What was scanned.
    pub target: Target,
    /// The resources that findings point into.
    pub inventory: Arc<Inventory>,
    /// Every control that was asked for.
    pub controls: Vec<ControlResult>,
    /// All findings, whatever their state.
    pub findings: Vec<Finding>,
    /// Every framework that was asked for.
    pub frameworks: Vec<FrameworkResult>,
    /// What could not be evaluated.
    pub problems: Vec<Problem>,
    /// Files that were walked and are not Kubernetes.
    pub skipped_files: Vec<String>,
}

#[expect(clippy::cast_precision_loss, reason = "no scan has 2^52 of anything")]
fn count(number: usize) -> f64 {
    number as f64
}

/// Items by group, in the order in which the groups are first named.
pub fn in_groups<'i, T>(
    items: &'i [T],
    group_of: impl Fn(&'i T) -> Option<&'i str>,
) -> Vec<(Option<&'i str>, Vec<&'i T>)> {
    let mut groups: Vec<(Option<&str>, Vec<&T>)> = Vec::new();
    for item in items {
        let group = group_of(item);
        match groups.iter_mut().find(|(known, _)| *known == group) {
            Some((_, items)) => items.push(item),
            None => groups.push((group, vec![item])),
        }
    }
    groups
}
