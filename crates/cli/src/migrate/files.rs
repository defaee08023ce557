//! The files to migrate: those that are named, and in folders those that the other scanner would find.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use document::Source;
use ignore::WalkBuilder;
use migrate::{Input, Peer};

use crate::errors::Hinted;

/// How long a file may be.
const MAX_BYTES: u64 = 8 << 20;

/// How deep folders are looked into.
const MAX_DEPTH: usize = 64;

/// What was read.
pub(super) struct Found {
    pub(super) inputs: Vec<Input>,
    /// Where each of them lies.
    pub(super) files: Vec<PathBuf>,
}

/// Reads what is named; paths in the output will be relative to the folder that it is written to.
pub(super) fn read(peer: Peer, named: &[PathBuf], output: Option<&Path>) -> anyhow::Result<Found> {
    let folder = output.and_then(Path::parent);
    let folder = folder.filter(|folder| !folder.as_os_str().is_empty());
    let folder = fs_err::canonicalize(folder.unwrap_or(Path::new(".")))
        .context("there is no folder to write to")?;
    let mut found = Found {
        inputs: Vec::new(),
        files: Vec::new(),
    };
    for path in named {
        if path.is_dir() {
            walk(peer, path, &folder, &mut found)?;
        } else {
            let text = text(path)?;
            add(path, text, true, &folder, &mut found);
        }
    }
    Ok(found)
}

fn walk(peer: Peer, root: &Path, folder: &Path, found: &mut Found) -> anyhow::Result<()> {
    let mut builder = WalkBuilder::new(root);
    builder
        .hidden(false)
        .git_global(false)
        .git_exclude(false)
        .require_git(false)
        .max_depth(Some(MAX_DEPTH))
        .filter_entry(|entry| entry.file_name() != ".git")
        .sort_by_file_name(std::ffi::OsStr::cmp);
    for entry in builder.build() {
        let entry = entry.context("cannot look into a folder")?;
        let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
        let name = entry.file_name().to_string_lossy();
        if !is_file || !peer.may_hold(&name) {
            continue;
        }
        // What is not text, or too long, is nothing that a scanner of manifests reads; what it looks for by
        // name must be both.
        let is_its_own = peer.file_names().contains(&name.as_ref());
        let text = match text(entry.path()) {
            Ok(text) => text,
            Err(error) if is_its_own => return Err(error),
            Err(_) => continue,
        };
        if peer.is_mentioned(&name, &text) {
            add(entry.path(), text, false, folder, found);
        }
    }
    Ok(())
}

fn text(path: &Path) -> anyhow::Result<String> {
    let length = fs_err::metadata(path)?.len();
    if length > MAX_BYTES {
        let message = format!("{} is larger than {} MiB", path.display(), MAX_BYTES >> 20);
        return Err(Hinted::new(message, "no configuration is").into());
    }
    let bytes = fs_err::read(path)?;
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let before = String::from_utf8_lossy(&error.as_bytes()[..valid]).into_owned();
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        let message = format!("{}:{line}:{column}: this is not UTF-8", path.display());
        Hinted::new(message, "save the file as UTF-8").into()
    })
}

fn add(path: &Path, text: String, is_named: bool, folder: &Path, found: &mut Found) {
    let slashes = |path: &Path| path.to_string_lossy().replace('\\', "/");
    let name = slashes(path);
    let name = name.strip_prefix("./").unwrap_or(&name).to_owned();
    let whole = fs_err::canonicalize(path).ok();
    let relative = whole.and_then(|whole| Some(slashes(whole.strip_prefix(folder).ok()?)));
    found.inputs.push(Input {
        source: Source::new(name, text),
        path: relative,
        is_named,
    });
    found.files.push(path.to_owned());
}
