//! updateinfo: the notices of Amazon, Rocky, Oracle and `AlmaLinux`, as their repositories carry them.

use std::collections::BTreeSet;

use super::xml::{self, Element};
use super::{Fact, FeedError};
use crate::ecosystem::distribution;
use crate::record::{Advisory, Affected, Detail, Severity};

pub(super) fn read(text: &str) -> Result<Vec<Fact>, FeedError> {
    let root = xml::read(text)?;
    Ok(root
        .below("update")
        .filter(|update| update.attribute("type") == "security")
        .filter_map(fact)
        .collect())
}

fn fact(update: &Element) -> Option<Fact> {
    let id = update.text_of("id").to_owned();
    let date = |name: &str| {
        update
            .all(name)
            .next()
            .map_or_else(String::new, |element| element.attribute("date").to_owned())
    };
    let references: Vec<&Element> = update
        .all("references")
        .flat_map(|list| list.all("reference"))
        .collect();
    let flaws: BTreeSet<String> = references
        .iter()
        .map(|reference| reference.attribute("id").to_owned())
        .filter(|id| id.starts_with("CVE-"))
        .collect();
    let packages: BTreeSet<(String, String, String)> = update
        .below("package")
        .filter_map(|package| affected(&id, update, package))
        .collect();
    if packages.is_empty() {
        return None;
    }
    Some(Fact::Advisory(Box::new(Advisory {
        detail: Detail {
            summary: update.text_of("title").to_owned(),
            details: update.text_of("description").to_owned(),
            upstream: flaws.into_iter().collect(),
            references: references
                .iter()
                .map(|reference| reference.attribute("href").to_owned())
                .filter(|url| !url.is_empty())
                .collect(),
            ..Detail::default()
        },
        published: date("issued"),
        modified: Some(date("updated"))
            .filter(|date| !date.is_empty())
            .unwrap_or_else(|| date("issued")),
        label: Severity::from_label(update.text_of("severity")),
        affected: packages
            .iter()
            .map(|(ecosystem, name, fixed)| {
                Affected::before(ecosystem.as_str(), name.as_str(), Some(fixed))
            })
            .collect(),
        id,
    })))
}

/// Ecosystem, name, and the version that fixes it.
fn affected(id: &str, update: &Element, package: &Element) -> Option<(String, String, String)> {
    let release = package.attribute("release");
    let epoch = Some(package.attribute("epoch"))
        .filter(|epoch| !epoch.is_empty())
        .unwrap_or("0");
    let version = format!("{epoch}:{}-{release}", package.attribute("version"));
    let ecosystem = ecosystem(id, update, release)?;
    let name = package.attribute("name");
    (!name.is_empty()).then(|| (ecosystem, name.to_owned(), version))
}

/// By the kind of the notice's id, and the release by the tag that its packages carry (`el9`, `amzn2`).
fn ecosystem(id: &str, update: &Element, release: &str) -> Option<String> {
    let tag = |tag: &str| {
        let after = release.split('.').find_map(|part| part.strip_prefix(tag))?;
        let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
        Some(digits).filter(|digits| !digits.is_empty())
    };
    let family = id.split('-').next().unwrap_or(id);
    match family.trim_end_matches(|c: char| c.is_ascii_digit()) {
        "ALAS" => distribution("amazon", &tag("amzn")?),
        "RLSA" => distribution("rocky", &tag("el")?),
        "ELSA" => distribution("oracle", &tag("el")?),
        "ALSA" => distribution("almalinux", &tag("el")?),
        "RHSA" => distribution("redhat", &tag("el")?),
        _ => {
            // `from="…@rockylinux.org"` and the like.
            let from = update.attribute("from");
            ["rocky", "oracle", "almalinux", "redhat"]
                .into_iter()
                .find(|id| from.contains(id))
                .and_then(|id| distribution(id, &tag("el")?))
        }
    }
}
