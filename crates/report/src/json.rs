//! The JSON report, version 1. Fields are only ever added; absent ones are omitted, never null.

pub(crate) mod finding;
pub(crate) mod object;
mod wire;

use std::io::{self, Write};

use model::Report;
use rayon::prelude::{IndexedParallelIterator, ParallelIterator, ParallelSlice};
use serde::Serialize;

use crate::Options;
use crate::view::{View, views};

pub(crate) use wire::Problem;

/// Findings that are written to memory before any of them is written out.
const WINDOW: usize = 16 * PART;
/// Findings that one thread writes at a time.
const PART: usize = 256;

/// Writes the report, one line for each field and for each element of the large arrays, so that a
/// report is streamed and two of them can be compared by line.
pub(crate) fn render(report: &Report, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    field(out, "{", "schema", &"seawall.dev/report/v1")?;
    field(out, ",", "tool", &wire::Tool::new(options))?;
    field(out, ",", "date", &report.date)?;
    field(out, ",", "target", &wire::Target::new(&report.target))?;
    field(out, ",", "summary", &wire::Summary::new(report))?;
    array(
        out,
        "controls",
        report.controls.iter().map(wire::Control::new),
    )?;
    findings(out, report)?;
    array(
        out,
        "frameworks",
        report.frameworks.iter().map(wire::Framework::new),
    )?;
    array(out, "problems", report.problems.iter().map(Problem::new))?;
    out.write_all(b"\n}\n")
}

/// The findings, which are most of the report: parts of them are written to memory in parallel, a few
/// parts at a time, so that little of the text exists at once.
fn findings(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    let views: Vec<View<'_>> = views(report).collect();
    write!(out, ",\n\"findings\":[")?;
    for (window, views) in views.chunks(WINDOW).enumerate() {
        let parts: Vec<Vec<u8>> = views
            .par_chunks(PART)
            .enumerate()
            .map(|(part, views)| lines(report, views, window == 0 && part == 0))
            .collect();
        for part in parts {
            out.write_all(&part)?;
        }
    }
    out.write_all(b"]")
}

fn lines(report: &Report, views: &[View<'_>], is_first: bool) -> Vec<u8> {
    let mut lines = Vec::with_capacity(views.len() * 640);
    for (position, view) in views.iter().enumerate() {
        let separator: &[u8] = if is_first && position == 0 {
            b"\n"
        } else {
            b",\n"
        };
        lines.extend_from_slice(separator);
        finding::write(&mut lines, report, view);
    }
    lines
}

fn field(out: &mut dyn Write, before: &str, name: &str, value: &impl Serialize) -> io::Result<()> {
    write!(out, "{before}\n\"{name}\":")?;
    serde_json::to_writer(out, value)?;
    Ok(())
}

fn array<T: Serialize>(
    out: &mut dyn Write,
    name: &str,
    elements: impl Iterator<Item = T>,
) -> io::Result<()> {
    write!(out, ",\n\"{name}\":[")?;
    let mut line = Vec::with_capacity(1024);
    for (position, element) in elements.enumerate() {
        line.clear();
        line.extend_from_slice(if position == 0 { b"\n" } else { b",\n" });
        serde_json::to_writer(&mut line, &element)?;
        out.write_all(&line)?;
    }
    out.write_all(b"]")
}
