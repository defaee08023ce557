//! `specifications/*.gemspec` of installed gems: Ruby, but written by `RubyGems` itself in one way.

use std::sync::LazyLock;

use regex::Regex;

use crate::list;
use crate::reader::{Entry, File, ReadError, Reader, Told};
use crate::text;

pub(super) const READER: Reader = Reader {
    id: "gemspec",
    version: 1,
    wants: |entry: &Entry<'_>| {
        let folders = || entry.path.rsplit('/').skip(1).take(2);
        entry.extension() == Some("gemspec") && folders().any(|folder| folder == "specifications")
    },
    read,
};

static BLOCK: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"Gem::Specification\.new.*\|\s*(\w+)\s*\|"));
static SETTING: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\s*(\w+)\.(\w+)\s*=\s*(.*)$"));
static STRING: LazyLock<Regex> = LazyLock::new(|| pattern(r#""([^"]*)"|'([^']*)'"#));

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("invariant: the pattern is one")
}

fn read(file: &File<'_>) -> Result<Told, ReadError> {
    let text = text::lossy(file);
    let mut variable = "";
    let (mut name, mut version, mut licenses) = (None, None, Vec::new());
    let mut lines = (0, 0);
    for (line, number) in text.lines().zip(1..) {
        if let Some(block) = BLOCK.captures(line).and_then(|found| found.get(1)) {
            variable = block.as_str();
        }
        let Some(setting) = SETTING.captures(line).filter(|found| &found[1] == variable) else {
            continue;
        };
        let value = setting.get(3).map_or("", |value| value.as_str());
        match &setting[2] {
            "name" => {
                name = strings(value).next();
                lines.0 = number;
            }
            "version" => {
                version = strings(value).next();
                lines.1 = number;
            }
            "license" => licenses = strings(value).take(1).collect(),
            "licenses" if value.starts_with('[') => licenses = strings(value).collect(),
            _ => {}
        }
    }
    let (Some(name), Some(version)) = (name, version) else {
        return Err(ReadError::new(
            "expected a specification that sets its name and its version",
        ));
    };
    let mut package = list::package("gem", "", name, version)
        .ok_or_else(|| ReadError::in_line(lines.0, "expected the name of a gem"))?;
    package
        .lines
        .push((lines.0.min(lines.1), lines.0.max(lines.1)));
    package.licenses = licenses.into_iter().map(str::to_owned).collect();
    Ok(Told {
        packages: vec![package],
        ..Told::default()
    })
}

/// The strings of an expression.
fn strings(value: &str) -> impl Iterator<Item = &str> {
    STRING
        .captures_iter(value)
        .filter_map(|found| found.get(1).or_else(|| found.get(2)))
        .map(|found| found.as_str())
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::language::testing::{told, tree};
    use crate::reader::File;

    #[test]
    fn settings_are_those_of_the_block() {
        let text = "Gem::Specification.new do |s|\n  s.name = \"a\".freeze\n  s.version = '1.0'\n  s.licenses = [\"MIT\".freeze, \"Ruby\".freeze]\n  x.name = \"b\"\nend\n";
        assert_eq!(
            tree(&told(READER, "specifications/a.gemspec", text)),
            "pkg:gem/a@1.0 2-3 MIT Ruby\n"
        );
        let other = text.replace("|s|", "|spec|");
        let file = File {
            path: "a.gemspec",
            bytes: other.as_bytes(),
        };
        assert!((READER.read)(&file).is_err());
    }
}
