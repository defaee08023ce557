//! `Pipfile.lock`.

use super::{id, package};
use crate::list::List;
use crate::reader::{Entry, File, ReadError, Reader, Told};
use crate::text::{self, Node};

pub(super) const READER: Reader = Reader {
    id: "pipfile-lock",
    version: 1,
    wants: |entry: &Entry<'_>| entry.is_project(&["Pipfile.lock"]),
    read,
};

fn read(file: &File<'_>) -> Result<Told, ReadError> {
    let document = text::json(file)?;
    let root = text::mapping(&document, "a Pipfile.lock")?;
    let mut list = List::default();
    for group in root.entries() {
        // Groups other than these two are categories of the user, which are installed when asked for.
        if group.name() == "_meta" {
            continue;
        }
        for entry in group.value.entries() {
            // A package from a repository or a folder has no version.
            let version = entry.value.word_at("version").unwrap_or_default();
            let version = version.trim_start_matches('=');
            let Some(mut package) = package(entry.name(), version) else {
                continue;
            };
            if version.is_empty() {
                continue;
            }
            package.lines.push(entry.value.lines());
            package.is_dev = group.name() == "develop";
            list.add(id(entry.name(), version), package);
        }
    }
    Ok(list.told())
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::language::testing::{told, tree};

    #[test]
    fn what_development_needs_is_marked_unless_all_need_it() {
        let text = r#"{"_meta": {"hash": {}}, "default": {
"a": {"version": "==1.0"},
"local": {"path": "."}
}, "develop": {
"a": {"version": "==1.0"},
"b": {"version": "==2.0"}}}"#;
        assert_eq!(
            tree(&told(READER, "Pipfile.lock", text)),
            "pkg:pypi/a@1.0 2 5\npkg:pypi/b@2.0 6 dev\n"
        );
    }
}
