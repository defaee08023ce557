//! Debian's dpkg: one file of all packages, or a folder of one file each (distroless images), and lists of their files.

use super::deb822::{Stanza, stanzas};
use super::{package, relative, upstream};
use crate::package::Package;
use crate::reader::{Entry, File, ReadError, Reader, Told};

pub(super) const STATUS: Reader = Reader {
    id: "dpkg",
    version: 1,
    wants: wants_status,
    read: |file| Ok(read_status(file)),
};

pub(super) const LIST: Reader = Reader {
    id: "dpkg-files",
    version: 1,
    wants: wants_list,
    read: |file| Ok(read_list(file)),
};

const FOLDER: &str = "var/lib/dpkg/";

fn wants_status(entry: &Entry<'_>) -> bool {
    let Some(path) = entry.path.strip_prefix(FOLDER) else {
        return false;
    };
    path == "status"
        || path
            .strip_prefix("status.d/")
            .is_some_and(|name| !name.contains('/') && !name.ends_with(".md5sums"))
}

fn wants_list(entry: &Entry<'_>) -> bool {
    let Some(path) = entry.path.strip_prefix(FOLDER) else {
        return false;
    };
    path.strip_prefix("info/")
        .is_some_and(|name| name.strip_suffix(".list").is_some())
        || path
            .strip_prefix("status.d/")
            .is_some_and(|name| name.ends_with(".md5sums"))
}

fn read_status(file: &File<'_>) -> Told {
    let text = String::from_utf8_lossy(file.bytes);
    let mut told = Told::default();
    for stanza in stanzas(&text) {
        match installed(&stanza) {
            Ok(package) => told.packages.extend(package),
            Err(message) => told.damage.push(ReadError {
                message,
                at: Some((stanza.lines.0, 1)),
            }),
        }
    }
    told
}

/// The package of a stanza, unless it was removed.
fn installed(stanza: &Stanza<'_>) -> Result<Option<Package>, String> {
    // `install ok installed`: what is wanted, whether all is well, what it is. Distroless images have no such field.
    let state = stanza
        .get("Status")
        .split_whitespace()
        .nth(2)
        .unwrap_or("installed");
    if matches!(state, "not-installed" | "config-files") {
        return Ok(None);
    }
    let (name, version) = (stanza.get("Package"), stanza.get("Version"));
    if name.is_empty() {
        return Err("a package without a name".to_owned());
    }
    if version.is_empty() {
        return Err(format!("package '{name}' has no version"));
    }
    // `Source: openssl (3.0.11-1)`
    let (source, rest) = stanza
        .get("Source")
        .split_once(' ')
        .unwrap_or((stanza.get("Source"), ""));
    let source_version = rest.trim().trim_start_matches('(').trim_end_matches(')');
    let upstream = upstream(name, version, source, source_version);
    let qualifiers = [
        ("arch", stanza.get("Architecture")),
        ("upstream", &upstream),
    ];
    let mut package = package("deb", name, version, &qualifiers);
    package.lines = vec![stanza.lines];
    Ok(Some(package))
}

fn read_list(file: &File<'_>) -> Told {
    let text = String::from_utf8_lossy(file.bytes);
    let path = |line: &str| {
        // A line of md5sums is the sum, two spaces and the path.
        let path = if file.path.ends_with(".md5sums") {
            line.split_once(char::is_whitespace)
                .map_or("", |(_, path)| path.trim_start())
        } else {
            line
        };
        relative(path).to_owned()
    };
    let owned = text
        .lines()
        .map(path)
        .filter(|path| !path.is_empty() && path != ".");
    Told {
        owned: owned.collect(),
        ..Told::default()
    }
}
