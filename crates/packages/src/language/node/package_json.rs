//! `package.json` of an installed package.

use super::{licenses, package};
use crate::reader::{Entry, File, ReadError, Reader, Told};
use crate::text::{self, Node};

pub(super) const READER: Reader = Reader {
    id: "npm-installed",
    version: 1,
    wants: |entry: &Entry<'_>| {
        // Deeper ones describe a folder of a package, not a package.
        let mut segments = entry.path.rsplit('/');
        let is_it = segments.next() == Some("package.json");
        let (folder, above, scope) = (segments.next(), segments.next(), segments.next());
        is_it
            && (above == Some("node_modules")
                || (above.is_some_and(|above| above.starts_with('@'))
                    && scope == Some("node_modules")))
            && folder.is_some()
    },
    read,
};

fn read(file: &File<'_>) -> Result<Told, ReadError> {
    let document = text::json(file)?;
    let root = text::mapping(&document, "a package.json")?;
    let Some(name) = root.word_at("name").filter(|name| !name.is_empty()) else {
        return Ok(Told::default());
    };
    let version = root.word_at("version").unwrap_or_default();
    if !is_name(name) {
        let place = root.get_str("name").unwrap_or(root);
        let message = format!("expected the name of a package, not '{name}'");
        return Err(ReadError::at(place, message));
    }
    let Some(mut package) = package(name, version) else {
        return Ok(Told::default());
    };
    package.licenses = licenses(root);
    Ok(Told {
        packages: vec![package],
        ..Told::default()
    })
}

/// Whether a registry takes such a name: letters that need no encoding, and a scope at most.
fn is_name(name: &str) -> bool {
    let plain = match name.strip_prefix('@').map(|rest| rest.split_once('/')) {
        Some(Some((scope, name))) if is_segment(scope) => name,
        Some(_) => return false,
        None => name,
    };
    is_segment(plain)
}

fn is_segment(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.!~*'()".contains(c);
    !text.is_empty() && !text.starts_with('.') && text.chars().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::language::testing::{told, tree};
    use crate::reader::{Entry, File};

    fn wants(path: &str) -> bool {
        (READER.wants)(&Entry {
            path,
            size: 1,
            is_executable: false,
        })
    }

    #[test]
    fn only_packages_are_wanted() {
        assert!(wants("app/node_modules/a/package.json"));
        assert!(wants("node_modules/@s/a/package.json"));
        assert!(!wants("app/package.json"));
        assert!(!wants("node_modules/a/esm/package.json"));
    }

    #[test]
    fn licenses_are_texts_objects_or_lists() {
        let text = r#"{"name": "@s/a", "version": "1.0.0", "licenses": [{"type": "MIT"}, {"type": ""}, "ISC"]}"#;
        let told = told(READER, "node_modules/@s/a/package.json", text);
        assert_eq!(tree(&told), "pkg:npm/%40s/a@1.0.0 MIT ISC\n");
    }

    #[test]
    fn names_that_no_registry_takes_are_errors() {
        let bytes = b"{\"name\": \"@s/a/\", \"version\": \"1\"}";
        let error = (READER.read)(&File {
            path: "package.json",
            bytes,
        })
        .unwrap_err();
        assert_eq!(error.at, Some((1, 10)));
        let bytes = b"{\"type\": \"module\"}";
        let told = (READER.read)(&File {
            path: "package.json",
            bytes,
        })
        .unwrap();
        assert!(told.packages.is_empty());
    }
}
