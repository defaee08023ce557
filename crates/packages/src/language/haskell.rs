//! Haskell: `stack.yaml.lock` and `cabal.project.freeze`.

use crate::list::{self, List};
use crate::reader::{Entry, File, ReadError, Reader, Told};
use crate::text::{self, Node};

pub(super) const READERS: &[Reader] = &[
    Reader {
        id: "stack-lock",
        version: 1,
        wants: |entry: &Entry<'_>| entry.name() == "stack.yaml.lock",
        read: stack,
    },
    Reader {
        id: "cabal-freeze",
        version: 1,
        wants: |entry: &Entry<'_>| entry.name() == "cabal.project.freeze",
        read: cabal,
    },
];

/// `hackage: name-1.0@sha256:…,123`
fn stack(file: &File<'_>) -> Result<Told, ReadError> {
    let document = text::yaml(file)?;
    let root = text::mapping(&document, "a stack.yaml.lock")?;
    let mut list = List::default();
    for node in root.items_at("packages") {
        let completed = node.get_str("completed").unwrap_or(node);
        let found = match completed.word_at("hackage") {
            Some(text) => text
                .split('@')
                .next()
                .and_then(|text| text.rsplit_once('-')),
            // From an archive or a repository.
            None => completed.word_at("name").zip(completed.word_at("version")),
        };
        let Some((name, version)) = found else {
            continue;
        };
        if let Some(mut package) = list::package("hackage", "", name, version) {
            package.lines.push(node.lines());
            list.add(format!("{name}-{version}"), package);
        }
    }
    Ok(list.told())
}

/// `any.name ==1.0,` beside flags of packages.
fn cabal(file: &File<'_>) -> Result<Told, ReadError> {
    let text = text::text(file)?;
    let mut list = List::default();
    for (line, number) in text.lines().zip(1..) {
        let line = line.split("--").next().unwrap_or_default();
        let line = line.trim_start().trim_start_matches("constraints:");
        for constraint in line.split(',') {
            let Some((name, version)) = constraint.split_once("==") else {
                continue;
            };
            let name = name.trim();
            let name = name.strip_prefix("any.").unwrap_or(name);
            if let Some(mut package) = list::package("hackage", "", name, version.trim()) {
                package.lines.push((number, number));
                list.add(name, package);
            }
        }
    }
    Ok(list.told())
}

#[cfg(test)]
mod tests {
    use super::READERS;
    use crate::language::testing::{told, tree};

    #[test]
    fn stack_names_what_it_completed() {
        let text = "packages:\n- completed:\n    hackage: fuzzy-set-0.2.4@sha256:00,379\n  original:\n    hackage: fuzzy-set-0.2.4\nsnapshots: []\n";
        assert_eq!(
            tree(&told(READERS[0], "stack.yaml.lock", text)),
            "pkg:hackage/fuzzy-set@0.2.4 2-5\n"
        );
    }

    #[test]
    fn cabal_freezes_constraints() {
        let text = "active-repositories: hackage.haskell.org:merge\nconstraints: any.aeson ==2.0.3,\n             aeson +cffi,\n             any.base ==4.15\nindex-state: x\n";
        assert_eq!(
            tree(&told(READERS[1], "cabal.project.freeze", text)),
            "pkg:hackage/aeson@2.0.3 2\npkg:hackage/base@4.15 4\n"
        );
    }
}
