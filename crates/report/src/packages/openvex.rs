//! `OpenVEX` 0.2.0: what is decided of each flaw, and what is not yet.

use std::collections::BTreeSet;
use std::io::{self, Write};

use model::{PackageReport, State, VexStatus, Vulnerability};
use serde_json::{Value, json};

use super::PackageOptions;

pub(super) fn render(
    report: &PackageReport,
    options: &PackageOptions<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let path = report.paths.first().map_or("", String::as_str);
    let name = report.image.as_ref().map_or(path, |image| &image.digest);
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:/".contains(&byte);
    let name: String = name
        .bytes()
        .map(|byte| {
            if is_plain(byte) {
                char::from(byte)
            } else {
                '_'
            }
        })
        .collect();
    let document = json!({
        "@context": "https://openvex.dev/ns/v0.2.0",
        "@id": format!("urn:seawall:vex:{}:{name}:{}", report.kind, report.date),
        "author": "Seawall",
        "tooling": format!("seawall {}", options.tool_version),
        "timestamp": format!("{}T00:00:00Z", report.date),
        "version": 1,
        "statements": statements(report),
    });
    serde_json::to_writer_pretty(&mut *out, &document)?;
    out.write_all(b"\n")
}

/// One statement for each flaw of each package, whatever the number of files that tell of it.
fn statements(report: &PackageReport) -> Vec<Value> {
    let mut known = BTreeSet::new();
    let all = report.vulnerabilities.iter();
    let all = all.map(|finding| statement(report, finding));
    all.filter(|statement| known.insert(statement.to_string()))
        .collect()
}

fn statement(report: &PackageReport, finding: &Vulnerability) -> Value {
    let mut vulnerability = json!({ "name": finding.advisory });
    if !finding.aliases.is_empty() {
        vulnerability["aliases"] = json!(finding.aliases);
    }
    let part = json!({ "@id": finding.package.purl });
    let product = match &report.image {
        Some(image) => {
            let name = image
                .names
                .first()
                .map(|name| model::ImageRef::split(name).repository().into_owned());
            let name = name.unwrap_or_else(|| "image".to_owned());
            let name = name.rsplit('/').next().unwrap_or_default().to_owned();
            let id = format!("pkg:oci/{name}@{}", image.digest.replace(':', "%3A"));
            json!({ "@id": id, "subcomponents": [part] })
        }
        None => part,
    };
    let mut statement = json!({
        "vulnerability": vulnerability,
        "products": [product],
    });
    decide(finding, &mut statement);
    statement
}

/// Status, and what the specification wants beside it.
fn decide(finding: &Vulnerability, statement: &mut Value) {
    let fixed = &finding.package.fixed;
    let upgrade = || {
        if fixed.is_empty() {
            "no fix is known".to_owned()
        } else {
            format!("upgrade to {}", fixed.join(" or "))
        }
    };
    let status = match (&finding.vex, &finding.exception) {
        (Some(note), _) => {
            if note.status == VexStatus::NotAffected {
                if note.justification.is_empty() {
                    let text = if note.text.is_empty() {
                        "no reason is given"
                    } else {
                        &note.text
                    };
                    statement["impact_statement"] = json!(text);
                } else {
                    statement["justification"] = json!(note.justification);
                    if !note.text.is_empty() {
                        statement["status_notes"] = json!(note.text);
                    }
                }
            }
            if note.status == VexStatus::Affected {
                let text = if note.text.is_empty() {
                    upgrade()
                } else {
                    note.text.clone()
                };
                statement["action_statement"] = json!(text);
            }
            note.status
        }
        // Who accepts a flaw does not say that it does no harm.
        (None, Some(exception)) if finding.state == State::Excepted => {
            statement["action_statement"] = json!(format!("accepted: {}", exception.reason));
            VexStatus::Affected
        }
        (None, _) => VexStatus::UnderInvestigation,
    };
    statement["status"] = json!(status.as_str());
}
