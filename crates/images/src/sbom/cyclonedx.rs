//! `CycloneDX`: components, which may contain further ones, and the one that the bill is about.

use document::NodeRef;

use super::{MAX_DEPTH, Reader, SbomError, items, text_at};

pub(super) fn read<'d>(bill: NodeRef<'d>, reader: &mut Reader<'d>) -> Result<(), SbomError> {
    let metadata = bill.get_str("metadata");
    if let Some(subject) = metadata.and_then(|metadata| metadata.get_str("component")) {
        // What the bill is about need not be a package.
        if let Some(purl) = subject.get_str("purl") {
            reader.add(text_at(subject, "name"), purl.as_str());
        }
    }
    components(bill, reader, 0)
}

/// Whether a component of a type is a package that ought to have a package URL.
pub(super) fn is_software(kind: &str) -> bool {
    !matches!(
        kind,
        "file" | "operating-system" | "data" | "machine-learning-model" | "cryptographic-asset"
    )
}

fn components<'d>(
    parent: NodeRef<'d>,
    reader: &mut Reader<'d>,
    depth: usize,
) -> Result<(), SbomError> {
    if depth > MAX_DEPTH {
        return Err(SbomError::Depth);
    }
    for component in items(parent, "components") {
        let purl = component.get_str("purl").and_then(NodeRef::as_str);
        if is_software(text_at(component, "type")) || purl.is_some() {
            reader.add(text_at(component, "name"), purl);
        }
        components(component, reader, depth + 1)?;
    }
    Ok(())
}
