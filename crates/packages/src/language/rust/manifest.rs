//! `Cargo.toml`: what a crate asks for. Its lock file does not tell what serves development.

use document::NodeRef;

use crate::reader::{Asked, Entry, File, ReadError, Reader, Told};
use crate::text::{self, Node};

pub(super) const READER: Reader = Reader {
    id: "cargo-manifest",
    version: 1,
    wants: |entry: &Entry<'_>| entry.is_project(&["Cargo.toml"]),
    read,
};

fn read(file: &File<'_>) -> Result<Told, ReadError> {
    let document = text::toml(file)?;
    let root = text::mapping(&document, "a Cargo.toml")?;
    let shared = root
        .get_str("workspace")
        .and_then(|workspace| workspace.get_str("dependencies"));
    let mut told = Told::default();
    let platforms = root.entries_at("target").map(|target| target.value);
    for place in platforms.chain([root]) {
        for (section, is_dev) in [
            ("dependencies", false),
            ("build-dependencies", false),
            ("dev-dependencies", true),
        ] {
            let entries = place.entries_at(section);
            told.asked
                .extend(entries.map(|entry| asked(entry, shared, is_dev)));
        }
    }
    Ok(told)
}

fn asked(entry: document::EntryRef<'_>, shared: Option<NodeRef<'_>>, is_dev: bool) -> Asked {
    let value = entry.value;
    // What the workspace says for all of its members.
    let inherited = shared
        .filter(|_| value.is_set("workspace"))
        .and_then(|shared| shared.get_str(entry.name()));
    let own = inherited.unwrap_or(value);
    let range = own.as_str().or_else(|| own.word_at("version"));
    let name = own.word_at("package").or_else(|| value.word_at("package"));
    Asked {
        kind: "cargo",
        name: name.unwrap_or_else(|| entry.name()).to_owned(),
        range: range.unwrap_or_default().to_owned(),
        is_dev,
        lines: value.lines(),
    }
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::language::testing::{asked, told};

    #[test]
    fn renamed_and_inherited_crates_are_what_they_are() {
        let text = "[workspace.dependencies]
c = \"3\"
[dependencies]
a = \"1\"
bb = { package = \"b\", version = \"2\" }
c = { workspace = true }
[target.'cfg(windows)'.dev-dependencies]
d = \"4\"
";
        let told = told(READER, "Cargo.toml", text);
        assert_eq!(
            asked(&told),
            [
                ("d", "4", true, 8),
                ("a", "1", false, 4),
                ("b", "2", false, 5),
                ("c", "3", false, 6)
            ]
        );
    }
}
