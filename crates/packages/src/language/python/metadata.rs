//! `METADATA` of an installed wheel, `PKG-INFO` of an installed egg.

use super::package;
use crate::reader::{Entry, ReadError, Reader, Told};
use crate::text;

pub(super) const READER: Reader = Reader {
    id: "python-metadata",
    version: 1,
    wants: |entry: &Entry<'_>| {
        let path = entry.path;
        path.ends_with(".dist-info/METADATA")
            || path.ends_with(".egg-info/PKG-INFO")
            || path.ends_with(".egg/EGG-INFO/PKG-INFO")
            || path == "EGG-INFO/PKG-INFO"
            // Distutils wrote a file where setuptools makes a folder.
            || path.ends_with(".egg-info")
    },
    read: |file| read(&text::lossy(file)),
};

/// Reads the headers of a package.
pub(super) fn read(text: &str) -> Result<Told, ReadError> {
    let headers = text::headers(text);
    let first = |name: &str| {
        let mut named = headers.iter();
        let (_, value) =
            named.find(|(key, value)| key.eq_ignore_ascii_case(name) && !value.is_empty())?;
        Some(value.as_str())
    };
    let (Some(name), Some(version)) = (first("Name"), first("Version")) else {
        return Err(ReadError::new("expected the headers 'Name' and 'Version'"));
    };
    let mut package = package(name, version)
        .ok_or_else(|| ReadError::new(format!("expected the name of a package, not '{name}'")))?;
    let written = first("License-Expression").or_else(|| first("License"));
    if let Some(license) = written.filter(|license| *license != "UNKNOWN") {
        package.licenses.push(license.to_owned());
    } else {
        let classifiers = headers.iter().filter(|(key, _)| *key == "Classifier");
        package.licenses = classifiers
            .filter(|(_, value)| value.starts_with("License :: "))
            .filter_map(|(_, value)| Some(value.rsplit_once(" :: ")?.1.to_owned()))
            .filter(|license| license != "OSI Approved")
            .collect();
    }
    Ok(Told {
        packages: vec![package],
        ..Told::default()
    })
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::language::testing::{told, tree};
    use crate::reader::File;

    #[test]
    fn licenses_come_from_the_first_place_that_has_one() {
        let by_classifier = "Name: a_b\nVersion: 1.0\nLicense: UNKNOWN\nClassifier: License :: OSI Approved :: MIT License\nClassifier: License :: OSI Approved\n\nText: 1\n";
        assert_eq!(
            tree(&told(READER, "a.dist-info/METADATA", by_classifier)),
            "pkg:pypi/a-b@1.0 MIT License\n"
        );
        let by_expression = "Name: a\nVersion: 1\nLicense: x\nLicense-Expression: MIT\n";
        assert_eq!(
            tree(&told(READER, "a.egg-info", by_expression)),
            "pkg:pypi/a@1 MIT\n"
        );
    }

    #[test]
    fn a_package_has_a_name() {
        let bytes = b"Version: 1\n";
        let error = (READER.read)(&File {
            path: "PKG-INFO",
            bytes,
        })
        .unwrap_err();
        assert_eq!(error.message, "expected the headers 'Name' and 'Version'");
    }
}
