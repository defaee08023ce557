//! `CycloneDX`: components, which may contain further ones, and the one that the bill is about.

use serde_json::Value;

use super::{MAX_DEPTH, Reader, SbomError, text};

pub(super) fn read(document: &Value, reader: &mut Reader) -> Result<(), SbomError> {
    if let Some(subject) = document
        .get("metadata")
        .and_then(|metadata| metadata.get("component"))
    {
        // What the bill is about need not be a package.
        if subject.get("purl").is_some() {
            reader.add(
                text(subject, "name"),
                subject.get("purl").and_then(Value::as_str),
            );
        }
    }
    components(document, reader, 0)
}

fn components(parent: &Value, reader: &mut Reader, depth: usize) -> Result<(), SbomError> {
    if depth > MAX_DEPTH {
        return Err(SbomError::Depth);
    }
    for component in parent
        .get("components")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let is_software = !matches!(
            text(component, "type"),
            "file" | "operating-system" | "data" | "machine-learning-model" | "cryptographic-asset"
        );
        let purl = component.get("purl").and_then(Value::as_str);
        if is_software || purl.is_some() {
            reader.add(text(component, "name"), purl);
        }
        components(component, reader, depth + 1)?;
    }
    Ok(())
}
