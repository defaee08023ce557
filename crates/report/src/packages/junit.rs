//! `JUnit` XML: a suite for each file with findings, a case for each of them, and a suite of problems.

use std::collections::BTreeMap;
use std::io::{self, Write};

use model::{BuildFinding, ExposedSecret, PackageReport, Severity, State, Vulnerability};

use super::{build_place, exposed, sentence};
use crate::junit::escape;

pub(super) fn render(report: &PackageReport, out: &mut dyn Write) -> io::Result<()> {
    let mut suites: BTreeMap<&str, Vec<Case>> = BTreeMap::new();
    for finding in &report.vulnerabilities {
        let file = finding
            .package
            .path
            .as_deref()
            .or(report.paths.first().map(String::as_str));
        suites
            .entry(file.unwrap_or_default())
            .or_default()
            .push(Case::of_vulnerability(finding));
    }
    for secret in &report.secrets {
        let suite = suites.entry(&secret.path).or_default();
        suite.push(Case::of_secret(secret));
    }
    for built in &report.built {
        let suite = suites.entry(&built.finding.place.file).or_default();
        suite.push(Case::of_built(report, built));
    }
    let is_new = |case: &&Case| case.state == State::New;
    let failures = suites.values().flatten().filter(is_new).count();
    let errors = report.problems.len();
    let tests = suites.values().map(Vec::len).sum::<usize>() + errors;
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        out,
        "<testsuites name=\"seawall\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\">"
    )?;
    for (file, cases) in suites {
        let failures = cases.iter().filter(is_new).count();
        writeln!(
            out,
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{failures}\" skipped=\"{}\">",
            escape(file),
            cases.len(),
            cases.len() - failures
        )?;
        for case in cases {
            case.write(out)?;
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

/// A finding as a test that failed, or was left out.
struct Case {
    id: String,
    name: String,
    severity: &'static str,
    state: State,
    message: String,
    text: String,
}

impl Case {
    fn of_vulnerability(finding: &Vulnerability) -> Self {
        Case {
            id: finding.advisory.clone(),
            name: finding.package.purl.clone(),
            severity: finding.severity.map_or("unknown", Severity::as_str),
            state: finding.state,
            message: sentence(finding),
            text: finding.summary.clone(),
        }
    }

    fn of_secret(secret: &ExposedSecret) -> Self {
        Case {
            id: secret.pattern.clone(),
            name: format!("line {}", secret.line),
            severity: secret.severity.as_str(),
            state: secret.state,
            message: exposed(secret),
            text: secret.shown.clone(),
        }
    }

    fn of_built(report: &PackageReport, built: &BuildFinding) -> Self {
        let finding = &built.finding;
        Case {
            id: finding.control.clone(),
            name: build_place(report, built),
            severity: finding.severity.as_str(),
            state: finding.state,
            message: finding.message.clone(),
            text: finding.evidence.clone().unwrap_or_default(),
        }
    }

    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let (id, name) = (escape(&self.id), escape(&self.name));
        writeln!(out, "    <testcase classname=\"{id}\" name=\"{name}\">")?;
        if self.state == State::New {
            writeln!(
                out,
                "      <failure type=\"{}\" message=\"{}\">{}</failure>",
                self.severity,
                escape(&self.message),
                escape(&self.text)
            )?;
        } else {
            writeln!(out, "      <skipped message=\"{}\"/>", self.state.as_str())?;
        }
        writeln!(out, "    </testcase>")
    }
}
