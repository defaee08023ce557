//! One line a finding, with a sign in front; and the closing lines, which are the summary.

use std::io::{self, Write};

use model::{Change, ComparedFinding, Comparison, ProblemRecord};

use super::{accepted, told};
use crate::Options;
use crate::style::Paint;
use crate::tally::Tally;
use crate::view::record_story;

/// `+ file:line:column: severity control: message (resource)`, and `-` for what is fixed. What did not change is
/// listed when everything is asked for.
pub(super) fn table(
    comparison: &Comparison,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let paint = Paint {
        color: options.color,
    };
    for compared in told(comparison, Change::New) {
        line("+", compared, paint, out)?;
    }
    for compared in told(comparison, Change::Fixed) {
        line("-", compared, paint, out)?;
    }
    for compared in accepted(comparison) {
        line("~", compared, paint, out)?;
    }
    for compared in told(comparison, Change::NotEvaluated) {
        line("?", compared, paint, out)?;
    }
    if options.verbose {
        for compared in told(comparison, Change::Unchanged) {
            line("=", compared, paint, out)?;
        }
    }
    summary(comparison, options, out)
}

fn line(
    sign: &str,
    compared: &ComparedFinding,
    paint: Paint,
    out: &mut dyn Write,
) -> io::Result<()> {
    let finding = &compared.finding;
    let place = &finding.place;
    write!(
        out,
        "{sign} {}:{}:{}: {} {}: {} ({})",
        place.file,
        place.line,
        place.column,
        paint.severity(finding.severity, finding.severity.as_str()),
        finding.control,
        finding.message,
        record_story(finding)
    )?;
    if let Some(exception) = &finding.exception {
        write!(out, ", accepted: {} ({})", exception.reason, exception.at)?;
    }
    writeln!(out)
}

/// Problems, notes, and what the comparison came to.
pub(super) fn summary(
    comparison: &Comparison,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let paint = Paint {
        color: options.color,
    };
    let sides = [("", &comparison.head), ("base: ", &comparison.base)];
    if sides.iter().any(|(_, side)| !side.problems.is_empty()) {
        writeln!(out, "\n{}", paint.bold("Could not evaluate"))?;
        for (label, side) in sides {
            for problem in &side.problems {
                writeln!(out, "  {label}{}", problem_text(problem))?;
            }
        }
    }
    if !comparison.notes.is_empty() {
        writeln!(out, "\n{}", paint.bold("Compared in part"))?;
        for note in &comparison.notes {
            writeln!(out, "  {note}")?;
        }
    }
    let tally = Tally::of(comparison);
    let new: usize = tally.new.iter().sum();
    let by_severity = match new {
        0 => String::new(),
        _ => format!(" ({})", crate::view::severity_words(tally.new)),
    };
    let folded = comparison
        .of(Change::New)
        .filter(|it| it.counts() && it.finding.superseded_by.is_some())
        .count();
    let folded = match folded {
        0 => String::new(),
        count => format!("; {count} of the new folded under another at the same place"),
    };
    writeln!(
        out,
        "\n{} from {} to {}{by_severity}{folded}",
        paint.bold(&tally.words()),
        comparison.base.name,
        comparison.head.name
    )
}

/// `error  file:line: message [kind]`.
fn problem_text(problem: &ProblemRecord) -> String {
    let line = problem
        .line
        .map_or(String::new(), |line| format!(":{line}"));
    let place = match problem.file.as_str() {
        "" => String::new(),
        file => format!("{file}{line}: "),
    };
    format!(
        "{:<7}  {place}{} [{}]",
        problem.level.as_str(),
        problem.message,
        problem.kind
    )
}
