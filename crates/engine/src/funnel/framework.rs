//! What a benchmark's requirements come to, from the results of their controls.
//!
//! Where nothing failed, what could not be decided leaves a requirement not evaluated, and a control that
//! met nothing in the scan is named as the reason why it passed only in part.

use catalog::{FrameworkDefinition, Requirement};
use model::{
    ControlInfo, ControlResult, FrameworkResult, KubernetesVersion, LeftOpen, RequirementResult,
    Status, Tally,
};

/// A framework that was asked for.
#[derive(Clone, PartialEq, Debug)]
pub struct Framework {
    /// Its id, with `@version` when it was asked for at a Kubernetes version.
    pub asked: String,
    /// What it says.
    pub definition: FrameworkDefinition,
}

/// The outcome of a framework at a version of Kubernetes, from controls sorted by id.
pub fn framework_result(
    framework: &Framework,
    controls: &[ControlResult],
    version: KubernetesVersion,
) -> FrameworkResult {
    let definition = &framework.definition;
    let requirements = definition.requirements.iter();
    FrameworkResult {
        id: framework.asked.clone(),
        title: definition.title.clone(),
        version: definition.version.clone(),
        source: definition.source.clone(),
        date: definition.date.clone(),
        partial: definition.partial.clone(),
        requirements: requirements
            .map(|item| requirement_result(item, controls, version))
            .collect(),
    }
}

fn requirement_result(
    requirement: &Requirement,
    controls: &[ControlResult],
    version: KubernetesVersion,
) -> RequirementResult {
    let range = (requirement.kubernetes.since, requirement.kubernetes.until);
    let outcome = match other_versions(range, version) {
        Some(reason) => Outcome::not_applicable(reason),
        None => Outcome::of(requirement, controls, version),
    };
    RequirementResult {
        id: requirement.id.clone(),
        title: requirement.title.clone(),
        group: requirement.group.clone(),
        status: outcome.status,
        applies: outcome.applies,
        controls: requirement.controls.clone(),
        tally: outcome.tally,
        score: outcome.score,
        manual: requirement.manual.clone(),
        left_open: outcome.left_open,
    }
}

struct Outcome {
    status: Status,
    applies: bool,
    tally: Tally,
    score: Option<f64>,
    left_open: Vec<LeftOpen>,
}

impl Outcome {
    fn not_applicable(reason: String) -> Self {
        Outcome {
            status: Status::NotApplicable,
            applies: false,
            tally: Tally::default(),
            score: None,
            left_open: vec![LeftOpen {
                controls: Vec::new(),
                why: reason,
            }],
        }
    }

    fn of(
        requirement: &Requirement,
        controls: &[ControlResult],
        version: KubernetesVersion,
    ) -> Self {
        let parts: Vec<Part<'_>> = requirement
            .controls
            .iter()
            .map(|id| Part::new(id, controls, version))
            .collect();
        let status = status(&parts);
        let applies = parts.is_empty() || parts.iter().any(|part| part.applies);
        let scores: Vec<f64> = parts
            .iter()
            .filter(|_| matches!(status, Status::Failed | Status::Passed))
            .filter_map(|part| part.result?.score())
            .collect();
        Outcome {
            status,
            applies,
            tally: tally(&parts),
            score: (!scores.is_empty()).then(|| scores.iter().sum::<f64>() / scores.len() as f64),
            left_open: gather(&parts, applies),
        }
    }
}

/// A control of a requirement.
struct Part<'r> {
    id: &'r str,
    result: Option<&'r ControlResult>,
    status: Status,
    /// Whether it is for the version of Kubernetes that the scan assumes.
    applies: bool,
    /// Why something of it was not evaluated.
    why: Option<String>,
}

impl<'r> Part<'r> {
    fn new(id: &'r str, controls: &'r [ControlResult], version: KubernetesVersion) -> Self {
        let index = controls.binary_search_by(|control| control.info.id.as_str().cmp(id));
        let result = index.ok().map(|index| &controls[index]);
        let other_versions = result.and_then(|result| {
            let ControlInfo { since, until, .. } = result.info;
            other_versions((since, until), version)
        });
        Part {
            id,
            result,
            status: result.map_or(Status::NotEvaluated, ControlResult::status),
            applies: other_versions.is_none(),
            why: other_versions.or_else(|| match result {
                None => Some("did not run".to_owned()),
                Some(result) => left_open(result),
            }),
        }
    }
}

/// Why something of what a control looks at was not evaluated.
fn left_open(result: &ControlResult) -> Option<String> {
    let all = result.evaluated() + result.unknown;
    match result.unknown {
        0 if result.reason.is_some() => result.reason.clone(),
        0 if all == 0 => Some("nothing of this kind in the scan".to_owned()),
        0 => None,
        unknown => Some(format!("{unknown} of {all} could not be decided")),
    }
}

fn status(parts: &[Part<'_>]) -> Status {
    if parts.is_empty() {
        return Status::Manual;
    }
    let worst = parts.iter().map(|part| part.status).min();
    worst.unwrap_or(Status::NotEvaluated)
}

fn tally(parts: &[Part<'_>]) -> Tally {
    let results = parts.iter().filter_map(|part| part.result);
    results.fold(Tally::default(), |tally, result| Tally {
        passed: tally.passed + result.passed,
        failed: tally.failed + result.failed,
        excepted: tally.excepted + result.excepted,
        unknown: tally.unknown + result.unknown,
    })
}

/// What was not evaluated, by reason; without the ids of the controls where one reason holds for all.
/// That a control is for other versions matters only where all of them are.
fn gather(parts: &[Part<'_>], applies: bool) -> Vec<LeftOpen> {
    let is_told = |part: &&Part<'_>| part.applies || !applies;
    let mut gathered: Vec<LeftOpen> = Vec::new();
    for part in parts.iter().filter(is_told) {
        let Some(why) = &part.why else {
            continue;
        };
        match gathered.iter_mut().find(|known| known.why == *why) {
            Some(known) => known.controls.push(part.id.to_owned()),
            None => gathered.push(LeftOpen {
                controls: vec![part.id.to_owned()],
                why: why.clone(),
            }),
        }
    }
    let told = parts.iter().filter(is_told).count();
    if let [only] = gathered.as_mut_slice()
        && only.controls.len() == told
    {
        only.controls.clear();
    }
    gathered
}

/// `for Kubernetes 1.23 and newer`, where that leaves out the version of the scan.
fn other_versions(
    (since, until): (Option<KubernetesVersion>, Option<KubernetesVersion>),
    version: KubernetesVersion,
) -> Option<String> {
    let fits =
        since.is_none_or(|since| since <= version) && until.is_none_or(|until| version <= until);
    match (since, until) {
        _ if fits => None,
        (Some(since), Some(until)) => Some(format!("for Kubernetes {since} to {until}")),
        (Some(since), None) => Some(format!("for Kubernetes {since} and newer")),
        (None, Some(until)) => Some(format!("for Kubernetes {until} and older")),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests;
