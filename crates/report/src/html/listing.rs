//! All findings as plain lists, for readers without scripts.

use maud::{Markup, html};
use model::{Report, State};

use super::foreign::Foreign;
use super::{chip, counted};
use crate::view::{View, views};

/// The findings by control, worst first.
pub(super) fn list(report: &Report) -> Markup {
    let mut views: Vec<View<'_>> = views(report).collect();
    views.sort_by_key(|view| {
        let severity = view.control.info.severity;
        (std::cmp::Reverse(severity), view.finding.control)
    });
    html! {
        @for group in views.chunk_by(|left, right| left.finding.control == right.finding.control) {
            @let info = &group[0].control.info;
            details.control open {
                summary { (chip(info.severity.as_str(), info.severity.as_str())) " " b { (Foreign(&info.id)) } " " (Foreign(&info.title)) ", " (counted(group.len(), "finding")) }
                p { (Foreign(&info.why)) }
                p { b { "What to change. " } (Foreign(&info.remediation)) }
                ol.places { @for view in group { (place(view)) } }
            }
        }
    }
}

fn place(view: &View<'_>) -> Markup {
    let detail = view.detail;
    let start = detail.location.start();
    html! {
        li {
            code { (Foreign(detail.location.file())) ":" (start.line) } " "
            (Foreign(&detail.message)) " · " (Foreign(&view.resource_name()))
            @if let Some(container) = &detail.container { ", container " (Foreign(container)) }
            @if view.finding.severity != view.control.info.severity { " · " (view.finding.severity.as_str()) }
            @if view.finding.state != State::New { " · " (view.finding.state.as_str()) }
            @if let Some(evidence) = &detail.evidence { " · " code { (Foreign(evidence)) } }
            @for fix in &detail.fixes {
                " · " (fix.operation.as_str()) " " code { (Foreign(&fix.path)) }
                @if let Some(value) = &fix.value { " to " code { (Foreign(value)) } }
            }
        }
    }
}
