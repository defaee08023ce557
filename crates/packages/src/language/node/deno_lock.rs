//! `deno.lock`, versions 2 to 5: packages of npm and of JSR.

use std::collections::HashMap;

use document::{Kind, NodeRef};

use super::{package, parted};
use crate::list::{self, List};
use crate::package::{Package, Relationship};
use crate::reader::{Entry, File, ReadError, Reader, Told};
use crate::text::{self, Node};

pub(super) const READER: Reader = Reader {
    id: "deno-lock",
    version: 1,
    wants: |entry: &Entry<'_>| entry.is_project(&["deno.lock"]),
    read,
};

fn read(file: &File<'_>) -> Result<Told, ReadError> {
    let document = text::json(file)?;
    let root = text::mapping(&document, "a deno.lock")?;
    // Version 3 has everything in an object, 2 has npm's.
    let frame = root.get_str("packages").unwrap_or(root);
    let mut list = List::default();
    for (registry, older) in [("npm", "packages"), ("jsr", "")] {
        let section = frame.get_str(registry);
        let section = section.map(|section| section.get_str(older).unwrap_or(section));
        for entry in section.into_iter().flat_map(NodeRef::entries) {
            add(registry, entry, &mut list);
        }
    }
    let specifiers: HashMap<&str, &str> = frame
        .entries_at("specifiers")
        .filter_map(|entry| Some((entry.name(), entry.value.word()?)))
        .collect();
    let answer = |specifier: &str| {
        let (registry, rest) = specifier.split_once(':')?;
        let (name, _) = parted(rest).unwrap_or((rest, ""));
        let found = specifiers.get(specifier)?;
        // Version 3 repeats registry and name before the version.
        Some(match found.split_once(':') {
            Some((_, id)) => format!("{registry}:{id}"),
            None => format!("{registry}:{name}@{found}"),
        })
    };
    let needs: Vec<(String, &str)> = frame
        .entries_at("jsr")
        .flat_map(|entry| {
            let needs = entry.value.items_at("dependencies").filter_map(Node::word);
            needs.map(move |need| (format!("jsr:{}", entry.name()), need))
        })
        .collect();
    for (id, need) in needs {
        // A specifier, or its name alone where there is one version.
        let need = answer(need).unwrap_or_else(|| format!("={need}"));
        if let Some(at) = list.find(&id) {
            list.need(at, need);
        }
    }
    if let Some(workspace) = root.get_str("workspace") {
        let members = workspace.entries_at("members").map(|member| member.value);
        let places = members.chain([workspace]);
        for place in places
            .flat_map(|place| [Some(place), place.get_str("packageJson")])
            .flatten()
        {
            for specifier in place.items_at("dependencies").filter_map(Node::word) {
                let at = answer(specifier).and_then(|id| list.find(&id));
                if let Some(package) = at.and_then(|at| list.at(at)) {
                    package.relationship = Some(Relationship::Direct);
                }
            }
        }
    }
    Ok(list.told())
}

fn add(registry: &str, entry: document::EntryRef<'_>, list: &mut List) {
    let Some(mut package) = identity(registry, entry.name()) else {
        return;
    };
    package.lines.push(entry.value.lines());
    let name = format!(
        "={registry}:{}",
        parted(entry.name()).map_or("", |parts| parts.0)
    );
    let at = list.add(format!("{registry}:{}", entry.name()), package);
    list.name(name, at);
    if registry != "npm" {
        return;
    }
    for section in ["dependencies", "optionalDependencies"] {
        let Some(needs) = entry.value.get_str(section) else {
            continue;
        };
        // Until 3 by the name it is known by; since 4 a list, with versions only where it takes them.
        let names = needs.entries().filter_map(|need| need.value.word());
        for need in names.chain(needs.items().filter_map(Node::word)) {
            let is_exact = needs.kind() == Kind::Mapping || parted(need).is_some();
            let sign = if is_exact { "" } else { "=" };
            list.need(at, format!("{sign}npm:{need}"));
        }
    }
}

/// `name@1.0.0`, with the peers it was installed with after `_`.
fn identity(registry: &str, id: &str) -> Option<Package> {
    let (name, version) = parted(id)?;
    match registry {
        "npm" => package(name, version.split('_').next().unwrap_or(version)),
        _ => list::pathed(registry, name, version),
    }
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::language::testing::{told, tree};

    #[test]
    fn version_4_names_what_has_one_version() {
        let text = r#"{"version": "4", "specifiers": {
"jsr:@s/a@1": "1.0.1", "npm:b@5": "5.0.0_c@1.0.0"},
"jsr": {
"@s/a@1.0.1": {"dependencies": ["npm:b@5"]}},
"npm": {
"b@5.0.0_c@1.0.0": {"dependencies": ["c"]},
"c@1.0.0": {}},
"workspace": {"dependencies": ["jsr:@s/a@1"]}}"#;
        assert_eq!(
            tree(&told(READER, "deno.lock", text)),
            "pkg:npm/b@5.0.0 6 -> c@1.0.0\npkg:npm/c@1.0.0 7\npkg:jsr/%40s/a@1.0.1 4 direct -> b@5.0.0\n"
        );
    }

    #[test]
    fn versions_2_and_3_have_frames() {
        let third = r#"{"version": "3", "packages": {"specifiers": {"npm:a@1": "npm:a@1.0.0"}, "npm": {
"a@1.0.0": {"dependencies": {"b": "b@2.0.0"}},
"b@2.0.0": {"dependencies": {}}}}, "remote": {}}"#;
        let expected = "pkg:npm/a@1.0.0 2 -> b@2.0.0\npkg:npm/b@2.0.0 3\n";
        assert_eq!(tree(&told(READER, "deno.lock", third)), expected);
        let second = third
            .replace(r#""packages": {"specifiers""#, r#""x": {"specifiers""#)
            .replace(
                r#""npm": {
"#,
                r#""npm": {"packages": {
"#,
            );
        let second = second.replacen(
            r#"{"version": "3", "x": {"specifiers": {"npm:a@1": "npm:a@1.0.0"}, "#,
            r#"{"version": "2", "#,
            1,
        );
        assert_eq!(tree(&told(READER, "deno.lock", &second)), expected);
    }
}
