//! Archives of Java, and those inside them: what their Maven files, their manifest and their name say.

mod groups;
mod license;
mod manifest;

use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::package;
use crate::list::List;
use crate::package::Package;
use crate::reader::{Entry, File, ReadError, Reader, Told};
use crate::text::{self, Element};
use manifest::Manifest;

pub(super) const READER: Reader = Reader {
    id: "java-archive",
    version: 1,
    wants: |entry: &Entry<'_>| is_archive(entry.name()),
    read,
};

/// Archives inside each other.
const MAX_DEPTH: usize = 6;

/// Bytes unpacked from one file, in all its archives.
const MAX_BYTES: u64 = 2 << 30;

/// Bytes of one archive inside another: it is held in memory while it is read.
const MAX_INNER: u64 = 256 << 20;

/// Bytes of one file that is read inside an archive, other than an archive.
const MAX_TEXT: u64 = 4 << 20;

/// Entries of one file, in all its archives.
const MAX_ENTRIES: usize = 1_000_000;

fn is_archive(name: &str) -> bool {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    extension.is_some_and(|extension| {
        const KNOWN: [&str; 12] = [
            "jar", "war", "ear", "par", "sar", "nar", "kar", "jpi", "hpi", "rar", "lpkg", "jmod",
        ];
        KNOWN
            .iter()
            .any(|known| extension.eq_ignore_ascii_case(known))
    })
}

fn read(file: &File<'_>) -> Result<Told, ReadError> {
    // Another kind of archive and modules of the JDK share these endings.
    if !file.bytes.starts_with(b"PK") && !contains_zip(file) {
        return Ok(Told::default());
    }
    let mut walk = Walk {
        list: List::default(),
        damage: Vec::new(),
        bytes: MAX_BYTES,
        entries: MAX_ENTRIES,
    };
    walk.archive(file.path, file.bytes, 0)?;
    Ok(Told {
        damage: walk.damage,
        ..walk.list.told()
    })
}

/// A script may stand before the archive that it starts.
fn contains_zip(file: &File<'_>) -> bool {
    let end = file.bytes.len().saturating_sub(70_000);
    file.bytes.starts_with(b"#!")
        && memchr::memmem::find(&file.bytes[end..], b"PK\x05\x06").is_some()
}

struct Walk {
    list: List,
    damage: Vec<ReadError>,
    /// What may still be unpacked.
    bytes: u64,
    entries: usize,
}

/// What the files of Maven say, in one archive.
#[derive(Default)]
struct Saying {
    /// Group, artifact, version.
    properties: Vec<[String; 3]>,
    /// The same of projects, with licences.
    projects: Vec<([String; 3], Vec<String>)>,
    manifest: Manifest,
}

impl Walk {
    fn archive(&mut self, path: &str, bytes: &[u8], depth: usize) -> Result<(), ReadError> {
        let mut archive = ZipArchive::new(Cursor::new(bytes))
            .map_err(|error| ReadError::new(format!("expected a zip archive: {error}")))?;
        self.entries = self
            .entries
            .checked_sub(archive.len())
            .ok_or_else(|| ReadError::new("more entries than an archive may have"))?;
        let mut told = Saying::default();
        let mut inner = Vec::new();
        for index in 0..archive.len() {
            let Ok(entry) = archive.by_index_raw(index) else {
                continue;
            };
            let Ok(name) = entry.name().map(std::borrow::Cow::into_owned) else {
                continue;
            };
            let last = name.rsplit('/').next().unwrap_or_default();
            match last {
                _ if is_archive(last) => inner.push((index, name)),
                "pom.properties" | "pom.xml" | "MANIFEST.MF" => inner.push((index, name)),
                _ => {}
            }
        }
        for (index, name) in inner {
            let is_archive = is_archive(&name);
            if is_archive && depth + 1 >= MAX_DEPTH {
                self.damage(
                    &format!("{path}/{name}"),
                    "archives are too deep inside each other",
                );
                continue;
            }
            let content = match self.unpack(&mut archive, index, is_archive) {
                Ok(content) => content,
                Err(why) => {
                    self.damage(&format!("{path}/{name}"), &why);
                    continue;
                }
            };
            if !is_archive {
                told.take(&name, &content);
            } else if content.starts_with(b"PK") {
                let inner = format!("{path}/{name}");
                if let Err(error) = self.archive(&inner, &content, depth + 1) {
                    self.damage(&inner, &error.message);
                }
            }
        }
        for mut package in told.packages(path) {
            // The file itself is known to who reads it.
            package.path = (depth > 0).then(|| path.to_owned());
            self.list.add(format!("{path} {}", package.purl), package);
        }
        Ok(())
    }

    fn damage(&mut self, path: &str, why: &str) {
        self.damage.push(ReadError::new(format!("{path}: {why}")));
    }

