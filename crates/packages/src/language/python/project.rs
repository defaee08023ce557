//! `pyproject.toml` and `Pipfile`: what a project asks for.

use document::{Kind, NodeRef};

use crate::reader::{Asked, Entry, File, ReadError, Reader, Told};
use crate::text::{self, Node};

pub(super) const READER: Reader = Reader {
    id: "python-project",
    version: 1,
    wants: |entry: &Entry<'_>| entry.is_project(&["pyproject.toml", "Pipfile"]),
    read,
};

fn read(file: &File<'_>) -> Result<Told, ReadError> {
    let document = text::toml(file)?;
    let root = text::mapping(&document, "a project")?;
    let mut asked = Vec::new();
    if let Some(project) = root.get_str("project") {
        lists(project.get_str("dependencies"), false, &mut asked);
        for extra in project.entries_at("optional-dependencies") {
            lists(Some(extra.value), false, &mut asked);
        }
    }
    for group in root.entries_at("dependency-groups") {
        lists(Some(group.value), true, &mut asked);
    }
    let tool = root.get_str("tool");
    if let Some(poetry) = tool.and_then(|tool| tool.get_str("poetry")) {
        table(poetry.get_str("dependencies"), false, &mut asked);
        table(poetry.get_str("dev-dependencies"), true, &mut asked);
        for group in poetry.entries_at("group") {
            let is_dev = group.name() != "main";
            table(group.value.get_str("dependencies"), is_dev, &mut asked);
        }
    }
    if let Some(pdm) = tool.and_then(|tool| tool.get_str("pdm")) {
        for group in pdm.entries_at("dev-dependencies") {
            lists(Some(group.value), true, &mut asked);
        }
    }
    table(root.get_str("packages"), false, &mut asked);
    table(root.get_str("dev-packages"), true, &mut asked);
    let own = root.get_str("project");
    let own = own.or_else(|| tool.and_then(|tool| tool.get_str("poetry")));
    let word = |key: &str| own.and_then(|own| own.word_at(key)).unwrap_or_default();
    Ok(Told {
        asked,
        project: super::package(word("name"), word("version")),
        ..Told::default()
    })
}

/// Requirements as texts: `name[extra]>=1.0; marker`.
fn lists(list: Option<NodeRef<'_>>, is_dev: bool, asked: &mut Vec<Asked>) {
    for node in list.into_iter().flat_map(NodeRef::items) {
        if let Some(text) = node.as_str() {
            let (name, range) = super::requirement(text);
            push(name, range, node, is_dev, asked);
        }
    }
}

/// Requirements by name: a range, or a table with one.
fn table(table: Option<NodeRef<'_>>, is_dev: bool, asked: &mut Vec<Asked>) {
    for entry in table.into_iter().flat_map(NodeRef::entries) {
        let range = match entry.value.kind() {
            Kind::Mapping => entry.value.word_at("version"),
            _ => entry.value.word(),
        };
        if entry.name() != "python" {
            push(
                entry.name(),
                range.unwrap_or_default(),
                entry.value,
                is_dev,
                asked,
            );
        }
    }
}

fn push(name: &str, range: &str, node: NodeRef<'_>, is_dev: bool, asked: &mut Vec<Asked>) {
    asked.push(Asked {
        kind: "pypi",
        name: name.to_owned(),
        range: range.to_owned(),
        is_dev,
        lines: node.lines(),
    });
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::language::testing::{asked, told};

    #[test]
    fn every_form_of_asking_is_read() {
        let text = "[project]
dependencies = [\"a[x]>=1; os_name=='nt'\"]
[tool.poetry.dependencies]
python = \"^3\"
b = {version = \"^2\", optional = true}
[tool.poetry.group.test.dependencies]
c = \"*\"
";
        let told = told(READER, "pyproject.toml", text);
        assert_eq!(
            asked(&told),
            [
                ("a", ">=1", false, 2),
                ("b", "^2", false, 5),
                ("c", "*", true, 7)
            ]
        );
    }
}
