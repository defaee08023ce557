//! What a benchmark's requirements come to, from the results of their controls.

use catalog::{FrameworkDefinition, Requirement};
use model::{ControlResult, FrameworkResult, KubernetesVersion, RequirementResult, Status};

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
    let requirements = framework.definition.requirements.iter();
    FrameworkResult {
        id: framework.asked.clone(),
        title: framework.definition.title.clone(),
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
    let applies = requirement.kubernetes.contains(version);
    let results: Vec<&ControlResult> = requirement
        .controls
        .iter()
        .filter_map(|id| {
            controls
                .binary_search_by(|control| control.info.id.cmp(id))
                .ok()
        })
        .map(|index| &controls[index])
        .filter(|_| applies)
        .collect();
    let scores: Vec<f64> = results
        .iter()
        .filter_map(|control| control.score())
        .collect();
    RequirementResult {
        id: requirement.id.clone(),
        title: requirement.title.clone(),
        status: if applies {
            worst(requirement, &results)
        } else {
            Status::NotApplicable
        },
        controls: requirement.controls.clone(),
        score: (!scores.is_empty()).then(|| scores.iter().sum::<f64>() / scores.len() as f64),
        manual: requirement.manual.clone(),
    }
}

/// `manual` without controls; a control that did not run leaves its requirement not evaluated.
fn worst(requirement: &Requirement, results: &[&ControlResult]) -> Status {
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
