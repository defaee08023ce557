//! `seawall db`: the database of published vulnerabilities.

mod build;
mod inputs;
mod keys;
mod query;
mod remote;
mod status;
mod update;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use advisories::{Bytes, Database, Mapped};
use anyhow::Context as _;

use crate::args::{DbArgs, DbCommand, DbFile};
use crate::errors::Hinted;

/// The name of the sample database.
pub(crate) const SAMPLE: &str = "sample";

pub(crate) fn run(args: &DbArgs) -> anyhow::Result<ExitCode> {
    match &args.command {
        DbCommand::Build(build) => build::run(build),
        DbCommand::Update(update) => update::run(update, &path(&args.database)?),
        DbCommand::Status { date } => status::run(&path(&args.database)?, *date),
        DbCommand::Verify(verify) => status::verify(&path(&args.database)?, verify),
        DbCommand::Query(query) => query::run(&open(&path(&args.database)?)?, &query.what),
        DbCommand::Keygen { file } => keys::generate(file),
    }
}

/// The database that is asked for, or the user's.
pub(crate) fn path(file: &DbFile) -> anyhow::Result<PathBuf> {
    if let Some(path) = &file.db {
        return Ok(path.clone());
    }
    let data = std::env::var_os("XDG_DATA_HOME")
        .map(PathBuf::from)
        .filter(|path| path.is_absolute());
    let data = data.or_else(|| std::env::home_dir().map(|home| home.join(".local/share")));
    let data = data.ok_or_else(|| {
        Hinted::new(
            "there is no data folder",
            "name the database with --db FILE",
        )
    })?;
    Ok(data.join("seawall/advisories.db"))
}

/// The user's database, where there is one.
pub(crate) fn usual() -> Option<PathBuf> {
    let path = path(&DbFile { db: None }).ok()?;
    path.exists().then_some(path)
}

/// Maps a database, or takes the sample that is part of the program.
pub(crate) fn open(path: &Path) -> anyhow::Result<Mapped> {
    if path == Path::new(SAMPLE) {
        return Ok(Database::open(Bytes::sample())?);
    }
    if !path.exists() {
        let hint = "`seawall db update --from …` fetches one, `seawall db build` makes one, --db FILE names one";
        return Err(Hinted::new(
            format!("there is no advisory database at {}", path.display()),
            hint,
        )
        .into());
    }
    let file = fs_err::File::open(path)?;
    let bytes = Bytes::map(file.file()).with_context(|| format!("mapping {}", path.display()))?;
    Database::open(bytes).with_context(|| format!("reading the database {}", path.display()))
}

/// Writes a file so that nobody ever sees a part of it, and who reads the old one goes on reading it.
fn replace(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    fs_err::create_dir_all(folder)?;
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let part = folder.join(format!(".{name}.{}.part", std::process::id()));
    let write = || {
        let mut file = fs_err::File::create(&part)?;
        std::io::Write::write_all(&mut file, bytes)?;
        file.sync_all()?;
        fs_err::rename(&part, path)
    };
    write().inspect_err(|_| {
        // What is left is of no use; the error that matters is the first.
        let _ = fs_err::remove_file(&part);
    })?;
    Ok(())
}

/// A day, today if none is given.
pub(crate) fn day(date: Option<jiff::civil::Date>) -> String {
    date.unwrap_or_else(crate::settings::today).to_string()
}
