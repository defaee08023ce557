//! `build.sbt.lock`, of the plugin sbt-dependency-lock.

use super::package;
use crate::list::List;
use crate::reader::{Entry, File, ReadError, Reader, Told};
use crate::text::{self, Node};

pub(super) const READER: Reader = Reader {
    id: "sbt-lock",
    version: 1,
    wants: |entry: &Entry<'_>| entry.name().ends_with(".sbt.lock"),
    read,
};

fn read(file: &File<'_>) -> Result<Told, ReadError> {
    let document = text::json(file)?;
    let root = text::mapping(&document, "a build.sbt.lock")?;
    let mut list = List::default();
    for node in root.items_at("dependencies") {
        let word = |key: &str| node.word_at(key).unwrap_or_default();
        let Some(mut package) = package(word("org"), word("name"), word("version")) else {
            return Err(ReadError::at(node, "expected 'org', 'name' and 'version'"));
        };
        package.lines.push(node.lines());
        let mut configurations = node.items_at("configurations").filter_map(Node::word);
        package.is_dev = !configurations.any(|name| matches!(name, "compile" | "runtime"));
        list.add(package.purl.clone(), package);
    }
    Ok(list.told())
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::language::testing::{told, tree};

    #[test]
    fn what_only_tests_use_is_for_development() {
        let text = r#"{"lockVersion": 1, "dependencies": [
{"org": "a", "name": "b", "version": "1", "configurations": ["test", "runtime"]},
{"org": "a", "name": "c", "version": "2", "configurations": ["test"]}]}"#;
        assert_eq!(
            tree(&told(READER, "build.sbt.lock", text)),
            "pkg:maven/a/b@1 2\npkg:maven/a/c@2 3 dev\n"
        );
    }
}
