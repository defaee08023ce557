//! The findings as the page's script reads them: tables of what many of them share, and one row each.

mod source;
mod tables;

use std::io::{self, Write};

use model::{Fix, Related, RelatedObject, Report, Severity, State};
use serde::Serialize;

use super::foreign::Foreign;
use crate::view::{View, resource_name, severity_index, views};
use source::Window;
use tables::Tables;

/// Writes the data of a report as one JSON object.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut tables = Tables::new(report);
    let findings: Vec<Row<'_>> = views(report).map(|view| row(&view, &mut tables)).collect();
    let data = Data {
        severities: Severity::ALL.map(Severity::as_str),
        states: [State::New, State::Baselined, State::Excepted].map(State::as_str),
        shared: tables.finish(),
        findings,
    };
    serde_json::to_writer(out, &data)?;
    Ok(())
}

#[derive(Serialize)]
struct Data<'r> {
    severities: [&'static str; 4],
    states: [&'static str; 3],
    #[serde(flatten)]
    shared: tables::Shared<'r>,
    findings: Vec<Row<'r>>,
}

/// Control, severity, state, resource and file as positions in their tables; line, column, end line, end
/// column; message, path; and what not every finding has.
#[derive(Serialize)]
struct Row<'r>(
    u32,
    usize,
    usize,
    u32,
    u32,
    [u32; 4],
    Foreign<'r>,
    Foreign<'r>,
    More<'r>,
);

#[derive(Serialize)]
struct More<'r> {
    fingerprint: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    container: Option<Foreign<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<Foreign<'r>>,
    /// Operation, path, new value, whether it is safe.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<(&'static str, Foreign<'r>, Option<Foreign<'r>>, bool)>,
    /// Role and name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<(Foreign<'r>, String)>,
    /// Position in the table of exceptions.
    #[serde(skip_serializing_if = "Option::is_none")]
    exception: Option<u32>,
    /// The finding at the same place that says more.
    #[serde(skip_serializing_if = "Option::is_none")]
    under: Option<u32>,
    /// The part of a long line around the place, where the lines are not in the table.
    #[serde(skip_serializing_if = "Option::is_none")]
    window: Option<Window>,
}

fn row<'r>(view: &View<'r>, tables: &mut Tables<'r>) -> Row<'r> {
    let detail = view.detail;
    let (start, end) = (detail.location.start(), detail.location.end());
    let file = tables.file(detail.location.file());
    let state = match view.finding.state {
        State::New => 0,
        State::Baselined => 1,
        State::Excepted => 2,
    };
    Row(
        tables.control(view.finding.control),
        severity_index(view.finding.severity),
        state,
        tables.resource(view.finding.resource),
        file,
        [start.line, start.column, end.line, end.column],
        Foreign(&detail.message),
        Foreign(&detail.path),
        More {
            fingerprint: &detail.fingerprint,
            container: detail.container.as_deref().map(Foreign),
            evidence: detail.evidence.as_deref().map(Foreign),
            fixes: detail.fixes.iter().map(fix).collect(),
            related: detail
                .related
                .iter()
                .map(|one| related(one, tables.report))
                .collect(),
            exception: detail
                .exception
                .as_ref()
                .map(|exception| tables.exception(exception)),
            under: view.finding.superseded_by,
            window: source::lines(view, tables.lines(file)),
        },
    )
}

fn fix(fix: &Fix) -> (&'static str, Foreign<'_>, Option<Foreign<'_>>, bool) {
    let value = fix.value.as_deref().map(Foreign);
    (fix.operation.as_str(), Foreign(&fix.path), value, fix.safe)
}

fn related<'r>(related: &'r Related, report: &Report) -> (Foreign<'r>, String) {
    let name = match &related.object {
        RelatedObject::Resource(index) => resource_name(&report.inventory.resources[*index]),
        RelatedObject::Subject {
            kind,
            namespace: Some(namespace),
            name,
        } => format!("{kind} {namespace}/{name}"),
        RelatedObject::Subject { kind, name, .. } => format!("{kind} {name}"),
    };
    (Foreign(&related.role), Foreign(&name).to_string())
}
