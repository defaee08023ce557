//! Statements on flaws in products: `OpenVEX`, CSAF, and the analyses of `CycloneDX`, told apart by what they hold.

mod csaf;
mod cyclonedx;
mod openvex;

use model::VexStatus;
use serde_json::Value;

/// What a document states of a flaw.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VexStatement {
    /// The ids of the flaw.
    pub ids: Vec<String>,
    /// The products, each with the parts of it that are meant; none: whatever the document comes with.
    pub products: Vec<(String, Vec<String>)>,
    /// What is stated.
    pub status: VexStatus,
    /// Why a flaw does no harm, in the words of `OpenVEX`.
    pub justification: String,
    /// What is said beside it.
    pub text: String,
}

/// Why there are no statements.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VexError {
    /// Not JSON.
    #[error("it is not JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// Another document.
    #[error("it is neither OpenVEX, CSAF nor CycloneDX")]
    Unknown,
    /// A status that is none.
    #[error("'{status}' of {id} is no status")]
    Status {
        /// The word.
        status: String,
        /// The flaw.
        id: String,
    },
}

/// Reads a document.
pub fn statements(bytes: &[u8]) -> Result<Vec<VexStatement>, VexError> {
    let document: Value = serde_json::from_slice(bytes)?;
    let context = document["@context"].as_str().unwrap_or_default();
    if context.starts_with("https://openvex.dev/ns") {
        return openvex::read(&document);
    }
    if document["bomFormat"] == "CycloneDX" {
        return cyclonedx::read(&document);
    }
    if document["document"]["csaf_version"].is_string() {
        return Ok(csaf::read(&document));
    }
    Err(VexError::Unknown)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().trim().to_owned()
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

#[cfg(test)]
mod tests;
