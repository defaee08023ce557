//! The baseline as a file: JSON that people can review in a pull request.

use std::path::Path;

use anyhow::Context as _;
use engine::funnel::{Baseline, BaselineEntry};
use model::{PackageReport, Report, State};
use serde_json::{Value, json};

/// The version of the file's shape.
const SCHEMA: &str = "seawall.dev/baseline/v1";

/// Reads a baseline.
pub(crate) fn read(file: &Path) -> anyhow::Result<Baseline> {
    let text = fs_err::read_to_string(file)?;
    parse(&text).with_context(|| format!("cannot read the baseline {}", file.display()))
}

fn parse(text: &str) -> anyhow::Result<Baseline> {
    let value: Value = serde_json::from_str(text)?;
    anyhow::ensure!(value["schema"] == SCHEMA, "its `schema` is not `{SCHEMA}`");
    let findings = value["findings"]
        .as_array()
        .context("it has no list `findings`")?;
    findings
        .iter()
        .map(|finding| finding["fingerprint"].as_str().map(str::to_owned))
        .collect::<Option<Baseline>>()
        .context("one of its findings has no `fingerprint`")
}

/// Writes the findings of a report as a baseline, sorted, so that changes are easy to review.
pub(crate) fn write(file: &Path, report: &Report) -> anyhow::Result<()> {
    let findings: Vec<Value> = BaselineEntry::all(report)
        .into_iter()
        .map(|entry| {
            json!({
                "control": entry.control,
                "resource": entry.resource,
                "path": entry.path,
                "fingerprint": entry.fingerprint,
            })
        })
        .collect();
    let baseline = json!({ "schema": SCHEMA, "findings": findings });
    fs_err::write(file, serde_json::to_string_pretty(&baseline)? + "\n")?;
    Ok(())
}

/// The same of a report on packages.
pub(crate) fn write_packages(file: &Path, report: &PackageReport) -> anyhow::Result<()> {
    let built = report.built.iter().map(|built| &built.finding);
    let built = built.filter(|finding| finding.state != State::Excepted);
    let built = built.map(|finding| {
        json!({
            "control": finding.control,
            "resource": format!("{} {}", finding.resource.kind, finding.resource.name),
            "path": finding.path,
            "fingerprint": finding.fingerprint,
        })
    });
    let flaws = report.vulnerabilities.iter();
    let flaws = flaws.filter(|finding| finding.state != State::Excepted);
    let flaws = flaws.map(|finding| {
        json!({
            "advisory": finding.advisory,
            "package": finding.package.purl,
            "path": finding.package.path,
            "fingerprint": finding.fingerprint,
        })
    });
    let secrets = report.secrets.iter();
    let secrets = secrets.filter(|secret| secret.state != State::Excepted);
    let secrets = secrets.map(|secret| {
        json!({
            "secret": secret.pattern,
            "path": secret.path,
            "fingerprint": secret.fingerprint,
        })
    });
    let mut findings: Vec<Value> = built.chain(flaws).chain(secrets).collect();
    findings.sort_by_cached_key(Value::to_string);
    let baseline = json!({ "schema": SCHEMA, "findings": findings });
    fs_err::write(file, serde_json::to_string_pretty(&baseline)? + "\n")?;
    Ok(())
}
