//! One row a finding, for spreadsheets (RFC 4180).

use std::io::{self, Write};

use model::Report;

use crate::Options;
use crate::view::views;

pub(crate) const HEADER: [&str; 16] = [
    "severity",
    "control",
    "title",
    "state",
    "file",
    "line",
    "column",
    "kind",
    "namespace",
    "name",
    "container",
    "path",
    "message",
    "fingerprint",
    "origins",
    "entries",
];

/// Writes all findings, whatever their state.
pub(crate) fn render(report: &Report, _options: &Options, out: &mut dyn Write) -> io::Result<()> {
    row(out, &HEADER)?;
    for view in views(report) {
        let (detail, resource) = (view.detail, view.resource);
        let start = detail.location.start();
        row(
            out,
            &[
                view.finding.severity.as_str(),
                view.id(),
                &view.control.info.title,
                view.finding.state.as_str(),
                detail.location.file(),
                &start.line.to_string(),
                &start.column.to_string(),
                &resource.kind,
                resource.namespace.as_deref().unwrap_or_default(),
                &resource.name,
                detail.container.as_deref().unwrap_or_default(),
                &detail.path,
                &detail.message,
                &detail.fingerprint,
                &view.decided_by().join(", "),
                &view.entries().join(", "),
            ],
        )?;
    }
    Ok(())
}

pub(crate) fn row(out: &mut dyn Write, cells: &[&str]) -> io::Result<()> {
    let cells: Vec<String> = cells.iter().map(|cell| quote(cell)).collect();
    write!(out, "{}\r\n", cells.join(","))
}

/// Quotes where RFC 4180 asks for it, and disarms what a spreadsheet would run as a formula.
fn quote(cell: &str) -> String {
    let disarmed = if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    };
    if disarmed.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", disarmed.replace('"', "\"\""))
    } else {
        disarmed
    }
}

#[cfg(test)]
mod tests {
    use super::quote;

    #[test]
    fn cells_are_quoted_and_formulas_disarmed() {
        for (cell, expected) in [
            ("plain", "plain"),
            ("a,b", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("=cmd()", "'=cmd()"),
            ("-1,2", "\"'-1,2\""),
        ] {
            assert_eq!(quote(cell), expected);
        }
    }
}
