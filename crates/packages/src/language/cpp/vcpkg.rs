//! `vcpkg.json`: what a project asks for; versions are those of a baseline elsewhere, unless it overrides them.

use std::collections::HashMap;

use document::NodeRef;

use crate::list::{self, List};
use crate::package::Relationship;
use crate::reader::{Entry, File, ReadError, Reader, Told};
use crate::text::{self, Node};

pub(super) const READER: Reader = Reader {
    id: "vcpkg",
    version: 1,
    wants: |entry: &Entry<'_>| entry.name() == "vcpkg.json",
    read,
};

fn read(file: &File<'_>) -> Result<Told, ReadError> {
    let document = text::json(file)?;
    let root = text::mapping(&document, "a vcpkg.json")?;
    let overrides: HashMap<&str, (&str, NodeRef<'_>)> = root
        .items_at("overrides")
        .filter_map(|node| Some((node.word_at("name")?, (version(node)?, node))))
        .collect();
    let mut list = List::default();
    let mut at_least = Vec::new();
    let own = root
        .word_at("name")
        .and_then(|name| list::package("vcpkg", "", name, version(root).unwrap_or_default()));
    let own = own.map(|mut own| {
        own.relationship = Some(Relationship::Root);
        list.add("", own)
    });
    let features = root.entries_at("features");
    let optional = features.flat_map(|feature| feature.value.items_at("dependencies"));
    for node in root.items_at("dependencies").chain(optional) {
        let Some(name) = node.as_str().or_else(|| node.word_at("name")) else {
            return Err(ReadError::at(
                node,
                "expected a name, or an object with one",
            ));
        };
        let chosen = overrides.get(name).copied();
        let Some(mut package) =
            list::package("vcpkg", "", name, chosen.map_or("", |found| found.0))
        else {
            continue;
        };
        package.lines.push(node.lines());
        package.lines.extend(chosen.map(|(_, node)| node.lines()));
        package.relationship = Some(Relationship::Direct);
        package.is_dev = node.is_set("host");
        let lowest = node.word_at("version>=").filter(|_| chosen.is_none());
        let lowest = lowest.and_then(|lowest| list::package("vcpkg", "", name, lowest));
        at_least.extend(lowest.map(|mut lowest| {
            lowest.lines.clone_from(&package.lines);
            lowest
        }));
        list.add(name, package);
        if let Some(own) = own {
            list.need(own, name);
        }
    }
    Ok(Told {
        at_least,
        ..list.told()
    })
}

/// The version under any of the keys that say how it is ordered.
fn version(node: NodeRef<'_>) -> Option<&str> {
    [
        "version",
        "version-semver",
        "version-date",
        "version-string",
    ]
    .iter()
    .find_map(|key| node.word_at(key))
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::language::testing::{told, tree};

    #[test]
    fn overrides_choose_a_version() {
        let text = r#"{"name": "own", "version": "0.1",
"dependencies": ["a",
 {"name": "b", "version>=": "1.2"},
 {"name": "c", "host": true}],
"overrides": [{"name": "a", "version": "3.0"}]}"#;
        let told = told(READER, "vcpkg.json", text);
        assert_eq!(
            tree(&told),
            "pkg:vcpkg/own@0.1 root -> a@3.0 b@ c@\n\
             pkg:vcpkg/a@3.0 2 5 direct\n\
             pkg:vcpkg/b 3 direct\n\
             pkg:vcpkg/c 4 direct dev\n"
        );
        assert_eq!(told.at_least[0].purl, "pkg:vcpkg/b@1.2");
    }
}
