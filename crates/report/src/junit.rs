//! `JUnit` XML: one suite a file, one test case a control that was evaluated in it.
//!
//! The shape that Jenkins, GitLab and Azure read; there is no published standard.

use std::collections::BTreeMap;
use std::io::{self, Write};

use model::{Report, State};

use crate::Options;
use crate::view::{View, entry_names, views};

/// Writes every control as a test case of each file that it failed in; controls that passed
/// everywhere stand in a suite of their own, problems in another.
pub(crate) fn render(report: &Report, _options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let mut suites: BTreeMap<&str, Vec<View<'_>>> = BTreeMap::new();
    for view in views(report) {
        suites
            .entry(view.detail.location.file())
            .or_default()
            .push(view);
    }
    let failures = report
        .findings
        .iter()
        .filter(|finding| finding.state == State::New)
        .count();
    let passed = report
        .controls
        .iter()
        .filter(|control| control.failed == 0)
        .count();
    let tests = report.findings.len() + passed + report.problems.len();
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        out,
        "<testsuites name=\"seawall\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{}\">",
        report.problems.len()
    )?;
    for (file, views) in &suites {
        suite(out, file, views)?;
    }
    passed_controls(report, passed, out)?;
    problems(report, out)?;
    writeln!(out, "</testsuites>")
}

fn suite(out: &mut dyn Write, file: &str, views: &[View<'_>]) -> io::Result<()> {
    let failures = views
        .iter()
        .filter(|view| view.finding.state == State::New)
        .count();
    writeln!(
        out,
        "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{failures}\" skipped=\"{}\">",
        escape(file),
        views.len(),
        views.len() - failures
    )?;
    for view in views {
        case(out, view)?;
    }
    writeln!(out, "  </testsuite>")
}

fn case(out: &mut dyn Write, view: &View<'_>) -> io::Result<()> {
    let start = view.detail.location.start();
    writeln!(
        out,
        "    <testcase classname=\"{}\" name=\"{} {}\" file=\"{}\" line=\"{}\">",
        escape(view.id()),
        escape(&view.resource_name()),
        escape(&view.detail.path),
        escape(view.detail.location.file()),
        start.line
    )?;
    if view.finding.state == State::New {
        writeln!(
            out,
            "      <failure type=\"{}\" message=\"{}\">{}:{}:{}: {}\n{}{}</failure>",
            view.finding.severity,
            escape(&view.detail.message),
            escape(view.detail.location.file()),
            start.line,
            start.column,
            escape(&view.detail.message),
            escape(&rendered(view)),
            escape(&view.control.info.remediation)
        )?;
    } else {
        writeln!(
            out,
            "      <skipped message=\"{}\"/>",
            view.finding.state.as_str()
        )?;
    }
    writeln!(out, "    </testcase>")
}

/// What a rendering adds: how it came to be, and the renderings that have it.
fn rendered(view: &View<'_>) -> String {
    let words = view.decided_by().join(", ");
    let by = (!words.is_empty()).then(|| format!("by {words}\n"));
    let entries = entry_names(&view.entries()).map(|names| format!("in {names}\n"));
    by.into_iter().chain(entries).collect()
}

fn passed_controls(report: &Report, passed: usize, out: &mut dyn Write) -> io::Result<()> {
    if passed == 0 {
        return Ok(());
    }
    writeln!(
        out,
        "  <testsuite name=\"controls without findings\" tests=\"{passed}\">"
    )?;
    for control in report.controls.iter().filter(|control| control.failed == 0) {
        let (id, title) = (escape(&control.info.id), escape(&control.info.title));
        if control.evaluated() > 0 {
            writeln!(out, "    <testcase classname=\"{id}\" name=\"{title}\"/>")?;
        } else {
            let status = control.status().as_str();
            writeln!(
                out,
                "    <testcase classname=\"{id}\" name=\"{title}\"><skipped message=\"{status}\"/></testcase>"
            )?;
        }
    }
    writeln!(out, "  </testsuite>")
}

fn problems(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    if report.problems.is_empty() {
        return Ok(());
    }
    let count = report.problems.len();
    writeln!(
        out,
        "  <testsuite name=\"problems\" tests=\"{count}\" errors=\"{count}\">"
    )?;
    for problem in &report.problems {
        writeln!(
            out,
            "    <testcase classname=\"{}\" name=\"{}\"><error type=\"{}\" message=\"{}\"/></testcase>",
            problem.kind,
            escape(&problem.file),
            problem.level.as_str(),
            escape(&problem.message)
        )?;
    }
    writeln!(out, "  </testsuite>")
}

/// Escapes text for an attribute or an element; what XML 1.0 cannot hold becomes U+FFFD.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push_str("&#10;"),
            '\t' => escaped.push('\t'),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn markup_and_control_characters_are_escaped() {
        assert_eq!(
            escape("a<b>&\"c\"\n\u{1}"),
            "a&lt;b&gt;&amp;&quot;c&quot;&#10;\u{fffd}"
        );
    }
}
