//! What is linked into the program, as `cargo metadata` resolves it for a target.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use fs_err as fs;
use serde_json::Value;

use crate::workspace::{output, root};

/// One crate that is linked into the program.
#[derive(Debug)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    /// An SPDX expression.
    pub(crate) licence: Option<String>,
    pub(crate) repository: Option<String>,
    /// SHA-256 of the published archive, from `Cargo.lock`; none for our own crates.
    pub(crate) checksum: Option<String>,
    /// The ids of the packages that it uses.
    pub(crate) uses: Vec<String>,
    folder: PathBuf,
}

impl Package {
    /// Whether it is a crate of this workspace.
    pub(crate) fn is_ours(&self) -> bool {
        self.folder.starts_with(root())
    }

    /// The package URL, see <https://github.com/package-url/purl-spec>.
    pub(crate) fn purl(&self) -> String {
        format!("pkg:cargo/{}@{}", self.name, self.version)
    }
}

/// The program's crate, and all that is linked into it, by cargo's id.
#[derive(Debug)]
pub(crate) struct Dependencies {
    pub(crate) program: String,
    pub(crate) packages: BTreeMap<String, Package>,
}

impl Dependencies {
    /// Resolves for a target, without the network.
    pub(crate) fn of(target: &str) -> Result<Dependencies> {
        let printed = output(
            "cargo",
            &[
                "metadata",
                "--format-version=1",
                "--locked",
                "--filter-platform",
                target,
            ],
        )?;
        let metadata: Value = serde_json::from_str(&printed)?;
        let checksums = checksums()?;
        let mut uses = BTreeMap::new();
        for node in list(&metadata["resolve"]["nodes"]) {
            uses.insert(text(node, "id")?, linked(node)?);
        }
        let mut all = BTreeMap::new();
        let mut program = None;
        for package in list(&metadata["packages"]) {
            let id = text(package, "id")?;
            let found = read(package, &uses, &checksums)?;
            if found.name == "cli" && found.is_ours() {
                program = Some(id.clone());
            }
            all.insert(id, found);
        }
        let program = program.context("no package `cli`")?;
        let packages = reached(&program, all);
        Ok(Dependencies { program, packages })
    }

    /// The licence texts of everything that others wrote, as their authors ask for.
    pub(crate) fn notices(&self) -> Result<String> {
        let mut notices = String::from("Seawall contains the following work of others.\n");
        for package in self.packages.values().filter(|package| !package.is_ours()) {
            let licence = package.licence.as_deref().unwrap_or("see below");
            notices += &format!(
                "\n{}\n{} {} ({licence})\n",
                "=".repeat(72),
                package.name,
                package.version
            );
            for file in licence_files(&package.folder)? {
                notices += &format!("\n{}\n", fs::read_to_string(file)?.trim());
            }
        }
        Ok(notices)
    }
}

fn read(
    package: &Value,
    uses: &BTreeMap<String, Vec<String>>,
    checksums: &BTreeMap<(String, String), String>,
) -> Result<Package> {
    let (id, name, version) = (
        text(package, "id")?,
        text(package, "name")?,
        text(package, "version")?,
    );
    let manifest = PathBuf::from(text(package, "manifest_path")?);
    Ok(Package {
        checksum: checksums.get(&(name.clone(), version.clone())).cloned(),
        licence: text(package, "license").ok(),
        repository: text(package, "repository").ok(),
        uses: uses.get(&id).cloned().unwrap_or_default(),
        folder: manifest.parent().unwrap_or(&manifest).to_owned(),
        name,
        version,
    })
}

/// What a package links: neither what its tests use nor what its build script runs.
fn linked(node: &Value) -> Result<Vec<String>> {
    let is_linked =
        |dependency: &&Value| list(&dependency["dep_kinds"]).any(|kind| kind["kind"].is_null());
    let mut found = list(&node["deps"])
        .filter(is_linked)
        .map(|dependency| text(dependency, "pkg"))
        .collect::<Result<Vec<_>>>()?;
    found.sort();
    Ok(found)
}

fn reached(program: &str, mut all: BTreeMap<String, Package>) -> BTreeMap<String, Package> {
    let mut found = BTreeMap::new();
    let mut open = vec![program.to_owned()];
    while let Some(id) = open.pop() {
        if let Some(package) = all.remove(&id) {
            open.extend(package.uses.iter().cloned());
            found.insert(id, package);
        }
    }
    found
}

/// Checksums of `Cargo.lock` by name and version.
fn checksums() -> Result<BTreeMap<(String, String), String>> {
    let lock = fs::read_to_string(root().join("Cargo.lock"))?;
    let mut found = BTreeMap::new();
    for package in lock.split("[[package]]") {
        let value = |key: &str| {
            let mut lines = package.lines();
            let line = lines.find_map(|line| line.strip_prefix(key)?.strip_prefix(" = \""));
            line.map(|line| line.trim_end_matches('"').to_owned())
        };
        if let (Some(name), Some(version), Some(sum)) =
            (value("name"), value("version"), value("checksum"))
        {
            found.insert((name, version), sum);
        }
    }
    Ok(found)
}

fn licence_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .to_uppercase();
        let names_terms = ["LICENSE", "LICENCE", "COPYING", "NOTICE", "COPYRIGHT"];
        if path.is_file() && names_terms.iter().any(|prefix| name.starts_with(prefix)) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value, key: &str) -> Result<String> {
    let found = value[key].as_str();
    found
        .map(str::to_owned)
        .with_context(|| format!("cargo metadata gave no {key}"))
}
