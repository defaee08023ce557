//! The files to migrate: those that are named, and in folders those that the other scanner would find.

use std::collections::BTreeSet;
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
    /// What is said about files that were not taken in, or where they lie.
    pub(super) aside: Vec<Item>,
    /// The files again, links resolved.
    known: BTreeSet<PathBuf>,
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
        aside: Vec::new(),
        known: BTreeSet::new(),
    };
    for path in named {
        if path.is_dir() {
            walk(peer, path, &folder, &mut found)?;
            continue;
        }
        match text(path)? {
            Ok(text) => add(path, text, true, &folder, &mut found),
            Err(lost) => found.aside.push(lost),
        }
    }
    // What a walk left aside may have been named.
    let inputs = &found.inputs;
    found.aside.retain(|item| {
        let is_taken = |input: &Input| input.source.name() == item.at.file();
        item.level == Level::Lost || !inputs.iter().any(is_taken)
    });
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
        let is_its_own = peer.file_names().contains(&name.as_ref());
        if is_its_own && entry.depth() > 1 {
            found.aside.push(elsewhere(peer, entry.path()));
            continue;
        }
        let text = match text(entry.path())? {
            Ok(text) => text,
            Err(lost) => {
                // Other files that are not text, or too long, are nothing that a scanner of manifests reads.
                if is_its_own {
                    found.aside.push(lost);
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

/// Says that a scanner reads a file only when it is run in another folder.
fn elsewhere(peer: Peer, path: &Path) -> Item {
    let folder = slashes(path.parent().unwrap_or(Path::new(".")));
    Item {
        level: Level::Refused,
        at: Location {
            source: Source::new(name_of(path), ""),
            span: 0..0,
        },
        what: path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
        why: format!(
            "{} reads it only where it is run in that folder",
            peer.name()
        ),
        instead: Some(format!(
            "`seawall migrate --from {} {folder} -o {folder}/seawall.yaml`, or name the file to take it for everything",
            peer.as_str()
        )),
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
    if let Some(whole) = &whole
        && !found.known.insert(whole.clone())
    {
        return;
    }
    let relative = whole.and_then(|whole| Some(slashes(whole.strip_prefix(folder).ok()?)));
    found.inputs.push(Input {
        source: Source::new(name_of(path), text),
        path: relative,
        is_named,
    });
    found.files.push(path.to_owned());
}
