//! `pnpm-lock.yaml`, versions 5 to 9.
//!
//! A package's key is a path that says name, version, and which peers it was installed with; 9 keeps what is installed
//! with which peers apart, in `snapshots`.

use std::collections::HashSet;

use document::NodeRef;

use super::package;
use crate::list::List;
use crate::package::Relationship;
use crate::reader::{Entry, File, ReadError, Reader, Told};
use crate::text::{self, Node};

pub(super) const READER: Reader = Reader {
    id: "pnpm-lock",
    version: 1,
    wants: |entry: &Entry<'_>| entry.is_project(&["pnpm-lock.yaml", "pnpm-lock.yml"]),
    read,
};

/// How keys are written.
#[derive(Clone, Copy, PartialEq)]
enum Style {
    /// `/name/1.0.0_peer@1.0.0`
    Slash,
    /// `/name@1.0.0(peer@1.0.0)`
    At,
    /// `name@1.0.0(peer@1.0.0)`
    Plain,
}

fn read(file: &File<'_>) -> Result<Told, ReadError> {
    let document = text::yaml(file)?;
    // pnpm 11 writes what it needs itself as a document of its own before.
    let root = match document.roots().last() {
        Some(root) if root.is_mapping() => root,
        _ => text::mapping(&document, "a pnpm-lock.yaml")?,
    };
    let style = style(root)?;
    let mut list = List::default();
    for entry in root.entries_at("packages") {
        let (key, node) = (entry.name(), entry.value);
        let Some((name, version)) = identity(key, node, style) else {
            continue;
        };
        let Some(mut package) = package(name, version) else {
            continue;
        };
        package.lines.push((text::key_line(entry), node.lines().1));
        package.relationship = Some(Relationship::Indirect);
        package.is_dev = node.is_set("dev");
        let at = list.add(format!("={name}@{version}"), package);
        list.name(key, at);
        needs(at, node, style, &mut list);
    }
    for entry in root.entries_at("snapshots") {
        if let Some(at) = list.find(without_peers(entry.name())) {
            list.name(entry.name(), at);
            needs(at, entry.value, style, &mut list);
        }
    }
    let used = direct(root, style, &mut list);
    let mut told = list.told();
    if style == Style::Plain {
        mark_development(&mut told, used);
    }
    Ok(told)
}

fn style(root: NodeRef<'_>) -> Result<Style, ReadError> {
    let version = root.word_at("lockfileVersion").unwrap_or_default();
    let major = version.split('.').next().unwrap_or_default();
    match major.parse::<u32>() {
        Ok(0..=5) => Ok(Style::Slash),
        Ok(6..=8) => Ok(Style::At),
        Ok(_) => Ok(Style::Plain),
        Err(_) => {
            let place = root.get_str("lockfileVersion").unwrap_or(root);
            Err(ReadError::at(place, "expected a number as lockfileVersion"))
        }
    }
}

/// Name and version: what the package says itself, else what its key says.
fn identity<'a>(key: &'a str, node: NodeRef<'a>, style: Style) -> Option<(&'a str, &'a str)> {
    let (name, version) = match style {
        Style::Plain => super::parted(without_peers(key))?,
        Style::Slash | Style::At => {
            let path = key.split_once('/').map_or(key, |(_, path)| path);
            let separator = if style == Style::At { '@' } else { '/' };
            let from = match path.strip_prefix('@') {
                Some(rest) => rest.find('/')? + 2,
                None => 0,
            };
            match path.get(from..)?.find(separator) {
                Some(at) => (&path[..from + at], &path[from + at + 1..]),
                None => ("", ""),
            }
        }
    };
    let version = version.split(['_', '(']).next().unwrap_or(version);
    let name = node.word_at("name").unwrap_or(name);
    let version = node.word_at("version").unwrap_or(version);
    let is_version = version.starts_with(|c: char| c.is_ascii_digit()) && version.contains('.');
    (is_version && !name.is_empty()).then_some((name, version))
}

fn without_peers(key: &str) -> &str {
    key.split('(').next().unwrap_or(key)
}

/// What a package needs.
fn needs(at: u32, node: NodeRef<'_>, style: Style, list: &mut List) {
    for section in ["dependencies", "optionalDependencies"] {
        for entry in node.entries_at(section) {
            if let Some(key) = key(entry.name(), entry.value, style) {
                list.need(at, key);
            }
        }
    }
}

