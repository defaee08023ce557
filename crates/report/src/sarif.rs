//! SARIF 2.1.0 (OASIS), as code scanning services read it.

pub(crate) mod wire;

use std::io::{self, Write};

use document::{Role, Source};
use model::{
    ControlResult, Location, Origin, OriginRecord, Problem, ProblemLevel, Report, Severity, State,
};

use crate::Options;
use crate::view::{View, entry_names, views};

/// How much work goes into fixes as text.
struct Budget {
    /// Findings that may still carry one: services show no more of a run.
    findings: usize,
    /// Bytes that may still be parsed: each edit is proven by parsing the object as it would then be.
    bytes: usize,
}

impl Budget {
    fn new() -> Self {
        Budget {
            findings: 1_000,
            bytes: 32 << 20,
        }
    }

    /// Whether the fixes of another finding, some edits of an object, can be afforded; if so they are paid for.
    fn affords(&mut self, edits: usize, object: usize) -> bool {
        let bytes = edits.saturating_mul(object);
        let is_affordable = edits > 0 && self.findings > 0 && bytes <= self.bytes;
        if is_affordable {
            self.findings -= 1;
            self.bytes -= bytes;
        }
        is_affordable
    }
}

/// Writes one run with a rule for every control that was asked for.
pub(crate) fn render(report: &Report, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let log = wire::Log::of(run(report, options));
    serde_json::to_writer_pretty(&mut *out, &log)?;
    out.write_all(b"\n")
}

fn run<'a>(report: &'a Report, options: &Options) -> wire::Run<'a> {
    let mut budget = Budget::new();
    wire::Run {
        tool: wire::Tool {
            driver: wire::Driver {
                name: "Seawall",
                semantic_version: options.tool_version,
                rules: report.controls.iter().map(rule).collect(),
            },
        },
        column_kind: "unicodeCodePoints",
        original_uri_base_ids: wire::UriBases::the_folder_of_the_scan(),
        invocations: [invocation(report)],
        results: views(report)
            .map(|view| wire::Finding {
                fixes: fixes(&view, &mut budget),
                ..result(&view)
            })
            .collect(),
    }
}

fn rule(control: &ControlResult) -> wire::Rule<'_> {
    let info = &control.info;
    let references: String = info
        .references
        .iter()
        .map(|url| format!("- <{url}>\n"))
        .collect();
    wire::Rule {
        id: &info.id,
        name: &info.id,
        short_description: wire::Text::plain(&info.title),
        full_description: wire::Text::plain(&info.why),
        help: wire::Help {
            text: format!("{}\n\n{}", info.why, info.remediation),
            markdown: format!(
                "{}\n\n**Fix.** {}\n\n{references}",
                info.why, info.remediation
            ),
        },
        help_uri: info.references.first().map(String::as_str),
        default_configuration: wire::Configuration {
            level: level(info.severity),
        },
        properties: wire::RuleProperties {
            tags: info
                .tags
                .iter()
                .map(String::as_str)
                .chain(["security"])
                .collect(),
            security_severity: security_severity(info.severity),
            precision: "high",
        },
    }
}

/// A number for services that sort by one.
pub(crate) fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "2.0",
    }
}

pub(crate) fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low => "note",
    }
}

fn result<'a>(view: &View<'a>) -> wire::Finding<'a> {
    let detail = view.detail;
    wire::Finding {
        rule_id: view.id(),
        rule_index: view.finding.control,
        level: level(view.finding.severity),
        message: message(&detail.message, &view.entries()),
        locations: [wire::Location {
            physical_location: physical(&detail.location),
            logical_locations: [wire::LogicalLocation {
                fully_qualified_name: format!("{}#{}", view.resource_name(), detail.path),
                kind: "resource",
            }],
        }],
        related_locations: related_locations(detail.origins.iter().map(Origin::record)),
        partial_fingerprints: wire::Fingerprints {
            seawall: &detail.fingerprint,
        },
        baseline_state: match view.finding.state {
            State::Baselined => "unchanged",
            State::New | State::Excepted => "new",
        },
        suppressions: suppressions(view),
        fixes: Vec::new(),
    }
}

/// The message, and the renderings that have the finding where there are several.
pub(crate) fn message(message: &str, entries: &[impl AsRef<str>]) -> wire::Text {
    match entry_names(entries) {
        Some(names) if entries.len() > 1 => wire::Text::plain(&format!("{message} (in {names})")),
        _ => wire::Text::plain(message),
    }
}

