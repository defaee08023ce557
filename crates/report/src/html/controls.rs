//! Every control that ran, by its outcome: an auditor asks what passed as well.

use maud::{Markup, html};
use model::{ControlInfo, ControlResult, Report, Status};

use super::foreign::Foreign;
use super::{chip, counted, grouped, link, status_class};

/// The outcomes in the order in which people read them.
const ORDER: [Status; 4] = [
    Status::Failed,
    Status::NotEvaluated,
    Status::Passed,
    Status::NotApplicable,
];

/// The word for an outcome of a control.
pub(super) fn word(status: Status) -> &'static str {
    match status {
        Status::Failed => "failed",
        Status::NotEvaluated => "not evaluated",
        Status::Passed => "passed",
        Status::NotApplicable => "not applicable",
        Status::Manual => "manual",
    }
}

/// The section.
pub(super) fn section(report: &Report) -> Markup {
    html! {
        section #controls aria-labelledby="controls-title" {
            h2 #controls-title { "Controls" }
            p.lead {
                "Everything that was checked. A control counts the things that it looked at: containers, pods, roles, services. "
                "Its version is the start of the SHA-256 of its definition."
            }
            @for status in ORDER {
                @let controls: Vec<&ControlResult> = report.controls.iter().filter(|control| control.status() == status).collect();
                @if !controls.is_empty() { (group(status, &controls)) }
            }
        }
    }
}

fn group(status: Status, controls: &[&ControlResult]) -> Markup {
    let class = status_class(status);
    let is_short = matches!(status, Status::NotApplicable);
    let is_open = matches!(status, Status::Failed | Status::NotEvaluated);
    html! {
        details.group id={ "controls-" (class) } open[is_open] {
            summary { (chip(class, word(status))) " " (counted(controls.len(), "control")) }
            @if is_short {
                ul.ids {
                    @for control in controls {
                        li id={ "control-" (Foreign(&control.info.id)) } title=(Foreign(&control.info.title)) { (Foreign(&control.info.id)) }
                    }
                }
            } @else {
                div.columns aria-hidden="true" {
                    span { "Control" } span { "Severity" }
                    @for name in NUMBERS { span.number { (name) } }
                    span.version { "Version" }
                }
                ul.controls { @for control in controls { (item(control)) } }
            }
        }
    }
}

const NUMBERS: [&str; 5] = ["Evaluated", "Passed", "Failed", "Excepted", "Undecided"];

/// One control: its counts in a line, and below it why it matters and what to change.
fn item(control: &ControlResult) -> Markup {
    let info = &control.info;
    let counts = [
        control.evaluated(),
        control.passed,
        control.failed,
        control.excepted,
        control.unknown,
    ];
    html! {
        li id={ "control-" (Foreign(&info.id)) } {
            details.quiet[control.status() == Status::Passed] {
                summary.columns {
                    span { b.id { (Foreign(&info.id)) } " " (Foreign(&info.title)) }
                    (chip(info.severity.as_str(), info.severity.as_str()))
                    @for (name, count) in NUMBERS.iter().zip(counts) {
                        span.number { span.unseen { (name) " " } (grouped(count)) }
                    }
                    code.version { span.unseen { "Version " } (control.digest.as_deref().unwrap_or("–")) }
                }
                p { (Foreign(&info.why)) }
                p { b { "What to change. " } (Foreign(&info.remediation)) }
                @if control.failed > 0 {
                    p { a.on-screen href="#findings" data-query={ "control=" (Foreign(&info.id)) } { "Show its findings" } }
                }
                @if !info.references.is_empty() {
                    ul { @for address in &info.references { li { (link(address)) } } }
                }
                @if !info.aliases.is_empty() { (aliases(info)) }
            }
            @if let Some(reason) = &control.reason { p.note { (Foreign(reason)) } }
        }
    }
}

/// What other scanners call it.
fn aliases(info: &ControlInfo) -> Markup {
    html! {
        p.aliases {
            "Other names: "
            @for (position, (peer, ids)) in info.aliases.iter().enumerate() {
                @if position > 0 { " · " }
                (Foreign(peer)) " " (Foreign(&ids.join(", ")))
            }
        }
    }
}
