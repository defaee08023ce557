//! `package.json` of a project: what it asks for.

use super::{licenses, package};
use crate::reader::{Asked, Entry, File, ReadError, Reader, Told};
use crate::text::{self, Node};

pub(super) const READER: Reader = Reader {
    id: "npm-manifest",
    version: 1,
    wants: |entry: &Entry<'_>| entry.is_project(&["package.json"]),
    read,
};

fn read(file: &File<'_>) -> Result<Told, ReadError> {
    let document = text::json(file)?;
    let root = text::mapping(&document, "a package.json")?;
    let mut told = Told::default();
    let version = root.word_at("version").unwrap_or_default();
    let name = root.word_at("name").unwrap_or_default();
    told.project = package(name, version).map(|mut project| {
        project.licenses = licenses(root);
        project
    });
    for (section, is_dev) in [
        ("dependencies", false),
        ("optionalDependencies", false),
        ("peerDependencies", false),
        ("devDependencies", true),
    ] {
        for entry in root.entries_at(section) {
            told.asked.push(Asked {
                kind: "npm",
                name: entry.name().to_owned(),
                range: entry.value.word().unwrap_or_default().to_owned(),
                is_dev,
                lines: entry.value.lines(),
            });
        }
    }
    Ok(told)
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::language::testing::told;

    #[test]
    fn what_is_asked_for_has_its_line() {
        let text =
            "{\"dependencies\": {\n\"a\": \"^1.0.0\"},\n\"devDependencies\": {\"b\": \"*\"}}";
        let asked = told(READER, "package.json", text).asked;
        assert_eq!(
            (asked[0].name.as_str(), asked[0].lines, asked[0].is_dev),
            ("a", (2, 2), false)
        );
        assert_eq!((asked[1].range.as_str(), asked[1].is_dev), ("*", true));
    }
}
