//! Releases: one archive for a target, with the same bytes from the same commit wherever it is built, and what goes beside the archives.

mod archive;
mod bill;
pub(crate) mod build;
mod dependencies;
mod publish;
mod twice;

use std::path::Path;

use anyhow::{Result, bail};

use crate::workspace::{root, say};

/// Runs `cargo xtask dist` with what follows it.
pub(crate) fn run(words: &[&str]) -> Result<()> {
    match words {
        ["twice"] => twice::run(&build::host_target()?),
        ["twice", target] => twice::run(target),
        ["publish", folder] => publish::run(Path::new(folder), None),
        ["publish", folder, "--sign", key] => publish::run(Path::new(folder), Some(Path::new(key))),
        [] => archive_for(&build::host_target()?),
        [target] if !target.starts_with('-') => archive_for(target),
        _ => bail!(
            "`cargo xtask dist` takes a target, `twice [TARGET]`, or `publish FOLDER [--sign KEY]`"
        ),
    }
}

fn archive_for(target: &str) -> Result<()> {
    let root = root();
    let program = build::program(&root, target, &root.join("target/dist-build"))?;
    let out = root.join("target/dist");
    let archive = archive::write(&root, &program, target, &out)?;
    say(&format!("{}", archive.display()));
    Ok(())
}
