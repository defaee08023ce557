//! Annotations for GitHub workflows: `::error file=…,line=…::message`.

use std::io::{self, Write};

use model::{ProblemLevel, Report, Severity};

use crate::Options;
use crate::view::shown;

/// Writes one workflow command for each finding that counts and for each problem of level error.
pub(crate) fn render(report: &Report, _options: &Options, out: &mut dyn Write) -> io::Result<()> {
    for view in shown(report) {
        let (start, end) = (view.detail.location.start(), view.detail.location.end());
        let level = match view.finding.severity {
            Severity::Critical | Severity::High => "error",
            Severity::Medium => "warning",
            Severity::Low => "notice",
        };
        writeln!(
            out,
            "::{level} file={},line={},endLine={},col={},title={}::{} ({})%0A{}",
            property(view.detail.location.file()),
            start.line,
            end.line,
            start.column,
            property(&format!("{} [{}]", view.control.info.title, view.id())),
            data(&view.detail.message),
            data(&view.story()),
            data(&view.control.info.remediation),
        )?;
    }
    for problem in &report.problems {
        if problem.level == ProblemLevel::Error {
            let line = problem.location.as_ref().map_or(1, |at| at.start().line);
            writeln!(
                out,
                "::error file={},line={line},title=could not evaluate [{}]::{}",
                property(&problem.file),
                problem.kind,
                data(&problem.message),
            )?;
        }
    }
    Ok(())
}

/// Escapes the message of a workflow command.
pub(crate) fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// Escapes a property of a workflow command.
pub(crate) fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{data, property};

    #[test]
    fn what_would_end_a_command_is_escaped() {
        assert_eq!(data("50%\nmore"), "50%25%0Amore");
        assert_eq!(property("a:b,c"), "a%3Ab%2Cc");
    }
}
