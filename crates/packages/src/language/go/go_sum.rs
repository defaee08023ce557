//! `go.sum`: hashes of what building needed to look at, more than what is built.
//!
//! Before Go 1.17 it is the only file that has all of it, and of several versions the highest is built.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use versions::Scheme;

use super::module;
use crate::reader::{Entry, File, ReadError, Reader, Told};
use crate::text;

pub(super) const READER: Reader = Reader {
    id: "go-sum",
    version: 1,
    wants: |entry: &Entry<'_>| entry.is_project(&["go.sum"]),
    read,
};

fn read(file: &File<'_>) -> Result<Told, ReadError> {
    let text = text::text(file)?;
    let mut highest: BTreeMap<&str, (&str, u32)> = BTreeMap::new();
    for (line, number) in text.lines().zip(1..) {
        let mut words = line.split_whitespace();
        let (path, version) = match (words.next(), words.next(), words.next()) {
            (None, ..) => continue,
            (Some(path), Some(version), Some(_)) => (path, version),
            _ => {
                let message = "expected a module, its version and a hash";
                return Err(ReadError::in_line(number, message));
            }
        };
        // Of some only the requirements were read; they are part of the build list like the others.
        let version = version.strip_suffix("/go.mod").unwrap_or(version);
        let known = highest.entry(path).or_insert((version, number));
        if versions::compare(Scheme::Go, version, known.0) == Ordering::Greater {
            *known = (version, number);
        }
    }
    let mut told = Told::default();
    for (path, (version, line)) in highest {
        if let Some(mut package) = module(path, version) {
            package.lines.push((line, line));
            told.packages.push(package);
        }
    }
    Ok(told)
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::language::testing::{told, tree};

    #[test]
    fn the_highest_version_counts() {
        let text = "example.org/a v1.9.0 h1:0=\nexample.org/a v1.9.0/go.mod h1:0=\nexample.org/a v1.10.0 h1:0=\nexample.org/b v1.0.0/go.mod h1:0=\n";
        assert_eq!(
            tree(&told(READER, "go.sum", text)),
            "pkg:golang/example.org/a@v1.10.0 3\npkg:golang/example.org/b@v1.0.0 4\n"
        );
    }
}
