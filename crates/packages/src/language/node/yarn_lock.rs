//! `yarn.lock`, of Yarn 1 and of the versions since.
//!
//! Both are blocks of lines: the patterns that the block answers, then indented what it answers with. The newer one is
//! YAML, the older one is not, and the same reading by lines does for both.

use super::{package, parted};
use crate::list::List;
use crate::reader::{Entry, File, ReadError, Reader, Told};
use crate::text;

pub(super) const READER: Reader = Reader {
    id: "yarn-lock",
    version: 1,
    wants: |entry: &Entry<'_>| entry.is_project(&["yarn.lock"]),
    read,
};

/// One block.
#[derive(Default)]
struct Block<'a> {
    patterns: Vec<&'a str>,
    lines: (u32, u32),
    version: Option<&'a str>,
    resolution: Option<&'a str>,
    needs: Vec<(&'a str, &'a str)>,
    /// The key with deeper lines that is read.
    section: &'a str,
}

fn read(file: &File<'_>) -> Result<Told, ReadError> {
    let text = text::text(file)?;
    let mut list = List::default();
    let mut block = Block::default();
    for (line, number) in text.trim_start_matches('\u{FEFF}').lines().zip(1..) {
        let content = line.trim();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        if line.starts_with([' ', '\t']) {
            block.lines.1 = number;
            block.take(line);
            continue;
        }
        std::mem::take(&mut block).finish(&mut list);
        let patterns = content.strip_suffix(':').ok_or_else(|| {
            ReadError::in_line(
                number,
                "expected patterns of packages that end with a colon",
            )
        })?;
        block.lines = (number, number);
        block.patterns = unquoted(patterns)
            .split(',')
            .map(|pattern| unquoted(pattern.trim()))
            .collect();
    }
    block.finish(&mut list);
    Ok(list.told())
}

impl<'a> Block<'a> {
    /// Takes an indented line.
    fn take(&mut self, line: &'a str) {
        let depth = line.len() - line.trim_start().len();
        let (key, value) = key_and_value(line.trim());
        if depth < 4 {
            self.section = if value.is_empty() { key } else { "" };
            match key {
                "version" => self.version = Some(value),
                "resolution" => self.resolution = Some(value),
                _ => {}
            }
        } else if depth == 4 && matches!(self.section, "dependencies" | "optionalDependencies") {
            self.needs.push((key, value));
        }
    }

    /// Adds the package, if it is one of the registry.
    fn finish(self, list: &mut List) {
        let Some((name, version)) = self.identity() else {
            return;
        };
        let Some(mut package) = package(name, version) else {
            return;
        };
        package.lines.push(self.lines);
        let at = list.add(format!("={name}@{version}"), package);
        for (name, range) in self.patterns.iter().filter_map(|pattern| parted(pattern)) {
            list.name(answer(name, range), at);
        }
        for (name, range) in self.needs {
            list.need(at, answer(name, range));
        }
    }

    /// What the block answers with; none for folders, repositories, patches and members of the workspace.
    fn identity(&self) -> Option<(&'a str, &'a str)> {
        let version = self.version.filter(|version| !version.is_empty())?;
        let written = self.resolution.or(self.patterns.first().copied())?;
        let (name, range) = parted(written)?;
        let (protocol, rest) = protocol(range);
        if !matches!(protocol, "" | "npm") {
            return None;
        }
        // Another package under this name: `name@npm:other@^1.0.0`.
        let other = parted(rest).filter(|_| self.resolution.is_none() && protocol == "npm");
        Some((other.map_or(name, |(other, _)| other), version))
    }
}

/// The id of the answer to a name and a range.
fn answer(name: &str, range: &str) -> String {
    format!("{name}@{}", range.strip_prefix("npm:").unwrap_or(range))
}

/// The protocol of a range, and the rest; a range with a colon elsewhere has none.
fn protocol(range: &str) -> (&str, &str) {
    match range.split_once(':') {
        Some((protocol, rest)) if !protocol.contains([' ', '@', '|']) => (protocol, rest),
        // `user/repository` without a protocol is a repository of GitHub.
        _ if range.contains('/') && !range.starts_with('@') => ("github", range),
        _ => ("", range),
    }
}

/// `key "value"` or `key: value`, quotes around either.
fn key_and_value(line: &str) -> (&str, &str) {
    let quoted = line.strip_prefix('"').and_then(|rest| rest.split_once('"'));
    let (key, value) = quoted.unwrap_or_else(|| {
        let end = line.find([' ', ':']).unwrap_or(line.len());
        line.split_at(end)
    });
    let value = value.trim_start_matches(':');
    (key, unquoted(value.trim()))
}

fn unquoted(text: &str) -> &str {
    text.trim_matches('"')
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::language::testing::{told, tree};
    use crate::reader::File;

    #[test]
    fn version_1_is_no_yaml() {
        let text = "# yarn lockfile v1


\"@s/a@^1.0.0\", \"@s/a@^1.2.0\":
  version \"1.2.3\"
  resolved \"https://x/a.tgz#0\"
  dependencies:
    b \"~2.0\"
    c \">= 1 <2\"

b@~2.0:
  version \"2.0.1\"

\"c@>= 1 <2\":
  \"version\" \"1.5.0\"

\"d@git+https://x/d.git\":
  version \"1.0.0\"

\"e@npm:real@^3.0.0\":
  version \"3.1.0\"
d2@user/repository:
  version \"1.0.0\"
";
        assert_eq!(
            tree(&told(READER, "yarn.lock", text)),
            "pkg:npm/%40s/a@1.2.3 4-9 -> b@2.0.1 c@1.5.0\n\
             pkg:npm/b@2.0.1 11-12\n\
             pkg:npm/c@1.5.0 14-15\n\
             pkg:npm/real@3.1.0 20-21\n"
        );
    }

    #[test]
    fn later_versions_have_protocols() {
        let text = "__metadata:
  version: 8
  cacheKey: 10c0

\"a@npm:^1.0.0, a@npm:^1.1.0\":
  version: 1.1.0
  resolution: \"a@npm:1.1.0\"
  dependencies:
    b: \"npm:^2.0.0\"
    other: \"npm:real@^1.0.0\"
  peerDependencies:
    c: \"*\"
  checksum: 0
  languageName: node

\"b@npm:^2.0.0\":
  version: 2.0.0
  resolution: \"b@npm:2.0.0\"

\"other@npm:real@^1.0.0\":
  version: 1.0.0
  resolution: \"real@npm:1.0.0\"

\"own@workspace:.\":
  version: 0.0.0-use.local
  resolution: \"own@workspace:.\"

\"b@patch:b@npm%3A2.0.0#~/x\":
  version: 2.0.0
  resolution: \"b@patch:b@npm%3A2.0.0#~/x::version=2.0.0\"
";
        assert_eq!(
            tree(&told(READER, "yarn.lock", text)),
            "pkg:npm/a@1.1.0 5-14 -> b@2.0.0 real@1.0.0\n\
             pkg:npm/b@2.0.0 16-18\n\
             pkg:npm/real@1.0.0 20-22\n"
        );
    }

    #[test]
    fn another_file_is_an_error_with_its_line() {
        let file = File {
            path: "yarn.lock",
            bytes: b"\nhello\n",
        };
        assert_eq!((READER.read)(&file).unwrap_err().at, Some((2, 1)));
    }
}
