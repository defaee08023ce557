//! rpm: a header of tagged values for each package, kept in one of three kinds of databases.

mod bdb;
mod bytes;
mod header;
mod ndb;
mod sqlite;

use crate::reader::{Entry, File, ReadError, Reader, Told};

pub(super) const READER: Reader = Reader {
    id: "rpm",
    version: 1,
    wants,
    read,
};

const FOLDERS: [&str; 3] = ["var/lib/rpm/", "usr/lib/sysimage/rpm/", "usr/share/rpm/"];

const FILES: [&str; 3] = ["Packages", "Packages.db", "rpmdb.sqlite"];

/// What takes the header of each package, or why there is none.
type Each<'a> = dyn FnMut(Result<&[u8], String>) + 'a;

fn wants(entry: &Entry<'_>) -> bool {
    let name = FOLDERS
        .iter()
        .find_map(|folder| entry.path.strip_prefix(folder));
    name.is_some_and(|name| FILES.contains(&name))
        || entry
            .path
            .starts_with("var/lib/rpmmanifest/container-manifest")
}

fn read(file: &File<'_>) -> Result<Told, ReadError> {
    let mut told = Told::default();
    // An empty file is what a database is before the first package.
    if file.bytes.is_empty() {
        return Ok(told);
    }
    if file.path.starts_with("var/lib/rpmmanifest/") {
        manifest(&String::from_utf8_lossy(file.bytes), &mut told);
        return Ok(told);
    }
    let mut each = |blob: Result<&[u8], String>| {
        if let Err(message) = blob.and_then(|blob| header::read(blob, &mut told)) {
            told.damage.push(ReadError::new(message));
        }
    };
    let read = if sqlite::is_one(file.bytes) {
        sqlite::read(file.bytes, &mut each)
    } else if ndb::is_one(file.bytes) {
        ndb::read(file.bytes, &mut each)
    } else if bdb::is_one(file.bytes) {
        bdb::read(file.bytes, &mut each)
    } else {
        Err("this is no rpm database: neither SQLite, nor NDB, nor a Berkeley DB hash".to_owned())
    };
    read.map_err(ReadError::new)?;
    Ok(told)
}

/// What images without rpm leave behind (Azure Linux): tab-separated name, version-release, two times, vendor, epoch, size,
/// arch, epoch again, source package.
fn manifest(text: &str, told: &mut Told) {
    for (line, number) in text.lines().zip(1..) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [name, version, _, _, _, _, _, arch, epoch, source, ..] = fields.as_slice() else {
            if !line.trim().is_empty() && fields.len() < 2 {
                told.damage.push(ReadError {
                    message: "a line of the manifest has no tab".to_owned(),
                    at: Some((number, 1)),
                });
            }
            continue;
        };
        let known = |text: &str| {
            if text == "(none)" || text == "0" {
                String::new()
            } else {
                text.to_owned()
            }
        };
        let (arch, epoch, source) = (known(arch), known(epoch), known(source));
        let mut package = super::package(
            "rpm",
            name,
            version,
            &[("arch", &arch), ("epoch", &epoch), ("upstream", &source)],
        );
        package.lines = vec![(number, number)];
        told.packages.push(package);
    }
}

#[cfg(test)]
mod tests;
