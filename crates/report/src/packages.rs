//! Reports on packages: the JSON report with findings of kind `vulnerability`, a table, and counts.

mod json;

use std::io::{self, Write};

use model::{PackageReport, Severity, Vulnerability};

use crate::Options;

/// A way to write a report on packages.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PackageFormat {
    /// One line a finding, and the counts.
    Table,
    /// Counts alone.
    Summary,
    /// The versioned JSON report.
    Json,
}

/// Writes the report.
pub fn render_packages(
    format: PackageFormat,
    report: &PackageReport,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        PackageFormat::Json => {
            let mut text = serde_json::to_vec_pretty(&json::Document::new(report, options))?;
            text.push(b'\n');
            out.write_all(&text)
        }
        PackageFormat::Table => {
            table(report, out)?;
            summary(report, out)
        }
        PackageFormat::Summary => summary(report, out),
    }
}

fn table(report: &PackageReport, out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<[String; 5]> = report.vulnerabilities.iter().map(row).collect();
    let width = |column: usize| {
        rows.iter()
            .map(|row| row[column].chars().count())
            .max()
            .unwrap_or_default()
    };
    let widths: Vec<usize> = (0..4).map(width).collect();
    for [severity, advisory, package, fixed, note] in &rows {
        let line = format!(
            "{severity:0$}  {advisory:1$}  {package:2$}  {fixed:3$}  {note}",
            widths[0], widths[1], widths[2], widths[3]
        );
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

fn row(finding: &Vulnerability) -> [String; 5] {
    let fixed = match (finding.package.fixed.as_slice(), finding.package.status) {
        ([], Some(status)) => status.to_owned(),
        ([], None) => "no fix".to_owned(),
        (fixed, _) => format!("fixed in {}", fixed.join(", ")),
    };
    let exploited = finding.risk.is_exploited.then(|| "exploited".to_owned());
    let likely = finding
        .risk
        .epss
        .filter(|epss| *epss >= 0.01)
        .map(|epss| format!("EPSS {:.0} %", epss * 100.0));
    let notes: Vec<String> = exploited.into_iter().chain(likely).collect();
    // Texts come from feeds and bills: nothing of them may steer a terminal.
    let plain = |text: &str| {
        text.chars()
            .map(|c| if c.is_control() { '\u{fffd}' } else { c })
            .collect()
    };
    [
        finding
            .severity
            .map_or("unknown", Severity::as_str)
            .to_owned(),
        plain(&finding.advisory),
        plain(&finding.package.purl),
        plain(&fixed),
        notes.join(", "),
    ]
}

fn summary(report: &PackageReport, out: &mut dyn Write) -> io::Result<()> {
    let words = Severity::ALL
        .into_iter()
        .map(|severity| (severity.as_str(), report.count(Some(severity))))
        .chain([("of unknown severity", report.count(None))]);
    let counts: Vec<String> = words
        .filter(|(_, count)| *count > 0)
        .map(|(word, count)| format!("{count} {word}"))
        .collect();
    let counts = if counts.is_empty() {
        "no known vulnerabilities".to_owned()
    } else {
        counts.join(", ")
    };
    writeln!(
        out,
        "{} packages: {counts}; advisories of {}",
        report.packages, report.database.date
    )?;
    if !report.unusable.is_empty() {
        writeln!(
            out,
            "{} components could not be looked up",
            report.unusable.len()
        )?;
    }
    Ok(())
}
