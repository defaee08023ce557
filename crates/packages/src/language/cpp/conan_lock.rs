//! `conan.lock`, of Conan 1 with a graph and of Conan 2 with a list.

use std::collections::HashSet;

use document::NodeRef;

use crate::list::{self, List};
use crate::package::{Package, Relationship};
use crate::reader::{Entry, File, ReadError, Reader, Told};
use crate::text::{self, Node};

pub(super) const READER: Reader = Reader {
    id: "conan-lock",
    version: 1,
    wants: |entry: &Entry<'_>| entry.name() == "conan.lock",
    read,
};

fn read(file: &File<'_>) -> Result<Told, ReadError> {
    let document = text::json(file)?;
    let root = text::mapping(&document, "a conan.lock")?;
    let mut list = List::default();
    if let Some(nodes) = root
        .get_str("graph_lock")
        .and_then(|graph| graph.get_str("nodes"))
    {
        graph(nodes, &mut list);
    } else {
        for (section, is_dev) in [("requires", false), ("build_requires", true)] {
            for node in root.items_at(section) {
                let Some(mut package) = node.word().and_then(package) else {
                    continue;
                };
                package.lines.push(node.lines());
                package.is_dev = is_dev;
                list.add(package.purl.clone(), package);
            }
        }
    }
    Ok(list.told())
}

/// Nodes by number; the one without a reference is the project.
fn graph(nodes: NodeRef<'_>, list: &mut List) {
    let direct: HashSet<&str> = nodes
        .entries()
        .filter(|entry| entry.value.get_str("ref").is_none())
        .flat_map(|entry| entry.value.items_at("requires"))
        .filter_map(Node::word)
        .collect();
    for entry in nodes.entries() {
        let Some(mut package) = entry.value.word_at("ref").and_then(package) else {
            continue;
        };
        package.lines.push(entry.value.lines());
        package.relationship = Some(if direct.contains(entry.name()) {
            Relationship::Direct
        } else {
            Relationship::Indirect
        });
        let at = list.add(package.purl.clone(), package);
        list.name(entry.name(), at);
        for need in entry.value.items_at("requires").filter_map(Node::word) {
            list.need(at, need);
        }
    }
}

/// `name/1.0@user/channel#revision`
fn package(reference: &str) -> Option<Package> {
    let reference = reference.split(['@', '#']).next().unwrap_or_default();
    let (name, version) = reference.split_once('/')?;
    list::package("conan", "", name, version).filter(|_| !version.contains('/'))
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::language::testing::{told, tree};

    #[test]
    fn a_graph_says_what_needs_what() {
        let text = r#"{"graph_lock": {"nodes": {
"0": {"requires": ["1"]},
"1": {"ref": "a/1.0@user/stable#0", "requires": ["2"]},
"2": {"ref": "b/2.0"}}}}"#;
        assert_eq!(
            tree(&told(READER, "conan.lock", text)),
            "pkg:conan/a@1.0 3 direct -> b@2.0\npkg:conan/b@2.0 4 indirect\n"
        );
    }

    #[test]
    fn a_list_says_less() {
        let text = r#"{"version": "0.5", "requires": [
"a/1.0#00%1.0"], "build_requires": ["cmake/3.20"]}"#;
        assert_eq!(
            tree(&told(READER, "conan.lock", text)),
            "pkg:conan/a@1.0 2\npkg:conan/cmake@3.20 2 dev\n"
        );
    }
}
