//! GitLab's code quality report: a JSON array.

use std::io::{self, Write};

use model::{Report, Severity};
use serde::Serialize;

use crate::Options;
use crate::view::shown;

/// One finding.
#[derive(Serialize)]
pub(crate) struct Entry<'a> {
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

impl<'a> Entry<'a> {
    /// The place is a file with its first and last line.
    pub(crate) fn new(
        description: String,
        control: &'a str,
        fingerprint: &'a str,
        severity: Severity,
        (path, begin, end): (&'a str, u32, u32),
    ) -> Self {
        Entry {
            description,
            check_name: control,
            fingerprint,
            severity: match severity {
                Severity::Critical => "blocker",
                Severity::High => "critical",
                Severity::Medium => "major",
                Severity::Low => "minor",
            },
            location: Location {
                path,
                lines: Lines { begin, end },
            },
        }
    }
}

/// Writes the findings that count.
pub(crate) fn render(report: &Report, _options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let entries: Vec<Entry<'_>> = shown(report)
        .map(|view| {
            let location = &view.detail.location;
            let lines = (location.start().line, location.end().line);
            Entry::new(
                format!("{} ({})", view.detail.message, view.story()),
                view.id(),
                &view.detail.fingerprint,
                view.finding.severity,
                (location.file(), lines.0, lines.1),
            )
        })
        .collect();
    serde_json::to_writer_pretty(&mut *out, &entries)?;
    out.write_all(b"\n")
}
