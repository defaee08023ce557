//! `Podfile.lock` of `CocoaPods`.

use document::{Kind, NodeRef};
use versions::Purl;

use crate::list::List;
use crate::package::{Package, Relationship};
use crate::reader::{Entry, File, ReadError, Reader, Told};
use crate::text::{self, Node};

pub(super) const READER: Reader = Reader {
    id: "podfile-lock",
    version: 1,
    wants: |entry: &Entry<'_>| entry.is_project(&["Podfile.lock"]),
    read,
};

fn read(file: &File<'_>) -> Result<Told, ReadError> {
    let document = text::yaml(file)?;
    let Some(root) = document.root(0) else {
        return Ok(Told::default());
    };
    let mut list = List::default();
    for item in root.items_at("PODS") {
        // A pod that needs others is a mapping of one entry.
        if item.kind() == Kind::Mapping {
            for entry in item.entries() {
                let Some(at) = add(entry.name(), item, &mut list) else {
                    continue;
                };
                if entry.value.kind() != Kind::Sequence {
                    return Err(ReadError::at(entry.value, "expected a list of pods"));
                }
                for need in entry.value.items() {
                    let need = need
                        .word()
                        .ok_or_else(|| ReadError::at(need, "expected the name of a pod"))?;
                    list.need(at, named(need));
                }
            }
        } else if let Some(pod) = item.word() {
            add(pod, item, &mut list);
        }
    }
    let direct: Vec<&str> = root
        .items_at("DEPENDENCIES")
        .filter_map(Node::word)
        .collect();
    for pod in &direct {
        if let Some(package) = list.find(named(pod)).and_then(|at| list.at(at)) {
            package.relationship = Some(Relationship::Direct);
        }
    }
    Ok(list.told())
}

/// Adds `Name/Part (1.0)`.
fn add(pod: &str, node: NodeRef<'_>, list: &mut List) -> Option<u32> {
    let (name, version) = pod.split_once(" (")?;
    let (pod, part) = name.split_once('/').unwrap_or((name, ""));
    let parts = Purl {
        kind: "cocoapods".to_owned(),
        namespace: String::new(),
        name: pod.to_owned(),
        version: version.trim_end_matches(')').to_owned(),
        qualifiers: std::collections::BTreeMap::new(),
        subpath: part.to_owned(),
    };
    let mut package = Package::new(parts.build().ok()?);
    package.lines.push(node.lines());
    package.relationship = Some(Relationship::Indirect);
    Some(list.add(name, package))
}

/// The name in `Name (~> 1.0)` and in `Name (from …)`.
fn named(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::language::testing::{told, tree};

    #[test]
    fn parts_of_pods_are_subpaths() {
        let text = "PODS:
  - A (1.0):
    - A/Core (= 1.0)
  - A/Core (1.0)

DEPENDENCIES:
  - A (~> 1.0)
";
        assert_eq!(
            tree(&told(READER, "Podfile.lock", text)),
            "pkg:cocoapods/A@1.0 2-3 direct -> A@1.0\npkg:cocoapods/A@1.0#Core 4 indirect\n"
        );
    }
}
