//! Renders a [`Report`]: for people (pretty, table, summary, markdown, HTML) and for machines (JSON,
//! SARIF, JUnit, GitLab, GitHub, CSV); and graphs, for commands that answer with one. Computes no results; owns the wire types.

mod comparison;
mod csv;
mod edits;
mod excerpt;
mod format;
mod frameworks;
mod github;
mod gitlab;
mod graph;
mod html;
mod json;
mod junit;
mod markdown;
mod mask;
mod packages;
mod pretty;
mod read;
mod record;
mod sarif;
mod style;
mod summary;
mod table;
mod tally;
mod view;

use std::io::{self, Write};

use model::Report;

pub use comparison::render_comparison;
pub use format::{Format, UnknownFormat};
pub use graph::render_graph;
pub use junit::escape as escape_xml;
pub use packages::{PackageFormat, PackageOptions, render_packages};
pub use read::{ReadError, read};
pub use record::{control_record, record};

/// How to render.
#[derive(Clone, Debug)]
pub struct Options {
    /// The version of the tool, as reports carry it.
    pub tool_version: &'static str,
    /// Whether to write ANSI colours (pretty, table and summary).
    pub color: bool,
    /// Columns of the terminal (pretty and table).
    pub width: usize,
    /// Also list what is folded or shortened otherwise: skipped files, superseded findings.
    pub verbose: bool,
}

/// Writes a report in a format.
///
/// All formats but [`Format::Summary`] need the findings' details (see [`Format::needs_detail`]).
///
/// # Errors
/// Whatever the writer gives.
pub fn render(
    format: Format,
    report: &Report,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Summary => summary::render(report, options, out),
        Format::Pretty => pretty::render(report, options, out),
        Format::Table => table::render(report, options, out),
        Format::Json => json::render(report, options, out),
        Format::Sarif => sarif::render(report, options, out),
        Format::Junit => junit::render(report, options, out),
        Format::Gitlab => gitlab::render(report, options, out),
        Format::Github => github::render(report, options, out),
        Format::Markdown => markdown::render(report, options, out),
        Format::Csv => csv::render(report, options, out),
        Format::Html => html::render(report, options, out),
    }
}
