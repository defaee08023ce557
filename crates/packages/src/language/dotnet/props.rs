//! `Directory.Packages.props`, `packages.props` and `Packages.props`: versions that projects share.

use std::collections::HashMap;

use super::package;
use crate::list::List;
use crate::reader::{Entry, File, ReadError, Reader, Told};
use crate::text::{self, Element};

pub(super) const READER: Reader = Reader {
    id: "nuget-props",
    version: 1,
    wants: |entry: &Entry<'_>| {
        let name = entry.name().to_ascii_lowercase();
        name == "packages.props" || name.ends_with(".packages.props")
    },
    read,
};

fn read(file: &File<'_>) -> Result<Told, ReadError> {
    let root = text::xml(file)?;
    let properties: HashMap<&str, &str> = root
        .all("PropertyGroup")
        .flat_map(|group| &group.children)
        .map(|property| (property.name.as_str(), property.text.trim()))
        .collect();
    let mut list = List::default();
    for element in root.all("ItemGroup").flat_map(|group| &group.children) {
        let name = attribute(element, &["Include", "Update"], &properties);
        let version = attribute(element, &["Version"], &properties)
            .or_else(|| substituted(element.text_of("Version")?, &properties));
        let is_package = matches!(
            element.name.as_str(),
            "PackageReference" | "PackageVersion" | "GlobalPackageReference"
        );
        let (true, Some(name), Some(version)) = (is_package, name, version) else {
            continue;
        };
        if let Some(mut package) = package(name, version) {
            package.lines.push(element.lines);
            list.add(format!("{name}@{version}"), package);
        }
    }
    Ok(list.told())
}

/// The first of these attributes that says something.
fn attribute<'a>(
    element: &'a Element,
    names: &[&str],
    properties: &HashMap<&str, &'a str>,
) -> Option<&'a str> {
    names
        .iter()
        .filter_map(|name| element.attribute(name))
        .find(|value| !value.is_empty())
        .and_then(|value| substituted(value, properties))
}

/// A value, or that of the property of this file which it names; none for others, and for part of a text.
fn substituted<'a>(value: &'a str, properties: &HashMap<&str, &'a str>) -> Option<&'a str> {
    let named = value
        .strip_prefix("$(")
        .and_then(|rest| rest.strip_suffix(')'));
    let value = match named {
        Some(name) => properties.get(name).copied()?,
        None => value,
    };
    (!value.is_empty() && !value.contains("$(")).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::language::testing::{told, tree};

    #[test]
    fn versions_are_attributes_elements_or_properties() {
        let text = "<Project><PropertyGroup><V>3.0</V></PropertyGroup><ItemGroup>
<PackageVersion Include=\"A\" Version=\"1.0\"/>
<PackageReference Update=\"B\"><Version>2.0</Version></PackageReference>
<PackageVersion Include=\"C\" Version=\"$(V)\"/>
<PackageVersion Include=\"D\" Version=\"$(Elsewhere)\"/>
<Other Include=\"E\" Version=\"1\"/>
</ItemGroup></Project>";
        assert_eq!(
            tree(&told(READER, "Directory.Packages.props", text)),
            "pkg:nuget/A@1.0 2\npkg:nuget/B@2.0 3\npkg:nuget/C@3.0 4\n"
        );
    }
}
