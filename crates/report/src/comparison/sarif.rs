//! SARIF 2.1.0 with `baselineState`: `new`, `unchanged`, and `absent` for what is fixed.

use std::io::{self, Write};

use model::{Change, ComparedFinding, Comparison, ControlRecord, ProblemLevel, ProblemRecord};

use crate::Options;
use crate::sarif::{artifact, level, message, related_locations, security_severity, wire};
use crate::view::{name_text, record_entries};

/// Writes one run with a rule for every control of either side.
pub(super) fn render(
    comparison: &Comparison,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let rules: Vec<wire::Rule<'_>> = comparison.controls.iter().map(rule).collect();
    let results = comparison.findings.iter();
    let results = results.filter_map(|compared| result(comparison, compared));
    let problems = &comparison.head.problems;
    let complete = !problems
        .iter()
        .any(|problem| problem.level == ProblemLevel::Error);
    let log = wire::Log::of(wire::Run {
        tool: wire::Tool {
            driver: wire::Driver {
                name: "Seawall",
                semantic_version: options.tool_version,
                rules,
            },
        },
        column_kind: "unicodeCodePoints",
        original_uri_base_ids: wire::UriBases::the_folder_of_the_scan(),
        invocations: [wire::Invocation {
            execution_successful: complete,
            tool_execution_notifications: problems.iter().map(notification).collect(),
        }],
        results: results.collect(),
    });
    serde_json::to_writer_pretty(&mut *out, &log)?;
    out.write_all(b"\n")
}

fn rule(control: &ControlRecord) -> wire::Rule<'_> {
    let references: String = control
        .references
        .iter()
        .map(|url| format!("- <{url}>\n"))
        .collect();
    wire::Rule {
        id: &control.id,
        name: &control.id,
        short_description: wire::Text::plain(&control.title),
        full_description: wire::Text::plain(&control.why),
        help: wire::Help {
            text: format!("{}\n\n{}", control.why, control.remediation),
            markdown: format!(
                "{}\n\n**Fix.** {}\n\n{references}",
                control.why, control.remediation
            ),
        },
        help_uri: control.references.first().map(String::as_str),
        default_configuration: wire::Configuration {
            level: level(control.severity),
        },
        properties: wire::RuleProperties {
            tags: vec!["security"],
            security_severity: security_severity(control.severity),
            precision: "high",
        },
    }
}

/// What was not looked for again is neither there nor absent, so that it is no result.
fn result<'c>(comparison: &Comparison, compared: &'c ComparedFinding) -> Option<wire::Finding<'c>> {
    let finding = &compared.finding;
    let place = &finding.place;
    let by_id = |control: &ControlRecord| control.id.as_str().cmp(&finding.control);
    let rule_index = comparison.controls.binary_search_by(by_id).ok()?;
    Some(wire::Finding {
        rule_id: &finding.control,
        rule_index: rule_index as u32,
        level: level(finding.severity),
        message: message(&finding.message, &record_entries(finding)),
        locations: [wire::Location {
            physical_location: wire::PhysicalLocation {
                artifact_location: artifact(&place.file),
                region: wire::Region {
                    start_line: place.line,
                    start_column: place.column,
                    end_line: place.end_line,
                    end_column: place.end_column,
                },
            },
            logical_locations: [wire::LogicalLocation {
                fully_qualified_name: format!("{}#{}", name_text(&finding.resource), finding.path),
                kind: "resource",
            }],
        }],
        related_locations: related_locations(
            finding.rendered.iter().flat_map(|it| it.origins.clone()),
        ),
        partial_fingerprints: wire::Fingerprints {
            seawall: &finding.fingerprint,
        },
        baseline_state: match compared.change {
            Change::New => "new",
            Change::Unchanged => "unchanged",
            Change::Fixed => "absent",
            Change::NotEvaluated => return None,
        },
        suppressions: finding
            .exception
            .iter()
            .map(|exception| wire::Suppression {
                kind: "external",
                justification: format!("{} ({})", exception.reason, exception.at),
            })
            .collect(),
        fixes: Vec::new(),
    })
}

fn notification(problem: &ProblemRecord) -> wire::Notification<'_> {
    let location = problem.line.map(|line| wire::NotificationLocation {
        physical_location: wire::PhysicalLocation {
            artifact_location: artifact(&problem.file),
            region: wire::Region {
                start_line: line,
                start_column: 1,
                end_line: line,
                end_column: 1,
            },
        },
    });
    wire::Notification {
        level: match problem.level {
            ProblemLevel::Error => "error",
            ProblemLevel::Unknown => "note",
        },
        descriptor: wire::Descriptor { id: &problem.kind },
        message: wire::Text::plain(&problem.message),
        locations: location.into_iter().collect(),
    }
}
