//! Dependencies: where they come from, whether their licences are allowed, and whether anything uses them.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result};
use fs_err as fs;
use serde_json::Value;

use super::licence;
use crate::workspace::{files, output, root};

pub(super) fn run() -> Result<Vec<String>> {
    let metadata = output("cargo", &["metadata", "--format-version", "1", "--locked"])?;
    let metadata: Value = serde_json::from_str(&metadata)?;
    let packages = metadata["packages"]
        .as_array()
        .context("metadata has no packages")?;
    let is_ours = |package: &&Value| package["source"].is_null();
    let mut complaints = Vec::new();
    for package in packages.iter().filter(|package| !is_ours(package)) {
        complaints.extend(foreign(package));
    }
    let mut declared = BTreeSet::new();
    for package in packages.iter().filter(is_ours) {
        let dependencies = Dependencies::of(package);
        complaints.extend(dependencies.unused(package)?);
        declared.extend(dependencies.0.into_iter().map(|one| one.package));
    }
    let manifest = fs::read_to_string(root().join("Cargo.toml"))?;
    let nobodys = shared(&manifest).filter(|name| !declared.contains(*name));
    complaints.extend(nobodys.map(|name| format!("Cargo.toml: no crate depends on `{name}`")));
    Ok(complaints)
}

/// A crate of others: from a registry, under a licence that is allowed.
fn foreign(package: &Value) -> Vec<String> {
    let text = |key: &str| package[key].as_str().unwrap_or_default();
    let name = format!("{} {}", text("name"), text("version"));
    let mut complaints = Vec::new();
    if !text("source").starts_with("registry+") {
        complaints.push(format!("{name} does not come from a registry"));
    }
    if !licence::is_allowed(text("license")) {
        let licence = text("license");
        complaints.push(format!("{name}: the licence `{licence}` is not allowed"));
    }
    complaints
}

/// What a crate of ours depends on.
struct Dependencies(Vec<Dependency>);

struct Dependency {
    package: String,
    /// As code names it.
    name: String,
    is_for_tests: bool,
}

impl Dependencies {
    fn of(package: &Value) -> Self {
        let all = package["dependencies"].as_array().into_iter().flatten();
        let dependencies = all.map(|dependency| {
            let text = |key: &str| dependency[key].as_str();
            let package = text("name").unwrap_or_default();
            Dependency {
                package: package.to_owned(),
                name: text("rename").unwrap_or(package).replace('-', "_"),
                is_for_tests: text("kind") == Some("dev"),
            }
        });
        Dependencies(dependencies.collect())
    }

    /// Those that no source names; what only tests need must not be a dependency of the crate itself.
    fn unused(&self, package: &Value) -> Result<Vec<String>> {
        let manifest = Path::new(package["manifest_path"].as_str().unwrap_or_default());
        let folder = manifest.parent().context("a manifest lies in a folder")?;
        let own = sources(folder, &["src", "build.rs"])?;
        let tests = sources(folder, &["tests", "benches", "examples"])?;
        let is_used = |dependency: &Dependency| {
            let is_in = |texts: &[String]| texts.iter().any(|text| names(text, &dependency.name));
            is_in(&own) || (dependency.is_for_tests && is_in(&tests))
        };
        let unused = self.0.iter().filter(|dependency| !is_used(dependency));
        let crate_name = package["name"].as_str().unwrap_or_default();
        Ok(unused
            .map(|one| format!("{crate_name} does not use its dependency `{}`", one.package))
            .collect())
    }
}

/// The texts of some files and folders, where there are such.
fn sources(folder: &Path, names: &[&str]) -> Result<Vec<String>> {
    let mut texts = Vec::new();
    for path in names.iter().map(|name| folder.join(name)) {
        let found = if path.is_dir() {
            files(&path, "rs")?
        } else {
            Vec::from_iter(path.is_file().then_some(path))
        };
        for file in found {
            texts.push(fs::read_to_string(file)?);
        }
    }
    Ok(texts)
}

/// Whether a source names a crate: `name::…` or `use name`.
fn names(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + name.len()..]);
        let is_word = !before
            .ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | ':' | '.'))
            || before.ends_with(" ::");
        let is_use = before.ends_with("use ") && after.starts_with([';', ' ']);
        is_word && (after.starts_with("::") || is_use)
    })
}

/// The names under `[workspace.dependencies]`.
fn shared(manifest: &str) -> impl Iterator<Item = &str> {
    let section = manifest
        .split("[workspace.dependencies]")
        .nth(1)
        .unwrap_or_default();
    let section = section.split("\n[").next().unwrap_or_default();
    section
        .lines()
        .filter_map(|line| Some(line.split_once('=')?.0.trim()))
        .filter(|name| !name.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Dependencies, foreign, names, shared};
    use crate::workspace::root;

    #[test]
    fn dependencies_that_no_source_names_are_found() {
        let manifest = root().join("xtask/Cargo.toml");
        let of = |name: &str| json!({ "name": name });
        let package = json!({
            "name": "xtask",
            "manifest_path": manifest,
            "dependencies": [of("anyhow"), of("fs-err"), of("left-pad")],
        });
        let unused = Dependencies::of(&package).unused(&package).unwrap();
        assert_eq!(unused, ["xtask does not use its dependency `left-pad`"]);
    }

    #[test]
    fn crates_of_others_have_a_registry_and_a_licence() {
        let of = |source: &str, license: &str| {
            foreign(
                &json!({ "name": "a", "version": "1.0.0", "source": source, "license": license }),
            )
        };
        assert_eq!(of("registry+x", "MIT"), [""; 0]);
        assert_eq!(of("git+x", "GPL-3.0-only").len(), 2);
    }

    #[test]
    fn crates_are_named_by_paths_and_uses() {
        for text in [
            "use anyhow::Result;",
            "use anyhow;",
            "anyhow::bail!()",
            "(anyhow::Error)",
        ] {
            assert!(names(text, "anyhow"), "{text}");
        }
        for text in [
            "anyhow",
            "// see anyhow",
            "crate::anyhow::x",
            "my_anyhow::x",
            "anyhow_2::x",
        ] {
            assert!(!names(text, "anyhow"), "{text}");
        }
    }

    #[test]
    fn shared_dependencies_are_read_from_their_section() {
        let manifest = "[workspace]\na = 1\n[workspace.dependencies]\n# Text\nb = \"1\"\nc-d = { path = \"x\" }\n\n[profile]\ne = 1\n";
        assert_eq!(shared(manifest).collect::<Vec<_>>(), ["b", "c-d"]);
    }
}
