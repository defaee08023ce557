//! `Package.resolved`, versions 1 to 3.

use crate::list::{self, List};
use crate::reader::{Entry, File, ReadError, Reader, Told};
use crate::text::{self, Node};

pub(super) const READER: Reader = Reader {
    id: "swift-resolved",
    version: 1,
    wants: |entry: &Entry<'_>| matches!(entry.name(), "Package.resolved" | ".package.resolved"),
    read,
};

fn read(file: &File<'_>) -> Result<Told, ReadError> {
    let document = text::json(file)?;
    let root = text::mapping(&document, "a Package.resolved")?;
    // Version 1 has everything in an object.
    let frame = root.get_str("object").unwrap_or(root);
    let mut list = List::default();
    for pin in frame.items_at("pins") {
        let place = pin
            .word_at("location")
            .or_else(|| pin.word_at("repositoryURL"));
        let Some(state) = pin.get_str("state") else {
            continue;
        };
        // A branch stands where there is no version.
        let version = state.word_at("version").or_else(|| state.word_at("branch"));
        let (Some(place), Some(version)) = (place, version) else {
            continue;
        };
        let path = path(place);
        if let Some(mut package) = list::pathed("swift", &path, version) {
            package.lines.push(pin.lines());
            list.add(format!("{path}@{version}"), package);
        }
    }
    Ok(list.told())
}

/// Host and path of a repository.
fn path(place: &str) -> String {
    let place = place.strip_suffix(".git").unwrap_or(place);
    match place.split_once("://") {
        Some((_, rest)) => rest
            .rsplit_once('@')
            .map_or(rest, |(_, rest)| rest)
            .to_owned(),
        // `git@host:owner/name`
        None => match place.split_once('@') {
            Some((_, rest)) => rest.replacen(':', "/", 1),
            None => place.to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::language::testing::{told, tree};

    #[test]
    fn both_frames_are_read() {
        let old = r#"{"object": {"pins": [{"package": "A", "repositoryURL": "git@example.org:o/A.git",
"state": {"branch": null, "version": "1.0.0"}}]}, "version": 1}"#;
        assert_eq!(
            tree(&told(READER, "Package.resolved", old)),
            "pkg:swift/example.org/o/A@1.0.0 1-2\n"
        );
        let new = r#"{"pins": [{"identity": "b", "location": "https://example.org/o/b.git",
"state": {"branch": "main", "revision": "0"}}], "version": 3}"#;
        assert_eq!(
            tree(&told(READER, "Package.resolved", new)),
            "pkg:swift/example.org/o/b@main 1-2\n"
        );
    }
}
