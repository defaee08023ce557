//! Dart: `pubspec.lock`.

use crate::list::{self, List};
use crate::package::Relationship;
use crate::reader::{Entry, File, ReadError, Reader, Told};
use crate::text::{self, Node};

pub(super) const READERS: &[Reader] = &[Reader {
    id: "pubspec-lock",
    version: 1,
    wants: |entry: &Entry<'_>| entry.is_project(&["pubspec.lock"]),
    read,
}];

fn read(file: &File<'_>) -> Result<Told, ReadError> {
    let document = text::yaml(file)?;
    let Some(root) = document.root(0) else {
        return Ok(Told::default());
    };
    let mut list = List::default();
    let mut at_least = Vec::new();
    for entry in root.entries_at("packages") {
        let (name, node) = (entry.name(), entry.value);
        let version = node.word_at("version").unwrap_or_default();
        let Some(mut package) = list::package("pub", "", name, version) else {
            continue;
        };
        let how = node.word_at("dependency").unwrap_or_default();
        package.lines.push((text::key_line(entry), node.lines().1));
        package.is_dev = how == "direct dev";
        package.relationship = Some(match how {
            "transitive" => Relationship::Indirect,
            _ => Relationship::Direct,
        });
        // What comes with the kit has the kit's version, of which only a range is known.
        if node.word_at("source") == Some("sdk") {
            let kit = node.word_at("description").unwrap_or_default();
            let range = root.get_str("sdks").and_then(|kits| kits.word_at(kit));
            let lowest = range.map(lowest).unwrap_or_default();
            if let Some(mut lowest) =
                list::package("pub", "", name, lowest).filter(|_| !lowest.is_empty())
            {
                lowest.lines.clone_from(&package.lines);
                lowest.relationship = package.relationship;
                at_least.push(lowest);
            }
        }
        list.add(name, package);
    }
    Ok(Told {
        at_least,
        ..list.told()
    })
}

/// The lowest version of `^3.3.0` or `>=3.3.0 <4.0.0`.
fn lowest(range: &str) -> &str {
    let first = range.split_whitespace().next().unwrap_or_default();
    first.trim_start_matches(['^', '>', '='])
}

#[cfg(test)]
mod tests {
    use super::READERS;
    use crate::language::testing::{told, tree};

    #[test]
    fn what_comes_with_the_kit_is_as_old_as_the_kit_may_be() {
        let text = "packages:
  a:
    dependency: \"direct main\"
    version: \"1.0.0\"
  flutter:
    dependency: \"direct dev\"
    description: flutter
    source: sdk
    version: \"0.0.0\"
  b:
    dependency: transitive
    version: \"2.0.0+1\"
sdks:
  flutter: \">=3.3.0 <4.0.0\"
";
        let told = told(READERS[0], "pubspec.lock", text);
        assert_eq!(
            tree(&told),
            "pkg:pub/a@1.0.0 2-4 direct\n\
             pkg:pub/flutter@0.0.0 5-9 direct dev\n\
             pkg:pub/b@2.0.0%2B1 10-12 indirect\n"
        );
        assert_eq!(told.at_least[0].purl, "pkg:pub/flutter@3.3.0");
    }
}
