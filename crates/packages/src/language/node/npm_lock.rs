//! `package-lock.json` and `npm-shrinkwrap.json`, versions 1 to 3.
//!
//! Version 1 nests packages in packages; 2 and 3 list the folders that npm makes, and a need is looked for from the
//! folder upwards, as Node.js does.

use std::collections::{HashMap, HashSet};

use document::{Kind, NodeRef};

use super::{licenses, package};
use crate::list::List;
use crate::package::{Package, Relationship};
use crate::reader::{Entry, File, ReadError, Reader, Told};
use crate::text::{self, Node};

pub(super) const READER: Reader = Reader {
    id: "npm-lock",
    version: 1,
    wants: |entry: &Entry<'_>| entry.is_project(&["package-lock.json", "npm-shrinkwrap.json"]),
    read,
};

const FOLDER: &str = "node_modules/";

/// Bytes of the path of a folder: no system has longer ones.
const MAX_PATH: usize = 4_096;

fn read(file: &File<'_>) -> Result<Told, ReadError> {
    let document = text::json(file)?;
    let root = text::mapping(&document, "a package-lock.json")?;
    let mut list = List::default();
    match root.get_str("packages") {
        Some(packages) => folders(packages, &mut list),
        None => nested(root, &mut list),
    }
    Ok(list.told())
}

/// One folder of versions 2 and 3.
struct Folder<'a> {
    node: NodeRef<'a>,
    name: &'a str,
    id: String,
    /// Below a folder that npm links to.
    is_linked: bool,
    /// Its place in the list.
    at: Option<u32>,
}

fn folders(packages: NodeRef<'_>, list: &mut List) {
    let links: HashMap<&str, &str> = packages
        .entries()
        .filter(|entry| entry.value.is_set("link"))
        .filter_map(|entry| Some((entry.value.word_at("resolved")?, entry.name())))
        .collect();
    let mut root = None;
    let mut found: HashMap<String, Folder<'_>> = HashMap::new();
    let mut order = Vec::new();
    for entry in packages.entries() {
        let (path, node) = (entry.name(), entry.value);
        if path.is_empty() {
            root = Some(node);
        }
        if node.is_set("link") || path.len() > MAX_PATH {
            continue;
        }
        let real = linked(path, &links);
        let Some((_, folder)) = real.rsplit_once(FOLDER) else {
            continue;
        };
        // The folder's name lies in `path` or in the link: borrow it from the one that lives long enough.
        let folder = path
            .rsplit_once(FOLDER)
            .map(|(_, name)| name)
            .or_else(|| links.get(path)?.rsplit_once(FOLDER).map(|(_, name)| name))
            .filter(|name| *name == folder);
        let Some(name) = node.word_at("name").or(folder) else {
            continue;
        };
        let id = format!("{name}@{}", node.word_at("version").unwrap_or_default());
        let is_linked = links.contains_key(path);
        order.push(real.clone());
        found.insert(
            real,
            Folder {
                node,
                name,
                id,
                is_linked,
                at: None,
            },
        );
    }
    let direct: HashSet<String> = root
        .into_iter()
        .flat_map(|root| asked(root, true))
        .map(|name| format!("{FOLDER}{name}"))
        .collect();
    for path in &order {
        let Some(folder) = found.get_mut(path) else {
            continue;
        };
        folder.at = told(folder, direct.contains(path))
            .map(|package| list.add(folder.id.as_str(), package));
    }
    let mut key = String::new();
    for path in &order {
        let Some((folder, at)) = found
            .get(path)
            .and_then(|folder| Some((folder, folder.at?)))
        else {
            continue;
        };
        for name in asked(folder.node, false) {
            if let Some(needed) = resolve(path, name, &found, &mut key) {
                list.link(at, needed);
            }
        }
    }
}

fn told(folder: &Folder<'_>, is_direct: bool) -> Option<Package> {
    let node = folder.node;
    let mut package = package(folder.name, node.word_at("version").unwrap_or_default())?;
    package.lines.push(node.lines());
    package.is_dev = node.is_set("dev");
    package.licenses = licenses(node);
    package.relationship = Some(if is_direct || folder.is_linked {
        Relationship::Direct
    } else {
        Relationship::Indirect
    });
    Some(package)
}

/// Where a folder seems to be for Node.js: a workspace lies behind a link in `node_modules`.
fn linked(path: &str, links: &HashMap<&str, &str>) -> String {
    if let Some(link) = links.get(path) {
        return (*link).to_owned();
    }
    if path.starts_with(FOLDER) {
        return path.to_owned();
    }
    // The target is what comes before the first `/node_modules/`.
    match path.split_once("/node_modules/") {
        Some((target, rest)) => match links.get(target) {
            Some(link) => format!("{link}/{FOLDER}{rest}"),
            None => path.to_owned(),
        },
        None => path.to_owned(),
    }
}

/// The names that a package asks for.
fn asked(node: NodeRef<'_>, is_root: bool) -> impl Iterator<Item = &str> {
    let sections = [
        "dependencies",
        "optionalDependencies",
        "peerDependencies",
        if is_root { "devDependencies" } else { "" },
    ];
    sections
        .into_iter()
        .flat_map(move |section| node.entries_at(section))
        .map(|entry| entry.name())
}

