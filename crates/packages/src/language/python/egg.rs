//! `*.egg`: a zip archive that is installed as it is.

use std::io::{Cursor, Read};

use crate::reader::{Entry, File, ReadError, Reader, Told};
use crate::text;

pub(super) const READER: Reader = Reader {
    id: "python-egg",
    version: 1,
    wants: |entry: &Entry<'_>| entry.extension() == Some("egg"),
    read,
};

/// Bytes of the description of a package.
const MAX_BYTES: u64 = 4 << 20;

fn read(file: &File<'_>) -> Result<Told, ReadError> {
    let error = |error: &dyn std::fmt::Display| ReadError::new(format!("expected an egg: {error}"));
    let mut archive =
        zip::ZipArchive::new(Cursor::new(file.bytes)).map_err(|failure| error(&failure))?;
    let entry = archive
        .by_name("EGG-INFO/PKG-INFO")
        .map_err(|failure| error(&failure))?;
    let mut bytes = Vec::new();
    entry
        .take(MAX_BYTES)
        .read_to_end(&mut bytes)
        .map_err(|failure| error(&failure))?;
    let inner = File {
        path: file.path,
        bytes: &bytes,
    };
    super::metadata::read(&text::lossy(&inner))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::READER;
    use crate::language::testing::tree;
    use crate::reader::File;

    #[test]
    fn the_description_is_inside() {
        let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        writer.start_file("EGG-INFO/PKG-INFO", options).unwrap();
        writer
            .write_all(b"Name: a\nVersion: 1.0\nLicense: MIT\n")
            .unwrap();
        let bytes = writer.finish().unwrap().into_inner();
        let told = (READER.read)(&File {
            path: "a-1.0.egg",
            bytes: &bytes,
        })
        .unwrap();
        assert_eq!(tree(&told), "pkg:pypi/a@1.0 MIT\n");
        let file = File {
            path: "a.egg",
            bytes: b"a",
        };
        assert!((READER.read)(&file).is_err());
    }
}
