//! `OpenWrt`'s opkg: the format is dpkg's, the places differ.

use super::deb822::stanzas;
use super::{package, relative};
use crate::reader::{Entry, File, ReadError, Reader, Told};

pub(super) const STATUS: Reader = Reader {
    id: "opkg",
    version: 1,
    wants: |entry| in_folder(entry) == Some("status"),
    read: |file| Ok(read_status(file)),
};

pub(super) const LIST: Reader = Reader {
    id: "opkg-files",
    version: 1,
    wants: |entry| {
        in_folder(entry)
            .is_some_and(|path| path.starts_with("info/") && path.strip_suffix(".list").is_some())
    },
    read: |file| Ok(read_list(file)),
};

fn in_folder<'a>(entry: &Entry<'a>) -> Option<&'a str> {
    let folders = ["usr/lib/opkg/", "var/lib/opkg/", "lib/opkg/"];
    folders
        .iter()
        .find_map(|folder| entry.path.strip_prefix(folder))
}

fn read_status(file: &File<'_>) -> Told {
    let text = String::from_utf8_lossy(file.bytes);
    let mut told = Told::default();
    for stanza in stanzas(&text) {
        let state = stanza
            .get("Status")
            .split_whitespace()
            .nth(2)
            .unwrap_or("installed");
        let (name, version) = (stanza.get("Package"), stanza.get("Version"));
        if matches!(state, "not-installed" | "config-files") {
            continue;
        }
        if name.is_empty() || version.is_empty() {
            told.damage.push(ReadError {
                message: format!("package '{name}' lacks its name or version"),
                at: Some((stanza.lines.0, 1)),
            });
            continue;
        }
        let mut package = package(
            "opkg",
            name,
            version,
            &[("arch", stanza.get("Architecture"))],
        );
        package.lines = vec![stanza.lines];
        told.packages.push(package);
    }
    told
}

fn read_list(file: &File<'_>) -> Told {
    let text = String::from_utf8_lossy(file.bytes);
    // A link is written `PATH\tMODE\tTARGET`.
    let paths = text
        .lines()
        .map(|line| relative(line.split('\t').next().unwrap_or(line)).to_owned());
    Told {
        owned: paths.filter(|path| !path.is_empty()).collect(),
        ..Told::default()
    }
}
