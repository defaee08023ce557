//! A page a control, and the index.

use std::collections::BTreeMap;
use std::fmt::Write;

use catalog::{ControlDefinition, FrameworkDefinition, ParamValue};

/// Where the pages of the controls are.
pub(super) const FOLDER: &str = "docs/controls/reference";

/// All pages by path.
pub(super) fn all(
    controls: &[ControlDefinition],
    frameworks: &[FrameworkDefinition],
) -> BTreeMap<String, String> {
    let mut pages: BTreeMap<String, String> = controls
        .iter()
        .map(|control| {
            (
                format!("{FOLDER}/{}.md", control.header.id),
                page(control, frameworks),
            )
        })
        .collect();
    pages.insert(format!("{FOLDER}/README.md"), index(controls, frameworks));
    pages
}

fn index(controls: &[ControlDefinition], frameworks: &[FrameworkDefinition]) -> String {
    let mut groups: BTreeMap<&str, Vec<&ControlDefinition>> = BTreeMap::new();
    for control in controls {
        groups.entry(group(control)).or_default().push(control);
    }
    let mut text = format!(
        "# Controls\n\n{} controls in {} groups. Generated from `controls/`.\n",
        controls.len(),
        groups.len()
    );
    for (group, controls) in groups {
        let _ = write!(
            text,
            "\n## {group}\n\n| control | severity | profile | what |\n|---|---|---|---|\n"
        );
        for control in controls {
            let header = &control.header;
            let _ = writeln!(
                text,
                "| [`{id}`]({id}.md) | {} | {} | {} |",
                header.severity,
                header.profile,
                header.title,
                id = header.id
            );
        }
    }
    let _ = write!(
        text,
        "\n## Frameworks\n\n| framework | title | requirements |\n|---|---|---|\n"
    );
    for framework in frameworks {
        let _ = writeln!(
            text,
            "| [`{id}`](../../frameworks/{id}.md) | {} | {} |",
            framework.title,
            framework.requirements.len(),
            id = framework.id
        );
    }
    text
}

/// The folder that the control's folder lies in.
fn group(control: &ControlDefinition) -> &str {
    control.texts.folder.rsplit('/').nth(1).unwrap_or("other")
}

fn page(control: &ControlDefinition, frameworks: &[FrameworkDefinition]) -> String {
    let (header, texts) = (&control.header, &control.texts);
    let mut text = format!(
        "# {}\n\n`{}` · severity {} · profile {} · scope {}\n\n## Why\n\n{}\n\n## What to change\n\n{}\n",
        header.title,
        header.id,
        header.severity,
        header.profile,
        header.scope.as_str(),
        texts.why.trim(),
        texts.remediation.trim()
    );
    example(&mut text, "Reported", &texts.fail_yaml);
    example(&mut text, "Not reported", &texts.pass_yaml);
    dockerfile(&mut text, "Reported", &texts.fail_dockerfile);
    dockerfile(&mut text, "Not reported", &texts.pass_dockerfile);
    params(&mut text, control);
    peers(&mut text, control);
    requirements(&mut text, control, frameworks);
    text.push_str("\n## References\n\n");
    for reference in &texts.references {
        let _ = writeln!(text, "- <{reference}>");
    }
    text
}

/// The first YAML document of a test file.
fn example(text: &mut String, title: &str, yaml: &str) {
    let body = yaml.lines().filter(|line| !line.starts_with("# test:"));
    let body: Vec<&str> = body
        .skip_while(|line| line.is_empty() || *line == "---")
        .collect();
    let first = body.split(|line| *line == "---").next().unwrap_or_default();
    if !first.is_empty() {
        let _ = write!(
            text,
            "\n## {title}\n\n```yaml\n{}\n```\n",
            first.join("\n").trim_end()
        );
    }
}

/// A test file that is a Dockerfile.
fn dockerfile(text: &mut String, title: &str, file: &str) {
    let lines = file.lines().filter(|line| !line.starts_with("# test:"));
    let lines: Vec<&str> = lines.collect();
    if !lines.is_empty() {
        let body = lines.join("\n");
        let _ = write!(
            text,
            "\n## {title}\n\n```dockerfile\n{}\n```\n",
            body.trim()
        );
    }
}

fn params(text: &mut String, control: &ControlDefinition) {
    if control.header.params.is_empty() {
        return;
    }
    text.push_str("\n## Parameters\n\n| name | type | default | what |\n|---|---|---|---|\n");
    for param in &control.header.params {
        let _ = writeln!(
            text,
            "| `{}` | {} | {} | {} |",
            param.name,
            param.kind.as_str(),
            value(&param.default),
            param.doc.replace('|', "\\|")
        );
    }
}

fn value(value: &ParamValue) -> String {
    let code = |text: &str| format!("`{}`", text.replace('|', "\\|"));
    match value {
        ParamValue::String(text) => code(text),
        ParamValue::Int(number) => code(&number.to_string()),
        ParamValue::Bool(flag) => code(&flag.to_string()),
        ParamValue::Strings(list) if list.is_empty() => "none".to_owned(),
        ParamValue::Strings(list) => list
            .iter()
            .map(|text| code(text))
            .collect::<Vec<_>>()
            .join(" "),
    }
}

fn peers(text: &mut String, control: &ControlDefinition) {
    let rows = |ids: &BTreeMap<String, Vec<String>>, suffix: &str| {
        ids.iter()
            .filter(|(_, ids)| !ids.is_empty())
            .map(|(peer, ids)| format!("| {peer} | {}{suffix} |\n", ids.join(", ")))
            .collect::<String>()
    };
    let known =
        rows(&control.header.aliases, "") + &rows(&control.header.partial, " (a part of it)");
    if !known.is_empty() {
        let _ = write!(
            text,
            "\n## Elsewhere\n\n| scanner | id |\n|---|---|\n{known}"
        );
    }
}

fn requirements(
    text: &mut String,
    control: &ControlDefinition,
    frameworks: &[FrameworkDefinition],
) {
    let mut rows = String::new();
    for framework in frameworks {
        for requirement in &framework.requirements {
            if requirement.controls.contains(&control.header.id) {
                let _ = writeln!(
                    rows,
                    "| `{}` | {} {} |",
                    framework.id, requirement.id, requirement.title
                );
            }
        }
    }
    if !rows.is_empty() {
        let _ = write!(
            text,
            "\n## Frameworks\n\n| framework | requirement |\n|---|---|\n{rows}"
        );
    }
}
