//! What was not evaluated: input that was lost, and what could not be decided, with the reasons.

use maud::{Markup, html};
use model::{ControlResult, ProblemLevel, ProblemRecord, Report, Status};

use super::foreign::Foreign;
use super::{chip, counted};

/// Longer lists of files are not printed unless the reader opens them.
const LONG: usize = 200;

/// Whether there is any of it.
pub(super) fn is_needed(report: &Report) -> bool {
    !report.problems.is_empty()
        || undecided(report).next().is_some()
        || !report.skipped_files.is_empty()
}

fn undecided(report: &Report) -> impl Iterator<Item = &ControlResult> {
    let controls = report.controls.iter();
    controls.filter(|control| control.status() == Status::NotEvaluated || control.unknown > 0)
}

/// The section.
pub(super) fn section(report: &Report, problems: &[ProblemRecord]) -> Markup {
    html! {
        section #open aria-labelledby="open-title" {
            h2 #open-title { "Not evaluated" }
            (problem_tables(problems))
            (controls(report))
            (skipped(report))
        }
    }
}

/// What was lost, and what could not be decided.
pub(super) fn problem_tables(problems: &[ProblemRecord]) -> Markup {
    let of = |level| -> Vec<&ProblemRecord> {
        let problems = problems.iter();
        problems.filter(|problem| problem.level == level).collect()
    };
    html! {
        (table(
            "Input that was lost",
            "What stands in these places was not evaluated, or not all of it.",
            &of(ProblemLevel::Error),
        ))
        (table(
            "Could not be decided",
            "What decides lies outside of what was scanned, or an exception is worth a look.",
            &of(ProblemLevel::Unknown),
        ))
    }
}

fn table(title: &str, lead: &str, problems: &[&ProblemRecord]) -> Markup {
    html! {
        @if !problems.is_empty() {
            h3 { (title) }
            p.lead { (lead) }
            table.problems {
                thead { tr { th scope="col" { "Where" } th scope="col" { "What" } th scope="col" { "Kind" } } }
                tbody { @for problem in problems { (row(problem)) } }
            }
        }
    }
}

fn row(problem: &ProblemRecord) -> Markup {
    html! {
        tr {
            td data-name="Where" {
                @if problem.file.is_empty() { "–" } @else {
                    code { (Foreign(&problem.file)) @if let Some(line) = problem.line { ":" (line) } }
                }
            }
            td data-name="What" {
                (Foreign(&problem.message))
                @if let Some(hint) = &problem.hint { p.note { (Foreign(hint)) } }
            }
            td data-name="Kind" {
                (chip(if problem.level == ProblemLevel::Error { "failed" } else { "open" }, &problem.kind))
            }
        }
    }
}

fn controls(report: &Report) -> Markup {
    let controls: Vec<&ControlResult> = undecided(report).collect();
    html! {
        @if !controls.is_empty() {
            h3 { "Controls that did not decide everything" }
            table.undecided {
                thead { tr { th scope="col" { "Control" } th.number scope="col" { "Undecided" } th.number scope="col" { "Decided" } th scope="col" { "Reason" } } }
                tbody {
                    @for control in controls {
                        tr {
                            td { a href={ "#control-" (Foreign(&control.info.id)) } { (Foreign(&control.info.id)) } }
                            td.number data-name="Undecided" { (control.unknown) }
                            td.number data-name="Decided" { (control.evaluated()) }
                            td data-name="Reason" { (reason(control)) }
                        }
                    }
                }
            }
        }
    }
}

fn reason(control: &ControlResult) -> Markup {
    html! {
        @match &control.reason {
            Some(reason) => { (Foreign(reason)) }
            None => { (control.unknown) " could not be decided" }
        }
    }
}

fn skipped(report: &Report) -> Markup {
    let files = &report.skipped_files;
    html! {
        @if !files.is_empty() {
            h3 { "Files that are not Kubernetes" }
            details.quiet[files.len() > LONG] {
                summary { (counted(files.len(), "file")) " passed over" }
                ul.files { @for file in files { li { code { (Foreign(file)) } } } }
            }
        }
    }
}
