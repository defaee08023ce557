//! GitLab's code quality report: a JSON array.

use std::io::{self, Write};

use model::{Report, Severity};
use serde::Serialize;

use crate::Options;
use crate::view::shown;

#[derive(Serialize)]
struct Entry<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: &'a str,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

/// Writes the findings that count.
pub(crate) fn render(report: &Report, _options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let entries: Vec<Entry<'_>> = shown(report)
        .map(|view| Entry {
            description: format!("{} ({})", view.detail.message, view.resource_name()),
            check_name: view.id(),
            fingerprint: &view.detail.fingerprint,
            severity: match view.finding.severity {
                Severity::Critical => "blocker",
                Severity::High => "critical",
                Severity::Medium => "major",
                Severity::Low => "minor",
            },
            location: Location {
                path: view.detail.location.file(),
                lines: Lines {
                    begin: view.detail.location.start().line,
                    end: view.detail.location.end().line,
                },
            },
        })
        .collect();
    serde_json::to_writer_pretty(&mut *out, &entries)?;
    out.write_all(b"\n")
}