/// The key of what is installed under a name: its version, or the key itself where it is another package.
fn key(name: &str, value: NodeRef<'_>, style: Style) -> Option<String> {
    let version = value.word().or_else(|| value.word_at("version"))?;
    let is_key = match style {
        Style::Slash | Style::At => version.contains('/') && !version.contains('('),
        Style::Plain => super::parted(without_peers(version)).is_some(),
    };
    let is_key = is_key || (style == Style::At && version.starts_with('/'));
    Some(match style {
        _ if is_key => version.to_owned(),
        Style::Slash => format!("/{name}/{version}"),
        Style::At => format!("/{name}@{version}"),
        Style::Plain => format!("{name}@{version}"),
    })
}

/// Marks what the projects ask for; the places of what they use beyond development.
fn direct(root: NodeRef<'_>, style: Style, list: &mut List) -> Vec<u32> {
    let importers = root.entries_at("importers").map(|importer| importer.value);
    let mut used = Vec::new();
    for project in importers.chain([root]) {
        for section in ["dependencies", "optionalDependencies", "devDependencies"] {
            for entry in project.entries_at(section) {
                let key = key(entry.name(), entry.value, style);
                let Some(at) = key.and_then(|key| list.find(&key)) else {
                    continue;
                };
                if let Some(package) = list.at(at) {
                    package.relationship = Some(Relationship::Direct);
                }
                if section != "devDependencies" {
                    used.push(at);
                }
            }
        }
    }
    used
}

/// What nothing that is used needs serves development: 9 does not say so itself.
fn mark_development(told: &mut Told, mut open: Vec<u32>) {
    let mut used = HashSet::new();
    while let Some(at) = open.pop() {
        if used.insert(at) {
            let package = told.packages.get(at as usize);
            open.extend(package.into_iter().flat_map(|package| &package.needs));
        }
    }
    for (at, package) in told.packages.iter_mut().enumerate() {
        package.is_dev = !used.contains(&(at as u32));
    }
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::language::testing::{told, tree};

    #[test]
    fn version_5_parts_by_slashes() {
        let text = "lockfileVersion: 5.4
dependencies:
  '@s/a': 1.0.0_b@2.0.0
packages:

  /@s/a/1.0.0_b@2.0.0:
    dependencies:
      b: 2.0.0
      c: /real/3.0.0
    dev: false

  /b/2.0.0:
    dev: true
  registry.npmjs.org/real/3.0.0:
    dev: false
  /real/3.0.0:
    dev: false
  github.com/x/y/0123:
    name: y
    version: 0.1.0
";
        assert_eq!(
            tree(&told(READER, "pnpm-lock.yaml", text)),
            "pkg:npm/%40s/a@1.0.0 6-10 direct -> b@2.0.0 real@3.0.0\n\
             pkg:npm/b@2.0.0 12-13 indirect dev\n\
             pkg:npm/real@3.0.0 14-15 16-17 indirect\n\
             pkg:npm/y@0.1.0 18-20 indirect\n"
        );
    }

    #[test]
    fn version_6_parts_by_at() {
        let text = "lockfileVersion: '6.0'
importers:
  .:
    dependencies:
      a: {specifier: ^1.0.0, version: 1.0.0(b@2.0.0)}
packages:
  /a@1.0.0(b@2.0.0):
    dependencies:
      '@s/b': 2.0.0
  /@s/b@2.0.0:
    dev: false
";
        assert_eq!(
            tree(&told(READER, "pnpm-lock.yaml", text)),
            "pkg:npm/a@1.0.0 7-9 direct -> b@2.0.0\npkg:npm/%40s/b@2.0.0 10-11 indirect\n"
        );
    }

    #[test]
    fn version_9_has_snapshots_and_tells_development_by_the_graph() {
        let text = "lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      a: {specifier: ^1.0.0, version: 1.0.0(b@2.0.0)}
    devDependencies:
      c: {specifier: ^1.0.0, version: 1.0.0}
packages:
  '@s/b@2.0.0':
    resolution: {integrity: x}
  a@1.0.0:
    resolution: {integrity: x}
  c@1.0.0:
    resolution: {integrity: x}
  d@https://x/d.tgz:
    resolution: {tarball: https://x/d.tgz}
    version: 4.0.0
snapshots:
  '@s/b@2.0.0': {}
  a@1.0.0(b@2.0.0):
    dependencies:
      alias: '@s/b@2.0.0'
      d: https://x/d.tgz
  c@1.0.0:
    dependencies:
      alias: '@s/b@2.0.0'
  d@https://x/d.tgz: {}
";
        assert_eq!(
            tree(&told(READER, "pnpm-lock.yaml", text)),
            "pkg:npm/%40s/b@2.0.0 9-10 indirect\n\
             pkg:npm/a@1.0.0 11-12 direct -> b@2.0.0 d@4.0.0\n\
             pkg:npm/c@1.0.0 13-14 direct dev -> b@2.0.0\n\
             pkg:npm/d@4.0.0 15-17 indirect\n"
        );
    }
}
