//! The header of one package: an index of tags, and the values that it points to.

use super::bytes::{big, place, slice};
use crate::os::package;
use crate::reader::Told;

/// Tags, as rpm numbers them.
mod tag {
    pub(super) const NAME: u32 = 1000;
    pub(super) const VERSION: u32 = 1001;
    pub(super) const RELEASE: u32 = 1002;
    pub(super) const EPOCH: u32 = 1003;
    pub(super) const LICENSE: u32 = 1014;
    pub(super) const ARCH: u32 = 1022;
    pub(super) const OLD_FILE_NAMES: u32 = 1027;
    pub(super) const SOURCE_RPM: u32 = 1044;
    pub(super) const DIR_INDEXES: u32 = 1116;
    pub(super) const BASE_NAMES: u32 = 1117;
    pub(super) const DIR_NAMES: u32 = 1118;
    pub(super) const MODULARITY: u32 = 5096;
}

/// Types of values.
mod kind {
    pub(super) const INT32: u32 = 4;
    pub(super) const STRING: u32 = 6;
    pub(super) const STRINGS: u32 = 8;
    pub(super) const TRANSLATED: u32 = 9;
}

/// Entries of an index; rpm's own limit.
const MAX_ENTRIES: u32 = 0xffff;

/// Bytes that paths of one package may take: its folders are written once, and named by every file in them.
const MAX_PATHS: usize = 64 << 20;

/// Reads a header into a package and the files that it owns.
pub(super) fn read(blob: &[u8], told: &mut Told) -> Result<(), String> {
    let header = Header::new(blob).ok_or("the header of a package is damaged")?;
    let (name, version) = (header.text(tag::NAME), header.text(tag::VERSION));
    if name.is_empty() {
        return Err("the header of a package has no name".to_owned());
    }
    if version.is_empty() {
        return Err(format!("the header of package '{name}' has no version"));
    }
    let release = header.text(tag::RELEASE);
    let version = if release.is_empty() {
        version
    } else {
        format!("{version}-{release}")
    };
    let epoch = header.number(tag::EPOCH, 0).filter(|epoch| *epoch != 0);
    let epoch = epoch.map_or(String::new(), |epoch| epoch.to_string());
    let source = Some(header.text(tag::SOURCE_RPM)).filter(|source| source != "(none)");
    let mut package = package(
        "rpm",
        &name,
        &version,
        &[
            ("arch", &header.text(tag::ARCH)),
            ("epoch", &epoch),
            ("rpmmod", &header.text(tag::MODULARITY)),
            ("upstream", &source.unwrap_or_default()),
        ],
    );
    let license = header.text(tag::LICENSE);
    package
        .licenses
        .extend(Some(license).filter(|license| !license.is_empty()));
    told.packages.push(package);
    header
        .files(&mut told.owned)
        .ok_or_else(|| format!("the list of files of package '{name}' is damaged"))
}

struct Header<'a> {
    index: &'a [u8],
    store: &'a [u8],
}

/// An entry of the index.
struct Value<'a> {
    kind: u32,
    count: u32,
    bytes: &'a [u8],
}

impl<'a> Header<'a> {
    /// Eight bytes say how many entries of sixteen bytes follow, and how many bytes of values after them.
    fn new(blob: &'a [u8]) -> Option<Self> {
        let entries = big(blob, 0).filter(|entries| *entries <= MAX_ENTRIES)?;
        let length = place(big(blob, 4)?);
        let index = slice(blob, 8, place(entries) * 16)?;
        let store = slice(blob, 8 + index.len(), length)?;
        Some(Self { index, store })
    }

    fn value(&self, tag: u32) -> Option<Value<'a>> {
        let entry = self
            .index
            .chunks_exact(16)
            .find(|entry| big(entry, 0) == Some(tag))?;
        Some(Value {
            kind: big(entry, 4)?,
            bytes: self.store.get(place(big(entry, 8)?)..)?,
            count: big(entry, 12)?,
        })
    }

    /// A text, the first of several.
    fn text(&self, tag: u32) -> String {
        let text = self.strings(tag).next();
        text.map(|text| String::from_utf8_lossy(text).into_owned())
            .unwrap_or_default()
    }

    fn strings(&self, tag: u32) -> impl Iterator<Item = &'a [u8]> {
        let value = self.value(tag);
        let value = value
            .filter(|value| matches!(value.kind, kind::STRING | kind::STRINGS | kind::TRANSLATED));
        let (bytes, count) = value.map_or((&[][..], 0), |value| (value.bytes, value.count));
        let count = if bytes.is_empty() { 0 } else { place(count) };
        bytes.split(|byte| *byte == 0).take(count)
    }

    fn number(&self, tag: u32, at: usize) -> Option<u32> {
        let value = self.value(tag)?;
        let is_there = value.kind == kind::INT32 && at < place(value.count);
        is_there.then(|| big(value.bytes, at * 4)).flatten()
    }

    /// Paths: names of files, each with the number of its folder; before rpm 4, whole paths.
    fn files(&self, owned: &mut Vec<String>) -> Option<()> {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let folders: Vec<String> = self.strings(tag::DIR_NAMES).map(text).collect();
        let numbers = self
            .value(tag::DIR_INDEXES)
            .filter(|value| value.kind == kind::INT32);
        let numbers = numbers.map_or(&[][..], |value| value.bytes);
        let mut room = MAX_PATHS;
        for (at, name) in self.strings(tag::BASE_NAMES).enumerate() {
            let folder = folders.get(place(big(numbers, at * 4)?))?;
            room = room.checked_sub(folder.len() + name.len())?;
            let path = format!("{folder}{}", String::from_utf8_lossy(name));
            owned.push(path.trim_start_matches('/').to_owned());
        }
        for path in self.strings(tag::OLD_FILE_NAMES) {
            owned.push(text(path).trim_start_matches('/').to_owned());
        }
        Some(())
    }
}
