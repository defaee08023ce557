//! The database of advisories: building it, opening it, and a bill of 20,000 packages held against it.

use std::path::{Path, PathBuf};

use advisories::{Bytes, Database};
use anyhow::Result;
use fs_err as fs;
use serde_json::json;

use super::wall::time;
use crate::workspace::{root, say};

const BILL: usize = 20_000;

/// Measures where the published data sets lie beside the repository.
pub(super) fn run(work: &Path, runs: usize) -> Result<()> {
    let data = root().join("../shared/vuln/advisories");
    if !data.is_dir() {
        return Ok(());
    }
    let sets: Vec<PathBuf> = archives(&data)?;
    let database = work.join("advisories.db");
    let (osv, feeds): (Vec<PathBuf>, Vec<PathBuf>) =
        sets.into_iter().partition(|set| !is_feed(set));
    let mut build = vec!["db".into(), "build".into(), "--osv".into()];
    build.extend(osv.iter().map(|path| path.display().to_string()));
    build.push("--feed".into());
    build.extend(feeds.iter().map(|path| path.display().to_string()));
    build.extend([
        "--out".into(),
        database.display().to_string(),
        "--date".into(),
        "2026-08-21".into(),
    ]);
    let build_ms = time(&build, 1, 1)?;
    let bill = work.join("bill.cdx.json");
    let packages = write_bill(&database, &bill)?;
    let file = database.display().to_string();
    let nothing = time(&["--version".into()], runs * 3, 1)?;
    let status = time(
        &["db", "status", "--db", &file].map(str::to_owned),
        runs * 3,
        1,
    )?;
    let bill = bill.display().to_string();
    let sbom = time(
        &["sbom", &bill, "--db", &file, "--format", "json"].map(str::to_owned),
        runs,
        1,
    )?;
    say(&format!(
        "\nadvisories\n  build of all sets      {build_ms:>8.0} ms      (target ≤ 15000)\n  \
           open, above start-up   {:>8.2} ms      (target ≤ 1)\n  \
           bill of {packages} packages {sbom:>6.0} ms      (target ≤ 100)",
        status - nothing
    ));
    Ok(())
}

fn archives(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut sets = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "zst") {
            sets.push(path);
        }
    }
    sets.sort();
    Ok(sets)
}

/// Whether a set is more than OSV records.
fn is_feed(set: &Path) -> bool {
    let name = set
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    ["kev", "endoflife", "alpine-secdb"]
        .iter()
        .any(|feed| name.starts_with(feed))
}

/// A bill of packages that the database knows, and of others; how many.
fn write_bill(database: &Path, bill: &Path) -> Result<usize> {
    let bytes = Bytes::map(fs::File::open(database)?.file())?;
    let database = Database::open(bytes)?;
    let known = database.packages().filter_map(|package| {
        let name = package.name();
        Some(match package.ecosystem() {
            "PyPI" => format!("pkg:pypi/{name}@1.0.0"),
            "Go" => format!("pkg:golang/{name}@v1.0.0"),
            "crates.io" => format!("pkg:cargo/{name}@0.3.0"),
            "AlmaLinux:9" => format!("pkg:rpm/almalinux/{name}@99-1.el9?distro=almalinux-9"),
            "AlmaLinux:8" => format!("pkg:rpm/almalinux/{name}@99-1.el8?distro=almalinux-8"),
            _ => return None,
        })
    });
    let unknown = (0..).map(|number| format!("pkg:npm/package-{number}@1.0.0"));
    let purls: Vec<String> = known.take(BILL / 2).chain(unknown).take(BILL).collect();
    let components: Vec<_> = purls
        .iter()
        .map(|purl| json!({ "type": "library", "name": "p", "purl": purl }))
        .collect();
    fs::write(
        bill,
        json!({ "bomFormat": "CycloneDX", "specVersion": "1.6", "components": components })
            .to_string(),
    )?;
    Ok(purls.len())
}
