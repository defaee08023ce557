//! Frameworks requirement by requirement: what passed, what failed, what is open and why.

use maud::{Markup, html};
use model::{FrameworkResult, Report, RequirementResult, Status};

use super::foreign::Foreign;
use super::{chart, chip, status_class};
use crate::frameworks::{counts, note, score, status};

/// The section.
pub(super) fn section(report: &Report) -> Markup {
    let only = report.frameworks.len() == 1;
    html! {
        section #frameworks aria-labelledby="frameworks-title" {
            h2 #frameworks-title { "Frameworks" }
            @for framework in &report.frameworks { (one(framework, report, only)) }
        }
    }
}

fn one(framework: &FrameworkResult, report: &Report, is_open: bool) -> Markup {
    let total = framework.requirements.len();
    let number = |word: &str| {
        let requirements = framework.requirements.iter();
        requirements.filter(|item| status(item) == word).count()
    };
    let parts = [
        ("failed", number("failed")),
        ("open", number("not evaluated")),
        ("passed-part", number("passed in part")),
        ("passed", number("passed")),
    ];
    html! {
        details.framework id={ "framework-" (Foreign(&framework.id)) } open[is_open] {
            summary {
                span.name { (Foreign(&framework.title)) " " (Foreign(&framework.version)) }
                span.score { (score(framework)) }
                (chart::stacked(&parts, total))
                span.counts {
                    (framework.evaluated()) " of " (total) " requirements evaluated: " (counts(framework))
                }
            }
            p.source {
                code { (Foreign(&framework.id)) } " · " (super::link(&framework.source))
                @if let Some(date) = &framework.date { " · edition of " (Foreign(date)) }
            }
            @if let Some(partial) = &framework.partial {
                p.partial { b { "Partial. " } (Foreign(partial)) }
            }
            table.requirements {
                thead { tr {
                    th scope="col" { "Outcome" }
                    th scope="col" { "Requirement" }
                    th.number scope="col" { "Passed" }
                    th.number scope="col" { "Failed" }
                    th.number scope="col" { "Excepted" }
                } }
                @for (group, items) in framework.groups() {
                    tbody {
                        @if let Some(group) = group {
                            tr.group { th scope="rowgroup" colspan="5" { (Foreign(group)) } }
                        }
                        @for item in items { (row(item, framework, report)) }
                    }
                }
            }
        }
    }
}

fn row(item: &RequirementResult, framework: &FrameworkResult, report: &Report) -> Markup {
    let word = status(item);
    let class = match word {
        "passed in part" => "passed-part",
        "not evaluated" => "open",
        _ => status_class(item.status),
    };
    let note = note(item, report);
    let count = |count: usize| match count {
        0 if !item.is_evaluated() => String::new(),
        count => count.to_string(),
    };
    html! {
        tr class=(class) {
            td data-name="Outcome" { (chip(class, word)) }
            td {
                p { b.id { (Foreign(&item.id)) } " " (Foreign(&item.title)) }
                @if !note.is_empty() { p.note { (Foreign(&note)) } }
                @if !item.controls.is_empty() || item.manual.is_some() { (evidence(item, report)) }
            }
            td.number data-name="Passed" { (count(item.tally.passed)) }
            td.number data-name="Failed" {
                @if item.status == Status::Failed {
                    a href="#findings" data-query={ "requirement=" (Foreign(&framework.id)) "/" (Foreign(&item.id)) } title="Show the findings" {
                        (count(item.tally.failed))
                    }
                } @else { (count(item.tally.failed)) }
            }
            td.number data-name="Excepted" { (count(item.tally.excepted)) }
        }
    }
}

/// The controls with their outcome, and what an auditor does.
fn evidence(item: &RequirementResult, report: &Report) -> Markup {
    let label = match (item.controls.len(), &item.manual) {
        (0, _) => "How to audit it".to_owned(),
        (_, None) => super::counted(item.controls.len(), "control"),
        (_, Some(_)) => format!(
            "{} and a manual part",
            super::counted(item.controls.len(), "control")
        ),
    };
    html! {
        details.evidence {
            summary { (label) }
            @if !item.controls.is_empty() {
                ul {
                    @for id in &item.controls {
                        @let (class, word) = outcome(id, report);
                        li { (chip(class, word)) " " a href={ "#control-" (Foreign(id)) } { (Foreign(id)) } }
                    }
                }
            }
            @if let Some(manual) = &item.manual { p { b { "Manual. " } (Foreign(manual)) } }
        }
    }
}

fn outcome(id: &str, report: &Report) -> (&'static str, &'static str) {
    let by_id = |control: &model::ControlResult| control.info.id.as_str().cmp(id);
    match report.controls.binary_search_by(by_id) {
        Ok(index) => {
            let status = report.controls[index].status();
            (status_class(status), super::controls::word(status))
        }
        Err(_) => ("none", "did not run"),
    }
}
