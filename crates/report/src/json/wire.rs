//! The shapes of the JSON report, borrowed from the model. Only here: the model has no serde.

mod cluster;

use std::collections::BTreeMap;

use model::{ControlResult, FrameworkResult, Location, Report, RequirementResult};
use serde::{Serialize, Serializer};

use crate::Options;
use crate::view::Counts;

#[derive(Serialize)]
pub(super) struct Tool {
    name: &'static str,
    version: &'static str,
}

impl Tool {
    pub(super) fn new(options: &Options) -> Self {
        Tool {
            name: "seawall",
            version: options.tool_version,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Target<'a> {
    kind: &'a str,
    root: &'a str,
    paths: &'a [String],
    kubernetes_version: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    cluster: Option<cluster::Cluster<'a>>,
}

impl<'a> Target<'a> {
    pub(super) fn new(target: &'a model::Target) -> Self {
        Target {
            kind: target.kind,
            root: &target.root,
            paths: &target.paths,
            kubernetes_version: target.kubernetes_version.to_string(),
            cluster: target.cluster.as_ref().map(cluster::Cluster::new),
        }
    }
}

#[derive(Serialize)]
pub(super) struct Summary {
    resources: usize,
    controls: usize,
    problems: usize,
    findings: FindingCounts,
}

#[derive(Serialize)]
struct FindingCounts {
    critical: usize,
    high: usize,
    medium: usize,
    low: usize,
    baselined: usize,
    excepted: usize,
}

impl Summary {
    pub(super) fn new(report: &Report) -> Self {
        let counts = Counts::of(report);
        let [critical, high, medium, low] = counts.by_severity;
        Summary {
            resources: report.inventory.resources.len(),
            controls: report.controls.len(),
            problems: report.problems.len(),
            findings: FindingCounts {
                critical,
                high,
                medium,
                low,
                baselined: counts.baselined,
                excepted: counts.excepted,
            },
        }
    }
}

#[derive(Serialize)]
pub(super) struct Control<'a> {
    id: &'a str,
    title: &'a str,
    severity: &'a str,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    aliases: &'a BTreeMap<String, Vec<String>>,
    status: &'a str,
    evaluated: usize,
    passed: usize,
    failed: usize,
    excepted: usize,
    unknown: usize,
    #[serde(
        skip_serializing_if = "Option::is_none",
        serialize_with = "one_decimal"
    )]
    score: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

impl<'a> Control<'a> {
    pub(super) fn new(control: &'a ControlResult) -> Self {
        Control {
            id: &control.info.id,
            title: &control.info.title,
            severity: control.info.severity.as_str(),
            aliases: &control.info.aliases,
            status: control.status().as_str(),
            evaluated: control.evaluated(),
            passed: control.passed,
            failed: control.failed,
            excepted: control.excepted,
            unknown: control.unknown,
            score: control.score(),
            reason: control.reason.as_deref(),
        }
    }
}

#[derive(Serialize)]
pub(super) struct Framework<'a> {
    id: &'a str,
    title: &'a str,
    version: &'a str,
    source: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    partial: Option<&'a str>,
    #[serde(
        skip_serializing_if = "Option::is_none",
        serialize_with = "one_decimal"
    )]
    score: Option<f64>,
    #[serde(
        skip_serializing_if = "Option::is_none",
        serialize_with = "two_decimals"
    )]
    coverage: Option<f64>,
    requirements: Vec<Requirement<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Requirement<'a> {
    id: &'a str,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<&'a str>,
    status: &'a str,
    /// How much of it controls decide: `automated`, `partly`, `manual`.
    evidence: &'a str,
    /// Passed, and something of it was left open.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    in_part: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    evaluated: usize,
    passed: usize,
    failed: usize,
    excepted: usize,
    unknown: usize,
    #[serde(
        skip_serializing_if = "Option::is_none",
        serialize_with = "one_decimal"
    )]
    score: Option<f64>,
    controls: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    manual: Option<&'a str>,
}

impl<'a> Framework<'a> {
    pub(super) fn new(framework: &'a FrameworkResult) -> Self {
        Framework {
            id: &framework.id,
            title: &framework.title,
            version: &framework.version,
            source: &framework.source,
            date: framework.date.as_deref(),
            partial: framework.partial.as_deref(),
            score: framework.score(),
            coverage: framework.coverage(),
            requirements: framework
                .requirements
                .iter()
                .map(Requirement::new)
                .collect(),
        }
    }
}

impl<'a> Requirement<'a> {
    fn new(requirement: &'a RequirementResult) -> Self {
        let tally = requirement.tally;
        Requirement {
            id: &requirement.id,
            title: &requirement.title,
            group: requirement.group.as_deref(),
            status: requirement.status.as_str(),
            evidence: match (requirement.controls.is_empty(), &requirement.manual) {
                (true, _) => "manual",
                (false, Some(_)) => "partly",
                (false, None) => "automated",
            },
            in_part: requirement.is_passed_in_part(),
            reason: requirement.reason(),
            evaluated: tally.evaluated(),
            passed: tally.passed,
            failed: tally.failed,
            excepted: tally.excepted,
            unknown: tally.unknown,
            score: requirement.score,
            controls: &requirement.controls,
            manual: requirement.manual.as_deref(),
        }
    }
}

#[derive(Serialize)]
pub(crate) struct Problem<'a> {
    level: &'a str,
    kind: &'a str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<ProblemPlace<'a>>,
}

#[derive(Serialize)]
struct ProblemPlace<'a> {
    file: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
}

impl<'a> Problem<'a> {
    pub(crate) fn new(problem: &'a model::Problem) -> Self {
        let start = problem.location.as_ref().map(Location::start);
        Problem {
            level: problem.level.as_str(),
            kind: problem.kind.as_str(),
            message: &problem.message,
            hint: problem.hint.as_deref(),
            location: (!problem.file.is_empty()).then(|| ProblemPlace {
                file: &problem.file,
                line: start.map(|at| at.line),
                column: start.map(|at| at.column),
            }),
        }
    }
}

#[expect(clippy::ref_option, reason = "serde calls it with a reference")]
fn one_decimal<S: Serializer>(value: &Option<f64>, serializer: S) -> Result<S::Ok, S::Error> {
    rounded(*value, 10.0, serializer)
}

#[expect(clippy::ref_option, reason = "serde calls it with a reference")]
fn two_decimals<S: Serializer>(value: &Option<f64>, serializer: S) -> Result<S::Ok, S::Error> {
    rounded(*value, 100.0, serializer)
}

fn rounded<S: Serializer>(
    value: Option<f64>,
    scale: f64,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64((value.unwrap_or_default() * scale).round() / scale)
}
