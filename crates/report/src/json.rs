//! The JSON report, version 1. Fields are only ever added; absent ones are omitted, never null.

mod wire;

use std::io::{self, Write};

use model::Report;
use serde::Serialize;

use crate::Options;
use crate::view::views;

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
    let findings = views(report).map(|view| wire::Finding::new(report, &view));
    array(out, "findings", findings)?;
    array(
        out,
        "frameworks",
        report.frameworks.iter().map(wire::Framework::new),
    )?;
    array(
        out,
        "problems",
        report.problems.iter().map(wire::Problem::new),
    )?;
    out.write_all(b"\n}\n")
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
