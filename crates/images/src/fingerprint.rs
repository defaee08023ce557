//! What a finding is known by from one report to the next.

use model::hexadecimal;
use sha2::{Digest as _, Sha256};

/// `v1:` and the SHA-256 of parts, each with a zero behind it.
pub(crate) fn of(parts: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part.as_bytes());
        hasher.update([0]);
    }
    format!("v1:{}", hexadecimal(&hasher.finalize()))
}
