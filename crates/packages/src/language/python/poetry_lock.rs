//! `poetry.lock`, versions 1 and 2.

use document::NodeRef;

use super::{Locked, id, locked};
use crate::list::List;
use crate::reader::{Entry, File, ReadError, Reader, Told};
use crate::text::{self, Node};

pub(super) const READER: Reader = Reader {
    id: "poetry-lock",
    version: 1,
    wants: |entry: &Entry<'_>| entry.is_project(&["poetry.lock"]),
    read,
};

fn read(file: &File<'_>) -> Result<Told, ReadError> {
    let document = text::toml(file)?;
    let root = text::mapping(&document, "a poetry.lock")?;
    let all = Locked::of(root.items_at("package"));
    let mut list = List::default();
    for node in root.items_at("package") {
        let (name, version, mut package) = locked(node)?;
        package.is_dev = is_dev(node);
        let at = list.add(id(name, version), package);
        for need in node.entries_at("dependencies") {
            for range in ranges(need.value) {
                for version in all.within(need.name(), range) {
                    list.need(at, id(need.name(), version));
                }
            }
        }
    }
    Ok(list.told())
}

/// Version 1.x before Poetry 1.5 has a category, 2.1 and later have groups, between them nothing says.
fn is_dev(node: NodeRef<'_>) -> bool {
    if let Some(category) = node.word_at("category") {
        return category == "dev";
    }
    let mut groups = node.items_at("groups").peekable();
    groups.peek().is_some() && groups.all(|group| group.word() != Some("main"))
}

/// The ranges of a need: one text, a table with a version, or several tables with markers.
fn ranges(need: NodeRef<'_>) -> Vec<&str> {
    if let Some(range) = need.word() {
        return vec![range];
    }
    let several = need
        .items()
        .filter_map(|item| item.word_at("version").or(item.word()));
    several.chain(need.word_at("version")).collect()
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::language::testing::{told, tree};

    #[test]
    fn a_need_is_the_version_that_its_range_allows() {
        let text = "[[package]]
name = \"a\"
version = \"1.0\"
groups = [\"dev\", \"test\"]
[package.dependencies]
B_b = {version = \">=2.0\", markers = \"x\"}

[[package]]
name = \"b-b\"
version = \"1.5\"
category = \"main\"
[[package]]
name = \"b-b\"
version = \"2.5\"
";
        assert_eq!(
            tree(&told(READER, "poetry.lock", text)),
            "pkg:pypi/a@1.0 1-6 dev -> b-b@2.5\npkg:pypi/b-b@1.5 8-11\npkg:pypi/b-b@2.5 12-14\n"
        );
    }
}
