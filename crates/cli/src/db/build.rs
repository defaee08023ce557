//! `seawall db build`.

use std::path::Path;
use std::process::ExitCode;

use advisories::feed::Fact;
use advisories::{Builder, ChunkIndex, Database};
use anyhow::{Context as _, bail};

use super::{day, inputs, keys, replace};
use crate::args::BuildArgs;
use crate::output;

pub(super) fn run(args: &BuildArgs) -> anyhow::Result<ExitCode> {
    let mut builder = Builder::new();
    let mut skipped = 0;
    for path in args.osv.iter().chain(&args.feeds) {
        let input = inputs::read(path)?;
        if input.facts.is_empty() {
            bail!("there is no advisory in {}", path.display());
        }
        let is_osv = args.osv.contains(path);
        if is_osv
            && !input
                .facts
                .iter()
                .all(|fact| matches!(fact, Fact::Advisory(_)))
        {
            bail!(
                "{} holds more than advisories: give it as --feed",
                path.display()
            );
        }
        skipped += input.skipped;
        builder.add(&source_name(path), input.facts);
    }
    let mut file = builder.build(&day(args.date))?;
    if let Some(key) = &args.key {
        keys::secret(key)?.sign(&mut file);
    }
    replace(&args.out, &file)?;
    if let Some(mirror) = &args.mirror {
        write_mirror(mirror, &file)?;
    }
    let database = Database::open(&file)?;
    let skipped = if skipped > 0 {
        format!("; {skipped} files are no feeds")
    } else {
        String::new()
    };
    let text = format!(
        "{}: {} advisories, {} packages{skipped}\n",
        args.out.display(),
        database.advisory_count(),
        database.package_count()
    );
    output::print(text.as_bytes())
}

/// The name of a source: that of its file, without what says how it is packed.
fn source_name(path: &Path) -> String {
    let name = path.canonicalize().ok().and_then(|path| {
        path.file_name()
            .map(|name| name.to_string_lossy().into_owned())
    });
    let name = name.unwrap_or_else(|| path.display().to_string());
    let mut name = name.as_str();
    while let Some(shorter) = [
        ".zst", ".gz", ".tgz", ".tar", ".zip", ".json", ".csv", ".xml", ".yaml", ".yml",
    ]
    .iter()
    .find_map(|ending| name.strip_suffix(ending))
    {
        name = shorter;
    }
    name.to_owned()
}

/// Chunks under their names, then the list of them: who updates sees the old list or the new, and has all of either.
fn write_mirror(folder: &Path, file: &[u8]) -> anyhow::Result<()> {
    fs_err::create_dir_all(folder)?;
    let index = ChunkIndex::of(file);
    let contents = ChunkIndex::contents(file);
    for chunk in &index.chunks {
        let path = folder.join(&chunk.name);
        if !path.exists() {
            let bytes = contents
                .get(&chunk.name)
                .context("invariant: every chunk has bytes")?;
            replace(&path, bytes)?;
        }
    }
    replace(&folder.join("index"), index.to_string().as_bytes())
}
