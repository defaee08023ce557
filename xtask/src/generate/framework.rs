//! A page a framework, and the index with how much of each controls decide.

use std::collections::BTreeMap;
use std::fmt::Write;

use catalog::{FrameworkDefinition, Requirement, VersionRange};

/// Where the pages of the frameworks are.
pub(super) const FOLDER: &str = "docs/frameworks";

/// All pages by path.
pub(super) fn all(frameworks: &[FrameworkDefinition]) -> BTreeMap<String, String> {
    let mut pages: BTreeMap<String, String> = frameworks
        .iter()
        .map(|framework| (format!("{FOLDER}/{}.md", framework.id), page(framework)))
        .collect();
    pages.insert(format!("{FOLDER}/README.md"), index(frameworks));
    pages
}

fn index(frameworks: &[FrameworkDefinition]) -> String {
    let mut text = format!(
        "# Frameworks\n\n{} frameworks. Generated from `frameworks/`; what the columns mean: \
         [frameworks.md](../frameworks.md).\n\n\
         | framework | title | requirements | automated | partly | manual | controls |\n\
         |---|---|--:|--:|--:|--:|--:|\n",
        frameworks.len()
    );
    for framework in frameworks {
        let coverage = framework.coverage();
        let partial = framework.partial.as_ref().map_or("", |_| " (partial)");
        let _ = writeln!(
            text,
            "| [`{id}`]({id}.md) | {} {}{partial} | {} | {} | {} | {} | {} |",
            cell(&framework.title),
            cell(&framework.version),
            coverage.requirements,
            coverage.automated,
            coverage.partly,
            coverage.manual,
            coverage.controls,
            id = framework.id
        );
    }
    text
}

fn page(framework: &FrameworkDefinition) -> String {
    let mut text = format!(
        "# {} {}\n\n`seawall scan --framework {}`\n\n{}\n\nSource: <{}>",
        framework.title,
        framework.version,
        framework.id,
        framework.coverage(),
        framework.source
    );
    if let Some(date) = &framework.date {
        let _ = write!(text, ", {date}");
    }
    text.push_str(". The numbers are the source's, the words are ours.\n");
    if let Some(partial) = &framework.partial {
        let _ = write!(text, "\nPartial: {partial}\n");
    }
    for (group, requirements) in framework.groups() {
        let _ = write!(
            text,
            "\n## {}\n\n| requirement | what | controls | what an auditor does |\n|---|---|---|---|\n",
            group.unwrap_or("Requirements")
        );
        for requirement in requirements {
            row(&mut text, requirement);
        }
    }
    text
}

fn row(text: &mut String, requirement: &Requirement) {
    let controls: Vec<String> = requirement
        .controls
        .iter()
        .map(|id| format!("[`{id}`](../controls/reference/{id}.md)"))
        .collect();
    let _ = writeln!(
        text,
        "| {} | {}{} | {} | {} |",
        cell(&requirement.id),
        cell(&requirement.title),
        versions(requirement.kubernetes),
        controls.join(" "),
        cell(requirement.manual.as_deref().unwrap_or_default())
    );
}

fn versions(range: VersionRange) -> String {
    match (range.since, range.until) {
        (None, None) => String::new(),
        (Some(since), None) => format!(" (Kubernetes {since} and newer)"),
        (None, Some(until)) => format!(" (Kubernetes {until} and older)"),
        (Some(since), Some(until)) => format!(" (Kubernetes {since} to {until})"),
    }
}

/// A text on one line that does not end its cell.
fn cell(text: &str) -> String {
    let line: Vec<&str> = text.split_whitespace().collect();
    line.join(" ").replace('|', "\\|")
}
