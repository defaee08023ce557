//! `Cargo.lock`, versions 1 to 4.

use std::collections::HashMap;

use document::NodeRef;

use super::package;
use crate::list::List;
use crate::package::Relationship;
use crate::reader::{Entry, File, ReadError, Reader, Told};
use crate::text::{self, Node};

pub(super) const READER: Reader = Reader {
    id: "cargo-lock",
    version: 1,
    wants: |entry: &Entry<'_>| entry.is_project(&["Cargo.lock"]),
    read,
};

fn read(file: &File<'_>) -> Result<Told, ReadError> {
    let document = text::toml(file)?;
    let root = text::mapping(&document, "a Cargo.lock")?;
    // Version 1 had the package of the folder under a key of its own.
    let packages: Vec<NodeRef<'_>> = root
        .get_str("root")
        .into_iter()
        .chain(root.items_at("package"))
        .collect();
    let mut versions: HashMap<&str, &str> = HashMap::new();
    let mut own = 0;
    for node in &packages {
        let name = node.word_at("name").unwrap_or_default();
        versions.insert(name, node.word_at("version").unwrap_or_default());
        own += u32::from(is_own(*node));
    }
    let mut list = List::default();
    let mut asked = Vec::new();
    for node in &packages {
        let name = node.word_at("name").unwrap_or_default();
        let version = node.word_at("version").unwrap_or_default();
        let Some(mut package) = package(name, version) else {
            return Err(ReadError::at(*node, "expected a package with a name"));
        };
        package.lines.push(node.lines());
        package.relationship = Some(match is_own(*node) {
            true if own == 1 => Relationship::Root,
            true => Relationship::Workspace,
            false => Relationship::Indirect,
        });
        let at = list.add(format!("{name} {version}"), package);
        for need in node.items_at("dependencies").filter_map(Node::word) {
            // `name`, `name version`, or both with the source, as much as tells it apart.
            let mut words = need.split(' ');
            let name = words.next().unwrap_or_default();
            let version = words.next().or_else(|| versions.get(name).copied());
            let id = format!("{name} {}", version.unwrap_or_default());
            if is_own(*node) {
                asked.push(id.clone());
            }
            list.need(at, id);
        }
    }
    for id in asked {
        let package = list.find(&id).and_then(|at| list.at(at));
        if let Some(package) =
            package.filter(|package| package.relationship == Some(Relationship::Indirect))
        {
            package.relationship = Some(Relationship::Direct);
        }
    }
    Ok(list.told())
}

/// Crates of the folder itself come from nowhere.
fn is_own(node: NodeRef<'_>) -> bool {
    node.get_str("source").is_none()
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::language::testing::{told, tree};

    #[test]
    fn needs_say_as_much_as_tells_them_apart() {
        let text = "version = 4
[[package]]
name = \"own\"
version = \"0.1.0\"
dependencies = [
 \"a\",
 \"b 2.0.0\",
]

[[package]]
name = \"a\"
version = \"1.0.0\"
source = \"registry+x\"
dependencies = [\"b 1.0.0 (registry+x)\"]
[[package]]
name = \"b\"
version = \"1.0.0\"
source = \"registry+x\"
[[package]]
name = \"b\"
version = \"2.0.0\"
source = \"registry+x\"
";
        assert_eq!(
            tree(&told(READER, "Cargo.lock", text)),
            "pkg:cargo/own@0.1.0 2-8 root -> a@1.0.0 b@2.0.0\n\
             pkg:cargo/a@1.0.0 10-14 direct -> b@1.0.0\n\
             pkg:cargo/b@1.0.0 15-18 indirect\n\
             pkg:cargo/b@2.0.0 19-22 direct\n"
        );
    }
}
