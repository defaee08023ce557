//! Embeds the controls and frameworks of the repository, checked, as one file of bytes.

use std::env;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use catalog::{Builder, ControlTexts};
use document::Source;

fn main() -> ExitCode {
    match embed() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            println!("cargo::error={error}");
            ExitCode::FAILURE
        }
    }
}

/// Whether everything is right.
fn embed() -> std::io::Result<bool> {
    let variable = |name| env::var_os(name).map(PathBuf::from).unwrap_or_default();
    let root = variable("CARGO_MANIFEST_DIR").join("../..");
    let mut builder = Builder::default();
    for folder in control_folders(&root.join("controls"))? {
        let read = |name: &str| -> std::io::Result<_> {
            Ok(fs_err::read_to_string(folder.join(name)).ok())
        };
        let control = source(&root, &folder.join("control.yaml"))?;
        builder.control(&ControlTexts::read(control, read)?);
    }
    for file in entries(&root.join("frameworks"))? {
        if file
            .extension()
            .is_some_and(|extension| extension == "yaml")
        {
            builder.framework(&source(&root, &file)?);
        }
    }
    let (bytes, diagnostics) = builder.finish();
    // SEAWALL_LENIENT builds without the definitions that are wrong, to try out the others.
    println!("cargo::rerun-if-env-changed=SEAWALL_LENIENT");
    let is_lenient = env::var_os("SEAWALL_LENIENT").is_some();
    let kind = if is_lenient { "warning" } else { "error" };
    for diagnostic in &diagnostics {
        println!("cargo::{kind}={diagnostic}");
    }
    fs_err::write(variable("OUT_DIR").join("catalog.bin"), bytes)?;
    Ok(diagnostics.is_empty() || is_lenient)
}

/// The folders below `controls/<group>` that hold a control.
fn control_folders(controls: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for group in entries(controls)? {
        if group.is_dir() {
            folders.extend(entries(&group)?);
        }
    }
    folders.retain(|folder| folder.join("control.yaml").is_file());
    Ok(folders)
}

/// What a folder holds, sorted; the build runs again when that changes.
fn entries(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut paths = Vec::new();
    for entry in fs_err::read_dir(folder)? {
        paths.push(entry?.path());
    }
    paths.sort();
    Ok(paths)
}

/// A file under the name that it has in the repository.
fn source(root: &Path, file: &Path) -> std::io::Result<Arc<Source>> {
    let name = file.strip_prefix(root).unwrap_or(file);
    let name = name.to_string_lossy().replace('\\', "/");
    Ok(Source::new(name, fs_err::read_to_string(file)?))
}
