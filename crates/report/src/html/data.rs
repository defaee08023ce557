//! The findings as the page's script reads them: tables of what many of them share, and one row each.

mod tables;

use std::io::{self, Write};
use std::ops::Range;

use model::{Excerpt, FindingRecord, Fix, OriginRecord, RelatedName, RenderedRecord, Severity};
use serde::Serialize;

use super::Findings;
use super::foreign::Foreign;
use crate::view::{name_text, record_entries, severity_index};
use tables::Tables;

/// Writes the data of a page as one JSON object.
pub(super) fn write(findings: &Findings<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut tables = Tables::new(findings);
    let rows = findings.rows.iter();
    let rows: Vec<Row<'_>> = rows
        .map(|&(state, finding)| row(state, finding, &mut tables))
        .collect();
    let data = Data {
        severities: Severity::ALL.map(Severity::as_str),
        states: findings.states,
        shared: tables.finish(),
        findings: rows,
    };
    serde_json::to_writer(out, &data)?;
    Ok(())
}

#[derive(Serialize)]
struct Data<'r> {
    severities: [&'static str; 4],
    states: &'r [&'static str],
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
    fingerprint: Foreign<'r>,
    #[serde(skip_serializing_if = "Option::is_none")]
    container: Option<Foreign<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<Foreign<'r>>,
    /// Operation, path, new value, whether it is safe.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<(&'static str, Foreign<'r>, Option<Foreign<'r>>, bool)>,
    /// What had a part in it, when it was rendered.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    origins: Vec<String>,
    /// The renderings that have it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    entries: Vec<Foreign<'r>>,
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
    window: Option<Window<'r>>,
}

/// A part of a line, and the characters of it that the finding is about.
#[derive(Serialize)]
struct Window<'r> {
    text: Foreign<'r>,
    from: usize,
    to: usize,
}

fn row<'r>(state: usize, finding: &'r FindingRecord, tables: &mut Tables<'r>) -> Row<'r> {
    let place = &finding.place;
    let file = tables.file(&place.file);
    Row(
        tables.control(&finding.control),
        severity_index(finding.severity),
        state,
        tables.resource(&finding.resource),
        file,
        [place.line, place.column, place.end_line, place.end_column],
        Foreign(&finding.message),
        Foreign(&finding.path),
        More {
            fingerprint: Foreign(&finding.fingerprint),
            container: finding.container.as_deref().map(Foreign),
            evidence: finding.evidence.as_deref().map(Foreign),
            fixes: finding.fixes.iter().map(fix).collect(),
            origins: finding.rendered.iter().flat_map(|it| origins(it)).collect(),
            entries: record_entries(finding).into_iter().map(Foreign).collect(),
            related: finding.related.iter().map(related).collect(),
            exception: finding
                .exception
                .as_ref()
                .map(|exception| tables.exception(exception)),
            under: finding.superseded_by,
            window: finding
                .excerpt
                .as_ref()
                .and_then(|excerpt| window_or_lines(excerpt, file, tables)),
        },
    )
}

fn origins(rendered: &RenderedRecord) -> Vec<String> {
    let words = rendered.origins.iter().map(OriginRecord::words);
    words.map(|words| Foreign(&words).to_string()).collect()
}

fn fix(fix: &Fix) -> (&'static str, Foreign<'_>, Option<Foreign<'_>>, bool) {
    let value = fix.value.as_deref().map(Foreign);
    (fix.operation.as_str(), Foreign(&fix.path), value, fix.safe)
}

fn related(related: &RelatedName) -> (Foreign<'_>, String) {
    let name = name_text(&related.resource);
    (Foreign(&related.role), Foreign(&name).to_string())
}

/// Adds the lines of an excerpt to those of its file, or gives the part of a line.
fn window_or_lines<'r>(
    excerpt: &'r Excerpt,
    file: u32,
    tables: &mut Tables<'r>,
) -> Option<Window<'r>> {
    if let (Some(Range { start, end }), Some(text)) = (&excerpt.part, excerpt.lines.first()) {
        return Some(Window {
            text: Foreign(text),
            from: *start,
            to: *end,
        });
    }
    tables.add_lines(file, excerpt);
    None
}
