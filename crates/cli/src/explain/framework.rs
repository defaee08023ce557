//! What a framework asks for, requirement by requirement, and what evidences it.

use catalog::{Catalog, Evidence, FrameworkDefinition, Requirement, VersionRange};

use crate::prose::{Page, indented, wrapped};

/// Explains a framework, or one requirement of it (`framework/requirement`); false where there is none
/// of that name.
pub(super) fn explain(word: &str, catalog: &Catalog, page: &mut Page) -> anyhow::Result<bool> {
    if let Some(framework) = catalog.framework(word) {
        whole(&framework?, page);
        return Ok(true);
    }
    let Some((id, requirement)) = word.split_once('/') else {
        return Ok(false);
    };
    let Some(framework) = catalog.framework(id).transpose()? else {
        return Ok(false);
    };
    let mut requirements = framework.requirements.iter();
    let Some(requirement) = requirements.find(|item| item.id == requirement) else {
        return Ok(false);
    };
    one(&framework, requirement, catalog, page);
    Ok(true)
}

fn whole(framework: &FrameworkDefinition, page: &mut Page) {
    page.title(&heading(framework));
    page.line(&framework.coverage().to_string());
    let date = framework.date.as_deref();
    let date = date.map_or_else(String::new, |date| format!(", {date}"));
    page.line(&format!("source {}{date}", framework.source));
    if let Some(partial) = &framework.partial {
        page.section("What it leaves out", &wrapped(partial));
    }
    for (group, items) in framework.groups() {
        let entries: Vec<String> = items.into_iter().map(entry).collect();
        page.section(group.unwrap_or("Requirements"), &entries.join("\n"));
    }
}

fn entry(requirement: &Requirement) -> String {
    let mut lines = vec![format!("{}  {}", requirement.id, requirement.title)];
    if !requirement.controls.is_empty() {
        lines.push(indented(&wrapped(&requirement.controls.join(", "))));
    }
    if let Some(manual) = &requirement.manual {
        lines.push(indented(&wrapped(&format!("Manual: {manual}"))));
    }
    lines.join("\n")
}

fn one(
    framework: &FrameworkDefinition,
    requirement: &Requirement,
    catalog: &Catalog,
    page: &mut Page,
) {
    page.title(&format!("{}: {}", requirement.id, requirement.title));
    let evidence = match requirement.evidence() {
        Evidence::Automated => "automated",
        Evidence::Partly => "partly automated, the rest is manual",
        Evidence::Manual => "manual",
    };
    let mut facts = vec![heading(framework), evidence.to_owned()];
    facts.extend(requirement.group.clone());
    facts.extend(versions(requirement.kubernetes));
    page.line(&facts.join("\n"));
    let controls: Vec<String> = requirement
        .controls
        .iter()
        .filter_map(|id| catalog.control(id))
        .map(|control| {
            let header = &control.header;
            format!("{}: {} ({})", header.id, header.title, header.severity)
        })
        .collect();
    page.section("Controls", &controls.join("\n"));
    if let Some(manual) = &requirement.manual {
        page.section("What an auditor does", &wrapped(manual));
    }
}

fn heading(framework: &FrameworkDefinition) -> String {
    format!(
        "{}: {} {}",
        framework.id, framework.title, framework.version
    )
}

fn versions(range: VersionRange) -> Option<String> {
    match (range.since, range.until) {
        (None, None) => None,
        (Some(since), None) => Some(format!("for Kubernetes {since} and newer")),
        (None, Some(until)) => Some(format!("for Kubernetes {until} and older")),
        (Some(since), Some(until)) => Some(format!("for Kubernetes {since} to {until}")),
    }
}
