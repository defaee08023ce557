//! Alpine's apk: paragraphs of one-letter fields; the files of a package follow its folders.

use super::{line_number, package, upstream};
use crate::package::Package;
use crate::reader::{Entry, File, ReadError, Reader, Told};

pub(super) const READER: Reader = Reader {
    id: "apk",
    version: 1,
    wants,
    read: |file| Ok(read(file)),
};

fn wants(entry: &Entry<'_>) -> bool {
    matches!(
        entry.path,
        "lib/apk/db/installed" | "usr/lib/apk/db/installed"
    )
}

/// The fields of one package.
#[derive(Default)]
struct Fields<'a> {
    first: u32,
    last: u32,
    name: &'a str,
    version: &'a str,
    arch: &'a str,
    origin: &'a str,
    license: &'a str,
    folder: &'a str,
}

fn read(file: &File<'_>) -> Told {
    let text = String::from_utf8_lossy(file.bytes);
    let mut told = Told::default();
    let mut fields = Fields::default();
    for (number, line) in text.lines().enumerate() {
        let number = line_number(number + 1);
        let Some((field, value)) = line.split_once(':') else {
            if line.trim().is_empty() {
                finish(&mut told, &std::mem::take(&mut fields));
            }
            continue;
        };
        if fields.first == 0 {
            fields.first = number;
        }
        fields.last = number;
        match field {
            "P" => fields.name = value,
            "V" => fields.version = value,
            "A" => fields.arch = value,
            "o" => fields.origin = value,
            "L" => fields.license = value,
            "F" => fields.folder = value,
            "R" if fields.folder.is_empty() => told.owned.push(value.to_owned()),
            "R" => told.owned.push(format!("{}/{value}", fields.folder)),
            _ => {}
        }
    }
    finish(&mut told, &fields);
    told
}

fn finish(told: &mut Told, fields: &Fields<'_>) {
    if fields.first == 0 {
        return;
    }
    if fields.name.is_empty() || fields.version.is_empty() {
        told.damage.push(ReadError {
            message: format!("package '{}' lacks its name or version", fields.name),
            at: Some((fields.first, 1)),
        });
        return;
    }
    told.packages.push(installed(fields));
}

fn installed(fields: &Fields<'_>) -> Package {
    let upstream = upstream(fields.name, fields.version, fields.origin, "");
    let qualifiers = [("arch", fields.arch), ("upstream", upstream.as_str())];
    let mut package = package("apk", fields.name, fields.version, &qualifiers);
    package.lines = vec![(fields.first, fields.last)];
    if !fields.license.is_empty() {
        package.licenses.push(fields.license.to_owned());
    }
    package
}
