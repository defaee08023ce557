//! `SQLite`, read by its library from memory: the table `Packages` has a blob for each package.

use std::io::Read as _;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, MAIN_DB, OpenFlags};

use super::Each;

/// Steps of `SQLite`'s machine between two looks at the clock of steps, and how many of these there may be: a database that
/// was made to be slow ends as a damaged one.
const STEPS: i32 = 100_000;
const LOOKS: u32 = 1_000;

pub(super) fn is_one(bytes: &[u8]) -> bool {
    bytes.starts_with(b"SQLite format 3\0")
}

pub(super) fn read(bytes: &[u8], each: &mut Each<'_>) -> Result<(), String> {
    rows(bytes, each).map_err(|error| format!("this SQLite database is damaged: {error}"))
}

fn rows(bytes: &[u8], each: &mut Each<'_>) -> rusqlite::Result<()> {
    // The bytes 18 and 19 may say that changes are in a log beside the file. Memory has no log, and rpm empties its own when it is done.
    let parts = (bytes.get(..18), bytes.get(20..));
    let (Some(before), Some(after)) = parts else {
        return Err(rusqlite::Error::InvalidQuery);
    };
    let patched = before.chain(&[1, 1][..]).chain(after);
    let mut database = Connection::open_in_memory_with_flags(
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    database.deserialize_read_exact(MAIN_DB, patched, bytes.len(), true)?;
    database.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    database.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    database.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
    database.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    let mut looks = 0;
    database.progress_handler(
        STEPS,
        Some(move || {
            looks += 1;
            looks > LOOKS
        }),
    )?;
    let mut statement = database.prepare("SELECT blob FROM Packages")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        match row.get_ref(0)?.as_blob() {
            Ok(blob) => each(Ok(blob)),
            Err(_) => each(Err("a row of the table Packages is no blob".to_owned())),
        }
    }
    Ok(())
}
