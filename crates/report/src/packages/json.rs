//! The JSON report on packages, written without a copy of it: a large bill has tens of thousands of findings.

use model::{PackageReport, Severity, State, Vulnerability};
use serde::{Serialize, Serializer};

use crate::Options;

/// The whole report.
#[derive(Serialize)]
pub(super) struct Document<'r> {
    schema: &'static str,
    tool: Tool<'r>,
    date: &'r str,
    target: Target<'r>,
    database: Database<'r>,
    summary: Summary,
    #[serde(serialize_with = "findings")]
    findings: &'r [Vulnerability],
    #[serde(serialize_with = "problems")]
    problems: &'r [(String, String)],
}

impl<'r> Document<'r> {
    pub(super) fn new(report: &'r PackageReport, options: &'r Options) -> Self {
        Document {
            schema: "seawall.dev/report/v1",
            tool: Tool {
                name: "seawall",
                version: options.tool_version,
            },
            date: &report.date,
            target: Target {
                kind: report.kind,
                root: ".",
                paths: &report.paths,
            },
            database: Database {
                date: &report.database.date,
                age: report.database.age,
                digest: &report.database.digest,
            },
            summary: Summary {
                packages: report.packages,
                problems: report.unusable.len(),
                findings: Counts::new(report),
            },
            findings: &report.vulnerabilities,
            problems: &report.unusable,
        }
    }
}

#[derive(Serialize)]
struct Tool<'r> {
    name: &'static str,
    version: &'r str,
}

#[derive(Serialize)]
struct Target<'r> {
    kind: &'static str,
    root: &'static str,
    paths: &'r [String],
}

#[derive(Serialize)]
struct Database<'r> {
    date: &'r str,
    age: u32,
    digest: &'r str,
}

#[derive(Serialize)]
struct Summary {
    packages: usize,
    problems: usize,
    findings: Counts,
}

#[derive(Serialize)]
struct Counts {
    critical: usize,
    high: usize,
    medium: usize,
    low: usize,
    unknown: usize,
    baselined: usize,
    excepted: usize,
}

impl Counts {
    fn new(report: &PackageReport) -> Self {
        let of = |severity| report.count(severity);
        let of_state = |state| {
            let findings = report.vulnerabilities.iter();
            findings.filter(|finding| finding.state == state).count()
        };
        Counts {
            critical: of(Some(Severity::Critical)),
            high: of(Some(Severity::High)),
            medium: of(Some(Severity::Medium)),
            low: of(Some(Severity::Low)),
            unknown: of(None),
            baselined: of_state(State::Baselined),
            excepted: of_state(State::Excepted),
        }
    }
}

#[derive(Serialize)]
struct Finding<'r> {
    kind: &'static str,
    advisory: &'r str,
    aliases: &'r [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    severity: Option<&'static str>,
    state: &'static str,
    fingerprint: &'r str,
    #[serde(skip_serializing_if = "str::is_empty")]
    message: &'r str,
    package: Package<'r>,
    risk: Risk,
}

#[derive(Serialize)]
struct Package<'r> {
    purl: &'r str,
    version: &'r str,
    fixed: &'r [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    layer: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'r str>,
}

#[derive(Serialize)]
struct Risk {
    #[serde(skip_serializing_if = "Option::is_none")]
    cvss: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    epss: Option<f64>,
    kev: bool,
}

impl<'r> Finding<'r> {
    fn new(finding: &'r Vulnerability) -> Self {
        let package = &finding.package;
        Finding {
            kind: "vulnerability",
            advisory: &finding.advisory,
            aliases: &finding.aliases,
            severity: finding.severity.map(Severity::as_str),
            state: finding.state.as_str(),
            fingerprint: &finding.fingerprint,
            message: &finding.summary,
            package: Package {
                purl: &package.purl,
                version: &package.version,
                fixed: &package.fixed,
                status: package.status,
                layer: package.layer.as_deref(),
                path: package.path.as_deref(),
            },
            risk: Risk {
                cvss: finding.risk.cvss,
                epss: finding.risk.epss,
                kev: finding.risk.is_exploited,
            },
        }
    }
}

fn findings<S: Serializer>(findings: &&[Vulnerability], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(findings.iter().map(Finding::new))
}

#[derive(Serialize)]
struct Problem {
    level: &'static str,
    kind: &'static str,
    message: String,
}

fn problems<S: Serializer>(
    unusable: &&[(String, String)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(unusable.iter().map(|(name, why)| Problem {
        level: "unknown",
        kind: "unusable-package",
        message: format!("'{name}' cannot be looked up: {why}"),
    }))
}
