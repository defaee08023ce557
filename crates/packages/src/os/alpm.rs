//! Arch's pacman: a folder for each package, with a description and a list of files.

use super::{package, upstream};
use crate::reader::{Entry, File, ReadError, Reader, Told};

pub(super) const DESCRIPTION: Reader = Reader {
    id: "alpm",
    version: 1,
    wants: |entry| is_named(entry, "desc"),
    read: read_description,
};

pub(super) const FILES: Reader = Reader {
    id: "alpm-files",
    version: 1,
    wants: |entry| is_named(entry, "files"),
    read: |file| Ok(read_files(file)),
};

fn is_named(entry: &Entry<'_>, name: &str) -> bool {
    let inside = entry.path.strip_prefix("var/lib/pacman/local/");
    inside
        .and_then(|path| path.split_once('/'))
        .is_some_and(|(_, last)| last == name)
}

/// The lines of a section, `%NAME%` and what follows up to an empty line.
fn section<'a>(text: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let header = format!("%{name}%");
    text.lines()
        .skip_while(move |line| line.trim() != header)
        .skip(1)
        .take_while(|line| !line.trim().is_empty())
        .map(str::trim)
}

fn read_description(file: &File<'_>) -> Result<Told, ReadError> {
    let text = String::from_utf8_lossy(file.bytes);
    let first = |name: &str| section(&text, name).next().unwrap_or_default();
    let (name, version) = (first("NAME"), first("VERSION"));
    if name.is_empty() || version.is_empty() {
        return Err(ReadError::new(
            "a pacman package lacks its %NAME% or %VERSION%",
        ));
    }
    let upstream = upstream(name, version, first("BASE"), "");
    let mut package = package(
        "alpm",
        name,
        version,
        &[("arch", first("ARCH")), ("upstream", &upstream)],
    );
    package.licenses = section(&text, "LICENSE").map(str::to_owned).collect();
    Ok(Told {
        packages: vec![package],
        ..Told::default()
    })
}

fn read_files(file: &File<'_>) -> Told {
    let text = String::from_utf8_lossy(file.bytes);
    let files = section(&text, "FILES").filter(|path| !path.ends_with('/'));
    Told {
        owned: files.map(str::to_owned).collect(),
        ..Told::default()
    }
}
