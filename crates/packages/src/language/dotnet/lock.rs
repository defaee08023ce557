//! `packages.lock.json`: for each framework, what is asked for and what that needs.

use super::package;
use crate::list::List;
use crate::package::Relationship;
use crate::reader::{Entry, File, ReadError, Reader, Told};
use crate::text::{self, Node};

pub(super) const READER: Reader = Reader {
    id: "nuget-lock",
    version: 1,
    wants: |entry: &Entry<'_>| {
        let name = entry.name();
        name == "packages.lock.json"
            || (name.starts_with("packages.") && name.ends_with(".lock.json"))
    },
    read,
};

fn read(file: &File<'_>) -> Result<Told, ReadError> {
    let document = text::json(file)?;
    let root = text::mapping(&document, "a packages.lock.json")?;
    let mut list = List::default();
    for framework in root.entries_at("dependencies") {
        let resolved: std::collections::HashMap<&str, &str> = framework
            .value
            .entries()
            .filter_map(|entry| Some((entry.name(), entry.value.word_at("resolved")?)))
            .collect();
        for entry in framework.value.entries() {
            // A project of the same solution has no version.
            let (name, node) = (entry.name(), entry.value);
            let Some(version) = resolved.get(name) else {
                continue;
            };
            let Some(mut package) = package(name, version) else {
                continue;
            };
            package.lines.push(node.lines());
            package.relationship = Some(match node.word_at("type") {
                Some("Direct") => Relationship::Direct,
                _ => Relationship::Indirect,
            });
            let at = list.add(format!("{name}@{version}"), package);
            for need in node.entries_at("dependencies") {
                let version = resolved.get(need.name()).copied().unwrap_or_default();
                list.need(at, format!("{}@{version}", need.name()));
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
    fn frameworks_share_packages_and_projects_are_none() {
        let text = r#"{"version": 1, "dependencies": {
"net8.0": {
"A": {"type": "Direct", "resolved": "1.0.0", "dependencies": {"B": "1.0.0"}},
"B": {"type": "Transitive", "resolved": "1.1.0"},
"own": {"type": "Project", "dependencies": {"A": "1.0.0"}}
},
"net9.0": {"B": {"type": "Direct", "resolved": "1.1.0"}}
}}"#;
        assert_eq!(
            tree(&told(READER, "packages.lock.json", text)),
            "pkg:nuget/A@1.0.0 3 direct -> B@1.1.0\npkg:nuget/B@1.1.0 4 7 direct\n"
        );
    }
}
