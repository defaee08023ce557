//! The import table of ARCHITECTURE.md against `cargo metadata`.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use fs_err as fs;
use serde_json::Value;

use crate::workspace::{output, root};

/// The crate that every crate may use.
const EVERYWHERE: &str = "document";

pub(super) fn run() -> Result<Vec<String>> {
    let allowed = table(&fs::read_to_string(root().join("ARCHITECTURE.md"))?);
    let actual = actual(&output(
        "cargo",
        &["metadata", "--no-deps", "--format-version", "1"],
    )?)?;
    Ok(compare(&allowed, &actual))
}

type Imports = BTreeMap<String, BTreeSet<String>>;

/// Reads the rows of the table under "## Crates": | `crate` | what | may import |.
fn table(architecture: &str) -> Imports {
    let section = architecture.split("## Crates").nth(1).unwrap_or_default();
    let section = section.split("\n## ").next().unwrap_or_default();
    section
        .lines()
        .filter_map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let name = cells.get(1)?.strip_prefix('`')?.strip_suffix('`')?;
            let imports = cells.get(3)?.split(',').map(str::trim);
            let imports = imports.filter(|word| !word.is_empty() && *word != "–");
            Some((name.to_owned(), imports.map(str::to_owned).collect()))
        })
        .collect()
}

/// What each crate of the workspace depends on, of the workspace.
fn actual(metadata: &str) -> Result<Imports> {
    let metadata: Value = serde_json::from_str(metadata)?;
    let packages = metadata["packages"]
        .as_array()
        .context("metadata has no packages")?;
    let name = |value: &Value| value["name"].as_str().unwrap_or_default().to_owned();
    let ours: BTreeSet<String> = packages.iter().map(name).collect();
    let dependencies = |package: &Value| -> BTreeSet<String> {
        let all = package["dependencies"].as_array().into_iter().flatten();
        all.map(name)
            .filter(|dependency| ours.contains(dependency))
            .collect()
    };
    Ok(packages
        .iter()
        .map(|package| (name(package), dependencies(package)))
        .collect())
}

fn compare(allowed: &Imports, actual: &Imports) -> Vec<String> {
    let mut complaints = Vec::new();
    for (name, dependencies) in actual {
        let Some(row) = allowed.get(name) else {
            complaints.push(format!(
                "ARCHITECTURE.md: crate `{name}` has no row in the table"
            ));
            continue;
        };
        for dependency in dependencies {
            if dependency != name && !row.contains(dependency) && dependency != EVERYWHERE {
                complaints.push(format!(
                    "{name} imports {dependency}, which its row does not allow"
                ));
            }
        }
    }
    for name in allowed.keys().filter(|name| !actual.contains_key(*name)) {
        complaints.push(format!("ARCHITECTURE.md: there is no crate `{name}`"));
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::{compare, table};

    const TABLE: &str = "## Crates\n| crate | what | may import |\n|---|---|---|\n| `a` | x | – |\n| `b` | x | a |\n## Next\n";

    #[test]
    fn an_import_outside_the_row_is_found() {
        let actual =
            table("## Crates\n| `a` | x | b |\n| `b` | x | a, document |\n| `document` | | – |");
        let complaints = compare(&table(TABLE), &actual);
        assert_eq!(
            complaints,
            [
                "a imports b, which its row does not allow",
                "ARCHITECTURE.md: crate `document` has no row in the table"
            ]
        );
    }
}
