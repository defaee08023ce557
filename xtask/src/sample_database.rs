//! The sample database that crate `advisories` embeds: made from the records in `crates/advisories/data/sample`.

use advisories::{Builder, feed};
use anyhow::{Context, Result, bail};
use fs_err as fs;

use crate::workspace::{files, root};

/// Where the records lie, from the root of the workspace.
const SOURCE: &str = "crates/advisories/data/sample";
/// Where the database lies.
const TARGET: &str = "crates/advisories/data/sample.db";
/// The day of the records.
const DATE: &str = "2026-08-21";

/// Writes the database.
pub(crate) fn write() -> Result<()> {
    Ok(fs::write(root().join(TARGET), wanted()?)?)
}

/// Fails when the database is not the one of the records.
pub(crate) fn check() -> Result<()> {
    if fs::read(root().join(TARGET))? != wanted()? {
        bail!("{TARGET} is not made from {SOURCE}, run `cargo xtask generate`");
    }
    Ok(())
}

fn wanted() -> Result<Vec<u8>> {
    let mut builder = Builder::new();
    for path in files(&root().join(SOURCE), "json")? {
        let facts = feed::read(&fs::read(&path)?).with_context(|| path.display().to_string())?;
        builder.add("sample (RustSec, four records)", facts);
    }
    Ok(builder.build(DATE)?)
}