/// The places that had a part in a finding.
pub(crate) fn related_locations(
    origins: impl IntoIterator<Item = OriginRecord>,
) -> Vec<wire::RelatedLocation> {
    let origins = (1..).zip(origins);
    let related = origins.map(|(id, origin)| {
        let path = origin.path.as_deref();
        let path = path.map_or(String::new(), |path| format!(" {path}"));
        let message = format!("{}{path}", origin.role);
        // A flag stands in no file.
        let is_in_file = origin.role != Role::Flag.as_str();
        wire::RelatedLocation {
            id,
            physical_location: is_in_file.then(|| wire::PhysicalLocation {
                artifact_location: artifact(&origin.file),
                region: wire::Region {
                    start_line: origin.line,
                    start_column: origin.column,
                    end_line: origin.line,
                    end_column: origin.column,
                },
            }),
            message: wire::Text::plain(&message),
        }
    });
    related.collect()
}

fn suppressions(view: &View<'_>) -> Vec<wire::Suppression> {
    let exception = view.detail.exception.as_ref();
    exception
        .map(|exception| wire::Suppression {
            kind: "external",
            justification: format!("{} ({})", exception.reason, exception.at),
        })
        .into_iter()
        .collect()
}

/// The edits of the finding's own file, when they can be made as text.
fn fixes(view: &View<'_>, budget: &mut Budget) -> Vec<wire::Fix> {
    let object = view.resource.object();
    let span = object.document().place(object.origin()).span;
    if !budget.affords(view.detail.fixes.len(), span.len()) {
        return Vec::new();
    }
    let source = &view.detail.location.source;
    let Some(edits) = crate::edits::text_edits(view) else {
        return Vec::new();
    };
    let replacements = edits.into_iter().map(|edit| wire::Replacement {
        deleted_region: region(source, edit.span.start, edit.span.end),
        inserted_content: wire::Content { text: edit.text },
    });
    vec![wire::Fix {
        description: wire::Text::plain(&view.control.info.remediation),
        artifact_changes: [wire::ArtifactChange {
            artifact_location: artifact(source.name()),
            replacements: replacements.collect(),
        }],
    }]
}

fn physical(location: &Location) -> wire::PhysicalLocation {
    wire::PhysicalLocation {
        artifact_location: artifact(location.source.name()),
        region: region(&location.source, location.span.start, location.span.end),
    }
}

pub(crate) fn artifact(file: &str) -> wire::ArtifactLocation {
    wire::ArtifactLocation {
        uri: percent_encode(file),
        uri_base_id: (!file.starts_with('/') && !is_uri(file)).then_some("ROOT"),
    }
}

fn region(source: &Source, start: u32, end: u32) -> wire::Region {
    let (start, end) = (source.line_column(start), source.line_column(end));
    wire::Region {
        start_line: start.line,
        start_column: start.column,
        end_line: end.line,
        end_column: end.column,
    }
}

fn invocation(report: &Report) -> wire::Invocation<'_> {
    let complete = !report
        .problems
        .iter()
        .any(|problem| problem.level == ProblemLevel::Error);
    wire::Invocation {
        execution_successful: complete,
        tool_execution_notifications: report.problems.iter().map(notification).collect(),
    }
}

fn notification(problem: &Problem) -> wire::Notification<'_> {
    wire::Notification {
        level: match problem.level {
            ProblemLevel::Error => "error",
            ProblemLevel::Unknown => "note",
        },
        descriptor: wire::Descriptor {
            id: problem.kind.as_str(),
        },
        message: wire::Text::plain(&problem.message),
        locations: problem
            .location
            .iter()
            .map(|location| wire::NotificationLocation {
                physical_location: physical(location),
            })
            .collect(),
    }
}

/// What objects of a cluster are called is a URI already.
const LIVE: &str = "cluster://";

fn is_uri(file: &str) -> bool {
    file.starts_with(LIVE)
}

/// Percent-encodes what a URI reference cannot hold (RFC 3986).
fn percent_encode(path: &str) -> String {
    if is_uri(path) {
        let mut uri = String::with_capacity(path.len());
        let is_fit = |c: char| c.is_ascii_graphic() && !"\"<>\\^`{|}".contains(c);
        uri.extend(path.chars().filter(|c| is_fit(*c)));
        return uri;
    }
    relative_reference(path, b"")
}

/// A path as a relative reference: what is not plain in one is percent-encoded, but for some bytes.
pub(crate) fn relative_reference(path: &str, fit: &[u8]) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) || fit.contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::{Budget, percent_encode};

    #[test]
    fn fixes_of_large_objects_end_before_their_work_does() {
        let mut budget = Budget::new();
        let many = (0..5_000).filter(|_| budget.affords(1, 2_000)).count();
        assert_eq!(many, 1_000);
        let mut budget = Budget::new();
        let few = (0..5_000).filter(|_| budget.affords(2, 4 << 20)).count();
        assert_eq!(few, 4);
    }

    #[test]
    fn paths_become_uris() {
        assert_eq!(percent_encode("a b/ü.yaml"), "a%20b/%C3%BC.yaml");
        let live = "cluster://eks:eu%2Fprod/apis/apps/v1/namespaces/a/deployments/web";
        assert_eq!(percent_encode(live), live);
    }
}
