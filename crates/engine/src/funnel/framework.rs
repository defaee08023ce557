//! What a benchmark's requirements come to, from the results of their controls.
//!
//! A requirement passes only when each of its controls looked at something and none failed: what could
//! not be decided, or met nothing in the scan, leaves it not evaluated.

use catalog::{FrameworkDefinition, Requirement};
use model::{
    ControlInfo, ControlResult, FrameworkResult, KubernetesVersion, RequirementResult, Status,
    Tally,
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
        controls: requirement.controls.clone(),
        tally: outcome.tally,
        score: outcome.score,
        manual: requirement.manual.clone(),
        reason: outcome.reason,
    }
}

struct Outcome {
    status: Status,
    tally: Tally,
    score: Option<f64>,
    reason: Option<String>,
}

impl Outcome {
    fn not_applicable(reason: String) -> Self {
        Outcome {
            status: Status::NotApplicable,
            tally: Tally::default(),
            score: None,
            reason: Some(reason),
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
        let scores: Vec<f64> = parts
            .iter()
            .filter(|_| matches!(status, Status::Failed | Status::Passed))
            .filter_map(|part| part.result?.score())
            .collect();
        Outcome {
            status,
            tally: tally(&parts),
            score: (!scores.is_empty()).then(|| scores.iter().sum::<f64>() / scores.len() as f64),
            reason: reason(&parts, status),
        }
    }
}

/// A control of a requirement.
struct Part<'r> {
    id: &'r str,
    result: Option<&'r ControlResult>,
    status: Status,
    /// Why something of it was not evaluated.
    why: Option<String>,
}

impl<'r> Part<'r> {
    fn new(id: &'r str, controls: &'r [ControlResult], version: KubernetesVersion) -> Self {
        let index = controls.binary_search_by(|control| control.info.id.as_str().cmp(id));
        let result = index.ok().map(|index| &controls[index]);
        let (status, why) = match result {
            None => (Status::NotEvaluated, Some("did not run".to_owned())),
            Some(result) => control_status(result, version),
        };
        Part {
            id,
            result,
            status,
            why,
        }
    }
}

/// `not-applicable` is a control of other versions of Kubernetes only.
fn control_status(result: &ControlResult, version: KubernetesVersion) -> (Status, Option<String>) {
    let ControlInfo { since, until, .. } = result.info;
    if let Some(why) = other_versions((since, until), version) {
        return (Status::NotApplicable, Some(why));
    }
    let seen = result.evaluated() + result.inapplicable + result.unknown;
    let why = match result.unknown {
        0 if seen == 0 => Some("nothing of this kind in the scan".to_owned()),
        0 => None,
        unknown => Some(format!("{unknown} of {seen} could not be decided")),
    };
    match result.status() {
        Status::Failed => (Status::Failed, why),
        _ if why.is_some() => (Status::NotEvaluated, why),
        Status::NotEvaluated => (Status::NotEvaluated, result.reason.clone()),
        _ => (Status::Passed, None),
    }
}

fn status(parts: &[Part<'_>]) -> Status {
    if parts.is_empty() {
        return Status::Manual;
    }
    // In the order of the statuses; controls of other versions say nothing.
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

/// What was not evaluated: `a, b: nothing of this kind in the scan; c: did not run`, without the ids
/// where one reason holds for all.
fn reason(parts: &[Part<'_>], status: Status) -> Option<String> {
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    // That a control is for other versions matters only where all of them are.
    let is_told =
        |part: &&Part<'_>| part.status != Status::NotApplicable || status == Status::NotApplicable;
    for part in parts.iter().filter(is_told) {
        let Some(why) = part.why.as_deref() else {
            continue;
        };
        match reasons.iter_mut().find(|(known, _)| *known == why) {
            Some((_, ids)) => ids.push(part.id),
            None => reasons.push((why, vec![part.id])),
        }
    }
    match reasons.as_slice() {
        [] => None,
        [(why, ids)] if ids.len() == parts.len() => Some((*why).to_owned()),
        many => {
            let told: Vec<String> = many
                .iter()
                .map(|(why, ids)| format!("{}: {why}", ids.join(", ")))
                .collect();
            Some(told.join("; "))
        }
    }
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
