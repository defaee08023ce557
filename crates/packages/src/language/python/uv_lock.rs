//! `uv.lock`: the project, the members of its workspace, and what they need.

use std::collections::HashSet;

use document::NodeRef;

use super::{Locked, id, locked};
use crate::list::List;
use crate::package::Relationship;
use crate::reader::{Entry, File, ReadError, Reader, Told};
use crate::text::{self, Node};

pub(super) const READER: Reader = Reader {
    id: "uv-lock",
    version: 1,
    wants: |entry: &Entry<'_>| entry.is_project(&["uv.lock"]),
    read,
};

fn read(file: &File<'_>) -> Result<Told, ReadError> {
    let document = text::toml(file)?;
    let root = text::mapping(&document, "a uv.lock")?;
    let packages: Vec<NodeRef<'_>> = root.items_at("package").collect();
    let all = Locked::of(packages.iter().copied());
    let mut roots = packages
        .iter()
        .filter(|node| standing(**node) == Some(Relationship::Root));
    if let (Some(_), Some(other)) = (roots.next(), roots.next()) {
        let message = "expected one package whose source is '.', this is another one";
        return Err(ReadError::at(*other, message));
    }
    let mut list = List::default();
    let mut asked = Vec::new();
    for node in &packages {
        let (name, version, mut package) = locked(*node)?;
        package.relationship = standing(*node).or(Some(Relationship::Indirect));
        let at = list.add(id(name, version), package);
        for need in needs(*node) {
            for id in chosen(need, &all) {
                list.need(at, id);
            }
        }
        if standing(*node).is_some() {
            asked.extend(needs(*node).flat_map(|need| chosen(need, &all)));
            let groups = node.entries_at("dev-dependencies");
            let development = groups.flat_map(|group| group.value.items());
            asked.extend(development.flat_map(|need| chosen(need, &all)));
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
    let mut told = list.told();
    mark_development(&mut told);
    Ok(told)
}

/// The project itself, or a member of its workspace; nothing for what is installed from elsewhere.
fn standing(node: NodeRef<'_>) -> Option<Relationship> {
    let source = node.get_str("source")?;
    let folder = source
        .word_at("editable")
        .or_else(|| source.word_at("virtual"))?;
    Some(if folder == "." {
        Relationship::Root
    } else {
        Relationship::Workspace
    })
}

/// What a package needs, extras included.
fn needs(node: NodeRef<'_>) -> impl Iterator<Item = NodeRef<'_>> {
    let optional = node.entries_at("optional-dependencies");
    let optional = optional.flat_map(|extra| extra.value.items());
    node.items_at("dependencies").chain(optional)
}

fn chosen(need: NodeRef<'_>, locked: &Locked<'_>) -> Vec<String> {
    let Some(name) = need.word_at("name") else {
        return Vec::new();
    };
    match need.word_at("version") {
        Some(version) => vec![id(name, version)],
        None => locked
            .versions(name)
            .iter()
            .map(|version| id(name, version))
            .collect(),
    }
}

/// What neither the project nor a member reaches without a group for development serves development only.
fn mark_development(told: &mut Told) {
    let mut reached = HashSet::new();
    let mut open: Vec<u32> = (0..told.packages.len() as u32)
        .filter(|&at| {
            matches!(
                told.packages[at as usize].relationship,
                Some(Relationship::Root | Relationship::Workspace)
            )
        })
        .collect();
    if open.is_empty() {
        return;
    }
    while let Some(at) = open.pop() {
        if reached.insert(at) {
            open.extend(&told.packages[at as usize].needs);
        }
    }
    for (at, package) in told.packages.iter_mut().enumerate() {
        package.is_dev = !reached.contains(&(at as u32));
    }
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::language::testing::{told, tree};
    use crate::reader::File;

    const TEXT: &str = "[[package]]
name = \"own\"
version = \"0.1\"
source = { editable = \".\" }
dependencies = [{ name = \"a\" }]
[package.dev-dependencies]
dev = [{ name = \"t\" }]
[[package]]
name = \"a\"
version = \"1\"
source = { registry = \"https://pypi.org/simple\" }
dependencies = [{ name = \"b\", version = \"2\" }]
[[package]]
name = \"b\"
version = \"2\"
[[package]]
name = \"t\"
version = \"3\"
";

    #[test]
    fn groups_for_development_are_told_apart() {
        assert_eq!(
            tree(&told(READER, "uv.lock", TEXT)),
            "pkg:pypi/own@0.1 1-7 root -> a@1\n\
             pkg:pypi/a@1 8-12 direct -> b@2\n\
             pkg:pypi/b@2 13-15 indirect\n\
             pkg:pypi/t@3 16-18 direct dev\n"
        );
    }

    #[test]
    fn two_projects_in_one_folder_are_an_error() {
        let text = TEXT.replace(
            "{ registry = \"https://pypi.org/simple\" }",
            "{ virtual = \".\" }",
        );
        let file = File {
            path: "uv.lock",
            bytes: text.as_bytes(),
        };
        assert_eq!((READER.read)(&file).unwrap_err().at, Some((8, 1)));
    }
}
