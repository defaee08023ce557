//! `seawall explain CONTROL|ALIAS|FRAMEWORK|ADVISORY`: why it matters, what to change, before and after; what a
//! framework asks for; what is published of a flaw.

mod flaw;
mod framework;
mod vector;

use std::path::Path;
use std::process::ExitCode;

use catalog::{Catalog, Control, ParamValue, Texts, nearest};

use crate::args::ExplainArgs;
use crate::errors::Hinted;
use crate::prose::{Page, wrapped};
use crate::{control_folders, framework_files, output};

/// Prints what there is to know about a control, about each one that carries an alias, or about a framework.
pub(crate) fn run(args: &ExplainArgs) -> anyhow::Result<ExitCode> {
    let mut catalog = control_folders::catalog(&args.controls_dirs)?;
    let word = args.what.as_str();
    let is_yaml = framework_files::file_of(word).is_some_and(|file| Path::new(file).is_file());
    framework_files::add(&mut catalog, is_yaml.then_some(word))?;
    let word = if is_yaml {
        framework_files::id_of(word)
    } else {
        word.to_owned()
    };
    let mut page = Page::new(output::color(args.color));
    let controls = find(&catalog, &word);
    for (index, control) in controls.iter().enumerate() {
        if index > 0 {
            page.line("");
        }
        explain(control, &catalog, &mut page)?;
    }
    if controls.is_empty() && !framework::explain(&word, &catalog, &mut page)? {
        if !flaw::is_id(&word) {
            return Err(unknown(&word, &catalog).into());
        }
        flaw::explain(args, &mut page)?;
    }
    output::print(page.text.as_bytes())
}

fn find<'c>(catalog: &'c Catalog, word: &'c str) -> Vec<&'c Control> {
    match catalog.control(word) {
        Some(control) => vec![control],
        None => catalog.by_alias(word).collect(),
    }
}

/// `framework/requirement` of a framework that exists asks for a requirement, all else for a control.
fn unknown(word: &str, catalog: &Catalog) -> Hinted {
    let framework = word.split_once('/').and_then(|(id, requirement)| {
        let framework = catalog.framework(id)?.ok()?;
        Some((framework, requirement))
    });
    if let Some((framework, requirement)) = framework {
        let id = &framework.id;
        let ids = framework.requirements.iter().map(|item| item.id.as_str());
        let hint = match nearest(requirement, ids) {
            Some(near) => format!("did you mean `{id}/{near}`?"),
            None => format!("`seawall explain {id}` lists them all"),
        };
        return Hinted::new(format!("`{id}` has no requirement `{requirement}`"), hint);
    }
    let ids = catalog
        .controls()
        .iter()
        .map(|control| control.header.id.as_str());
    let hint = match nearest(word, ids.chain(catalog.framework_ids())) {
        Some(id) => format!("did you mean `{id}`?"),
        None => "`seawall list controls` and `seawall list frameworks` list them all".to_owned(),
    };
    Hinted::new(format!("there is no control `{word}`"), hint)
}

fn explain(control: &Control, catalog: &Catalog, page: &mut Page) -> anyhow::Result<()> {
    let header = &control.header;
    let texts = control.texts()?;
    page.title(&format!("{}: {}", header.id, header.title));
    let (profile, scope) = (header.profile, header.scope.as_str());
    page.line(&format!(
        "severity {}, profile {profile}, for {scope}",
        header.severity
    ));
    page.section("Why", &wrapped(&texts.why));
    page.section("What to change", &wrapped(&texts.remediation));
    page.section("Parameters", &params(control));
    examples(&texts, page);
    page.section("Other scanners' ids", &aliases(control).join("\n"));
    page.section("Frameworks", &frameworks(&header.id, catalog).join("\n"));
    page.section("References", &texts.references.join("\n"));
    Ok(())
}

fn params(control: &Control) -> String {
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
    params.join("\n")
}

fn shown(value: &ParamValue) -> String {
    match value {
        ParamValue::String(text) => format!("{text:?}"),
        ParamValue::Int(number) => number.to_string(),
        ParamValue::Bool(switch) => switch.to_string(),
        ParamValue::Strings(texts) => format!("[{}]", texts.join(", ")),
    }
}

fn examples(texts: &Texts, page: &mut Page) {
    for (title, text) in [("Before", &texts.fail_yaml), ("After", &texts.pass_yaml)] {
        if let Some(example) = first_example(text) {
            page.section(title, &example);
        }
    }
    for (title, text) in [
        ("Before", &texts.fail_dockerfile),
        ("After", &texts.pass_dockerfile),
    ] {
        let lines = text
            .lines()
            .filter(|line| !line.trim_start().starts_with("# finding"));
        let lines: Vec<&str> = lines.filter(|line| !line.starts_with("# test:")).collect();
        if !lines.is_empty() {
            page.section(title, lines.join("\n").trim());
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
