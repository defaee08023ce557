//! Rust programs built with `cargo auditable`: the crates, as compressed JSON in a section.

use std::io::Read;

use document::NodeRef;

use super::image::Image;
use super::may_be_program;
use crate::list::{self, List};
use crate::package::Relationship;
use crate::reader::{File, ReadError, Reader, Told};
use crate::text::{self, Node};

pub(super) const READER: Reader = Reader {
    id: "rust-binary",
    version: 1,
    wants: may_be_program,
    read,
};

/// Bytes of the list, unpacked.
const MAX_BYTES: u64 = 16 << 20;

fn read(file: &File<'_>) -> Result<Told, ReadError> {
    let section = Image::read(file.bytes).and_then(|image| image.section(&[".dep-v0"]));
    let Some(section) = section else {
        return Ok(Told::default());
    };
    let mut json = Vec::new();
    flate2::read::ZlibDecoder::new(section)
        .take(MAX_BYTES + 1)
        .read_to_end(&mut json)
        .map_err(|error| {
            ReadError::new(format!("the list of crates cannot be unpacked: {error}"))
        })?;
    if json.len() as u64 > MAX_BYTES {
        return Err(ReadError::new(
            "the list of crates is longer than any can be",
        ));
    }
    let list = File {
        path: file.path,
        bytes: &json,
    };
    let mut told = told(&list)?;
    // The lines are not those of the program.
    for package in &mut told.packages {
        package.lines.clear();
    }
    Ok(told)
}

fn told(file: &File<'_>) -> Result<Told, ReadError> {
    let document = text::json(file)?;
    let root = text::mapping(&document, "a list of crates")?;
    let mut list = List::default();
    for (index, node) in root.items_at("packages").enumerate() {
        let word = |key: &str| node.word_at(key).unwrap_or_default();
        let Some(mut package) = list::package("cargo", "", word("name"), word("version")) else {
            return Err(ReadError::new("expected the name of a crate"));
        };
        let is_root = node.is_set("root");
        package.relationship = is_root.then_some(Relationship::Root);
        // What ran while it was built is not in it.
        package.is_dev = word("kind") == "build";
        let at = list.add(package.purl.clone(), package);
        list.name(format!("#{index}"), at);
        let needs = node.items_at("dependencies").filter_map(NodeRef::as_u64);
        for need in needs {
            list.need(at, format!("#{need}"));
        }
    }
    Ok(list.told())
}

#[cfg(test)]
mod tests {
    use super::told;
    use crate::language::testing::tree;
    use crate::reader::File;

    #[test]
    fn crates_are_known_by_their_place() {
        let bytes = br#"{"packages": [
{"name": "a", "version": "1.0.0", "source": "registry"},
{"name": "b", "version": "0.1.0", "source": "local", "dependencies": [0, 2], "root": true},
{"name": "c", "version": "2.0.0", "source": "registry", "kind": "build"}]}"#;
        let mut told = told(&File { path: "x", bytes }).unwrap();
        for package in &mut told.packages {
            package.lines.clear();
        }
        assert_eq!(
            tree(&told),
            "pkg:cargo/a@1.0.0\npkg:cargo/b@0.1.0 root -> a@1.0.0 c@2.0.0\npkg:cargo/c@2.0.0 dev\n"
        );
    }
}
