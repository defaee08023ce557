//! Renders a [`Comparison`] in every format: what a reviewer reads, and what machines take.

mod json;
mod lines;
mod markdown;
mod pretty;
mod records;
mod sarif;

use std::io::{self, Write};

use model::{Change, ComparedFinding, Comparison};

use crate::view::name_text;
use crate::{Format, Options, html};

/// Writes a comparison in a format. Formats that know no change hold what is new.
///
/// # Errors
/// Whatever the writer gives.
pub fn render_comparison(
    format: Format,
    comparison: &Comparison,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Summary => lines::summary(comparison, options, out),
        Format::Pretty => pretty::render(comparison, options, out),
        Format::Table => lines::table(comparison, options, out),
        Format::Json => json::render(comparison, options, out),
        Format::Sarif => sarif::render(comparison, options, out),
        Format::Junit => records::junit(comparison, out),
        Format::Gitlab => records::gitlab(comparison, out),
        Format::Github => records::github(comparison, out),
        Format::Markdown => markdown::render(comparison, out),
        Format::Csv => records::csv(comparison, out),
        Format::Html => html::render_comparison(comparison, options, out),
    }
}

/// The findings with a change that count and that no other one at the same place stands for.
fn told(comparison: &Comparison, change: Change) -> impl Iterator<Item = &ComparedFinding> {
    let findings = comparison.of(change);
    findings.filter(|it| it.counts() && it.finding.superseded_by.is_none())
}

/// Findings that an exception accepts since the base.
fn accepted(comparison: &Comparison) -> impl Iterator<Item = &ComparedFinding> {
    let findings = comparison.findings.iter();
    findings.filter(|it| it.is_accepted_now())
}

fn title<'c>(comparison: &'c Comparison, id: &str) -> &'c str {
    comparison.control(id).map_or("", |control| &control.title)
}

fn remediation<'c>(comparison: &'c Comparison, id: &str) -> &'c str {
    comparison
        .control(id)
        .map_or("", |control| &control.remediation)
}

/// `Deployment shop/web, container nginx`.
fn owner(compared: &ComparedFinding) -> String {
    let name = name_text(&compared.finding.resource);
    match &compared.finding.container {
        Some(container) => format!("{name}, container {container}"),
        None => name,
    }
}
