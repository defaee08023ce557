//! `requirements.txt`: what is pinned, and the least that ranges allow.

use std::sync::LazyLock;

use regex::Regex;

use super::package;
use crate::package::Package;
use crate::reader::{Entry, File, ReadError, Reader, Told};
use crate::text;

pub(super) const READER: Reader = Reader {
    id: "pip-requirements",
    version: 1,
    wants: |entry: &Entry<'_>| {
        let name = entry.name();
        let is_listed = entry.path.rsplit('/').nth(1) == Some("requirements");
        let is_one = name.starts_with("requirements") || is_listed;
        is_one && entry.extension() == Some("txt") && entry.is_project(&[name])
    },
    read,
};

/// A version as PEP 440 has it.
static VERSION: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"(?i)^v?([0-9]+!)?[0-9]+(\.[0-9]+)*[-_.]?((a|b|c|rc|alpha|beta|pre|preview)[-_.]?[0-9]*)?(-[0-9]+|[-_.]?(post|rev|r)[-_.]?[0-9]*)?([-_.]?dev[-_.]?[0-9]*)?(\+[a-z0-9]+([-_.][a-z0-9]+)*)?$";
    Regex::new(pattern).expect("invariant: the pattern is one")
});

fn read(file: &File<'_>) -> Result<Told, ReadError> {
    let text = text::text(file)?;
    let mut told = Told::default();
    for (line, number) in text.lines().zip(1..) {
        let requirement = requirement(line);
        let place = (number, number);
        if let Some((name, version)) = split(&requirement, &["===", "=="]) {
            told.packages.extend(located(name, version, place));
        } else if let Some((name, version)) = split(&requirement, &["~=", ">="]) {
            told.at_least.extend(located(name, version, place));
        }
        if let Some((name, version)) = split(&requirement, &["=="]) {
            // All of a series: its first.
            let first = version
                .strip_suffix(".*")
                .map(|series| format!("{series}.0"));
            told.at_least
                .extend(first.and_then(|first| located(name, &first, place)));
        }
    }
    Ok(told)
}

/// A line without comment, marker, options, extras and spaces.
fn requirement(line: &str) -> String {
    let line = line.trim_start_matches('\u{FEFF}');
    let end = line.find(['#', ';']).unwrap_or(line.len());
    let line = line[..end].split("--").next().unwrap_or_default();
    let mut is_extra = false;
    line.chars()
        .filter(|&c| {
            is_extra |= c == '[';
            let keeps = !is_extra && !c.is_whitespace() && c != '\\';
            is_extra &= c != ']';
            keeps
        })
        .collect()
}

/// Name and first version at the first of these operators that is there.
fn split<'a>(requirement: &'a str, operators: &[&str]) -> Option<(&'a str, &'a str)> {
    let mut found = operators
        .iter()
        .filter_map(|operator| requirement.split_once(operator));
    let (name, versions) = found.next()?;
    Some((name, versions.split(',').next().unwrap_or(versions)))
}

fn located(name: &str, version: &str, lines: (u32, u32)) -> Option<Package> {
    let is_name = !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-'));
    if !is_name || !VERSION.is_match(version) {
        return None;
    }
    let mut package = package(name, version)?;
    package.lines.push(lines);
    Some(package)
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::language::testing::{told, tree};
    use crate::reader::Told;

    #[test]
    fn what_is_pinned_is_a_package_and_a_range_has_a_least_version() {
        let text = "# one==1\n-r other.txt\nFoo_Bar[x,y] == 1.2 ; python_version < '3' # more\nbaz>=2.0,<3\nqux==1.*\n{{ x }}==1\nold===1.0 --hash=sha256:0 \\\n  --hash=sha256:1\n";
        let told = told(READER, "requirements.txt", text);
        assert_eq!(tree(&told), "pkg:pypi/foo-bar@1.2 3\npkg:pypi/old@1.0 7\n");
        let least = Told {
            packages: told.at_least,
            ..Told::default()
        };
        assert_eq!(tree(&least), "pkg:pypi/baz@2.0 4\npkg:pypi/qux@1.0 5\n");
    }
}
