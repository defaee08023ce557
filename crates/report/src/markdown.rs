//! For a comment on a pull request: short at the top, the rest folded, within GitHub's size limit.

use std::io::{self, Write};

use model::{ProblemLevel, Report, Severity};

use crate::Options;
use crate::view::{Counts, View, plural, shown};

/// GitHub takes 65,536 characters a comment; the rows stop before that.
const MAX_BYTES: usize = 60_000;

/// Writes the counts, a table of the findings that count, and the problems.
pub(crate) fn render(report: &Report, _options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let counts = Counts::of(report);
    writeln!(out, "## Seawall: {}\n", headline(&counts))?;
    writeln!(
        out,
        "{} · {} · Kubernetes {}\n",
        plural(report.inventory.resources.len(), "resource"),
        plural(report.controls.len(), "control"),
        report.target.kubernetes_version
    )?;
    findings(report, &counts, out)?;
    problems(report, out)
}

fn headline(counts: &Counts) -> String {
    match counts.new_findings() {
        0 => "no findings".to_owned(),
        total => format!("{} ({})", plural(total, "finding"), counts.words()),
    }
}

fn findings(report: &Report, counts: &Counts, out: &mut dyn Write) -> io::Result<()> {
    if counts.new_findings() == 0 {
        return Ok(());
    }
    let mut views: Vec<View<'_>> = shown(report).collect();
    views.sort_by_key(|view| std::cmp::Reverse(view.finding.severity));
    writeln!(
        out,
        "| severity | where | what | control |\n|---|---|---|---|"
    )?;
    let mut written = 0;
    for (position, view) in views.iter().enumerate() {
        let row = row(view);
        if written + row.len() > MAX_BYTES {
            writeln!(
                out,
                "\n… and {} more",
                plural(views.len() - position, "finding")
            )?;
            break;
        }
        written += row.len();
        out.write_all(row.as_bytes())?;
    }
    writeln!(out)
}

fn row(view: &View<'_>) -> String {
    let start = view.detail.location.start();
    format!(
        "| {} | `{}:{}` | {} ({}) | `{}` |\n",
        badge(view.finding.severity),
        cell(view.detail.location.file()),
        start.line,
        cell(&view.detail.message),
        cell(&view.resource_name()),
        view.id()
    )
}

fn badge(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "🟣 critical",
        Severity::High => "🔴 high",
        Severity::Medium => "🟡 medium",
        Severity::Low => "🔵 low",
    }
}

fn problems(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let errors: Vec<_> = report
        .problems
        .iter()
        .filter(|problem| problem.level == ProblemLevel::Error)
        .collect();
    if errors.is_empty() {
        return Ok(());
    }
    writeln!(out, "### Could not evaluate\n")?;
    for problem in errors {
        let line = problem
            .location
            .as_ref()
            .map_or_else(String::new, |at| format!(":{}", at.start().line));
        writeln!(
            out,
            "- `{}{line}`: {}",
            cell(&problem.file),
            cell(&problem.message)
        )?;
    }
    Ok(())
}

/// Keeps foreign text from ending a cell, a code span or starting markup.
fn cell(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '|' | '<' | '>' | '[' | ']' | '*' | '_' | '`' | '\\' | '@' | '#' => {
                escaped.push_str(&format!("&#{};", u32::from(char)));
            }
            '\n' | '\r' => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}
