//! All findings as plain lists, for readers without scripts.

use maud::{Markup, html};
use model::FindingRecord;

use super::foreign::Foreign;
use super::{Findings, chip, counted};
use crate::view::record_story;

/// A finding with the position of its state.
type Row<'r> = (usize, &'r FindingRecord);

/// The findings by control, the control with the worst first.
pub(super) fn list(findings: &Findings<'_>) -> Markup {
    let mut rows: Vec<Row<'_>> = findings.rows.clone();
    rows.sort_by(|(_, left), (_, right)| {
        let key = |finding: &FindingRecord| std::cmp::Reverse(finding.severity);
        key(left)
            .cmp(&key(right))
            .then_with(|| left.control.cmp(&right.control))
    });
    let is_same = |left: &Row<'_>, right: &Row<'_>| {
        (left.1.severity, &left.1.control) == (right.1.severity, &right.1.control)
    };
    html! {
        @for group in rows.chunk_by(is_same) {
            @let (id, severity) = (group[0].1.control.as_str(), group[0].1.severity.as_str());
            @let control = findings.control(id);
            details.control open {
                summary {
                    (chip(severity, severity)) " " b { (Foreign(id)) } " "
                    (Foreign(control.map_or("", |it| &it.title))) ", " (counted(group.len(), "finding"))
                }
                @if let Some(control) = control {
                    p { (Foreign(&control.why)) }
                    @if !control.remediation.is_empty() {
                        p { b { "What to change. " } (Foreign(&control.remediation)) }
                    }
                }
                ol.places { @for (state, finding) in group { (place(findings.states[*state], *state == 0, finding)) } }
            }
        }
    }
}

fn place(state: &str, is_usual: bool, finding: &FindingRecord) -> Markup {
    html! {
        li {
            code { (Foreign(&finding.place.file)) ":" (finding.place.line) } " "
            (Foreign(&finding.message)) " · " (Foreign(&record_story(finding)))
            @if let Some(container) = &finding.container { ", container " (Foreign(container)) }
            @if !is_usual { " · " (state) }
            @if let Some(evidence) = &finding.evidence { " · " code { (Foreign(evidence)) } }
            @for fix in &finding.fixes {
                " · " (fix.operation.as_str()) " " code { (Foreign(&fix.path)) }
                @if let Some(value) = &fix.value { " to " code { (Foreign(value)) } }
            }
        }
    }
}
