//! The JSON report on packages, written without a copy of it: a large bill has tens of thousands of findings.

use model::{
    AppliedException, BuildFinding, ExposedSecret, ImageLayer, ImageTarget, ListedPackage,
    PackageReport, Severity, State, System, VexNote, Vulnerability,
};
use serde::{Serialize, Serializer};

use super::PackageOptions;
use crate::json::Problem;

/// The whole report.
#[derive(Serialize)]
pub(super) struct Document<'r> {
    schema: &'static str,
    tool: Tool<'r>,
    date: &'r str,
    target: Target<'r>,
    database: Database<'r>,
    summary: Summary,
    findings: Findings<'r>,
    #[serde(skip_serializing_if = "Option::is_none")]
    packages: Option<List<'r>>,
    #[serde(serialize_with = "problems")]
    problems: &'r [model::Problem],
}

impl<'r> Document<'r> {
    pub(super) fn new(report: &'r PackageReport, options: &'r PackageOptions<'r>) -> Self {
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
                system: report.system.as_ref().map(SystemInfo::new),
                image: report.image.as_ref().map(Image::new),
            },
            database: Database {
                date: &report.database.date,
                age: report.database.age,
                digest: &report.database.digest,
            },
            summary: Summary {
                packages: report.packages,
                problems: report.problems.len(),
                findings: Counts::new(report),
            },
            findings: Findings(report),
            packages: options.lists_packages.then_some(List(&report.listed)),
            problems: &report.problems,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    system: Option<SystemInfo<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<Image<'r>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SystemInfo<'r> {
    id: &'r str,
    #[serde(skip_serializing_if = "str::is_empty")]
    version: &'r str,
    #[serde(skip_serializing_if = "str::is_empty")]
    name: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    support_ends: Option<&'r str>,
    has_ended: bool,
}

impl<'r> SystemInfo<'r> {
    fn new(system: &'r System) -> Self {
        Self {
            id: &system.id,
            version: &system.version,
            name: &system.name,
            support_ends: system.support_ends.as_deref(),
            has_ended: system.has_ended,
        }
    }
}

#[derive(Serialize)]
struct Image<'r> {
    digest: &'r str,
    names: &'r [String],
    platform: &'r str,
    layers: Vec<Layer<'r>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Layer<'r> {
    digest: &'r str,
    #[serde(skip_serializing_if = "str::is_empty")]
    created_by: &'r str,
    is_base: bool,
}

impl<'r> Image<'r> {
    fn new(image: &'r ImageTarget) -> Self {
        let layer = |layer: &'r ImageLayer| Layer {
            digest: &layer.digest,
            created_by: &layer.created_by,
            is_base: layer.is_base,
        };
        Self {
            digest: &image.digest,
            names: &image.names,
            platform: &image.platform,
            layers: image.layers.iter().map(layer).collect(),
        }
    }
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
        let of = |severity| {
            report.count(Some(severity))
                + report.count_secrets(severity)
                + report.count_built(severity)
        };
        let of_state = |state| report.states().filter(|other| *other == state).count();
        Counts {
            critical: of(Severity::Critical),
            high: of(Severity::High),
            medium: of(Severity::Medium),
            low: of(Severity::Low),
            unknown: report.count(None),
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
    #[serde(skip_serializing_if = "Option::is_none")]
    exception: Option<Exception<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vex: Option<Vex<'r>>,
}

#[derive(Serialize)]
struct Exception<'r> {
    reason: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires: Option<&'r str>,
    at: &'r str,
}

impl<'r> Exception<'r> {
    fn new(exception: &'r AppliedException) -> Self {
        Exception {
            reason: &exception.reason,
            owner: exception.owner.as_deref(),
            expires: exception.expires.as_deref(),
            at: &exception.at,
        }
    }
}

#[derive(Serialize)]
struct Vex<'r> {
    status: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    justification: &'r str,
    #[serde(skip_serializing_if = "str::is_empty")]
    text: &'r str,
    at: &'r str,
}

impl<'r> Vex<'r> {
    fn new(note: &'r VexNote) -> Self {
        Vex {
            status: note.status.as_str(),
            justification: &note.justification,
            text: &note.text,
            at: &note.at,
        }
    }
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
    #[serde(rename = "baseLayer", skip_serializing_if = "std::ops::Not::not")]
    is_in_base: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
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
                is_in_base: package.is_in_base,
                path: package.path.as_deref(),
                line: package.line,
            },
            risk: Risk {
                cvss: finding.risk.cvss,
                epss: finding.risk.epss,
                kev: finding.risk.is_exploited,
            },
            exception: finding.exception.as_ref().map(Exception::new),
            vex: finding.vex.as_ref().map(Vex::new),
        }
    }
}

