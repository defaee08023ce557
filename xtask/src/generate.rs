//! `cargo xtask generate [--check]`: what is never kept by hand.

mod coverage;
mod framework;
mod migrate;
mod page;
mod relations;
mod techniques;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail, ensure};
use catalog::{ControlDefinition, ControlTexts, FrameworkDefinition};
use document::Source;
use fs_err as fs;

use crate::workspace::{files, output, relative, root, say};
use crate::{sample_database, schema_table};

/// Write the files, or only say which differ.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Write.
    Write,
    /// Compare; fails when one differs.
    Check,
}

pub(crate) fn run(mode: Mode) -> Result<()> {
    match mode {
        Mode::Write => {
            schema_table::write()?;
            sample_database::write()?;
        }
        Mode::Check => {
            schema_table::check()?;
            sample_database::check()?;
        }
    }
    let controls = controls()?;
    let frameworks = frameworks()?;
    let mut wanted = page::all(&controls, &frameworks);
    wanted.append(&mut framework::all(&frameworks));
    wanted.append(&mut techniques::all()?);
    let (coverage, mistakes) = coverage::page(&controls)?;
    wanted.insert(coverage::PATH.to_owned(), coverage);
    wanted.insert(relations::PATH.to_owned(), relations::page());
    wanted.insert(migrate::PATH.to_owned(), migrate::page());
    for (what, path) in [
        ("cli-reference", "docs/cli.md"),
        ("config-reference", "docs/configuration.md"),
        ("config-schema", "docs/seawall.schema.json"),
        ("expectations-schema", "docs/expectations.schema.json"),
    ] {
        let text = output(
            "cargo",
            &["run", "--quiet", "--package", "cli", "--", "generate", what],
        )?;
        wanted.insert(path.to_owned(), text);
    }
    let orphans = orphans(&wanted)?;
    match mode {
        Mode::Write => write(&wanted, &orphans)?,
        Mode::Check => check(&wanted, &orphans)?,
    }
    ensure!(mistakes.is_empty(), "{}", mistakes.join("\n"));
    Ok(())
}

fn write(wanted: &BTreeMap<String, String>, orphans: &[String]) -> Result<()> {
    for (path, text) in wanted {
        let path = root().join(path);
        fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
        fs::write(path, text)?;
    }
    for orphan in orphans {
        fs::remove_file(root().join(orphan))?;
    }
    say(&format!(
        "{} files written, {} removed",
        wanted.len(),
        orphans.len()
    ));
    Ok(())
}

fn check(wanted: &BTreeMap<String, String>, orphans: &[String]) -> Result<()> {
    let is_stale = |(path, text): &(&String, &String)| {
        fs::read_to_string(root().join(path)).ok().as_ref() != Some(*text)
    };
    let stale = wanted.iter().filter(is_stale).map(|(path, _)| path);
    let stale: Vec<&str> = stale.chain(orphans).map(String::as_str).collect();
    if !stale.is_empty() {
        bail!(
            "not up to date, run `cargo xtask generate`: {}",
            stale.join(", ")
        );
    }
    say(&format!("{} generated files are up to date", wanted.len()));
    Ok(())
}

/// Pages of controls and frameworks that are gone.
fn orphans(wanted: &BTreeMap<String, String>) -> Result<Vec<String>> {
    let mut orphans = Vec::new();
    for folder in [page::FOLDER, framework::FOLDER, techniques::FOLDER] {
        let folder = root().join(folder);
        if !folder.is_dir() {
            continue;
        }
        let pages = files(&folder, "md")?;
        let pages = pages.iter().map(|page| relative(page));
        orphans.extend(pages.filter(|page| !wanted.contains_key(page)));
    }
    Ok(orphans)
}

/// All controls of the tree, in order of their ids.
pub(crate) fn controls() -> Result<Vec<ControlDefinition>> {
    let mut controls = Vec::new();
    for path in files(&root().join("controls"), "yaml")? {
        if path.file_name().is_none_or(|name| name != "control.yaml") {
            continue;
        }
        let beside =
            |name: &str| -> Result<_> { Ok(fs::read_to_string(path.with_file_name(name)).ok()) };
        let texts = ControlTexts::read(source(&path)?, beside)?;
        let control = catalog::parse_control(&texts).map_err(|found| {
            let lines: Vec<String> = found.iter().map(ToString::to_string).collect();
            anyhow::anyhow!("{}", lines.join("\n"))
        })?;
        controls.push(control);
    }
    controls.sort_by(|a, b| a.header.id.cmp(&b.header.id));
    Ok(controls)
}

fn frameworks() -> Result<Vec<FrameworkDefinition>> {
    let read = |path: &std::path::PathBuf| {
        FrameworkDefinition::parse(&source(path)?)
            .ok()
            .with_context(|| format!("{} does not check", relative(path)))
    };
    files(&root().join("frameworks"), "yaml")?
        .iter()
        .map(read)
        .collect()
}

fn source(path: &Path) -> Result<Arc<Source>> {
    Ok(Source::new(relative(path), fs::read_to_string(path)?))
}
