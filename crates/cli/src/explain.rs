//! `seawall explain CONTROL|ALIAS`: why it matters, what to change, before and after.

use std::fmt::Write as _;
use std::process::ExitCode;

use catalog::{Catalog, Control, ParamValue, Texts, nearest};

use crate::args::ExplainArgs;
use crate::errors::Hinted;
use crate::{control_folders, output};

/// Columns of prose.
const COLUMNS: usize = 78;

/// Prints what there is to know about a control, or about each one that carries an alias.
pub(crate) fn run(args: &ExplainArgs) -> anyhow::Result<ExitCode> {
    let catalog = control_folders::catalog(&args.controls_dirs)?;
    let bold = output::color(args.color);
    let controls = find(&catalog, &args.control)?;
    let mut text = String::new();
    for (index, control) in controls.into_iter().enumerate() {
        if index > 0 {
            text += "\n";
        }
        explain(control, &catalog, bold, &mut text)?;
    }
    output::print(text.as_bytes())
}

fn find<'c>(catalog: &'c Catalog, word: &'c str) -> anyhow::Result<Vec<&'c Control>> {
    if let Some(control) = catalog.control(word) {
        return Ok(vec![control]);
    }
    let controls: Vec<&Control> = catalog.by_alias(word).collect();
    if !controls.is_empty() {
        return Ok(controls);
    }
    let ids = catalog
        .controls()
        .iter()
        .map(|control| control.header.id.as_str());
    let hint = match nearest(word, ids) {
        Some(id) => format!("did you mean `{id}`?"),
        None => "`seawall list controls` lists them all".to_owned(),
    };
    Err(Hinted::new(format!("there is no control `{word}`"), hint).into())
}

fn explain(
    control: &Control,
    catalog: &Catalog,
    bold: bool,
    out: &mut String,
) -> anyhow::Result<()> {
    let header = &control.header;
    let texts = control.texts()?;
    let heading = |text: &str| {
        if bold {
            format!("\u{1b}[1m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    };
    let _ = writeln!(
        out,
        "{}",
        heading(&format!("{}: {}", header.id, header.title))
    );
    let profile = header.profile;
    let scope = header.scope.as_str();
    let _ = writeln!(
        out,
        "severity {}, profile {profile}, for {scope}",
        header.severity
    );
    let _ = writeln!(
        out,
        "\n{}\n{}",
        heading("Why"),
        indented(&wrapped(&texts.why))
    );
    let _ = writeln!(
        out,
        "\n{}\n{}",
        heading("What to change"),
        indented(&wrapped(&texts.remediation))
    );
    params(control, &heading("Parameters"), out);
    examples(&texts, &heading, out);
    lines(&heading("Other scanners' ids"), &aliases(control), out);
    lines(
        &heading("Frameworks"),
        &frameworks(&header.id, catalog),
        out,
    );
    lines(&heading("References"), &texts.references, out);
    Ok(())
}

fn params(control: &Control, heading: &str, out: &mut String) {
    let params: Vec<String> = control
        .header
        .params
        .iter()
        .map(|param| {
            let default = shown(&param.default);
            format!(
                "{} ({}, default {default}): {}",
                param.name,
                param.kind.as_str(),
                param.doc
            )
        })
        .collect();
    lines(heading, &params, out);
}

fn shown(value: &ParamValue) -> String {
    match value {
        ParamValue::String(text) => format!("{text:?}"),
        ParamValue::Int(number) => number.to_string(),
        ParamValue::Bool(switch) => switch.to_string(),
        ParamValue::Strings(texts) => format!("[{}]", texts.join(", ")),
    }
}

fn examples(texts: &Texts, heading: &dyn Fn(&str) -> String, out: &mut String) {
    for (title, text) in [("Before", &texts.fail_yaml), ("After", &texts.pass_yaml)] {
        if let Some(example) = first_example(text) {
            let _ = writeln!(out, "\n{}\n{}", heading(title), indented(&example));
        }
    }
}

/// The first manifest of a control's test file, without the comments that only tests read.
fn first_example(text: &str) -> Option<String> {
    let text: Vec<&str> = text
        .lines()
        .skip_while(|line| line.starts_with('#') || line.trim().is_empty() || *line == "---")
        .take_while(|line| *line != "---")
        .collect();
    let example = text.join("\n");
    (!example.trim().is_empty()).then(|| example.trim_end().to_owned())
}

fn aliases(control: &Control) -> Vec<String> {
    let line = |(peer, ids): (&String, &Vec<String>)| format!("{peer}: {}", ids.join(", "));
    let partial = control
        .header
        .partial
        .iter()
        .map(|entry| line(entry) + " (a part of it)");
    control
        .header
        .aliases
        .iter()
        .map(line)
        .chain(partial)
        .collect()
}

/// The requirements that a control evidences.
fn frameworks(id: &str, catalog: &Catalog) -> Vec<String> {
    let frameworks = catalog
        .framework_ids()
        .filter_map(|id| catalog.framework(id)?.ok());
    frameworks
        .filter_map(|framework| {
            let requirements = framework.requirements.iter();
            let ids: Vec<&str> = requirements
                .filter(|item| item.controls.iter().any(|control| control == id))
                .map(|item| item.id.as_str())
                .collect();
            (!ids.is_empty()).then(|| format!("{}: {}", framework.id, ids.join(", ")))
        })
        .collect()
}

fn lines(heading: &str, lines: &[String], out: &mut String) {
    if !lines.is_empty() {
        let _ = writeln!(out, "\n{heading}\n{}", indented(&lines.join("\n")));
    }
}

/// Prose in lines that are easy to read.
fn wrapped(text: &str) -> String {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last().map_or(0, |line| line.chars().count());
        if line > 0 && line + 1 + word.chars().count() > COLUMNS {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            let space = if line.is_empty() { "" } else { " " };
            line.extend([space, word]);
        }
    }
    lines.join("\n")
}

fn indented(text: &str) -> String {
    let lines: Vec<String> = text
        .lines()
        .map(|line| {
            if line.is_empty() {
                String::new()
            } else {
                format!("  {line}")
            }
        })
        .collect();
    lines.join("\n")
}