/// A credential in a file.
#[derive(Serialize)]
struct Secret<'r> {
    kind: &'static str,
    pattern: &'r str,
    severity: &'static str,
    state: &'static str,
    fingerprint: &'r str,
    message: &'r str,
    location: Location<'r>,
    evidence: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    layer: Option<&'r str>,
    #[serde(rename = "hidden", skip_serializing_if = "std::ops::Not::not")]
    is_hidden: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    exception: Option<Exception<'r>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location<'r> {
    file: &'r str,
    line: u32,
    column: u32,
    end_line: u32,
}

impl<'r> Secret<'r> {
    fn new(secret: &'r ExposedSecret) -> Self {
        Self {
            kind: "secret",
            pattern: &secret.pattern,
            severity: secret.severity.as_str(),
            state: secret.state.as_str(),
            fingerprint: &secret.fingerprint,
            message: &secret.title,
            location: Location {
                file: &secret.path,
                line: secret.line,
                column: secret.column,
                end_line: secret.end_line,
            },
            evidence: &secret.shown,
            layer: secret.layer.as_deref(),
            is_hidden: secret.is_hidden,
            exception: secret.exception.as_ref().map(Exception::new),
        }
    }
}

/// What is wrong with how an image is built.
#[derive(Serialize)]
struct BuiltFinding<'r> {
    kind: &'static str,
    control: &'r str,
    severity: &'static str,
    state: &'static str,
    fingerprint: &'r str,
    resource: Resource<'r>,
    message: &'r str,
    path: &'r str,
    /// Of an image: none, its text was written by nobody.
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<Location<'r>>,
    /// The step in the history of an image, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    step: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    layer: Option<&'r str>,
    #[serde(rename = "baseLayer", skip_serializing_if = "std::ops::Not::not")]
    is_in_base: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exception: Option<Exception<'r>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Resource<'r> {
    api_version: &'r str,
    kind: &'r str,
    name: &'r str,
}

impl<'r> BuiltFinding<'r> {
    fn new(built: &'r BuildFinding, has_lines: bool) -> Self {
        let finding = &built.finding;
        let place = &finding.place;
        Self {
            kind: "control",
            control: &finding.control,
            severity: finding.severity.as_str(),
            state: finding.state.as_str(),
            fingerprint: &finding.fingerprint,
            resource: Resource {
                api_version: &finding.resource.api_version,
                kind: &finding.resource.kind,
                name: &finding.resource.name,
            },
            message: &finding.message,
            path: &finding.path,
            location: has_lines.then_some(Location {
                file: &place.file,
                line: place.line,
                column: place.column,
                end_line: place.end_line,
            }),
            step: built.step,
            layer: built.layer.as_deref(),
            is_in_base: built.is_in_base,
            evidence: finding.evidence.as_deref(),
            exception: finding.exception.as_ref().map(Exception::new),
        }
    }
}

/// All findings of a report: vulnerabilities, then secrets, then those of controls.
struct Findings<'r>(&'r PackageReport);

#[derive(Serialize)]
#[serde(untagged)]
enum Either<'r> {
    Vulnerability(Finding<'r>),
    Secret(Secret<'r>),
    Built(BuiltFinding<'r>),
}

impl Serialize for Findings<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let vulnerabilities = self.0.vulnerabilities.iter();
        let vulnerabilities = vulnerabilities.map(|it| Either::Vulnerability(Finding::new(it)));
        let secrets = self
            .0
            .secrets
            .iter()
            .map(|it| Either::Secret(Secret::new(it)));
        let has_lines = self.0.kind != "image";
        let built = self.0.built.iter();
        let built = built.map(|it| Either::Built(BuiltFinding::new(it, has_lines)));
        serializer.collect_seq(vulnerabilities.chain(secrets).chain(built))
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed<'r> {
    purl: &'r str,
    name: &'r str,
    version: &'r str,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    licenses: &'r [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    layer: Option<&'r str>,
    #[serde(rename = "dev", skip_serializing_if = "std::ops::Not::not")]
    is_dev: bool,
    #[serde(skip_serializing_if = "<[u32]>::is_empty")]
    needs: &'r [u32],
}

impl<'r> Listed<'r> {
    fn new(package: &'r ListedPackage) -> Self {
        Self {
            purl: &package.purl,
            name: &package.name,
            version: &package.version,
            licenses: &package.licenses,
            path: package.path.as_deref(),
            layer: package.layer.as_deref(),
            is_dev: package.is_dev,
            needs: &package.needs,
        }
    }
}

/// All packages.
struct List<'r>(&'r [ListedPackage]);

impl Serialize for List<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(Listed::new))
    }
}

fn problems<S: Serializer>(problems: &&[model::Problem], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(problems.iter().map(Problem::new))
}
