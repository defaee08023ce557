//! For tests: what a reader says, as text.

use crate::package::{Package, Relationship};
use crate::reader::{File, Reader, Told};

/// What a reader says of a text.
pub(crate) fn told(reader: Reader, path: &str, text: &str) -> Told {
    (reader.read)(&File {
        path,
        bytes: text.as_bytes(),
    })
    .unwrap()
}

/// A line for each package: URL, lines, relationship, `dev`, licences, and what it needs.
pub(crate) fn tree(told: &Told) -> String {
    told.packages
        .iter()
        .map(|package| {
            let mut words = vec![package.purl.clone()];
            words.extend(package.lines.iter().map(|(first, last)| {
                if first == last {
                    first.to_string()
                } else {
                    format!("{first}-{last}")
                }
            }));
            words.extend(package.relationship.map(|how| {
                let word = match how {
                    Relationship::Root => "root",
                    Relationship::Workspace => "workspace",
                    Relationship::Direct => "direct",
                    Relationship::Indirect => "indirect",
                };
                word.to_owned()
            }));
            words.extend(package.is_dev.then(|| "dev".to_owned()));
            words.extend(package.licenses.iter().cloned());
            if !package.needs.is_empty() {
                words.push("->".to_owned());
            }
            let needs = package.needs.iter();
            words.extend(needs.map(|&at| short(&told.packages[at as usize])));
            words.join(" ") + "\n"
        })
        .collect()
}

/// What a manifest asks for: name, range, whether for development only, and the first line.
pub(crate) fn asked(told: &Told) -> Vec<(&str, &str, bool, u32)> {
    let asked = told.asked.iter();
    asked
        .map(|one| (&*one.name, &*one.range, one.is_dev, one.lines.0))
        .collect()
}

fn short(package: &Package) -> String {
    format!("{}@{}", package.parsed.name, package.parsed.version)
}