    fn unpack(
        &mut self,
        archive: &mut ZipArchive<Cursor<&[u8]>>,
        index: usize,
        is_archive: bool,
    ) -> Result<Vec<u8>, String> {
        let limit = if is_archive { MAX_INNER } else { MAX_TEXT };
        let limit = limit.min(self.bytes);
        let entry = archive.by_index(index).map_err(|error| error.to_string())?;
        let mut content = Vec::new();
        entry
            .take(limit + 1)
            .read_to_end(&mut content)
            .map_err(|error| error.to_string())?;
        let size = content.len() as u64;
        if size > limit {
            return Err(format!("more than {limit} bytes"));
        }
        self.bytes -= size;
        Ok(content)
    }
}

impl Saying {
    /// Takes one of the files that say something.
    fn take(&mut self, name: &str, content: &[u8]) {
        let file = File {
            path: name,
            bytes: content,
        };
        match name.rsplit('/').next().unwrap_or_default() {
            "pom.properties" => self.properties.extend(properties(&text::lossy(&file))),
            "pom.xml" => {
                let project = text::xml(&file).ok().and_then(|root| project(&root));
                self.projects.extend(project);
            }
            _ if name == "META-INF/MANIFEST.MF" => {
                self.manifest = Manifest::read(&text::lossy(&file));
            }
            _ => {}
        }
    }

    fn packages(&self, path: &str) -> Vec<Package> {
        let (stem, version) = named(path);
        // Archives made of several bring the files of all; the one of the archive's name is the archive.
        let own = self
            .properties
            .iter()
            .find(|[_, artifact, is]| *artifact == stem && *is == version)
            .or(self
                .properties
                .first()
                .filter(|_| self.properties.len() == 1));
        let mut found = Vec::new();
        for place in &self.properties {
            let [group, artifact, version] = place;
            let Some(mut package) = package(group, artifact, version) else {
                continue;
            };
            package.licenses = self.licenses(place);
            if package.licenses.is_empty() && Some(place) == own {
                package.licenses.clone_from(&self.manifest.licenses);
            }
            found.push(package);
        }
        if own.is_none() {
            found.extend(self.unnamed(stem, version));
        }
        found
    }

    fn licenses(&self, place: &[String; 3]) -> Vec<String> {
        let mut projects = self.projects.iter();
        let same = projects.find(|(project, _)| project[..2] == place[..2]);
        same.map(|(_, licenses)| licenses.clone())
            .unwrap_or_default()
    }

    /// The archive itself, where no properties of Maven are its own.
    fn unnamed(&self, stem: &str, version: &str) -> Option<Package> {
        let project = self.projects.iter().find(|([_, artifact, is], _)| {
            artifact == stem && (is == version || version.is_empty())
        });
        if let Some(([group, artifact, version], licenses)) = project {
            let mut package = package(group, artifact, version)?;
            package.licenses.clone_from(licenses);
            return Some(package);
        }
        let manifest = &self.manifest;
        let group = groups::known(stem)
            .or(manifest.group.as_deref())
            .or_else(|| (!version.is_empty()).then_some(stem))?;
        let artifact = if version.is_empty() {
            manifest.title.as_deref()?
        } else {
            stem
        };
        let version = if version.is_empty() {
            manifest.version.as_deref()?
        } else {
            version
        };
        let mut package = package(group, artifact, version)?;
        package.licenses.clone_from(&manifest.licenses);
        Some(package)
    }
}

/// Group, artifact and version of a `pom.properties` that has all.
fn properties(text: &str) -> Option<[String; 3]> {
    let value = |key: &str| {
        let mut named = text.lines().filter_map(|line| line.trim().split_once('='));
        let (_, value) = named.find(|(name, _)| name.trim() == key)?;
        Some(value.trim().to_owned()).filter(|value| !value.is_empty())
    };
    Some([value("groupId")?, value("artifactId")?, value("version")?])
}

/// The same of a `pom.xml`, whose parent may say group and version, with licences.
fn project(root: &Element) -> Option<([String; 3], Vec<String>)> {
    let parent = root.child("parent");
    let value = |key: &str| {
        let value = root.text_of(key).or_else(|| parent?.text_of(key))?;
        (!value.is_empty() && !value.contains("${")).then(|| value.to_owned())
    };
    let licenses = root.child("licenses").map(|licenses| {
        let names = licenses
            .all("license")
            .filter_map(|license| license.text_of("name"));
        names.map(str::to_owned).collect()
    });
    let place = [
        value("groupId")?,
        root.text_of("artifactId")?.to_owned(),
        value("version").unwrap_or_default(),
    ];
    Some((place, licenses.unwrap_or_default()))
}

/// Artifact and version by the name of the archive: what follows the last `-` before a digit is the version.
fn named(path: &str) -> (&str, &str) {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let mut at = stem.len();
    while let Some(dash) = stem[..at].rfind('-') {
        let version = &stem[dash + 1..];
        if version.starts_with(|c: char| c.is_ascii_digit()) {
            return (&stem[..dash], version);
        }
        at = dash;
    }
    (stem, "")
}

#[cfg(test)]
mod tests;
