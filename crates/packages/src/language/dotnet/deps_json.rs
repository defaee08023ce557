//! `*.deps.json` beside a published program: what it loads.

use std::collections::{HashMap, HashSet};

use document::NodeRef;

use super::package;
use crate::list::List;
use crate::package::Relationship;
use crate::reader::{Entry, File, ReadError, Reader, Told};
use crate::text::{self, Node};

pub(super) const READER: Reader = Reader {
    id: "dotnet-deps",
    version: 1,
    wants: |entry: &Entry<'_>| entry.name().ends_with(".deps.json"),
    read,
};

fn read(file: &File<'_>) -> Result<Told, ReadError> {
    let document = text::json(file)?;
    let root = text::mapping(&document, "a deps.json")?;
    let target = target(root);
    let mut list = List::default();
    let mut projects = Vec::new();
    for library in root.entries_at("libraries") {
        let kind = library.value.word_at("type").unwrap_or_default();
        let kind = kind.to_ascii_lowercase();
        let id = plain(library.name());
        let loads = target.as_ref().is_none_or(|target| target.loads(id));
        let (Some((name, version)), true) = (id.split_once('/'), loads) else {
            continue;
        };
        if !matches!(kind.as_str(), "package" | "project" | "runtimepack") {
            continue;
        }
        let Some(mut package) = package(name, version) else {
            continue;
        };
        package.lines.push(library.value.lines());
        if kind == "project" {
            package.relationship = Some(Relationship::Workspace);
            projects.push(id);
        }
        list.add(id, package);
    }
    if let Some(target) = target {
        relate(&mut list, &target, &projects);
    }
    Ok(list.told())
}

/// What a program is published for: the libraries by `name/version`.
struct Target<'a> {
    libraries: HashMap<&'a str, NodeRef<'a>>,
}

impl<'a> Target<'a> {
    /// Whether a library brings something to load; one that is not mentioned may.
    fn loads(&self, id: &str) -> bool {
        self.libraries.get(id).is_none_or(|library| {
            ["runtime", "runtimeTargets", "native"]
                .iter()
                .any(|section| library.entries_at(section).next().is_some())
        })
    }

    /// What a library needs, as `name/version`.
    fn needs(&self, id: &str) -> impl Iterator<Item = String> + use<'a> {
        let library = self.libraries.get(id).copied();
        library
            .into_iter()
            .flat_map(|library| library.entries_at("dependencies"))
            .map(|need| {
                let version = need.value.word().unwrap_or_default();
                plain(&format!("{}/{version}", need.name())).to_owned()
            })
    }
}

/// The target that is run; none where the file does not hold it.
fn target(root: NodeRef<'_>) -> Option<Target<'_>> {
    let name = root.get_str("runtimeTarget")?.word_at("name")?;
    let target = root.get_str("targets")?.get_str(name)?;
    let libraries = target.entries();
    Some(Target {
        libraries: libraries
            .map(|library| (plain(library.name()), library.value))
            .collect(),
    })
}

/// The runtime that a program brings itself has a prefix that its package has not.
fn plain(id: &str) -> &str {
    id.strip_prefix("runtimepack.").unwrap_or(id)
}

fn relate(list: &mut List, target: &Target<'_>, projects: &[&str]) {
    let needed: HashSet<String> = target
        .libraries
        .keys()
        .flat_map(|id| target.needs(id))
        .collect();
    let mut roots = projects.iter().filter(|id| !needed.contains(**id));
    // With two projects that nobody needs, neither is known to be the program.
    let root = roots.next().filter(|_| roots.next().is_none());
    let direct: HashSet<String> = root
        .map(|id| target.needs(id).collect())
        .unwrap_or_default();
    if let Some(package) = root.and_then(|id| list.find(id)).and_then(|at| list.at(at)) {
        package.relationship = Some(Relationship::Root);
    }
    let mut ids: Vec<_> = target.libraries.keys().copied().collect();
    ids.sort_unstable();
    for id in ids {
        let Some(at) = list.find(id) else { continue };
        for need in target.needs(id) {
            list.need(at, need);
        }
    }
    if direct.is_empty() {
        return;
    }
    let ids: HashSet<u32> = direct.iter().filter_map(|id| list.find(id)).collect();
    for (at, package) in list.packages().enumerate() {
        if package.relationship.is_none() {
            let is_direct = ids.contains(&(at as u32));
            package.relationship = Some(if is_direct {
                Relationship::Direct
            } else {
                Relationship::Indirect
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::language::testing::{told, tree};

    #[test]
    fn what_brings_nothing_to_load_is_left_out() {
        let text = r#"{"runtimeTarget": {"name": "net8"}, "targets": {"net8": {
"App/1.0.0": {"dependencies": {"A": "1.0.0", "runtimepack.R": "8.0.0"}, "runtime": {"App.dll": {}}},
"A/1.0.0": {"dependencies": {"B": "1.0.0", "C": "1.0.0"}, "runtime": {"a.dll": {}}},
"B/1.0.0": {},
"C/1.0.0": {"native": {"c.so": {}}},
"runtimepack.R/8.0.0": {"runtime": {"r.dll": {}}}
}}, "libraries": {
"App/1.0.0": {"type": "project"},
"A/1.0.0": {"type": "package"},
"B/1.0.0": {"type": "package"},
"C/1.0.0": {"type": "package"},
"runtimepack.R/8.0.0": {"type": "runtimepack"},
"D/1.0.0": {"type": "reference"}
}}"#;
        assert_eq!(
            tree(&told(READER, "App.deps.json", text)),
            "pkg:nuget/App@1.0.0 8 root -> A@1.0.0 R@8.0.0\n\
             pkg:nuget/A@1.0.0 9 direct -> C@1.0.0\n\
             pkg:nuget/C@1.0.0 11 indirect\n\
             pkg:nuget/R@8.0.0 12 direct\n"
        );
    }
}
