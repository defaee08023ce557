//! What a benchmark's requirements come to, from the results of their controls.

use model::{ControlResult, FrameworkResult, RequirementResult, Status};

/// A framework that was asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Framework {
    /// Its id, with `@version` when it was asked for at a Kubernetes version.
    pub id: String,
    /// Our title.
    pub title: String,
    /// In the benchmark's order.
    pub requirements: Vec<FrameworkRequirement>,
}

/// One requirement of a framework.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FrameworkRequirement {
    /// The benchmark's number.
    pub id: String,
    /// Our title.
    pub title: String,
    /// Ids of the controls that evidence it.
    pub controls: Vec<String>,
    /// What an auditor does where no control can.
    pub manual: Option<String>,
}

/// The outcome of a framework, from controls sorted by id.
pub fn framework_result(framework: &Framework, controls: &[ControlResult]) -> FrameworkResult {
    FrameworkResult {
        id: framework.id.clone(),
        title: framework.title.clone(),
        requirements: framework
            .requirements
            .iter()
            .map(|requirement| requirement_result(requirement, controls))
            .collect(),
    }
}

fn requirement_result(
    requirement: &FrameworkRequirement,
    controls: &[ControlResult],
) -> RequirementResult {
    let results: Vec<&ControlResult> = requirement
        .controls
        .iter()
        .filter_map(|id| {
            controls
                .binary_search_by(|control| control.info.id.cmp(id))
                .ok()
        })
        .map(|index| &controls[index])
        .collect();
    let scores: Vec<f64> = results
        .iter()
        .filter_map(|control| control.score())
        .collect();
    RequirementResult {
        id: requirement.id.clone(),
        title: requirement.title.clone(),
        status: worst(requirement, &results),
        controls: requirement.controls.clone(),
        score: (!scores.is_empty()).then(|| scores.iter().sum::<f64>() / scores.len() as f64),
        manual: requirement.manual.clone(),
    }
}

/// `manual` without controls; a control that did not run leaves its requirement not evaluated.
fn worst(requirement: &FrameworkRequirement, results: &[&ControlResult]) -> Status {
    if requirement.controls.is_empty() {
        return Status::Manual;
    }
    let missing = results.len() < requirement.controls.len();
    results
        .iter()
        .map(|control| control.status())
        .chain(missing.then_some(Status::NotEvaluated))
        .min()
        .unwrap_or(Status::NotEvaluated)
}
