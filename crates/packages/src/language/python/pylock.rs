//! `pylock.toml` and `pylock.*.toml`, the lock file of PEP 751.

use super::{Locked, id, locked};
use crate::list::List;
use crate::reader::{Entry, File, ReadError, Reader, Told};
use crate::text::{self, Node};

pub(super) const READER: Reader = Reader {
    id: "pylock",
    version: 1,
    wants: |entry: &Entry<'_>| {
        let name = entry.name();
        name == "pylock.toml" || (name.starts_with("pylock.") && entry.extension() == Some("toml"))
    },
    read,
};

fn read(file: &File<'_>) -> Result<Told, ReadError> {
    let document = text::toml(file)?;
    let root = text::mapping(&document, "a pylock.toml")?;
    let all = Locked::of(root.items_at("packages"));
    let mut list = List::default();
    for node in root.items_at("packages") {
        let (name, version, package) = locked(node)?;
        let at = list.add(id(name, version), package);
        for need in node.items_at("dependencies") {
            let Some(name) = need.word_at("name") else {
                continue;
            };
            match need.word_at("version") {
                Some(version) => list.need(at, id(name, version)),
                None => {
                    for version in all.versions(name) {
                        list.need(at, id(name, version));
                    }
                }
            }
        }
    }
    Ok(list.told())
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::language::testing::{told, tree};

    #[test]
    fn needs_are_by_name_and_sometimes_by_version() {
        let text = "lock-version = \"1.0\"
[[packages]]
name = \"a\"
version = \"1\"
dependencies = [{name = \"b\"}, {name = \"c\", version = \"2\"}]
[[packages]]
name = \"b\"
version = \"1\"
[[packages]]
name = \"c\"
version = \"1\"
[[packages]]
name = \"c\"
version = \"2\"
";
        assert_eq!(
            tree(&told(READER, "pylock.toml", text)),
            "pkg:pypi/a@1 2-5 -> b@1 c@2\npkg:pypi/b@1 6-8\npkg:pypi/c@1 9-11\npkg:pypi/c@2 12-14\n"
        );
    }
}
