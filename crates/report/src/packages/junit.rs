//! `JUnit` XML: a suite for each file that tells of packages, a case for each finding, and a suite of problems.

use std::collections::BTreeMap;
use std::io::{self, Write};

use model::{PackageReport, Severity, State, Vulnerability};

use super::sentence;
use crate::junit::escape;

pub(super) fn render(report: &PackageReport, out: &mut dyn Write) -> io::Result<()> {
    let mut suites: BTreeMap<&str, Vec<&Vulnerability>> = BTreeMap::new();
    for finding in &report.vulnerabilities {
        let file = finding
            .package
            .path
            .as_deref()
            .or(report.paths.first().map(String::as_str));
        suites
            .entry(file.unwrap_or_default())
            .or_default()
            .push(finding);
    }
    let is_new = |finding: &&Vulnerability| finding.state == State::New;
    let failures = report.vulnerabilities.iter().filter(is_new).count();
    let errors = report.problems.len();
    let tests = report.vulnerabilities.len() + errors;
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        out,
        "<testsuites name=\"seawall\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\">"
    )?;
    for (file, findings) in suites {
        let failures = findings.iter().copied().filter(is_new).count();
        writeln!(
            out,
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{failures}\" skipped=\"{}\">",
            escape(file),
            findings.len(),
            findings.len() - failures
        )?;
        for finding in findings {
            case(finding, out)?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    if errors > 0 {
        writeln!(
            out,
            "  <testsuite name=\"problems\" tests=\"{errors}\" errors=\"{errors}\">"
        )?;
        for problem in &report.problems {
            writeln!(
                out,
                "    <testcase classname=\"{}\" name=\"{}\"><error message=\"{}\"/></testcase>",
                problem.kind,
                escape(&problem.file),
                escape(&problem.message)
            )?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

fn case(finding: &Vulnerability, out: &mut dyn Write) -> io::Result<()> {
    let (id, purl) = (escape(&finding.advisory), escape(&finding.package.purl));
    let message = escape(&sentence(finding));
    let severity = finding.severity.map_or("unknown", Severity::as_str);
    writeln!(out, "    <testcase classname=\"{id}\" name=\"{purl}\">")?;
    if finding.state == State::New {
        let summary = escape(&finding.summary);
        writeln!(
            out,
            "      <failure type=\"{severity}\" message=\"{message}\">{summary}</failure>"
        )?;
    } else {
        writeln!(
            out,
            "      <skipped message=\"{}\"/>",
            finding.state.as_str()
        )?;
    }
    writeln!(out, "    </testcase>")
}
