//! Builds a commit twice, in folders whose paths differ in length, and compares the bytes.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use fs_err as fs;

use super::{archive, build};
use crate::workspace::{root, say};

/// Fails when the two archives differ; says where.
pub(crate) fn run(target: &str) -> Result<()> {
    let folder = root().join("target/dist-twice");
    let first = build_in(&folder.join("a"), target)?;
    let second = build_in(&folder.join("another/folder"), target)?;
    let differ = first.iter().zip(&second).position(|(a, b)| a != b);
    ensure!(
        first.len() == second.len() && differ.is_none(),
        "two builds of one commit for {target} differ: {} and {} bytes, first at byte {}",
        first.len(),
        second.len(),
        differ.unwrap_or_else(|| first.len().min(second.len()))
    );
    say(&format!(
        "two builds for {target} gave the same {} bytes",
        first.len()
    ));
    Ok(())
}

/// Builds what is committed, in a clone of its own.
fn build_in(folder: &Path, target: &str) -> Result<Vec<u8>> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    let clone = folder.join("source");
    let status = Command::new("git")
        .args(["clone", "--quiet", "--shared"])
        .arg(root())
        .arg(&clone)
        .status()
        .context("cannot start git")?;
    ensure!(status.success(), "git clone failed");
    let program = build::program(&clone, target, &folder.join("build"))?;
    let archive = archive::write(&clone, &program, target, &folder.join("out"))?;
    Ok(fs::read(archive)?)
}
