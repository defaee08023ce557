//! Bills of materials as packages: `CycloneDX` and SPDX 2 in JSON.

mod cyclonedx;
mod spdx;

use serde_json::Value;
use versions::Purl;

use crate::package::Package;

/// Components inside each other.
const MAX_DEPTH: usize = 64;

/// What a bill of materials lists.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bill {
    /// Packages with a package URL, each once, in the order of the bill.
    pub packages: Vec<Package>,
    /// Components that cannot be looked up: their names, and why.
    pub unusable: Vec<(String, String)>,
}

/// Why a text is no bill of materials.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SbomError {
    /// It is no JSON.
    #[error("this is no JSON")]
    Json(#[source] serde_json::Error),
    /// It is JSON of another kind.
    #[error("this is neither CycloneDX nor SPDX 2 in JSON")]
    Unknown,
    /// Components are nested too deeply.
    #[error("components are nested more than {MAX_DEPTH} deep")]
    Depth,
}

/// Reads a bill of materials.
pub fn read(bytes: &[u8]) -> Result<Bill, SbomError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let document: Value = serde_json::from_slice(bytes).map_err(SbomError::Json)?;
    let mut reader = Reader::default();
    if document.get("bomFormat").and_then(Value::as_str) == Some("CycloneDX") {
        cyclonedx::read(&document, &mut reader)?;
    } else if document.get("spdxVersion").is_some() {
        spdx::read(&document, &mut reader);
    } else {
        return Err(SbomError::Unknown);
    }
    Ok(reader.bill)
}

#[derive(Default)]
struct Reader {
    bill: Bill,
    seen: std::collections::BTreeSet<String>,
}

impl Reader {
    fn add(&mut self, name: &str, purl: Option<&str>) {
        let Some(purl) = purl else {
            self.bill
                .unusable
                .push((name.to_owned(), "it has no package URL".to_owned()));
            return;
        };
        match Purl::parse(purl) {
            Ok(_) if !self.seen.insert(purl.to_owned()) => {}
            Ok(parsed) => self.bill.packages.push(Package {
                purl: purl.to_owned(),
                parsed,
                path: None,
                layer: None,
            }),
            Err(error) => self.bill.unusable.push((
                name.to_owned(),
                format!("its package URL '{purl}': {error}"),
            )),
        }
    }
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests;