/// The package that a folder gets under a name: the nearest one upwards.
fn resolve(
    path: &str,
    name: &str,
    found: &HashMap<String, Folder<'_>>,
    key: &mut String,
) -> Option<u32> {
    let mut around = path;
    loop {
        key.clear();
        key.extend([around, "/", FOLDER, name]);
        if let Some(folder) = found.get(key.as_str()) {
            return folder.at;
        }
        let Some(at) = around.rfind("/node_modules/") else {
            break;
        };
        around = &around[..at];
    }
    key.clear();
    key.extend([FOLDER, name]);
    found.get(key.as_str())?.at
}

/// Packages around the one that is looked at: version 1.
type Scope<'a> = HashMap<&'a str, String>;

fn nested(root: NodeRef<'_>, list: &mut List) {
    let mut scopes = Vec::new();
    level(root, &mut scopes, list);
}

fn level<'a>(node: NodeRef<'a>, scopes: &mut Vec<Scope<'a>>, list: &mut List) {
    let Some(dependencies) = node.get_str("dependencies") else {
        return;
    };
    scopes.push(dependencies.entries().filter_map(identified).collect());
    for entry in dependencies.entries() {
        let Some((_, id)) = identified(entry) else {
            continue;
        };
        let node = entry.value;
        let (name, version) = id.rsplit_once('@').unwrap_or((&id, ""));
        let Some(mut found) = package(name, version) else {
            continue;
        };
        found.lines.push(node.lines());
        found.is_dev = node.is_set("dev");
        let at = list.add(id.as_str(), found);
        scopes.push(
            node.entries_at("dependencies")
                .filter_map(identified)
                .collect(),
        );
        for required in node.entries_at("requires") {
            let mut inner = scopes.iter().rev();
            if let Some(needed) = inner.find_map(|scope| scope.get(required.name())) {
                list.need(at, needed.as_str());
            }
        }
        scopes.pop();
        level(node, scopes, list);
    }
    scopes.pop();
}

/// The name in the tree, and name and version of what is there: `npm:other@1.0.0` is another package under this name.
fn identified(entry: document::EntryRef<'_>) -> Option<(&str, String)> {
    if entry.value.kind() != Kind::Mapping {
        return None;
    }
    let name = entry.name();
    let version = entry.value.word_at("version")?;
    let id = match version.strip_prefix("npm:") {
        Some(other) => other.to_owned(),
        None => format!("{name}@{version}"),
    };
    Some((name, id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::testing::{told, tree};

    #[test]
    fn folders_find_what_they_need_from_the_inside_out() {
        let text = r#"{"lockfileVersion": 3, "packages": {
"": {"dependencies": {"a": "1"}, "devDependencies": {"c": "1"}},
"node_modules/a": {"version": "1.0.0", "license": "MIT",
  "dependencies": {"b": "^2"}},
"node_modules/a/node_modules/b": {"version": "2.0.0", "dependencies": {"c": "1"}},
"node_modules/b": {"version": "1.0.0"},
"node_modules/c": {"name": "real", "version": "1.0.0", "dev": true}
}}"#;
        assert_eq!(
            tree(&told(READER, "package-lock.json", text)),
            "pkg:npm/a@1.0.0 3-4 direct MIT -> b@2.0.0\n\
             pkg:npm/b@2.0.0 5 indirect -> real@1.0.0\n\
             pkg:npm/b@1.0.0 6 indirect\n\
             pkg:npm/real@1.0.0 7 direct dev\n"
        );
    }

    #[test]
    fn a_workspace_is_what_its_link_names() {
        let text = r#"{"lockfileVersion": 3, "packages": {
"": {"workspaces": ["tools/*"]},
"tools/x": {"version": "0.1.0", "dependencies": {"y": "1"}},
"tools/x/node_modules/y": {"version": "1.0.0"},
"node_modules/@own/x": {"resolved": "tools/x", "link": true}
}}"#;
        assert_eq!(
            tree(&told(READER, "package-lock.json", text)),
            "pkg:npm/%40own/x@0.1.0 3 direct -> y@1.0.0\npkg:npm/y@1.0.0 4 indirect\n"
        );
    }

    #[test]
    fn version_1_nests() {
        let text = r#"{"lockfileVersion": 1, "dependencies": {
"a": {"version": "1.0.0", "requires": {"b": "2", "c": "1"},
  "dependencies": {"b": {"version": "2.0.0", "requires": {"c": "1"}}}},
"b": {"version": "1.0.0", "dev": true},
"c": {"version": "npm:@s/d@3.0.0"}
}}"#;
        assert_eq!(
            tree(&told(READER, "package-lock.json", text)),
            "pkg:npm/a@1.0.0 2-3 -> b@2.0.0 d@3.0.0\n\
             pkg:npm/b@2.0.0 3 -> d@3.0.0\n\
             pkg:npm/b@1.0.0 4 dev\n\
             pkg:npm/%40s/d@3.0.0 5\n"
        );
    }

    #[test]
    fn what_is_no_object_is_an_error() {
        let file = File {
            path: "package-lock.json",
            bytes: b"[1]",
        };
        let error = (READER.read)(&file).unwrap_err();
        assert_eq!(error.message, "expected a package-lock.json, a mapping");
        assert_eq!(error.at, Some((1, 1)));
    }
}
