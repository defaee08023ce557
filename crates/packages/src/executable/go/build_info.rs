//! What the linker of Go writes into every program: the version of Go, and since 1.12 the modules, as lines of text.

use super::super::image::Image;

/// How the place begins; it is aligned.
const MAGIC: &[u8] = b"\xff Go buildinf:";
const ALIGNMENT: usize = 16;

/// The length of what is before the two texts.
const HEADER: usize = 32;

/// Bytes of one of the texts.
const MAX_TEXT: u64 = 16 << 20;

/// The two texts.
#[derive(Debug, Default, PartialEq)]
pub(super) struct BuildInfo {
    /// `go1.22.1`, with experiments after a space.
    pub(super) go: String,
    /// Lines of words parted by tabs.
    pub(super) modules: String,
}

impl BuildInfo {
    /// Path and version of the main module.
    pub(super) fn main(&self) -> Option<(&str, &str)> {
        let mut lines = self.lines();
        lines.find_map(|words| match words[..] {
            ["mod", path, version, ..] if !path.is_empty() => Some((path, version)),
            ["mod", path] if !path.is_empty() => Some((path, "")),
            _ => None,
        })
    }

    /// The modules it needs: where one is replaced, what it is replaced with. A folder has no version, the module is then
    /// told without one.
    pub(super) fn modules(&self) -> Vec<(&str, &str)> {
        let mut found: Vec<(&str, &str)> = Vec::new();
        // The main module can be replaced too; its line comes first.
        let mut is_module = false;
        for words in self.lines() {
            match words[..] {
                ["dep", path, ref rest @ ..] if !path.is_empty() => {
                    is_module = true;
                    // What some other builder put together has no version.
                    let version = rest.first().filter(|version| **version != "(devel)");
                    found.push((path, version.copied().unwrap_or_default()));
                }
                ["=>", path, ref rest @ ..] if is_module => {
                    let version = rest.first().copied().unwrap_or_default();
                    if let Some(last) = found.last_mut() {
                        let is_folder = version.is_empty() || path.starts_with(['.', '/']);
                        *last = if is_folder {
                            (last.0, "")
                        } else {
                            (path, version)
                        };
                    }
                }
                ["dep" | "mod", ..] => is_module = false,
                _ => {}
            }
        }
        found
    }

    /// The value of a setting of the build.
    pub(super) fn setting(&self, key: &str) -> Option<String> {
        let mut lines = self.modules.lines();
        let setting = lines.find_map(|line| {
            let (name, value) = line.strip_prefix("build\t")?.split_once('=')?;
            (name.trim_matches('"') == key).then_some(value)
        })?;
        Some(unquoted(setting))
    }

    fn lines(&self) -> impl Iterator<Item = Vec<&str>> {
        self.modules.lines().map(|line| line.split('\t').collect())
    }
}

/// A value as Go quotes those with spaces.
fn unquoted(text: &str) -> String {
    let Some(inner) = text
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'))
    else {
        return text.to_owned();
    };
    let mut unquoted = String::with_capacity(inner.len());
    let mut characters = inner.chars();
    while let Some(c) = characters.next() {
        if c == '\\' {
            unquoted.extend(characters.next());
        } else {
            unquoted.push(c);
        }
    }
    unquoted
}

/// Finds the texts in a program; none where it is no program of Go.
pub(super) fn find(bytes: &[u8]) -> Option<BuildInfo> {
    let image = Image::read(bytes)?;
    let own = image.section(&[".go.buildinfo", "__go_buildinfo"]);
    let data = image.section(&[".data"]);
    // A program that knows of such places has the magic among its constants, but not where it is writable.
    let places = own.into_iter().chain(image.writable()).chain(data);
    places
        .flat_map(candidates)
        .find_map(|place| decode(place, &image))
}

/// What begins like such a place, at an aligned byte.
fn candidates(data: &[u8]) -> impl Iterator<Item = &[u8]> {
    memchr::memmem::find_iter(data, MAGIC)
        .filter(|at| at.is_multiple_of(ALIGNMENT))
        .map(|at| &data[at..])
}

fn decode(place: &[u8], image: &Image<'_>) -> Option<BuildInfo> {
    let (&size, &flags) = (place.get(14)?, place.get(15)?);
    let (go, modules) = if flags & 2 != 0 {
        // Since 1.18 the texts follow, each after its length.
        let (go, rest) = counted(place.get(HEADER..)?)?;
        (go, counted(rest).map_or(&[][..], |(modules, _)| modules))
    } else {
        let words = Words {
            size: usize::from(size),
            is_big: flags & 1 != 0,
        };
        let go = words.string(place.get(16..)?, image)?;
        let modules = words.string(place.get(16 + words.size..)?, image);
        (go, modules.unwrap_or_default())
    };
    if go.is_empty() {
        return None;
    }
    Some(BuildInfo {
        go: String::from_utf8_lossy(go).into_owned(),
        modules: String::from_utf8_lossy(framed(modules)).into_owned(),
    })
}

/// The modules stand between two marks of 16 bytes.
fn framed(modules: &[u8]) -> &[u8] {
    let end = modules.len().saturating_sub(16);
    match modules.get(16..end) {
        Some(inner) if inner.ends_with(b"\n") => inner,
        _ => &[],
    }
}

/// The text after its length in groups of seven bits, and what follows it.
fn counted(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut length = 0u64;
    for (index, &byte) in bytes.iter().take(5).enumerate() {
        length |= u64::from(byte & 0x7F) << (7 * index);
        if byte & 0x80 == 0 {
            let rest = &bytes[index + 1..];
            let length = usize::try_from(length.min(MAX_TEXT)).ok()?;
            return Some((rest.get(..length)?, rest.get(length..)?));
        }
    }
    None
}

/// How the machine writes addresses.
struct Words {
    size: usize,
    is_big: bool,
}

impl Words {
    fn read(&self, bytes: &[u8]) -> Option<u64> {
        if !matches!(self.size, 4 | 8) {
            return None;
        }
        let bytes = bytes.get(..self.size)?;
        let add = |value: u64, byte: &u8| value << 8 | u64::from(*byte);
        Some(if self.is_big {
            bytes.iter().fold(0, add)
        } else {
            bytes.iter().rev().fold(0, add)
        })
    }

    /// The string whose header stands at the address that is read here.
    fn string<'a>(&self, bytes: &[u8], image: &Image<'a>) -> Option<&'a [u8]> {
        let header = image.at(self.read(bytes)?, 2 * self.size as u64)?;
        let length = self.read(header.get(self.size..)?)?;
        image.at(self.read(header)?, length.min(MAX_TEXT))
    }
}
