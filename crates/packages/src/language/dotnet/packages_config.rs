//! `packages.config`: the packages of a project of the .NET Framework.

use super::package;
use crate::list::List;
use crate::reader::{Entry, File, ReadError, Reader, Told};
use crate::text;

pub(super) const READER: Reader = Reader {
    id: "nuget-packages-config",
    version: 1,
    wants: |entry: &Entry<'_>| entry.name().eq_ignore_ascii_case("packages.config"),
    read,
};

fn read(file: &File<'_>) -> Result<Told, ReadError> {
    let root = text::xml(file)?;
    let mut list = List::default();
    for element in root.all("package") {
        let (Some(name), Some(version)) = (element.attribute("id"), element.attribute("version"))
        else {
            continue;
        };
        let Some(mut package) = package(name, version) else {
            continue;
        };
        package.lines.push(element.lines);
        package.is_dev = element
            .attribute("developmentDependency")
            .is_some_and(|value| value.eq_ignore_ascii_case("true"));
        list.add(format!("{name}@{version}"), package);
    }
    Ok(list.told())
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::language::testing::{told, tree};

    #[test]
    fn packages_are_elements() {
        let text = "<packages>\n<package id='A' version='1.0' developmentDependency='true'/>\n<package id='B'\n version='2.0'/><package id='C'/></packages>";
        assert_eq!(
            tree(&told(READER, "packages.config", text)),
            "pkg:nuget/A@1.0 2 dev\npkg:nuget/B@2.0 3-4\n"
        );
    }
}
