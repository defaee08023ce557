//! `pdm.lock`: requirements are texts as in `requirements.txt`.

use super::{Locked, id, locked, requirement};
use crate::list::List;
use crate::reader::{Entry, File, ReadError, Reader, Told};
use crate::text::{self, Node};

pub(super) const READER: Reader = Reader {
    id: "pdm-lock",
    version: 1,
    wants: |entry: &Entry<'_>| entry.is_project(&["pdm.lock"]),
    read,
};

fn read(file: &File<'_>) -> Result<Told, ReadError> {
    let document = text::toml(file)?;
    let root = text::mapping(&document, "a pdm.lock")?;
    let all = Locked::of(root.items_at("package"));
    let mut list = List::default();
    for node in root.items_at("package") {
        let (name, version, mut package) = locked(node)?;
        let mut groups = node.items_at("groups").peekable();
        package.is_dev =
            groups.peek().is_some() && groups.all(|group| group.word() != Some("default"));
        // A package with extras is listed once for each set of them.
        let at = list.add(id(name, version), package);
        for need in node.items_at("dependencies").filter_map(Node::word) {
            let (name, range) = requirement(need);
            for version in all.within(name, range) {
                list.need(at, id(name, version));
            }
        }
    }
    Ok(list.told())
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::language::testing::{told, tree};

    #[test]
    fn requirements_name_what_is_needed() {
        let text = "[[package]]
name = \"a\"
version = \"1\"
groups = [\"default\", \"test\"]
dependencies = [\n \"b[x]<2; python_version<'3'\",\n]
[[package]]
name = \"b\"
version = \"1\"
groups = [\"test\"]
[[package]]
name = \"b\"
version = \"2\"
";
        assert_eq!(
            tree(&told(READER, "pdm.lock", text)),
            "pkg:pypi/a@1 1-7 -> b@1\npkg:pypi/b@1 8-11 dev\npkg:pypi/b@2 12-14\n"
        );
    }
}
