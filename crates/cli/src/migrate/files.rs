//! The files to migrate: those that are named, and in folders those that the other scanner would find.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use document::Source;
use ignore::WalkBuilder;
use migrate::{Input, Item, Level, Peer};
use model::Location;

/// How long a file may be.
const MAX_BYTES: u64 = 8 << 20;

/// How deep folders are looked into.
const MAX_DEPTH: usize = 64;

/// What was read.
pub(super) struct Found {
    pub(super) inputs: Vec<Input>,
    /// Where each of them lies.
    pub(super) files: Vec<PathBuf>,
    /// What could not be read.
    pub(super) lost: Vec<Item>,
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
        lost: Vec::new(),
    };
    for path in named {
        if path.is_dir() {
            walk(peer, path, &folder, &mut found)?;
            continue;
        }
        match text(path)? {
            Ok(text) => add(path, text, true, &folder, &mut found),
            Err(lost) => found.lost.push(lost),
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
        let text = match text(entry.path())? {
            Ok(text) => text,
            Err(lost) => {
                // Other files that are not text, or too long, are nothing that a scanner of manifests reads.
                if peer.file_names().contains(&name.as_ref()) {
                    found.lost.push(lost);
                }
                continue;
            }
        };
        if peer.is_mentioned(&name, &text) {
            add(entry.path(), text, false, folder, found);
        }
    }
    Ok(())
}

/// The text of a file, or why it is none that can be read.
fn text(path: &Path) -> anyhow::Result<Result<String, Item>> {
    let length = fs_err::metadata(path)?.len();
    if length > MAX_BYTES {
        let why = format!("the file is larger than {} MiB", MAX_BYTES >> 20);
        return Ok(Err(lost(path, "", &why, "no configuration is")));
    }
    let bytes = fs_err::read(path)?;
    Ok(String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let before = String::from_utf8_lossy(&error.as_bytes()[..valid]);
        lost(path, &before, "this is not UTF-8", "save the file as UTF-8")
    }))
}

/// Says that a file is lost behind some text.
fn lost(path: &Path, before: &str, why: &str, instead: &str) -> Item {
    let end = before.len() as u32;
    let what = path.file_name().unwrap_or_default().to_string_lossy();
    Item {
        level: Level::Lost,
        at: Location {
            source: Source::new(name_of(path), before),
            span: end..end,
        },
        what: what.into_owned(),
        why: why.to_owned(),
        instead: Some(instead.to_owned()),
    }
}

/// The name to print.
fn name_of(path: &Path) -> String {
    let name = slashes(path);
    name.strip_prefix("./").unwrap_or(&name).to_owned()
}

fn slashes(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

fn add(path: &Path, text: String, is_named: bool, folder: &Path, found: &mut Found) {
    let whole = fs_err::canonicalize(path).ok();
    let relative = whole.and_then(|whole| Some(slashes(whole.strip_prefix(folder).ok()?)));
    found.inputs.push(Input {
        source: Source::new(name_of(path), text),
        path: relative,
        is_named,
    });
    found.files.push(path.to_owned());
}
