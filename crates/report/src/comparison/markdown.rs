//! For a comment on a pull request: what is new on top, what is fixed folded, within GitHub's size limit.

use std::io::{self, Write};

use model::{Change, ComparedFinding, Comparison, ProblemLevel};

use super::{accepted, told};
use crate::markdown::{badge, cell};
use crate::tally::Tally;
use crate::view::{plural, record_story, severity_words};

/// What the rows of one list may take of the 65,536 characters of a comment.
const MAX_BYTES: usize = 25_000;

/// Writes the comment.
pub(super) fn render(comparison: &Comparison, out: &mut dyn Write) -> io::Result<()> {
    let tally = Tally::of(comparison);
    let new: usize = tally.new.iter().sum();
    let headline = match new {
        0 => "nothing new".to_owned(),
        count => format!(
            "{} ({})",
            plural(count, "new finding"),
            severity_words(tally.new)
        ),
    };
    writeln!(out, "## Seawall: {headline}\n")?;
    writeln!(
        out,
        "{} from `{}` to `{}`\n",
        tally.words(),
        cell(&comparison.base.name),
        cell(&comparison.head.name)
    )?;
    let mut news: Vec<&ComparedFinding> = told(comparison, Change::New).collect();
    news.sort_by_key(|it| std::cmp::Reverse(it.finding.severity));
    if !news.is_empty() {
        table(&news, out)?;
    }
    let accepted: Vec<&ComparedFinding> = accepted(comparison).collect();
    folded("accepted by an exception", &accepted, out)?;
    let fixed: Vec<&ComparedFinding> = told(comparison, Change::Fixed).collect();
    folded("fixed", &fixed, out)?;
    let lost: Vec<&ComparedFinding> = told(comparison, Change::NotEvaluated).collect();
    folded("not looked for again", &lost, out)?;
    open(comparison, out)
}

fn folded(what: &str, findings: &[&ComparedFinding], out: &mut dyn Write) -> io::Result<()> {
    if findings.is_empty() {
        return Ok(());
    }
    let count = plural(findings.len(), "finding");
    writeln!(out, "<details><summary>{count} {what}</summary>\n")?;
    table(findings, out)?;
    writeln!(out, "</details>\n")
}

fn table(findings: &[&ComparedFinding], out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "| severity | where | what | control |\n|---|---|---|---|"
    )?;
    let mut written = 0;
    for (position, compared) in findings.iter().enumerate() {
        let row = row(compared);
        written += row.len();
        if written > MAX_BYTES {
            let left = plural(findings.len() - position, "finding");
            writeln!(out, "\n… and {left} more")?;
            break;
        }
        out.write_all(row.as_bytes())?;
    }
    writeln!(out)
}

fn row(compared: &ComparedFinding) -> String {
    let finding = &compared.finding;
    let accepted = finding
        .exception
        .as_ref()
        .map_or(String::new(), |exception| {
            format!("; accepted: {}", cell(&exception.reason))
        });
    format!(
        "| {} | `{}:{}` | {} ({}){accepted} | `{}` |\n",
        badge(finding.severity),
        cell(&finding.place.file),
        finding.place.line,
        cell(&finding.message),
        cell(&record_story(finding)),
        cell(&finding.control)
    )
}

/// What was lost, and why the comparison is not whole.
fn open(comparison: &Comparison, out: &mut dyn Write) -> io::Result<()> {
    let errors: Vec<_> = comparison
        .head
        .problems
        .iter()
        .filter(|problem| problem.level == ProblemLevel::Error)
        .collect();
    if !errors.is_empty() {
        writeln!(out, "### Could not evaluate\n")?;
        for problem in errors {
            let line = problem
                .line
                .map_or(String::new(), |line| format!(":{line}"));
            writeln!(
                out,
                "- `{}{line}`: {}",
                cell(&problem.file),
                cell(&problem.message)
            )?;
        }
    }
    for note in &comparison.notes {
        writeln!(out, "\nCompared in part: {}.", cell(note))?;
    }
    Ok(())
}
