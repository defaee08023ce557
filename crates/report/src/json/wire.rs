//! The shapes of the JSON report, borrowed from the model. Only here: the model has no serde.

use std::collections::BTreeMap;

use model::{ControlResult, FixOperation, FrameworkResult, Location, Report};
use serde::{Serialize, Serializer};

use crate::Options;
use crate::view::{Counts, View};

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
}

impl<'a> Target<'a> {
    pub(super) fn new(target: &'a model::Target) -> Self {
        Target {
            kind: target.kind,
            root: &target.root,
            paths: &target.paths,
            kubernetes_version: target.kubernetes_version.to_string(),
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
pub(super) struct Finding<'a> {
    kind: &'static str,
    control: &'a str,
    severity: &'a str,
    state: &'a str,
    fingerprint: &'a str,
    resource: Resource<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    container: Option<&'a str>,
    message: &'a str,
    path: &'a str,
    location: Place<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<Related<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fix: Vec<Fix<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exception: Option<Exception<'a>>,
}

impl<'a> Finding<'a> {
    pub(super) fn new(report: &'a Report, view: &View<'a>) -> Self {
        let detail = view.detail;
        Finding {
            kind: "control",
            control: view.id(),
            severity: view.finding.severity.as_str(),
            state: view.finding.state.as_str(),
            fingerprint: &detail.fingerprint,
            resource: Resource::new(view.resource),
            container: detail.container.as_deref(),
            message: &detail.message,
            path: &detail.path,
            location: Place::new(&detail.location),
            related: detail
                .related
                .iter()
                .map(|related| Related {
                    role: &related.role,
                    resource: Resource::new(&report.inventory.resources[related.resource]),
                })
                .collect(),
            evidence: detail.evidence.as_deref(),
            fix: detail.fixes.iter().map(Fix::new).collect(),
            exception: detail.exception.as_ref().map(|exception| Exception {
                reason: &exception.reason,
                owner: exception.owner.as_deref(),
                expires: exception.expires.as_deref(),
                at: &exception.at,
            }),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Resource<'a> {
    api_version: &'a str,
    kind: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<&'a str>,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    generate_name: Option<&'a str>,
}

impl<'a> Resource<'a> {
    fn new(resource: &'a model::Resource) -> Self {
        Resource {
            api_version: &resource.api_version,
            kind: &resource.kind,
            namespace: resource.namespace.as_deref(),
            name: &resource.name,
            generate_name: resource.generate_name.as_deref(),
        }
    }
}

#[derive(Serialize)]
struct Related<'a> {
    role: &'a str,
    #[serde(flatten)]
    resource: Resource<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Place<'a> {
    file: &'a str,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
}

impl<'a> Place<'a> {
    fn new(location: &'a Location) -> Self {
        let (start, end) = (location.start(), location.end());
        Place {
            file: location.file(),
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
        }
    }
}

#[derive(Serialize)]
struct Fix<'a> {
    op: &'static str,
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<serde_json::Value>,
    safe: bool,
}

impl<'a> Fix<'a> {
    fn new(fix: &'a model::Fix) -> Self {
        let value = match fix.operation {
            FixOperation::Remove => None,
            FixOperation::Set | FixOperation::Append => fix
                .value
                .as_deref()
                .map(|text| serde_json::from_str(text).unwrap_or_else(|_| text.into())),
        };
        Fix {
            op: fix.operation.as_str(),
            path: &fix.path,
            value,
            safe: fix.safe,
        }
    }
}

#[derive(Serialize)]
struct Exception<'a> {
    reason: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires: Option<&'a str>,
    at: &'a str,
}

#[derive(Serialize)]
pub(super) struct Framework<'a> {
    id: &'a str,
    title: &'a str,
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
struct Requirement<'a> {
    id: &'a str,
    title: &'a str,
    status: &'a str,
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
            score: framework.score(),
            coverage: framework.coverage(),
            requirements: framework
                .requirements
                .iter()
                .map(|requirement| Requirement {
                    id: &requirement.id,
                    title: &requirement.title,
                    status: requirement.status.as_str(),
                    score: requirement.score,
                    controls: &requirement.controls,
                    manual: requirement.manual.as_deref(),
                })
                .collect(),
        }
    }
}

#[derive(Serialize)]
pub(super) struct Problem<'a> {
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
    pub(super) fn new(problem: &'a model::Problem) -> Self {
        let start = problem.location.as_ref().map(Location::start);
        Problem {
            level: problem.level.as_str(),
            kind: problem.kind,
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
