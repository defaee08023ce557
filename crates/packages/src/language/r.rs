//! R: `renv.lock`.

use crate::list::{self, List};
use crate::reader::{Entry, File, ReadError, Reader, Told};
use crate::text::{self, Node};

pub(super) const READERS: &[Reader] = &[Reader {
    id: "renv-lock",
    version: 1,
    wants: |entry: &Entry<'_>| entry.name() == "renv.lock",
    read,
}];

fn read(file: &File<'_>) -> Result<Told, ReadError> {
    let document = text::json(file)?;
    let root = text::mapping(&document, "a renv.lock")?;
    let mut list = List::default();
    for entry in root.entries_at("Packages") {
        let node = entry.value;
        let version = node.word_at("Version").unwrap_or_default();
        let Some(mut package) = list::package("cran", "", entry.name(), version) else {
            continue;
        };
        package.lines.push(node.lines());
        package
            .licenses
            .extend(node.word_at("License").map(str::to_owned));
        let at = list.add(entry.name(), package);
        for need in node.items_at("Requirements").filter_map(Node::word) {
            list.need(at, need);
        }
        // Since renv 1.1 the fields of the package's description, with ranges.
        for field in ["Depends", "Imports", "LinkingTo"] {
            for need in node.items_at(field).filter_map(Node::word) {
                list.need(at, need.split([' ', '(']).next().unwrap_or_default());
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
    fn requirements_are_names() {
        let text = r#"{"R": {"Version": "4.3.1"}, "Packages": {
"a": {"Package": "a", "Version": "1.0-2", "Requirements": ["R", "b"]},
"b": {"Package": "b", "Version": "2.0", "License": "MIT", "Imports": ["a (>= 1.0)"]}}}"#;
        assert_eq!(
            tree(&told(READERS[0], "renv.lock", text)),
            "pkg:cran/a@1.0-2 2 -> b@2.0\npkg:cran/b@2.0 3 MIT -> a@1.0-2\n"
        );
    }
}
