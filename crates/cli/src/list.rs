//! `seawall list controls|frameworks`.

mod coverage;

use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::Context as _;
use catalog::{Catalog, FrameworkDefinition, Header, Requirement};
use serde_json::{Value, json};

use crate::args::{ListArgs, ListFormat, Listed};
use crate::errors::Hinted;
use crate::{control_folders, output};

/// Prints the list.
pub(crate) fn run(args: &ListArgs) -> anyhow::Result<ExitCode> {
    let catalog = control_folders::catalog(&args.controls_dirs)?;
    let text = match args.what {
        Listed::Controls if args.coverage => {
            let hint = "`seawall list frameworks --coverage` says how much of each controls decide";
            return Err(Hinted::new("controls have no coverage", hint).into());
        }
        Listed::Controls => controls(&catalog, args.format)?,
        Listed::Frameworks if args.coverage => {
            coverage::table(&all_frameworks(&catalog)?, args.format)?
        }
        Listed::Frameworks => frameworks(&all_frameworks(&catalog)?, args.format)?,
    };
    output::print(text.as_bytes())
}

fn controls(catalog: &Catalog, format: ListFormat) -> anyhow::Result<String> {
    let headers = catalog.controls().iter().map(|control| &control.header);
    Ok(match format {
        ListFormat::Json => pretty(&headers.map(control_json).collect())?,
        ListFormat::Csv => table_csv(
            &[
                "id", "title", "severity", "profile", "scope", "tags", "aliases",
            ],
            headers.map(control_row).collect(),
        ),
        ListFormat::Text => {
            let width = headers
                .clone()
                .map(|header| header.id.len())
                .max()
                .unwrap_or_default();
            headers.fold(String::new(), |mut text, header| {
                let (id, severity, title) = (&header.id, header.severity, &header.title);
                let _ = writeln!(
                    text,
                    "{id:width$}  {severity:8}  {:7}  {title}",
                    header.profile
                );
                text
            })
        }
    })
}

fn control_json(header: &Header) -> Value {
    let params: Vec<Value> = header
        .params
        .iter()
        .map(|param| json!({ "name": param.name, "type": param.kind.as_str(), "doc": param.doc }))
        .collect();
    json!({
        "id": header.id,
        "title": header.title,
        "severity": header.severity.as_str(),
        "profile": header.profile.as_str(),
        "scope": header.scope.as_str(),
        "tags": header.tags,
        "aliases": header.aliases,
        "partial": header.partial,
        "supersedes": header.supersedes,
        "params": params,
    })
}

fn control_row(header: &Header) -> Vec<String> {
    let aliases: Vec<String> = header
        .aliases
        .iter()
        .flat_map(|(peer, ids)| ids.iter().map(move |id| format!("{peer}:{id}")))
        .collect();
    vec![
        header.id.clone(),
        header.title.clone(),
        header.severity.to_string(),
        header.profile.to_string(),
        header.scope.as_str().to_owned(),
        header.tags.join(" "),
        aliases.join(" "),
    ]
}

fn all_frameworks(catalog: &Catalog) -> anyhow::Result<Vec<FrameworkDefinition>> {
    catalog
        .framework_ids()
        .filter_map(|id| catalog.framework(id))
        .collect::<Result<_, _>>()
        .context("the frameworks are damaged")
}

fn frameworks(all: &[FrameworkDefinition], format: ListFormat) -> anyhow::Result<String> {
    Ok(match format {
        ListFormat::Json => pretty(&all.iter().map(framework_json).collect())?,
        ListFormat::Csv => table_csv(
            &["id", "title", "version", "requirements", "controls"],
            all.iter().map(framework_row).collect(),
        ),
        ListFormat::Text => {
            let width = all
                .iter()
                .map(|framework| framework.id.len())
                .max()
                .unwrap_or_default();
            all.iter().fold(String::new(), |mut text, framework| {
                let (id, title) = (&framework.id, &framework.title);
                let count = framework.requirements.len();
                let _ = writeln!(text, "{id:width$}  {count:3} requirements  {title}");
                text
            })
        }
    })
}

fn framework_json(framework: &FrameworkDefinition) -> Value {
    let requirements = framework.requirements.iter().map(requirement_json);
    let mut object = json!({
        "id": framework.id,
        "title": framework.title,
        "version": framework.version,
        "source": framework.source,
        "requirements": requirements.collect::<Value>(),
    });
    add(&mut object, "date", framework.date.as_deref());
    add(&mut object, "partial", framework.partial.as_deref());
    object
}

fn requirement_json(requirement: &Requirement) -> Value {
    let mut object = json!({
        "id": requirement.id,
        "title": requirement.title,
        "evidence": requirement.evidence().as_str(),
        "controls": requirement.controls,
    });
    add(&mut object, "group", requirement.group.as_deref());
    add(&mut object, "manual", requirement.manual.as_deref());
    object
}

/// What is absent is left out.
fn add(object: &mut Value, key: &str, text: Option<&str>) {
    if let Some(text) = text {
        object[key] = text.into();
    }
}

fn framework_row(framework: &FrameworkDefinition) -> Vec<String> {
    vec![
        framework.id.clone(),
        framework.title.clone(),
        framework.version.clone(),
        framework.requirements.len().to_string(),
        framework.control_ids().len().to_string(),
    ]
}

fn pretty(items: &Vec<Value>) -> anyhow::Result<String> {
    Ok(serde_json::to_string_pretty(items)? + "\n")
}

fn table_csv(header: &[&str], rows: Vec<Vec<String>>) -> String {
    let header = header.iter().map(|&name| name.to_owned()).collect();
    std::iter::once(header)
        .chain(rows)
        .fold(String::new(), |text, row: Vec<String>| {
            let cells: Vec<String> = row.iter().map(|cell| cell_csv(cell)).collect();
            text + &cells.join(",") + "\n"
        })
}

fn cell_csv(cell: &str) -> String {
    if cell.contains([',', '"', '\n']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}
