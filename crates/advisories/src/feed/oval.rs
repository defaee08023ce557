//! OVAL definitions, as Oracle and Azure Linux publish them: a definition names tests, a test an object (a package) and a
//! state (`earlier than` a version).

use std::collections::{BTreeMap, BTreeSet};

use super::xml::{self, Element};
use super::{Fact, FeedError};
use crate::ecosystem::distribution;
use crate::record::{Advisory, Affected, Detail, Event, Range, Severity};

/// What a test says: a package is earlier than a version, or not later.
struct Test<'a> {
    name: &'a str,
    version: &'a str,
    is_included: bool,
}

pub(super) fn read(text: &str) -> Result<Vec<Fact>, FeedError> {
    let root = xml::read(text)?;
    let tests = tests(&root);
    Ok(root
        .below("definition")
        .filter_map(|definition| fact(definition, &tests))
        .collect())
}

fn tests(root: &Element) -> BTreeMap<&str, Test<'_>> {
    let names: BTreeMap<&str, &str> = root
        .below("rpminfo_object")
        .map(|object| (object.attribute("id"), object.text_of("name")))
        .collect();
    let states = root.below("rpminfo_state").filter_map(|state| {
        let evr = state.all("evr").next()?;
        let is_included = match evr.attribute("operation") {
            "less than" => false,
            "less than or equal" => true,
            _ => return None,
        };
        Some((state.attribute("id"), (evr.text.trim(), is_included)))
    });
    let states: BTreeMap<&str, (&str, bool)> = states.collect();
    let tests = root.below("rpminfo_test").filter_map(|test| {
        let reference = |child: &str, attribute: &str| {
            test.all(child)
                .next()
                .map(|child| child.attribute(attribute).to_owned())
        };
        let name = names.get(reference("object", "object_ref")?.as_str())?;
        let (version, is_included) = states.get(reference("state", "state_ref")?.as_str())?;
        Some((
            test.attribute("id"),
            Test {
                name,
                version,
                is_included: *is_included,
            },
        ))
    });
    tests.collect()
}

fn fact(definition: &Element, tests: &BTreeMap<&str, Test<'_>>) -> Option<Fact> {
    let metadata = definition.all("metadata").next()?;
    let platform = metadata
        .below("platform")
        .find_map(|platform| ecosystem(platform.text.trim()))?;
    let references: Vec<&Element> = metadata.all("reference").collect();
    let flaws: BTreeSet<String> = references
        .iter()
        .map(|reference| reference.attribute("ref_id"))
        .chain(metadata.below("cve").map(|cve| cve.text.trim()))
        .filter(|id| id.starts_with("CVE-"))
        .map(str::to_owned)
        .collect();
    // Oracle's notices have an id of their own, Azure Linux' definitions are about one flaw each.
    let notice = references
        .iter()
        .map(|reference| reference.attribute("ref_id"))
        .find(|id| id.starts_with("ELSA-"));
    let id = notice
        .map(str::to_owned)
        .or_else(|| flaws.first().cloned())?;
    let criteria = definition
        .below("criterion")
        .filter(|criterion| criterion.attribute("negate") != "true");
    let found: BTreeSet<(&str, &str, bool)> = criteria
        .filter_map(|criterion| tests.get(criterion.attribute("test_ref")))
        .map(|test| (test.name, test.version, test.is_included))
        .collect();
    let affected = found.into_iter().map(|(name, version, is_included)| {
        let end = if is_included {
            Event::LastAffected(version.to_owned())
        } else {
            Event::Fixed(version.to_owned())
        };
        let events = vec![Event::Introduced("0".to_owned()), end];
        Affected {
            ecosystem: platform.clone(),
            name: name.to_owned(),
            ranges: vec![Range {
                is_semver: false,
                events,
            }],
            ..Affected::default()
        }
    });
    let issued = metadata
        .below("issued")
        .next()
        .map_or("", |issued| issued.attribute("date"));
    let severity = metadata
        .below("severity")
        .next()
        .map_or("", |severity| severity.text.trim());
    Some(Fact::Advisory(Box::new(Advisory {
        affected: affected.collect(),
        detail: Detail {
            summary: metadata.text_of("title").to_owned(),
            details: metadata.text_of("description").to_owned(),
            upstream: flaws.into_iter().filter(|flaw| *flaw != id).collect(),
            references: references
                .iter()
                .map(|reference| reference.attribute("ref_url").to_owned())
                .filter(|url| !url.is_empty())
                .collect(),
            ..Detail::default()
        },
        published: issued.to_owned(),
        modified: issued.to_owned(),
        label: Severity::from_label(severity),
        id,
    })))
}

/// `Oracle Linux 8`, `Azure Linux 3.0`, `CBL-Mariner 2.0`.
fn ecosystem(platform: &str) -> Option<String> {
    let (name, version) = platform.rsplit_once(' ')?;
    match name {
        "Oracle Linux" => distribution("oracle", version),
        "Azure Linux" | "CBL-Mariner" | "Mariner" => distribution("azurelinux", version),
        _ => None,
    }
}
