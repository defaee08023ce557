//! `seawall db update`: a database from a file, a mirror or a registry, verified before it takes the old one's place.

use std::path::Path;
use std::process::ExitCode;

use advisories::{Chunk, ChunkIndex, Database};
use anyhow::{Context as _, anyhow};
use model::hexadecimal;

use super::{keys, remote, replace, status};
use crate::args::UpdateArgs;
use crate::output;

/// The largest database or list that is fetched.
const MAX_FILE: u64 = 4 << 30;
const MAX_INDEX: u64 = 128 << 20;

pub(super) fn run(args: &UpdateArgs, path: &Path) -> anyhow::Result<ExitCode> {
    let trusted = args.public_key.as_deref().map(keys::public).transpose()?;
    let old = if path.exists() {
        fs_err::read(path)?
    } else {
        Vec::new()
    };
    let mut fetched = 0;
    let file = fetch(&args.from, &old, &mut fetched)
        .with_context(|| format!("updating from {}", args.from))?;
    let database = Database::open(&file).context("what was fetched is no database")?;
    status::check(&database, trusted.as_ref())?;
    let digest = hexadecimal(&database.digest());
    let text = if file == old {
        format!("{}: nothing new (sha256:{digest})\n", path.display())
    } else {
        replace(path, &file)?;
        format!(
            "{}: data of {}, {fetched} of {} bytes fetched (sha256:{digest})\n",
            path.display(),
            database.date(),
            file.len()
        )
    };
    output::print(text.as_bytes())
}

fn fetch(from: &str, old: &[u8], fetched: &mut usize) -> anyhow::Result<Vec<u8>> {
    if let Some(reference) = from.strip_prefix("oci://") {
        let registry = remote::Registry::new(reference)?;
        let index = registry.index()?;
        return assemble(&index, old, fetched, |chunk| registry.blob(chunk));
    }
    if from.starts_with("https://") || from.starts_with("http://") {
        if !from.ends_with('/') {
            let file = remote::get(from, MAX_FILE)?;
            *fetched = file.len();
            return Ok(file);
        }
        let index = parse(&remote::get(&format!("{from}index"), MAX_INDEX)?)?;
        return assemble(&index, old, fetched, |chunk| {
            remote::get(&format!("{from}{}", chunk.name), chunk.length as u64)
        });
    }
    let path = Path::new(from);
    if path.is_dir() {
        let index = parse(&fs_err::read(path.join("index"))?)?;
        return assemble(&index, old, fetched, |chunk| {
            Ok(fs_err::read(path.join(&chunk.name))?)
        });
    }
    let file = fs_err::read(path)?;
    *fetched = file.len();
    Ok(file)
}

fn parse(text: &[u8]) -> anyhow::Result<ChunkIndex> {
    let text = std::str::from_utf8(text).context("the list of chunks is no text")?;
    Ok(text.parse()?)
}

fn assemble(
    index: &ChunkIndex,
    old: &[u8],
    fetched: &mut usize,
    fetch: impl Fn(&Chunk) -> anyhow::Result<Vec<u8>>,
) -> anyhow::Result<Vec<u8>> {
    let fetch = |chunk: &Chunk| {
        *fetched += chunk.length;
        fetch(chunk).with_context(|| format!("fetching chunk {}", chunk.name))
    };
    index.assemble(old, fetch, |chunk| {
        anyhow!("what was fetched as chunk {} is something else", chunk.name)
    })
}
