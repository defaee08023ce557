//! `bun.lock`: JSON with commas before closing brackets; a package is a list that begins with `name@version`.

use std::collections::{BTreeMap, HashSet};

use document::{Kind, NodeRef};

use super::{package, parted};
use crate::list::List;
use crate::package::Relationship;
use crate::reader::{Entry, File, ReadError, Reader, Told};
use crate::text::{self, Node};

pub(super) const READER: Reader = Reader {
    id: "bun-lock",
    version: 1,
    wants: |entry: &Entry<'_>| entry.is_project(&["bun.lock"]),
    read,
};

fn read(file: &File<'_>) -> Result<Told, ReadError> {
    let document = text::relaxed_json(file)?;
    let root = text::mapping(&document, "a bun.lock")?;
    let members: BTreeMap<&str, NodeRef<'_>> = root
        .entries_at("workspaces")
        .map(|member| (member.name(), member.value))
        .collect();
    let mut list = List::default();
    for entry in root.entries_at("packages") {
        // The key is a path of names, `around/inner`; the value says what is there.
        let key = entry.name();
        let identifier = entry.value.item(0).and_then(NodeRef::as_str);
        let Some((name, version)) = identifier.and_then(parted) else {
            return Err(ReadError::at(
                entry.value,
                "expected a list that begins with a name and a version",
            ));
        };
        let member = version
            .strip_prefix("workspace:")
            .and_then(|folder| members.get(folder));
        let version = match member {
            Some(member) => member.word_at("version").unwrap_or_default(),
            None => version.strip_prefix("npm:").unwrap_or(version),
        };
        let Some(mut package) = package(name, version) else {
            continue;
        };
        package.lines.push(entry.value.lines());
        package.relationship = Some(match member {
            Some(_) => Relationship::Workspace,
            None => Relationship::Indirect,
        });
        package.is_dev = member.is_none();
        let at = list.add(format!("{name}@{version}"), package);
        list.name(format!("/{key}"), at);
    }
    let keys: HashSet<&str> = root
        .entries_at("packages")
        .map(|entry| entry.name())
        .collect();
    for entry in root.entries_at("packages") {
        let Some(at) = list.find(&format!("/{}", entry.name())) else {
            continue;
        };
        let details = entry
            .value
            .items()
            .find(|item| item.kind() == Kind::Mapping);
        for name in details.into_iter().flat_map(|node| needs(node, &USED)) {
            list.need(at, resolve(entry.name(), name, &keys));
        }
    }
    let mut open = Vec::new();
    for (folder, member) in &members {
        let around = member
            .word_at("name")
            .filter(|_| !folder.is_empty())
            .unwrap_or_default();
        for (sections, is_used) in [(&USED[..], true), (&["devDependencies"][..], false)] {
            for name in needs(*member, sections) {
                let Some(at) = list.find(&resolve(around, name, &keys)) else {
                    continue;
                };
                if let Some(package) = list.at(at) {
                    package.relationship = package.relationship.min(Some(Relationship::Direct));
                }
                if is_used {
                    open.push(at);
                }
            }
        }
    }
    Ok(mark_used(list.told(), open))
}

const USED: [&str; 3] = ["dependencies", "optionalDependencies", "peerDependencies"];

fn needs<'a>(node: NodeRef<'a>, sections: &'a [&str]) -> impl Iterator<Item = &'a str> {
    sections
        .iter()
        .flat_map(move |section| node.entries_at(section))
        .map(|entry| entry.name())
}

/// The id of what a package gets under a name: the nearest from the inside out.
fn resolve(around: &str, name: &str, keys: &HashSet<&str>) -> String {
    let mut around = around;
    while !around.is_empty() {
        let key = format!("{around}/{name}");
        if keys.contains(key.as_str()) {
            return format!("/{key}");
        }
        around = around.rsplit_once('/').map_or("", |(outer, _)| outer);
    }
    format!("/{name}")
}

/// All but these and what they need serve development.
fn mark_used(mut told: Told, mut open: Vec<u32>) -> Told {
    while let Some(at) = open.pop() {
        let Some(package) = told.packages.get_mut(at as usize) else {
            continue;
        };
        if std::mem::take(&mut package.is_dev) {
            open.extend(&package.needs);
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::language::testing::{told, tree};
    use crate::reader::File;

    #[test]
    fn what_the_workspace_uses_is_not_for_development() {
        let text = r#"{
"workspaces": {
  "": {"name": "own", "dependencies": {"a": "1",}, "devDependencies": {"d": "1"}},
  "tools/t": {"name": "t", "version": "0.1.0", "dependencies": {"b": "1"}},
},
"packages": {
"a": ["a@1.0.0", "", {"dependencies": {"b": "2"}}, "sha512-x"],
"a/b": ["b@2.0.0", "", {}, "sha512-x"],
"b": ["b@1.0.0", {"dependencies": {"c": "*"}}],
"c": ["@s/real@1.0.0"],
"d": ["d@1.0.0"],
"t": ["t@workspace:tools/t"],
}}"#;
        assert_eq!(
            tree(&told(READER, "bun.lock", text)),
            "pkg:npm/a@1.0.0 7 direct -> b@2.0.0\n\
             pkg:npm/b@2.0.0 8 indirect\n\
             pkg:npm/b@1.0.0 9 direct -> real@1.0.0\n\
             pkg:npm/%40s/real@1.0.0 10 indirect\n\
             pkg:npm/d@1.0.0 11 direct dev\n\
             pkg:npm/t@0.1.0 12 workspace\n"
        );
    }

    #[test]
    fn a_package_is_a_list() {
        let bytes = b"{\"packages\": {\"a\": 1}}";
        let error = (READER.read)(&File {
            path: "bun.lock",
            bytes,
        })
        .unwrap_err();
        assert_eq!(error.at, Some((1, 20)));
    }
}
