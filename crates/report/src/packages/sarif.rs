//! SARIF 2.1.0: a rule for each flaw and each kind of credential, a result for each package and line that has it.

use std::collections::HashMap;
use std::io::{self, Write};

use model::{
    AppliedException, BuildFinding, ControlRecord, ExposedSecret, PackageReport, Problem,
    ProblemLevel, Severity, State, Vulnerability,
};
use serde_json::{Value, json};

use super::{PackageOptions, build_place, exposed, sentence};
use crate::sarif::{level, relative_reference, security_severity};

pub(super) fn render(
    report: &PackageReport,
    options: &PackageOptions<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut rules: Vec<Value> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for finding in &report.vulnerabilities {
        places.entry(&finding.advisory).or_insert_with(|| {
            rules.push(rule(finding));
            rules.len() - 1
        });
    }
    for secret in &report.secrets {
        places.entry(&secret.pattern).or_insert_with(|| {
            rules.push(secret_rule(secret));
            rules.len() - 1
        });
    }
    for control in &report.controls {
        places.entry(&control.id).or_insert_with(|| {
            rules.push(control_rule(control));
            rules.len() - 1
        });
    }
    let vulnerabilities = report.vulnerabilities.iter();
    let vulnerabilities =
        vulnerabilities.map(|finding| result(report, finding, places[finding.advisory.as_str()]));
    let secrets = report.secrets.iter();
    let secrets =
        secrets.map(|secret| secret_result(report, secret, places[secret.pattern.as_str()]));
    let built = report.built.iter();
    let built = built.map(|built| {
        let rule = places.get(built.finding.control.as_str()).copied();
        built_result(report, built, rule.unwrap_or_default())
    });
    let results = vulnerabilities.chain(secrets).chain(built);
    let is_error = |problem: &Problem| problem.level == ProblemLevel::Error;
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "Seawall", "semanticVersion": options.tool_version, "rules": rules } },
            "columnKind": "unicodeCodePoints",
            "invocations": [{
                "executionSuccessful": !report.problems.iter().any(is_error),
                "toolExecutionNotifications": report.problems.iter().map(|problem| notification(report, problem)).collect::<Vec<_>>(),
            }],
            "results": results.collect::<Vec<_>>(),
        }],
    });
    serde_json::to_writer_pretty(&mut *out, &log)?;
    out.write_all(b"\n")
}

fn rule(finding: &Vulnerability) -> Value {
    let severity = finding.severity.unwrap_or(Severity::Medium);
    let text = if finding.summary.is_empty() {
        &finding.advisory
    } else {
        &finding.summary
    };
    let score = finding.risk.cvss.map_or_else(
        || security_severity(severity).to_owned(),
        |score| format!("{score:.1}"),
    );
    json!({
        "id": finding.advisory,
        "name": finding.advisory,
        "shortDescription": { "text": text },
        "helpUri": format!("https://osv.dev/vulnerability/{}", finding.advisory),
        "defaultConfiguration": { "level": level(severity) },
        "properties": { "tags": ["security", "vulnerability"], "security-severity": score, "precision": "very-high" },
    })
}

fn secret_rule(secret: &ExposedSecret) -> Value {
    json!({
        "id": secret.pattern,
        "name": secret.pattern,
        "shortDescription": { "text": secret.title },
        "defaultConfiguration": { "level": level(secret.severity) },
        "properties": {
            "tags": ["security", "secret"],
            "security-severity": security_severity(secret.severity),
            "precision": "high",
        },
    })
}

fn control_rule(control: &ControlRecord) -> Value {
    json!({
        "id": control.id,
        "name": control.id,
        "shortDescription": { "text": control.title },
        "fullDescription": { "text": control.why },
        "help": { "text": control.remediation },
        "defaultConfiguration": { "level": level(control.severity) },
        "properties": {
            "tags": ["security"],
            "security-severity": security_severity(control.severity),
            "precision": "high",
        },
    })
}

