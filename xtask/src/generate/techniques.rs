//! A page for every technique of attack, and the index.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{Context, Result};
use fs_err as fs;
use paths::{Kind, Technique, techniques};

use crate::workspace::root;

/// Where the pages are.
pub(super) const FOLDER: &str = "docs/paths";

/// All pages by path.
pub(super) fn all() -> Result<BTreeMap<String, String>> {
    let mut pages = BTreeMap::new();
    for technique in techniques() {
        pages.insert(format!("{FOLDER}/{}.md", technique.id), page(technique)?);
    }
    pages.insert(format!("{FOLDER}/README.md"), index());
    Ok(pages)
}

fn index() -> String {
    let mut text = format!(
        "# Techniques\n\n{} ways from one asset to another, which `seawall paths` follows. Generated from `crates/paths`.\n\n\
         A step is something that an attacker has to do; the others say what belongs to what.\n",
        techniques().len()
    );
    let mut groups: BTreeMap<&str, Vec<&Technique>> = BTreeMap::new();
    for technique in techniques() {
        let first = technique.from().first().map_or("", |kind| kind.one());
        groups.entry(first).or_default().push(technique);
    }
    for (group, techniques) in groups {
        let _ = write!(
            text,
            "\n## From: {group}\n\n| technique | severity | to | what | KubeHound |\n|---|---|---|---|---|\n"
        );
        for technique in techniques {
            let severity = if technique.is_step() {
                technique.severity().as_str()
            } else {
                "no step"
            };
            let _ = writeln!(
                text,
                "| [`{id}`]({id}.md) | {severity} | {} | {} | {} |",
                kinds(technique.to()),
                technique.title(),
                technique.kubehound().join(", "),
                id = technique.id,
            );
        }
    }
    text
}

fn kinds(kinds: &[Kind]) -> String {
    let names: Vec<&str> = kinds.iter().map(|kind| kind.one()).collect();
    names.join(", ")
}

fn page(technique: &Technique) -> Result<String> {
    let step = if technique.is_step() {
        format!("severity {}", technique.severity())
    } else {
        "no step: it says what belongs to what".to_owned()
    };
    let mut text = format!(
        "# {}\n\n`{}` · {step} · from {} to {}\n\n## What is gained\n\n{}.\n",
        technique.title(),
        technique.id,
        kinds(technique.from()),
        kinds(technique.to()),
        capitalised(technique.effect()),
    );
    if !technique.precondition().is_empty() {
        let _ = write!(text, "\nProvided that {}.\n", technique.precondition());
    }
    let _ = write!(
        text,
        "\n## What cuts it\n\n{}.\n",
        capitalised(technique.fix())
    );
    if !technique.controls().is_empty() {
        let controls: Vec<String> = technique
            .controls()
            .iter()
            .map(|id| format!("[`{id}`](../controls/reference/{id}.md)"))
            .collect();
        let _ = write!(
            text,
            "\nControls that report it: {}.\n",
            controls.join(", ")
        );
    }
    permissions(&mut text, technique);
    for (file, title, about) in [
        ("edge", "Found", "The edge rests on the marked lines.\n\n"),
        ("none", "Not found", ""),
        ("unknown", "Not certain", "It is said, with the reason.\n\n"),
    ] {
        example(&mut text, technique, file, title, about)?;
    }
    text.push_str("\n## Names elsewhere\n\n");
    let kubehound = technique.kubehound();
    if !kubehound.is_empty() {
        let _ = writeln!(text, "- KubeHound: {}", kubehound.join(", "));
    }
    for id in technique.attack() {
        let _ = writeln!(
            text,
            "- MITRE ATT&CK: [{id}](https://attack.mitre.org/techniques/{}/)",
            id.replace('.', "/")
        );
    }
    text.push_str("\n## References\n\n");
    for reference in technique.references() {
        let _ = writeln!(text, "- <{reference}>");
    }
    Ok(text)
}

/// The patterns of permissions that it uses.
fn permissions(text: &mut String, technique: &Technique) {
    if technique.patterns().next().is_none() {
        return;
    }
    text.push_str("\n## Permissions\n\nAny of these, each with all that it needs:\n\n| pattern | severity | needs |\n|---|---|---|\n");
    for pattern in technique.patterns() {
        let needs: Vec<String> = pattern.needs.iter().map(ToString::to_string).collect();
        let anchor = pattern
            .title
            .to_lowercase()
            .replace(' ', "-")
            .replace(['\'', ','], "");
        let _ = writeln!(
            text,
            "| [`{}`](../rbac-escalation.md#{anchor}) | {} | {} |",
            pattern.id,
            pattern.severity,
            needs.join("; "),
        );
    }
}

fn example(
    text: &mut String,
    technique: &Technique,
    file: &str,
    title: &str,
    about: &str,
) -> Result<()> {
    let path = root()
        .join("crates/paths/techniques")
        .join(technique.id)
        .join(format!("{file}.yaml"));
    if file == "unknown" && !path.is_file() {
        return Ok(());
    }
    let yaml = fs::read_to_string(&path)
        .with_context(|| format!("{} has no {file}.yaml", technique.id))?;
    let _ = write!(
        text,
        "\n## {title}\n\n{about}```yaml\n{}\n```\n",
        yaml.trim_end()
    );
    Ok(())
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
