//! Formats of one record a finding: CSV with all of them, the others with what is new.

use std::io::{self, Write};

use model::{Change, ComparedFinding, Comparison, ProblemLevel, Severity};

use super::{remediation, title, told};
use crate::view::{name_text, record_decided_by, record_entries, record_story};
use crate::{csv, github, gitlab, junit};

/// All findings, with what became of them in the first column.
pub(super) fn csv(comparison: &Comparison, out: &mut dyn Write) -> io::Result<()> {
    let header: Vec<&str> = ["change"].into_iter().chain(csv::HEADER).collect();
    csv::row(out, &header)?;
    for compared in &comparison.findings {
        let (finding, place) = (&compared.finding, &compared.finding.place);
        csv::row(
            out,
            &[
                compared.change.as_str(),
                finding.severity.as_str(),
                &finding.control,
                title(comparison, &finding.control),
                finding.state.as_str(),
                &place.file,
                &place.line.to_string(),
                &place.column.to_string(),
                &finding.resource.kind,
                finding.resource.namespace.as_deref().unwrap_or_default(),
                &finding.resource.name,
                finding.container.as_deref().unwrap_or_default(),
                &finding.path,
                &finding.message,
                &finding.fingerprint,
                &record_decided_by(finding).join(", "),
                &record_entries(finding).join(", "),
            ],
        )?;
    }
    Ok(())
}

/// GitLab's code quality report of what is new.
pub(super) fn gitlab(comparison: &Comparison, out: &mut dyn Write) -> io::Result<()> {
    let entries: Vec<gitlab::Entry<'_>> = told(comparison, Change::New)
        .map(|compared| {
            let (finding, place) = (&compared.finding, &compared.finding.place);
            gitlab::Entry::new(
                format!("{} ({})", finding.message, record_story(finding)),
                &finding.control,
                &finding.fingerprint,
                finding.severity,
                (&place.file, place.line, place.end_line),
            )
        })
        .collect();
    serde_json::to_writer_pretty(&mut *out, &entries)?;
    out.write_all(b"\n")
}

/// Annotations of what is new, and of input that was lost.
pub(super) fn github(comparison: &Comparison, out: &mut dyn Write) -> io::Result<()> {
    for compared in told(comparison, Change::New) {
        let (finding, place) = (&compared.finding, &compared.finding.place);
        let level = match finding.severity {
            Severity::Critical | Severity::High => "error",
            Severity::Medium => "warning",
            Severity::Low => "notice",
        };
        let heading = format!(
            "{} [{}]",
            title(comparison, &finding.control),
            finding.control
        );
        writeln!(
            out,
            "::{level} file={},line={},endLine={},col={},title={}::{} ({})%0A{}",
            github::property(&place.file),
            place.line,
            place.end_line,
            place.column,
            github::property(&heading),
            github::data(&finding.message),
            github::data(&record_story(finding)),
            github::data(remediation(comparison, &finding.control)),
        )?;
    }
    for problem in &comparison.head.problems {
        if problem.level == ProblemLevel::Error {
            writeln!(
                out,
                "::error file={},line={},title=could not evaluate [{}]::{}",
                github::property(&problem.file),
                problem.line.unwrap_or(1),
                github::property(&problem.kind),
                github::data(&problem.message),
            )?;
        }
    }
    Ok(())
}

/// A failure for what is new, a test that passes for what is fixed, a skipped one for the rest.
pub(super) fn junit(comparison: &Comparison, out: &mut dyn Write) -> io::Result<()> {
    let problems = &comparison.head.problems;
    let failures = comparison
        .findings
        .iter()
        .filter(|it| it.is_worse())
        .count();
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        out,
        "<testsuites name=\"seawall diff\" tests=\"{}\" failures=\"{failures}\" errors=\"{}\">",
        comparison.findings.len() + problems.len(),
        problems.len()
    )?;
    for change in Change::ALL {
        let cases: Vec<&ComparedFinding> = comparison.of(change).collect();
        if cases.is_empty() {
            continue;
        }
        let failures = cases.iter().filter(|it| it.is_worse()).count();
        let fixed = if change == Change::Fixed {
            cases.len()
        } else {
            0
        };
        writeln!(
            out,
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{failures}\" skipped=\"{}\">",
            change.as_str(),
            cases.len(),
            cases.len() - failures - fixed
        )?;
        for compared in cases {
            case(comparison, compared, out)?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    if !problems.is_empty() {
        writeln!(
            out,
            "  <testsuite name=\"problems\" tests=\"{0}\" errors=\"{0}\">",
            problems.len()
        )?;
        for problem in problems {
            writeln!(
                out,
                "    <testcase classname=\"{}\" name=\"{}\"><error type=\"{}\" message=\"{}\"/></testcase>",
                junit::escape(&problem.kind),
                junit::escape(&problem.file),
                problem.level.as_str(),
                junit::escape(&problem.message)
            )?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

fn case(
    comparison: &Comparison,
    compared: &ComparedFinding,
    out: &mut dyn Write,
) -> io::Result<()> {
    let (finding, place) = (&compared.finding, &compared.finding.place);
    write!(
        out,
        "    <testcase classname=\"{}\" name=\"{} {}\" file=\"{}\" line=\"{}\"",
        junit::escape(&finding.control),
        junit::escape(&name_text(&finding.resource)),
        junit::escape(&finding.path),
        junit::escape(&place.file),
        place.line
    )?;
    if compared.is_worse() {
        writeln!(
            out,
            "><failure type=\"{}\" message=\"{}\">{}</failure></testcase>",
            finding.severity,
            junit::escape(&finding.message),
            junit::escape(remediation(comparison, &finding.control))
        )
    } else if compared.change == Change::Fixed {
        writeln!(out, "/>")
    } else {
        writeln!(
            out,
            "><skipped message=\"{}\"/></testcase>",
            if compared.counts() {
                compared.change.as_str()
            } else {
                finding.state.as_str()
            }
        )
    }
}
