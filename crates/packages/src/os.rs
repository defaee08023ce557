//! What package managers of operating systems say is installed, and which files belong to it.
//!
//! The package URLs say everything but whose package it is and for which release: that is in another file, and
//! [`OsRelease::place`](crate::OsRelease::place) adds it.

mod alpm;
mod apk;
mod deb822;
mod dpkg;
mod nix;
mod opkg;
mod portage;
mod release;
mod rpm;

use std::collections::BTreeMap;

use versions::Purl;

use crate::package::Package;
use crate::reader::Reader;

pub use nix::store_path;

/// The types of package URLs that operating systems have.
const KINDS: [&str; 7] = ["alpm", "apk", "deb", "ebuild", "nix", "opkg", "rpm"];

/// The readers of this module, and of the release.
pub const READERS: &[Reader] = &[
    release::READER,
    alpm::DESCRIPTION,
    alpm::FILES,
    apk::READER,
    dpkg::STATUS,
    dpkg::LIST,
    opkg::STATUS,
    opkg::LIST,
    portage::READER,
    rpm::READER,
];

/// Whether a package manager of an operating system installed it.
pub fn is_of_system(package: &Package) -> bool {
    KINDS.contains(&package.parsed.kind.as_str())
}

/// A package by its type, name and version, with the qualifiers that have a value.
fn package(kind: &str, name: &str, version: &str, qualifiers: &[(&str, &str)]) -> Package {
    let qualifiers: BTreeMap<String, String> = qualifiers
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect();
    Package::new(Purl {
        kind: kind.to_owned(),
        namespace: String::new(),
        name: name.to_owned(),
        version: version.to_owned(),
        qualifiers,
        subpath: String::new(),
    })
}

/// The source package as the `upstream` qualifier has it; nothing where it is the package itself.
fn upstream(name: &str, version: &str, source: &str, source_version: &str) -> String {
    let same_version = source_version.is_empty() || source_version == version;
    match (source, same_version) {
        ("", _) => String::new(),
        (source, true) if source == name => String::new(),
        (source, true) => source.to_owned(),
        (source, false) => format!("{source}@{source_version}"),
    }
}

/// A path relative to the root, from one that begins with `/`, `./` or neither.
fn relative(path: &str) -> &str {
    path.trim_start_matches("./").trim_start_matches('/')
}

/// A number of a line, which formats of text have no more of than fit.
fn line_number(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
