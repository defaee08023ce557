//! What somebody accepted: exceptions with who, why and until when, and how much a baseline knows.

use std::collections::BTreeMap;

use maud::{Markup, html};
use model::{AppliedException, Report, State};

use super::foreign::Foreign;
use super::{chip, counted, grouped};
use crate::view::{View, views};

/// Whether anything was accepted.
pub(super) fn is_needed(report: &Report) -> bool {
    report
        .findings
        .iter()
        .any(|finding| finding.state != State::New)
}

/// The section.
pub(super) fn section(report: &Report) -> Markup {
    html! {
        section #accepted aria-labelledby="accepted-title" {
            h2 #accepted-title { "Accepted" }
            (exceptions(report))
            (baselined(report))
        }
    }
}

/// What tells one exception from another.
type Key<'r> = (&'r str, &'r str, &'r str, &'r str);

fn key(exception: &AppliedException) -> Key<'_> {
    let owner = exception.owner.as_deref().unwrap_or_default();
    let expires = exception.expires.as_deref().unwrap_or_default();
    (&exception.at, &exception.reason, owner, expires)
}

fn exceptions(report: &Report) -> Markup {
    let mut rows: BTreeMap<Key<'_>, Vec<View<'_>>> = BTreeMap::new();
    for view in views(report) {
        if let (State::Excepted, Some(exception)) = (view.finding.state, &view.detail.exception) {
            rows.entry(key(exception)).or_default().push(view);
        }
    }
    html! {
        @if !rows.is_empty() {
            h3 { "Exceptions" }
            table.exceptions {
                thead { tr {
                    th scope="col" { "Reason" }
                    th scope="col" { "Owner" }
                    th scope="col" { "Expires" }
                    th scope="col" { "Written in" }
                    th scope="col" { "Accepts" }
                } }
                tbody {
                    @for ((at, reason, owner, expires), views) in &rows {
                        tr {
                            td data-name="Reason" { (Foreign(reason)) }
                            td data-name="Owner" { (or(owner, "nobody named")) }
                            td data-name="Expires" { (or(expires, "never")) }
                            td data-name="Written in" { code { (Foreign(at)) } }
                            td data-name="Accepts" { (accepted(views)) }
                        }
                    }
                }
            }
        }
    }
}

/// A text, or words for its absence.
fn or(text: &str, none: &'static str) -> Markup {
    html! { @if text.is_empty() { span.absent { (none) } } @else { (Foreign(text)) } }
}

fn accepted(views: &[View<'_>]) -> Markup {
    html! {
        details {
            summary { (counted(views.len(), "finding")) }
            ul {
                @for view in views {
                    li {
                        (chip(view.finding.severity.as_str(), view.finding.severity.as_str())) " "
                        (Foreign(view.id())) " · " (Foreign(&view.resource_name())) " · "
                        code { (Foreign(view.detail.location.file())) ":" (view.detail.location.start().line) }
                    }
                }
            }
        }
    }
}

/// The number of findings of each control that the baseline knows.
fn baselined(report: &Report) -> Markup {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in &report.findings {
        if finding.state == State::Baselined {
            let id = report.controls[finding.control as usize].info.id.as_str();
            *counts.entry(id).or_default() += 1;
        }
    }
    let total: usize = counts.values().sum();
    html! {
        @if total > 0 {
            h3 { "Baseline" }
            p { (counted(total, "finding")) " of the baseline, which fail their controls and do not count as new." }
            ul.ids { @for (id, count) in &counts { li { (Foreign(id)) " " b { (grouped(*count)) } } } }
        }
    }
}
