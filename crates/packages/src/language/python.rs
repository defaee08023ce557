//! Python: requirements, what the package managers lock, and what is installed.

mod conda;
mod egg;
mod metadata;
mod pdm_lock;
mod pipfile_lock;
mod poetry_lock;
mod project;
mod pylock;
mod requirements;
mod uv_lock;

use std::collections::HashMap;

use document::NodeRef;
use versions::Vers;

use crate::list;
use crate::package::Package;
use crate::reader::{ReadError, Reader};
use crate::text::Node;

pub(super) const READERS: &[Reader] = &[
    requirements::READER,
    pipfile_lock::READER,
    poetry_lock::READER,
    uv_lock::READER,
    pdm_lock::READER,
    pylock::READER,
    project::READER,
    metadata::READER,
    egg::READER,
    conda::ENVIRONMENT,
    conda::INSTALLED,
];

/// A package of the index.
fn package(name: &str, version: &str) -> Option<Package> {
    list::package("pypi", "", name, version)
}

/// Name, version and package of an entry of a lock file, with its lines.
fn locked(node: NodeRef<'_>) -> Result<(&str, &str, Package), ReadError> {
    let name = node.word_at("name").unwrap_or_default();
    let version = node.word_at("version").unwrap_or_default();
    let mut package = package(name, version)
        .ok_or_else(|| ReadError::at(node, "expected a package with a name"))?;
    package.lines.push(node.lines());
    Ok((name, version, package))
}

/// The name that the index knows a package by.
fn normal(name: &str) -> String {
    let mut normal = String::with_capacity(name.len());
    for c in name.chars() {
        if matches!(c, '-' | '_' | '.') {
            if !normal.ends_with('-') {
                normal.push('-');
            }
        } else {
            normal.extend(c.to_lowercase());
        }
    }
    normal
}

/// The id of a version of a package inside one file.
fn id(name: &str, version: &str) -> String {
    format!("{}@{version}", normal(name))
}

/// Name and range of `name[extra]>=1.0; marker`.
fn requirement(text: &str) -> (&str, &str) {
    let requirement = text.split(';').next().unwrap_or_default().trim();
    let end = requirement
        .find(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_' | '.'))
        .unwrap_or(requirement.len());
    let (name, rest) = requirement.split_at(end);
    let range = rest.rsplit(']').next().unwrap_or(rest);
    (name, range.trim())
}

/// The versions of each name that a lock file holds: several where they depend on the platform.
struct Locked<'a>(HashMap<String, Vec<&'a str>>);

impl<'a> Locked<'a> {
    fn of(packages: impl Iterator<Item = NodeRef<'a>>) -> Self {
        let mut versions: HashMap<String, Vec<&str>> = HashMap::new();
        for node in packages {
            if let Some(name) = node.word_at("name") {
                let version = node.word_at("version").unwrap_or_default();
                versions.entry(normal(name)).or_default().push(version);
            }
        }
        Locked(versions)
    }

    /// The versions of a name.
    fn versions(&self, name: &str) -> &[&'a str] {
        self.0.get(&normal(name)).map_or(&[], Vec::as_slice)
    }

    /// The versions of a name in a range; all of them where the range is of no help.
    fn within(&self, name: &str, range: &str) -> Vec<&'a str> {
        let versions = self.versions(name);
        if let ([_, _, ..], Ok(range)) = (versions, Vers::from_native("pypi", range)) {
            let found: Vec<_> = versions
                .iter()
                .copied()
                .filter(|version| range.contains(version))
                .collect();
            if !found.is_empty() {
                return found;
            }
        }
        versions.to_vec()
    }
}
