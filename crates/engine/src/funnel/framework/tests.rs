//! What requirements come to, and what is said to be left open.

use catalog::{FrameworkDefinition, Requirement, VersionRange};
use model::{
    ControlInfo, ControlResult, FrameworkResult, KubernetesVersion, Profile, RequirementResult,
    Severity, Status,
};

use super::{Framework, framework_result};

const VERSION: KubernetesVersion = KubernetesVersion { minor: 34 };

/// A control with counts passed, failed, excepted and unknown.
fn control(id: &str, counts: [usize; 4]) -> ControlResult {
    let [passed, failed, excepted, unknown] = counts;
    ControlResult {
        info: ControlInfo {
            id: id.to_owned(),
            title: String::new(),
            severity: Severity::Low,
            profile: Profile::All,
            scope: "pod".to_owned(),
            since: None,
            until: (id == "old").then_some(KubernetesVersion { minor: 21 }),
            tags: Vec::new(),
            why: String::new(),
            remediation: String::new(),
            references: Vec::new(),
            aliases: [].into(),
            partial: [].into(),
            supersedes: Vec::new(),
        },
        passed,
        failed,
        excepted,
        unknown,
        reason: None,
        digest: None,
    }
}

/// Controls with every outcome, sorted by id.
fn controls() -> Vec<ControlResult> {
    vec![
        control("bad", [3, 1, 0, 0]),
        control("empty", [0, 0, 0, 0]),
        control("excepted", [1, 0, 1, 0]),
        control("good", [4, 0, 0, 0]),
        control("old", [0, 0, 0, 0]),
        control("torn", [2, 1, 0, 1]),
        control("unsure", [1, 0, 0, 2]),
    ]
}

fn requirement(id: &str, controls: &[&str]) -> Requirement {
    Requirement {
        id: id.to_owned(),
        title: id.to_uppercase(),
        group: None,
        kubernetes: VersionRange::default(),
        controls: controls.iter().map(|&id| id.to_owned()).collect(),
        manual: controls.is_empty().then(|| "Look.".to_owned()),
    }
}

fn result(requirements: Vec<Requirement>) -> FrameworkResult {
    let framework = Framework {
        asked: "f".to_owned(),
        definition: FrameworkDefinition {
            id: "f".to_owned(),
            title: "F".to_owned(),
            version: "1".to_owned(),
            source: "https://example.com".to_owned(),
            date: None,
            partial: None,
            kubernetes: None,
            requirements,
        },
    };
    framework_result(&framework, &controls(), VERSION)
}

/// A requirement with these controls: its status, its score, and what was not evaluated.
fn check(ids: &[&str], status: Status, score: Option<f64>, reason: Option<&str>) {
    let result = result(vec![requirement("r", ids)]);
    let found = &result.requirements[0];
    assert_eq!(
        (found.status, found.score, found.reason().as_deref()),
        (status, score, reason),
        "{ids:?}"
    );
}

#[test]
fn the_worst_control_decides_and_what_was_left_open_is_said() {
    use Status::{Failed, NotApplicable, NotEvaluated, Passed};
    let nothing = "nothing of this kind in the scan";
    check(&["good"], Passed, Some(100.0), None);
    check(&["empty"], NotApplicable, None, Some(nothing));
    let one_empty = "empty: nothing of this kind in the scan";
    check(&["good", "empty"], Passed, Some(100.0), Some(one_empty));
    check(&["good", "excepted"], Passed, Some(75.0), None);
    check(&["bad"], Failed, Some(75.0), None);
    check(&["bad", "good"], Failed, Some(87.5), None);
    check(&["bad", "empty"], Failed, Some(75.0), Some(one_empty));
    let unsure = "2 of 3 could not be decided";
    check(&["unsure"], NotEvaluated, None, Some(unsure));
    let torn = "1 of 4 could not be decided";
    check(&["torn"], Failed, Some(200.0 / 3.0), Some(torn));
    check(
        &["old"],
        NotApplicable,
        None,
        Some("for Kubernetes 1.21 and older"),
    );
    check(&["good", "old"], Passed, Some(100.0), None);
    check(&["gone"], NotEvaluated, None, Some("did not run"));
    let many = "empty: nothing of this kind in the scan; gone: did not run";
    check(&["good", "empty", "gone"], NotEvaluated, None, Some(many));
}

#[test]
fn without_controls_it_is_manual() {
    check(&[], Status::Manual, None, None);
}

#[test]
fn a_requirement_of_another_version_does_not_apply() {
    let mut requirement = requirement("r", &["bad"]);
    requirement.kubernetes.since = Some(KubernetesVersion { minor: 35 });
    let result = result(vec![requirement]);
    let found = &result.requirements[0];
    assert_eq!(found.status, Status::NotApplicable);
    assert_eq!(
        found.reason().as_deref(),
        Some("for Kubernetes 1.35 and newer")
    );
    assert_eq!(found.tally.evaluated(), 0);
}

#[test]
fn a_framework_scores_what_was_evaluated_and_says_how_much_that_is() {
    let result = result(vec![
        requirement("1", &["good"]),
        requirement("2", &["bad"]),
        requirement("3", &["empty"]),
        requirement("4", &[]),
    ]);
    assert_eq!(result.score(), Some(87.5));
    assert_eq!(result.coverage(), Some(0.5));
    assert_eq!(result.count(Status::Passed), 1);
    assert_eq!(result.requirements[1].tally.failed, 1);
}

#[test]
fn controls_beside_manual_text_evidence_a_part() {
    let mut requirement = requirement("r", &["good"]);
    requirement.manual = Some("Look further.".to_owned());
    let result = result(vec![requirement]);
    assert!(result.requirements[0].is_partly_evidenced());
    assert!(result.requirements[0].is_passed_in_part());
}

#[test]
fn passed_in_part_is_what_a_control_met_nothing_of() {
    let result = result(vec![
        requirement("1", &["good", "empty"]),
        requirement("2", &["good", "old"]),
        requirement("3", &["bad", "empty"]),
    ]);
    let in_part: Vec<bool> = result
        .requirements
        .iter()
        .map(RequirementResult::is_passed_in_part)
        .collect();
    assert_eq!(in_part, [true, false, false]);
}

#[test]
fn nothing_in_the_scan_is_told_from_another_version() {
    let result = result(vec![
        requirement("1", &["empty"]),
        requirement("2", &["old"]),
        requirement("3", &["empty", "old"]),
    ]);
    let applies: Vec<bool> = result
        .requirements
        .iter()
        .map(|item| item.applies)
        .collect();
    assert_eq!(applies, [true, false, true]);
}
