//! Gentoo's portage: `var/db/pkg/CATEGORY/NAME-VERSION/CONTENTS` lists the files of a package, and its place names it.

use super::{package, relative};
use crate::reader::{File, ReadError, Reader, Told};

pub(super) const READER: Reader = Reader {
    id: "portage",
    version: 1,
    wants: |entry| parts(entry.path).is_some(),
    read,
};

/// Category, and name with version.
fn parts(path: &str) -> Option<(&str, &str)> {
    let inside = path
        .strip_prefix("var/db/pkg/")?
        .strip_suffix("/CONTENTS")?;
    inside
        .split_once('/')
        .filter(|(_, last)| !last.contains('/'))
}

/// Where the version begins: after a `-` before a digit, of which the last counts, unless it begins a revision (`-r1`).
fn name_and_version(text: &str) -> Option<(&str, &str)> {
    let begins = |(at, _): &(usize, &str)| text[at + 1..].starts_with(|c: char| c.is_ascii_digit());
    let (at, _) = text.rmatch_indices('-').find(begins)?;
    Some((&text[..at], &text[at + 1..]))
}

fn read(file: &File<'_>) -> Result<Told, ReadError> {
    let wrong =
        || ReadError::new("the folder of a portage package is not named CATEGORY/NAME-VERSION");
    let (category, name) = parts(file.path).ok_or_else(wrong)?;
    let (name, version) = name_and_version(name).ok_or_else(wrong)?;
    let mut package = package("ebuild", name, version, &[]);
    category.clone_into(&mut package.parsed.namespace);
    package.purl = package.parsed.to_string();
    let text = String::from_utf8_lossy(file.bytes);
    Ok(Told {
        packages: vec![package],
        owned: text.lines().filter_map(owned).collect(),
        ..Told::default()
    })
}

/// `obj PATH MD5 TIME`, `sym PATH -> TARGET TIME`; paths may hold spaces.
fn owned(line: &str) -> Option<String> {
    let path = if let Some(rest) = line.strip_prefix("obj ") {
        rest.rsplitn(3, ' ').last()?
    } else {
        line.strip_prefix("sym ")?.split_once(" -> ")?.0
    };
    Some(relative(path).to_owned())
}
