//! The comparison as JSON, version 1: findings as in the report, with what became of them.

use std::io::{self, Write};

use model::{ComparedFinding, Comparison, ProblemRecord, Side};
use serde_json::json;

use crate::Options;
use crate::json::finding;
use crate::json::object::Object;
use crate::tally::Tally;

/// Writes the comparison, one line for each field and for each element of the arrays.
pub(super) fn render(
    comparison: &Comparison,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let tally = Tally::of(comparison);
    let [critical, high, medium, low] = tally.new;
    write!(out, "{{\n\"schema\":\"seawall.dev/diff/v1\"")?;
    let tool = json!({ "name": "seawall", "version": options.tool_version });
    write!(out, ",\n\"tool\":{tool}")?;
    write!(out, ",\n\"base\":{}", side(&comparison.base))?;
    write!(out, ",\n\"head\":{}", side(&comparison.head))?;
    let summary = json!({
        "new": { "critical": critical, "high": high, "medium": medium, "low": low },
        "fixed": tally.fixed,
        "unchanged": tally.unchanged,
        "accepted": tally.accepted,
        "notEvaluated": tally.not_evaluated,
    });
    write!(out, ",\n\"summary\":{summary}")?;
    write!(out, ",\n\"notes\":{}", json!(comparison.notes))?;
    array(out, "findings", comparison.findings.iter(), one)?;
    let problems = [("head", &comparison.head), ("base", &comparison.base)];
    let problems = problems.into_iter().flat_map(|(name, side)| {
        let problems = side.problems.iter();
        problems.map(move |problem| (name, problem))
    });
    array(out, "problems", problems, |line, (side, problem)| {
        line.extend_from_slice(self::problem(side, problem).to_string().as_bytes());
    })?;
    out.write_all(b"\n}\n")
}

fn array<T>(
    out: &mut dyn Write,
    name: &str,
    elements: impl Iterator<Item = T>,
    write: impl Fn(&mut Vec<u8>, T),
) -> io::Result<()> {
    write!(out, ",\n\"{name}\":[")?;
    let mut line = Vec::with_capacity(1024);
    for (position, element) in elements.enumerate() {
        line.clear();
        line.extend_from_slice(if position == 0 { b"\n" } else { b",\n" });
        write(&mut line, element);
        out.write_all(&line)?;
    }
    out.write_all(b"]")
}

fn one(line: &mut Vec<u8>, compared: &ComparedFinding) {
    let mut object = Object::new(line);
    object.string("change", compared.change.as_str());
    object.optional("baseState", compared.base_state.map(model::State::as_str));
    finding::record(&mut object, &compared.finding);
    object.end();
}

fn side(side: &Side) -> serde_json::Value {
    json!({
        "name": side.name,
        "toolVersion": side.tool_version,
        "date": side.date,
        "kubernetesVersion": side.kubernetes_version,
        "resources": side.resources,
        "problems": side.problems.len(),
    })
}

fn problem(side: &str, problem: &ProblemRecord) -> serde_json::Value {
    let mut value = json!({
        "side": side,
        "level": problem.level.as_str(),
        "kind": problem.kind,
        "message": problem.message,
    });
    if let Some(hint) = &problem.hint {
        value["hint"] = json!(hint);
    }
    if !problem.file.is_empty() {
        value["location"] = json!({ "file": problem.file });
        if let Some(line) = problem.line {
            value["location"]["line"] = json!(line);
        }
    }
    value
}