fn built_result(report: &PackageReport, built: &BuildFinding, rule: usize) -> Value {
    let finding = &built.finding;
    // What an image was built by is no file that somebody has.
    let (file, line, end) = if report.kind == "image" {
        ("", 1, 1)
    } else {
        let place = &finding.place;
        (place.file.as_str(), place.line, place.end_line)
    };
    let mut result = json!({
        "ruleId": finding.control,
        "ruleIndex": rule,
        "level": level(finding.severity),
        "message": { "text": finding.message },
        "locations": [{
            "physicalLocation": {
                "artifactLocation": { "uri": uri(&place(report, file)) },
                "region": { "startLine": line, "endLine": end },
            },
            "logicalLocations": [{ "fullyQualifiedName": build_place(report, built), "kind": "resource" }],
        }],
        "partialFingerprints": { "seawall/v1": finding.fingerprint },
        "baselineState": baseline_state(finding.state),
    });
    suppress(&mut result, finding.exception.as_ref());
    result
}

fn baseline_state(state: State) -> &'static str {
    if state == State::Baselined {
        "unchanged"
    } else {
        "new"
    }
}

/// Says of a result who accepted it.
fn suppress(result: &mut Value, exception: Option<&AppliedException>) {
    if let Some(exception) = exception {
        result["suppressions"] = json!([{ "kind": "external", "justification": exception.reason }]);
    }
}

fn secret_result(report: &PackageReport, secret: &ExposedSecret, rule: usize) -> Value {
    let place = place(report, &secret.path);
    let mut result = json!({
        "ruleId": secret.pattern,
        "ruleIndex": rule,
        "level": level(secret.severity),
        "message": { "text": exposed(secret) },
        "locations": [{
            "physicalLocation": {
                "artifactLocation": { "uri": uri(&place) },
                "region": { "startLine": secret.line, "endLine": secret.end_line },
            },
        }],
        "partialFingerprints": { "seawall/v1": secret.fingerprint },
        "baselineState": baseline_state(secret.state),
    });
    suppress(&mut result, secret.exception.as_ref());
    result
}

fn result(report: &PackageReport, finding: &Vulnerability, rule: usize) -> Value {
    let package = &finding.package;
    let place = place(report, package.path.as_deref().unwrap_or_default());
    let name = package.layer.as_ref().map_or_else(
        || package.purl.clone(),
        |layer| format!("{}@{layer}", package.purl),
    );
    let mut result = json!({
        "ruleId": finding.advisory,
        "ruleIndex": rule,
        "level": level(finding.severity.unwrap_or(Severity::Medium)),
        "message": { "text": sentence(finding) },
        "locations": [{
            "physicalLocation": {
                "artifactLocation": { "uri": uri(&place) },
                "region": { "startLine": package.line.unwrap_or(1) },
            },
            "logicalLocations": [{ "fullyQualifiedName": name, "kind": "package" }],
        }],
        "partialFingerprints": { "seawall/v1": finding.fingerprint },
        "baselineState": baseline_state(finding.state),
        "properties": { "purl": package.purl, "fixed": package.fixed, "exploited": finding.risk.is_exploited },
    });
    suppress(&mut result, finding.exception.as_ref());
    result
}

/// A file below the folder that was looked at, as whoever started the program sees it; in an image, and of a bill, as it is.
fn place(report: &PackageReport, file: &str) -> String {
    let target = report.paths.first().map_or("", String::as_str);
    let path = match (report.kind, file) {
        (_, "") => target.to_owned(),
        ("fs", file) => format!("{}/{file}", target.trim_end_matches('/')),
        (_, file) => file.to_owned(),
    };
    path.trim_start_matches("./")
        .trim_start_matches('/')
        .to_owned()
}

/// A path as a reference; names of packages often have these two.
fn uri(path: &str) -> String {
    relative_reference(path, b"+@")
}

fn notification(report: &PackageReport, problem: &Problem) -> Value {
    let mut notification = json!({
        "level": if problem.level == ProblemLevel::Error { "error" } else { "note" },
        "descriptor": { "id": problem.kind.as_str() },
        "message": { "text": problem.message },
    });
    if !problem.file.is_empty() {
        let place = uri(&place(report, &problem.file));
        notification["locations"] =
            json!([{ "physicalLocation": { "artifactLocation": { "uri": place } } }]);
    }
    notification
}
