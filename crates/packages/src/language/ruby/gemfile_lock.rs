//! `Gemfile.lock` and `gems.locked`: sections, their gems four spaces in, what those need six.

use crate::list::{self, List};
use crate::package::Relationship;
use crate::reader::{Entry, File, ReadError, Reader, Told};
use crate::text;

pub(super) const READER: Reader = Reader {
    id: "gemfile-lock",
    version: 1,
    wants: |entry: &Entry<'_>| entry.is_project(&["Gemfile.lock", "gems.locked"]),
    read,
};

fn read(file: &File<'_>) -> Result<Told, ReadError> {
    let text = text::text(file)?;
    let mut list = List::default();
    let mut section = "";
    let mut gem = None;
    let mut direct = Vec::new();
    for (line, number) in text.lines().zip(1..) {
        let depth = line.len() - line.trim_start_matches(' ').len();
        let name = line.split_whitespace().next().unwrap_or_default();
        match (depth, section) {
            _ if line.trim().is_empty() || line.starts_with(['<', '>', '=']) => {}
            (0, _) => section = line.trim(),
            (4, "GEM" | "GIT" | "PATH" | "PLUGIN SOURCE") => gem = add(line, number, &mut list),
            (6, "GEM" | "GIT" | "PATH" | "PLUGIN SOURCE") => {
                if let Some(gem) = gem {
                    list.need(gem, name);
                }
            }
            (2, "DEPENDENCIES") => direct.push(name.trim_end_matches('!')),
            _ => {}
        }
    }
    if section.is_empty() || !section.chars().all(|c| c.is_ascii_uppercase() || c == ' ') {
        return Err(ReadError::new(
            "expected sections, such as GEM and DEPENDENCIES",
        ));
    }
    for name in direct {
        if let Some(package) = list.find(name).and_then(|at| list.at(at)) {
            package.relationship = Some(Relationship::Direct);
        }
    }
    Ok(list.told())
}

/// Adds `name (1.0-platform)`; a gem that comes for several platforms is one.
fn add(line: &str, number: u32, list: &mut List) -> Option<u32> {
    let (name, version) = line.trim().split_once(" (")?;
    let version = version.trim_end_matches(')');
    let version = version.split('-').next().unwrap_or(version);
    let mut package = list::package("gem", "", name, version)?;
    package.lines.push((number, number));
    package.relationship = Some(Relationship::Indirect);
    Some(list.add(name, package))
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::language::testing::{told, tree};
    use crate::reader::File;

    #[test]
    fn gems_are_four_spaces_in() {
        let text = "PATH
  remote: .
  specs:
    own (0.1.0)
      a (~> 1.0)

GEM
  remote: https://rubygems.org/
  specs:
    a (1.2.0)
      b
    b (2.0.0-x86_64-linux)
    b (2.0.0)

PLATFORMS
  ruby

DEPENDENCIES
  own!
  a (~> 1.0)
";
        assert_eq!(
            tree(&told(READER, "Gemfile.lock", text)),
            "pkg:gem/own@0.1.0 4 direct -> a@1.2.0\n\
             pkg:gem/a@1.2.0 10 direct -> b@2.0.0\n\
             pkg:gem/b@2.0.0 12 13 indirect\n"
        );
    }

    #[test]
    fn another_text_is_an_error() {
        let file = File {
            path: "Gemfile.lock",
            bytes: b"malformed",
        };
        assert!((READER.read)(&file).is_err());
    }
}
