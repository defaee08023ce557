//! The packages of one file while it is read: known by an id, lines joined, needs resolved at the end.

use std::collections::HashMap;

use versions::Purl;

use crate::package::Package;
use crate::reader::Told;

/// The packages of one file.
#[derive(Debug, Default)]
pub(crate) struct List {
    packages: Vec<Package>,
    ids: HashMap<String, u32>,
    needs: Vec<(u32, String)>,
}

impl List {
    /// Adds a package under an id; one that is there already gains lines, and is no longer for development only
    /// unless both are.
    pub(crate) fn add(&mut self, id: impl Into<String>, package: Package) -> u32 {
        let next = self.packages.len() as u32;
        let at = *self.ids.entry(id.into()).or_insert(next);
        match self.packages.get_mut(at as usize) {
            Some(known) => join(known, package),
            None => self.packages.push(package),
        }
        at
    }

    /// Another id for a package.
    pub(crate) fn name(&mut self, id: impl Into<String>, at: u32) {
        self.ids.entry(id.into()).or_insert(at);
    }

    /// The place of an id.
    pub(crate) fn find(&self, id: &str) -> Option<u32> {
        self.ids.get(id).copied()
    }

    /// A package by its place.
    pub(crate) fn at(&mut self, at: u32) -> Option<&mut Package> {
        self.packages.get_mut(at as usize)
    }

    /// All packages so far.
    pub(crate) fn packages(&mut self) -> impl Iterator<Item = &mut Package> {
        self.packages.iter_mut()
    }

    /// A package needs what has or will have this id; without one, the need says nothing.
    pub(crate) fn need(&mut self, at: u32, id: impl Into<String>) {
        self.needs.push((at, id.into()));
    }

    /// A package needs one whose place is known.
    pub(crate) fn link(&mut self, at: u32, needed: u32) {
        if at != needed
            && let Some(package) = self.at(at)
        {
            package.needs.push(needed);
        }
    }

    /// What the file says.
    pub(crate) fn told(mut self) -> Told {
        for (at, id) in std::mem::take(&mut self.needs) {
            let Some(needed) = self.find(&id).filter(|&needed| needed != at) else {
                continue;
            };
            if let Some(package) = self.at(at) {
                package.needs.push(needed);
            }
        }
        for package in &mut self.packages {
            package.needs.sort_unstable();
            package.needs.dedup();
            package.lines.sort_unstable();
            package.lines.dedup();
        }
        Told {
            packages: self.packages,
            ..Told::default()
        }
    }
}

fn join(known: &mut Package, other: Package) {
    known.lines.extend(other.lines);
    known.is_dev &= other.is_dev;
    known.relationship = match (known.relationship, other.relationship) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    };
    if known.licenses.is_empty() {
        known.licenses = other.licenses;
    }
}

/// A package of a type; none where the parts make no package URL.
pub(crate) fn package(kind: &str, namespace: &str, name: &str, version: &str) -> Option<Package> {
    let parts = Purl {
        kind: kind.to_owned(),
        namespace: namespace.to_owned(),
        name: name.to_owned(),
        version: version.to_owned(),
        qualifiers: std::collections::BTreeMap::new(),
        subpath: String::new(),
    };
    parts.build().ok().map(Package::new)
}

/// A package whose name may hold its namespace before the last `/`.
pub(crate) fn pathed(kind: &str, path: &str, version: &str) -> Option<Package> {
    let (namespace, name) = path.rsplit_once('/').unwrap_or(("", path));
    package(kind, namespace, name, version)
}

#[cfg(test)]
mod tests {
    use super::{List, package};

    #[test]
    fn a_package_that_comes_twice_is_one_with_both_lines() {
        let mut list = List::default();
        for (lines, is_dev) in [((1, 2), true), ((5, 6), false)] {
            let mut found = package("npm", "", "a", "1").unwrap();
            found.lines.push(lines);
            found.is_dev = is_dev;
            list.add("a@1", found);
        }
        let at = list.add("b@1", package("npm", "", "b", "1").unwrap());
        list.need(at, "a@1");
        list.need(at, "nowhere");
        let told = list.told();
        assert_eq!(told.packages.len(), 2);
        assert_eq!(told.packages[0].lines, [(1, 2), (5, 6)]);
        assert!(!told.packages[0].is_dev);
        assert_eq!(told.packages[1].needs, [0]);
    }
}
