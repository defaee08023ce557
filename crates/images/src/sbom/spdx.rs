//! SPDX 2: packages with external references, one of which is the package URL.

use serde_json::Value;

use super::{Reader, text};

pub(super) fn read(document: &Value, reader: &mut Reader) {
    for package in document
        .get("packages")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let references = package
            .get("externalRefs")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        let mut purls = references
            .filter(|reference| text(reference, "referenceType") == "purl")
            .map(|reference| text(reference, "referenceLocator"));
        match purls.next() {
            Some(purl) => reader.add(text(package, "name"), Some(purl)),
            // The root of a bill is the thing described, which is no package.
            None if text(package, "primaryPackagePurpose") == "CONTAINER"
                || text(package, "versionInfo").is_empty() => {}
            None => reader.add(text(package, "name"), None),
        }
    }
}
