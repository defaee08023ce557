//! `*.rockspec`: a rock, and what it needs.

use super::table::{self, under};
use crate::list::{self, List};
use crate::package::Relationship;
use crate::reader::{Entry, File, ReadError, Reader, Told};
use crate::text;

pub(super) const READER: Reader = Reader {
    id: "rockspec",
    version: 1,
    wants: |entry: &Entry<'_>| entry.extension() == Some("rockspec"),
    read,
};

fn read(file: &File<'_>) -> Result<Told, ReadError> {
    let entries = table::read(&text::lossy(file))?;
    let word = |key: &str| under(&entries, key).and_then(|entry| entry.value.word());
    let (Some(name), Some(version)) = (word("package"), word("version")) else {
        return Err(ReadError::new("expected a 'package' and a 'version'"));
    };
    let mut package = list::package("luarocks", "", name, version)
        .ok_or_else(|| ReadError::new("expected the name of a rock"))?;
    package
        .lines
        .extend(under(&entries, "package").map(|entry| (entry.line, entry.line)));
    package.relationship = Some(Relationship::Root);
    let description = under(&entries, "description").map(|entry| entry.value.entries());
    let license = description.and_then(|entries| under(entries, "license")?.value.word());
    package.licenses.extend(license.map(str::to_owned));
    let mut list = List::default();
    list.add("", package);
    Ok(list.told())
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::language::testing::{told, tree};

    #[test]
    fn a_rock_says_its_licence() {
        let text = "package = \"a\"\nversion = \"1.0-1\"\ndescription = { license = \"MIT\" }\n";
        assert_eq!(
            tree(&told(READER, "a-1.0-1.rockspec", text)),
            "pkg:luarocks/a@1.0-1 1 root MIT\n"
        );
    }
}
