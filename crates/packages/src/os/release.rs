//! os-release, and the files that were there before it.

use crate::os_release::OsRelease;
use crate::reader::{Entry, File, Reader, Told};

/// Files that say it, best first.
const FILES: [&str; 12] = [
    "etc/os-release",
    "usr/lib/os-release",
    "etc/alpine-release",
    "etc/rocky-release",
    "etc/almalinux-release",
    "etc/oracle-release",
    "etc/fedora-release",
    "etc/centos-release",
    "etc/redhat-release",
    "etc/system-release",
    "etc/openwrt_release",
    "etc/debian_version",
];

/// Words of the old release files, and the `ID` that they stand for.
const NAMES: [(&str, &str); 10] = [
    ("AlmaLinux", "almalinux"),
    ("Amazon Linux", "amzn"),
    ("CentOS", "centos"),
    ("Fedora", "fedora"),
    ("Mageia", "mageia"),
    ("Oracle Linux", "ol"),
    ("Photon", "photon"),
    ("Red Hat Enterprise Linux", "rhel"),
    ("Rocky Linux", "rocky"),
    ("openEuler", "openeuler"),
];

pub(super) const READER: Reader = Reader {
    id: "os-release",
    version: 1,
    wants,
    read: |file| Ok(read(file)),
};

fn wants(entry: &Entry<'_>) -> bool {
    FILES.contains(&entry.path) && entry.size <= 1 << 20
}

fn read(file: &File<'_>) -> Told {
    let text = String::from_utf8_lossy(file.bytes);
    let rank = FILES.iter().position(|known| *known == file.path);
    let rank = rank
        .and_then(|rank| u8::try_from(rank).ok())
        .unwrap_or(u8::MAX);
    let release = match file.path {
        "etc/alpine-release" => one_line("alpine", &text),
        "etc/debian_version" => one_line("debian", &text),
        "etc/openwrt_release" => variables(
            &text,
            ["DISTRIB_ID", "DISTRIB_RELEASE", "DISTRIB_DESCRIPTION"],
        ),
        path if path.ends_with("/os-release") => {
            variables(&text, ["ID", "VERSION_ID", "PRETTY_NAME"])
        }
        _ => sentence(&text),
    };
    Told {
        release: release.map(|release| OsRelease { rank, ..release }),
        ..Told::default()
    }
}

/// Assignments as a shell reads them.
fn variables(text: &str, [id, version, name]: [&str; 3]) -> Option<OsRelease> {
    let value = |key: &str| {
        let of_line = |line: &str| {
            let (word, value) = line.trim().split_once('=')?;
            (word == key).then(|| unquoted(value.trim()))
        };
        // A shell takes the last assignment.
        text.lines().rev().find_map(of_line)
    };
    Some(OsRelease {
        id: value(id).filter(|id| !id.is_empty())?.to_lowercase(),
        version: value(version).unwrap_or_default(),
        name: value(name).unwrap_or_default(),
        rank: 0,
    })
}

fn unquoted(value: &str) -> String {
    let quoted = |quote: char| value.strip_prefix(quote)?.strip_suffix(quote);
    if let Some(literal) = quoted('\'') {
        return literal.to_owned();
    }
    let value = quoted('"').unwrap_or(value);
    let mut text = String::with_capacity(value.len());
    let mut characters = value.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => text.extend(characters.next()),
            other => text.push(other),
        }
    }
    text
}

/// A file that holds the version alone. Debian's testing has names there (`trixie/sid`), which are no version.
fn one_line(id: &str, text: &str) -> Option<OsRelease> {
    let version = text.trim();
    let version = if version.starts_with(|c: char| c.is_ascii_digit()) {
        version
    } else {
        ""
    };
    (!text.trim().is_empty()).then(|| OsRelease {
        id: id.to_owned(),
        version: version.to_owned(),
        name: String::new(),
        rank: 0,
    })
}

/// `CentOS Linux release 7.6.1810 (Core)`
fn sentence(text: &str) -> Option<OsRelease> {
    let line = text.lines().next()?.trim();
    let (_, id) = NAMES.iter().find(|(name, _)| line.starts_with(name))?;
    let version = line
        .split_whitespace()
        .find(|word| word.starts_with(|c: char| c.is_ascii_digit()))
        .unwrap_or_default();
    Some(OsRelease {
        id: (*id).to_owned(),
        version: version.to_owned(),
        name: line.to_owned(),
        rank: 0,
    })
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::os_release::OsRelease;
    use crate::reader::File;

    fn release(path: &str, text: &str) -> Option<OsRelease> {
        let bytes = text.as_bytes();
        read(&File { path, bytes }).release
    }

    fn said(path: &str, text: &str) -> (String, String) {
        let release = release(path, text).unwrap();
        let cycle = release.support_cycle();
        let cycle = cycle.map_or(String::new(), |(product, cycle)| {
            format!("{product} {cycle}")
        });
        (release.distro(), cycle)
    }

    #[test]
    fn releases_name_their_support_cycle() {
        for (path, text, distro, cycle) in [
            (
                "etc/os-release",
                "NAME=\"Alpine Linux\"\nID=alpine\nVERSION_ID=3.12.0\n",
                "alpine-3.12.0",
                "alpine-linux 3.12",
            ),
            (
                "usr/lib/os-release",
                "VERSION_ID=\"12\"\nID=debian\n",
                "debian-12",
                "debian 12",
            ),
            (
                "etc/os-release",
                "ID='ubuntu'\r\nVERSION_ID=\"22.04\"\r\n",
                "ubuntu-22.04",
                "ubuntu 22.04",
            ),
            (
                "etc/os-release",
                "ID=\"sles\"\nVERSION_ID=\"12.5\"\n",
                "sles-12.5",
                "sles 12.5",
            ),
            (
                "etc/os-release",
                "ID=\"amzn\"\nVERSION_ID=\"2018.03\"\n",
                "amzn-2018.03",
                "amazon-linux 2018.03",
            ),
            (
                "etc/os-release",
                "ID=\"centos\"\nVERSION_ID=\"9\"\nPRETTY_NAME=\"CentOS Stream 9\"\n",
                "centos-9",
                "centos-stream 9",
            ),
            (
                "etc/centos-release",
                "CentOS Linux release 7.6.1810 (Core)\n",
                "centos-7.6.1810",
                "centos 7",
            ),
            (
                "etc/redhat-release",
                "Red Hat Enterprise Linux release 9.4 (Plow)",
                "rhel-9.4",
                "rhel 9",
            ),
            (
                "etc/alpine-release",
                "3.10.4\n",
                "alpine-3.10.4",
                "alpine-linux 3.10",
            ),
            ("etc/debian_version", "trixie/sid\n", "debian", ""),
            (
                "etc/openwrt_release",
                "DISTRIB_ID='OpenWrt'\nDISTRIB_RELEASE='23.05.2'\n",
                "openwrt-23.05.2",
                "openwrt 23.05",
            ),
        ] {
            assert_eq!(
                said(path, text),
                (distro.to_owned(), cycle.to_owned()),
                "{text}"
            );
        }
    }

    #[test]
    fn the_last_assignment_counts_and_quotes_are_a_shells() {
        let told = release(
            "etc/os-release",
            "#ID=no\nID=one\nID=two\nPRETTY_NAME=\"a \\\"b\\\" \\$c\"",
        )
        .unwrap();
        assert_eq!(
            (told.id.as_str(), told.name.as_str()),
            ("two", "a \"b\" $c")
        );
        assert_eq!(release("etc/os-release", "NAME=x\n"), None);
        assert_eq!(release("etc/redhat-release", "Something else 1"), None);
    }
}
