//! Julia: `Manifest.toml`, formats 1 and 2.

use document::NodeRef;
use versions::Purl;

use crate::list::List;
use crate::package::Package;
use crate::reader::{Entry, File, ReadError, Reader, Told};
use crate::text::{self, Node};

pub(super) const READERS: &[Reader] = &[Reader {
    id: "julia-manifest",
    version: 1,
    wants: |entry: &Entry<'_>| {
        let name = entry.name();
        let is_versioned = name.starts_with("Manifest-v") || name.starts_with("JuliaManifest-v");
        matches!(name, "Manifest.toml" | "JuliaManifest.toml")
            || (is_versioned && entry.extension() == Some("toml"))
    },
    read,
}];

fn read(file: &File<'_>) -> Result<Told, ReadError> {
    let document = text::toml(file)?;
    let root = text::mapping(&document, "a Manifest.toml")?;
    // Format 1 has the packages at the top, and says nothing of Julia.
    let is_old = root.get_str("manifest_format").is_none();
    let frame = if is_old {
        Some(root)
    } else {
        root.get_str("deps")
    };
    let julia = root.word_at("julia_version").unwrap_or("unknown");
    let mut list = List::default();
    for entry in frame.into_iter().flat_map(NodeRef::entries) {
        for node in entry.value.items() {
            let uuid = node.word_at("uuid").unwrap_or_default();
            // What comes with Julia has Julia's version.
            let version = node.word_at("version").unwrap_or(julia);
            let Some(mut package) = package(entry.name(), version, uuid) else {
                return Err(ReadError::at(node, "expected a package with a uuid"));
            };
            package.lines.push(own_lines(node));
            let at = list.add(uuid, package);
            list.name(format!("={}", entry.name()), at);
            let needs = node.items_at("deps").filter_map(Node::word);
            for name in needs {
                list.need(at, format!("={name}"));
            }
            // Where two packages have one name, a table says which by its uuid.
            for need in node.entries_at("deps") {
                list.need(at, need.value.word().unwrap_or_default());
            }
        }
    }
    Ok(list.told())
}

fn package(name: &str, version: &str, uuid: &str) -> Option<Package> {
    let qualifiers = [("uuid".to_owned(), uuid.to_owned())];
    let parts = Purl {
        kind: "julia".to_owned(),
        namespace: String::new(),
        name: name.to_owned(),
        version: version.to_owned(),
        qualifiers: qualifiers.into(),
        subpath: String::new(),
    };
    parts.build().ok().map(Package::new)
}

/// The lines without the tables below.
fn own_lines(node: NodeRef<'_>) -> (u32, u32) {
    let own = node.entries().filter(|entry| !entry.value.is_mapping());
    let first = node.lines().0;
    let last = own.map(|entry| entry.value.lines().1).max();
    (first, last.unwrap_or(first))
}

#[cfg(test)]
mod tests {
    use super::READERS;
    use crate::language::testing::{told, tree};

    const A: &str = "00000000-0000-0000-0000-00000000000a";
    const B: &str = "00000000-0000-0000-0000-00000000000b";

    #[test]
    fn what_comes_with_julia_has_its_version() {
        let text = format!(
            "julia_version = \"1.9.0\"\nmanifest_format = \"2.0\"\n[[deps.A]]\ndeps = [\"B\"]\nuuid = \"{A}\"\nversion = \"0.1.0\"\n\n[[deps.B]]\nuuid = \"{B}\"\n"
        );
        assert_eq!(
            tree(&told(READERS[0], "Manifest.toml", &text)),
            format!("pkg:julia/A@0.1.0?uuid={A} 3-6 -> B@1.9.0\npkg:julia/B@1.9.0?uuid={B} 8-9\n")
        );
    }

    #[test]
    fn a_table_tells_packages_of_one_name_apart() {
        let text = format!(
            "[[A]]\nuuid = \"{A}\"\nversion = \"1\"\n\n    [A.deps]\n    B = \"{B}\"\n\n[[B]]\nuuid = \"{B}\"\nversion = \"2\"\n"
        );
        assert_eq!(
            tree(&told(READERS[0], "Manifest.toml", &text)),
            format!("pkg:julia/A@1?uuid={A} 1-3 -> B@2\npkg:julia/B@2?uuid={B} 8-10\n")
        );
    }
}
