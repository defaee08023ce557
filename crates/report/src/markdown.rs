//! For a comment on a pull request: short at the top, the rest folded, within GitHub's size limit.

use std::io::{self, Write};

use model::{ProblemLevel, Report, RequirementResult, Severity, Status};

use crate::view::{Counts, View, plural, shown};
use crate::{Options, frameworks};

/// GitHub takes 65,536 characters a comment; the rows stop before that.
const MAX_BYTES: usize = 60_000;

/// What of that the requirements of frameworks may take.
const MAX_FRAMEWORK_BYTES: usize = 30_000;

/// Writes the counts, the frameworks, a table of the findings that count, and the problems.
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
    let frameworks = frameworks(report);
    out.write_all(frameworks.as_bytes())?;
    findings(
        report,
        &counts,
        MAX_BYTES.saturating_sub(frameworks.len()),
        out,
    )?;
    problems(report, out)
}

/// Score and counts of each framework, and its requirements, folded.
fn frameworks(report: &Report) -> String {
    let mut text = String::new();
    for framework in &report.frameworks {
        text.push_str(&format!(
            "### {} {} ({})\n\n{}, {} of {} requirements evaluated: {}\n\n",
            cell(&framework.title),
            cell(&framework.version),
            cell(&framework.id),
            frameworks::score(framework),
            framework.evaluated(),
            framework.requirements.len(),
            frameworks::counts(framework)
        ));
        if let Some(partial) = &framework.partial {
            text.push_str(&format!("Partial: {}\n\n", cell(partial)));
        }
        text.push_str("<details><summary>Requirements</summary>\n\n");
        text.push_str("| status | requirement | title | |\n|---|---|---|---|\n");
        let mut left = framework.requirements.len();
        for item in &framework.requirements {
            let row = requirement(item, report);
            if text.len() + row.len() > MAX_FRAMEWORK_BYTES {
                text.push_str(&format!("\n… and {}\n", plural(left, "more requirement")));
                break;
            }
            text.push_str(&row);
            left -= 1;
        }
        text.push_str("\n</details>\n\n");
    }
    text
}

fn requirement(item: &RequirementResult, report: &Report) -> String {
    let status = frameworks::status(item);
    let status = match item.status {
        Status::Failed => format!("**{status}**"),
        _ => status.to_owned(),
    };
    format!(
        "| {status} | {} | {} | {} |\n",
        cell(&item.id),
        cell(&item.title),
        cell(&frameworks::note(item, report))
    )
}

fn headline(counts: &Counts) -> String {
    match counts.new_findings() {
        0 => "no findings".to_owned(),
        total => format!("{} ({})", plural(total, "finding"), counts.words()),
    }
}

fn findings(
    report: &Report,
    counts: &Counts,
    max_bytes: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
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
        if written + row.len() > max_bytes {
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
        cell(&view.story()),
        view.id()
    )
}

pub(crate) fn badge(severity: Severity) -> &'static str {
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
pub(crate) fn cell(text: &str) -> String {
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
