//! SPDX 2: packages with external references, one of which is the package URL.

use document::NodeRef;

use super::{Reader, items, text_at};

pub(super) fn read<'d>(bill: NodeRef<'d>, reader: &mut Reader<'d>) {
    for package in items(bill, "packages") {
        let mut purls = items(package, "externalRefs")
            .filter(|reference| text_at(*reference, "referenceType") == "purl")
            .map(|reference| text_at(reference, "referenceLocator"));
        match purls.next() {
            Some(purl) => reader.add(text_at(package, "name"), Some(purl)),
            // The root of a bill is the thing described, which is no package.
            None if text_at(package, "primaryPackagePurpose") == "CONTAINER"
                || text_at(package, "versionInfo").is_empty() => {}
            None => reader.add(text_at(package, "name"), None),
        }
    }
}
