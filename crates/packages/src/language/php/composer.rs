//! `composer.lock`, and `vendor/composer/installed.json` with the same packages in another frame.

use std::collections::HashSet;

use document::{Kind, NodeRef};

use crate::list::{self, List};
use crate::reader::{Asked, Entry, File, ReadError, Reader, Told};
use crate::text::{self, Node};

pub(super) const LOCK: Reader = Reader {
    id: "composer-lock",
    version: 1,
    wants: |entry: &Entry<'_>| entry.is_project(&["composer.lock"]),
    read: lock,
};

pub(super) const INSTALLED: Reader = Reader {
    id: "composer-installed",
    version: 1,
    wants: |entry: &Entry<'_>| {
        entry.name() == "installed.json" && entry.path.rsplit('/').nth(1) == Some("composer")
    },
    read: installed,
};

pub(super) const MANIFEST: Reader = Reader {
    id: "composer-manifest",
    version: 1,
    wants: |entry: &Entry<'_>| {
        let mut folders = entry.path.split('/');
        entry.name() == "composer.json" && !folders.any(|folder| folder == "vendor")
    },
    read: manifest,
};

fn manifest(file: &File<'_>) -> Result<Told, ReadError> {
    let document = text::json(file)?;
    let root = text::mapping(&document, "a composer.json")?;
    let mut told = Told::default();
    let word = |key: &str| root.word_at(key).unwrap_or_default();
    told.project = list::pathed("composer", word("name"), word("version"));
    for (section, is_dev) in [("require", false), ("require-dev", true)] {
        for entry in root.entries_at(section) {
            told.asked.push(Asked {
                kind: "composer",
                name: entry.name().to_owned(),
                range: entry.value.word().unwrap_or_default().to_owned(),
                is_dev,
                lines: entry.value.lines(),
            });
        }
    }
    Ok(told)
}

fn lock(file: &File<'_>) -> Result<Told, ReadError> {
    let document = text::json(file)?;
    let root = text::mapping(&document, "a composer.lock")?;
    let mut list = List::default();
    for node in root.items_at("packages") {
        add(node, false, &mut list);
    }
    for node in root.items_at("packages-dev") {
        add(node, true, &mut list);
    }
    Ok(list.told())
}

/// Composer 1 writes a list, Composer 2 a mapping that says which of them serve development.
fn installed(file: &File<'_>) -> Result<Told, ReadError> {
    let document = text::json(file)?;
    let mut list = List::default();
    let root = match document.root(0) {
        Some(root) if root.kind() == Kind::Sequence => {
            for node in root.items() {
                add(node, false, &mut list);
            }
            return Ok(list.told());
        }
        _ => text::mapping(&document, "an installed.json")?,
    };
    let development: HashSet<&str> = root
        .items_at("dev-package-names")
        .filter_map(NodeRef::as_str)
        .collect();
    for node in root.items_at("packages") {
        let is_dev = node
            .word_at("name")
            .is_some_and(|name| development.contains(name));
        add(node, is_dev, &mut list);
    }
    Ok(list.told())
}

/// Adds a package; what it needs is known by name alone, there is one version of each.
fn add(node: NodeRef<'_>, is_dev: bool, list: &mut List) {
    let (Some(name), Some(version)) = (node.word_at("name"), node.word_at("version")) else {
        return;
    };
    let Some(mut package) = list::pathed("composer", name, version) else {
        return;
    };
    package.lines.push(node.lines());
    package.is_dev = is_dev;
    package.licenses = node
        .items_at("license")
        .filter_map(NodeRef::as_str)
        .map(str::to_owned)
        .collect();
    let single = node.get_str("license").and_then(NodeRef::as_str);
    package
        .licenses
        .extend(single.filter(|text| !text.is_empty()).map(str::to_owned));
    let at = list.add(name.to_lowercase(), package);
    for need in node.entries_at("require") {
        list.need(at, need.name().to_lowercase());
    }
}

#[cfg(test)]
mod tests {
    use super::{INSTALLED, LOCK};
    use crate::language::testing::{told, tree};

    #[test]
    fn what_php_itself_brings_is_no_package() {
        let text = r#"{"packages": [
{"name": "V/a", "version": "v1.0", "license": ["MIT", "BSD"],
 "require": {"php": ">=8", "ext-json": "*", "v/b": "^2"}}],
"packages-dev": [{"name": "v/b", "version": "2.0", "license": "ISC"}]}"#;
        assert_eq!(
            tree(&told(LOCK, "composer.lock", text)),
            "pkg:composer/v/a@v1.0 2-3 MIT BSD -> b@2.0\npkg:composer/v/b@2.0 4 dev ISC\n"
        );
    }

    #[test]
    fn what_is_installed_is_a_list_or_a_mapping() {
        let old = r#"[{"name": "v/a", "version": "1.0"}]"#;
        let path = "vendor/composer/installed.json";
        assert_eq!(
            tree(&told(INSTALLED, path, old)),
            "pkg:composer/v/a@1.0 1\n"
        );
        let new =
            r#"{"packages": [{"name": "v/a", "version": "1.0"}], "dev-package-names": ["v/a"]}"#;
        assert_eq!(
            tree(&told(INSTALLED, path, new)),
            "pkg:composer/v/a@1.0 1 dev\n"
        );
    }
}
